/**
 * An import that tells more cases than one history holds has gone on in a new run. What interrupts that run costs nothing: what is recorded
 * and decided stays, and whoever was not told yet is told. How many a run tells: workflows/operations/import-statement-file.ts.
 */
import { BankCredit, BankStatement, LedgerPosting } from '#persistence';
import { statementFileWorkflowId } from '#workflows/contract';
import { Not } from 'typeorm';
import { casesOf, type Cases, type FiledCase } from '../world/cases.js';
import { openOffice, type Office } from '../world/office.js';

const PATH = '/api/v1/credits/statements';
const DAY = '2026-03-04';
/** Told by 500, and 2,000 by a run: the second run has two parts. */
const ENTRIES = 3_000;
const FIRST_RUN = [1, 501, 1_001, 1_501] as const;
const SECOND_RUN = [2_001, 2_501] as const;

interface Part {
  from: number;
  to: number;
}
interface Notices {
  notices: { creditId: string; applicationId: string; result: string }[];
}

describe('an import that has gone on in a new run to tell the cases', () => {
  let office: Office;
  let cases: Cases;
  /** The parts whose cases were asked for, in the order of asking, and what happens at one of them. */
  const asked: number[] = [];
  let atPart: (from: number) => Promise<void> = () => Promise.resolve();
  beforeAll(async () => {
    office = await openOffice({
      at: `${DAY}T10:00:00+08:00`,
      activities: {
        business: (real) => {
          const { statementNotices } = real as { statementNotices: (part: Part) => Promise<Notices> };
          // Beside the two cases of a test, as many that have ended: a run is as long as with thousands that are open.
          const withOthers = async (part: Part): Promise<Notices> => {
            asked.push(part.from);
            await atPart(part.from);
            const { notices } = await statementNotices(part);
            const others = Array.from({ length: part.to - part.from + 1 - notices.length }, (_, at) => at + part.from);
            return { notices: [...notices, ...others.map((at) => ({ creditId: `c-${at}`, applicationId: `gone-${at}`, result: 'held' }))] };
          };
          return { ...real, statementNotices: withOthers };
        },
      },
    });
    cases = casesOf(office);
  }, 120_000);
  beforeEach(() => {
    asked.length = 0;
    atPart = () => Promise.resolve();
  });
  afterAll(() => office.close(), 60_000);

  /** Two cases that the file pays: one that the first run tells, one that the last part of the second does. */
  async function payers(sign: string): Promise<{ early: FiledCase; late: FiledCase; file: Buffer }> {
    const [early, late] = [
      await cases.awaitingPayment({ name: `成都先告${sign}医药有限公司` }),
      await cases.awaitingPayment({ name: `成都后告${sign}医药有限公司` }),
    ];
    const paying = new Map([
      [9, early],
      [2_699, late],
    ]);
    const lines: string[] = [];
    for (let at = 0; at < ENTRIES; at += 1) {
      const filed = paying.get(at);
      const [yuan, payer, words] = filed
        ? ['250.00', filed.form.organisation.certificateName, (await cases.order(filed)).reference]
        : ['1.00', '绵阳无关贸易有限公司', '货款'];
      lines.push(`${DAY},${yuan},${payer},6222,${words},${sign}${10_000 + at}`);
    }
    return { early, late, file: Buffer.from(['交易日期,贷方发生额,对方户名,对方账号,摘要,流水号', ...lines].join('\n')) };
  }
  async function bring(file: Buffer): Promise<string> {
    const { status, body } = await (await cases.desk('finance')).attempt('POST', PATH, { file });
    expect(status).toBe(202);
    return (body as { sha256: string }).sha256;
  }
  const row = (sha256: string) => office.data.manager.findOneByOrFail(BankStatement, { sha256 });
  const run = (sha256: string, runId?: string) => office.engine.client.workflow.getHandle(statementFileWorkflowId(sha256), runId);
  /** What the file has brought. What a case has earned since is its own. */
  const money = async () => [
    await office.data.manager.count(BankCredit),
    await office.data.manager.countBy(LedgerPosting, { occasion: Not('earned') }),
  ];
  /** Each has heard of its money once, and is issued. */
  async function wentOn(...filed: FiledCase[]): Promise<void> {
    for (const each of filed) {
      await cases.reach(each, 'dispatch');
      expect(await cases.received(each, 'payment-confirmed')).toHaveLength(1);
    }
  }

  it('goes on at its part with the workers that come, and tells nobody of the parts before again', async () => {
    const { early, late, file } = await payers('STOP');
    let stopped: Promise<void> | undefined;
    atPart = (from) => {
      if (from === SECOND_RUN[0]) stopped ??= office.stopWorkers();
      return Promise.resolve();
    };
    const sha256 = await bring(file);
    await office.until(async () => (stopped ? true : null), 'the second run');
    await stopped;
    expect(await row(sha256)).toMatchObject({ state: 'deciding', recordedCount: ENTRIES, decidedCount: ENTRIES });
    // Its money is there and its order paid; it hears of it when somebody works again.
    expect(await cases.order(late)).toMatchObject({ status: 'paid' });
    expect(await cases.row(late)).toMatchObject({ stage: 'payment', waitingFor: 'bank' });
    const before = await money();

    await office.startWorkers();
    expect(await run(sha256).result()).toEqual({ lines: ENTRIES, added: ENTRIES });
    expect(asked).toEqual([...FIRST_RUN, ...SECOND_RUN]);
    expect(await money()).toEqual(before);
    await wentOn(early, late);
  }, 180_000);

  it('ended by an operator, and the file brought again: from the beginning, nothing is booked twice and nobody told twice', async () => {
    const { early, late, file } = await payers('TERM');
    let ended = false;
    let sha256 = '';
    atPart = async (from) => {
      if (from !== SECOND_RUN[0] || ended) return;
      ended = true;
      await run(sha256).terminate('looked stuck');
    };
    sha256 = await bring(file);
    await office.until(async () => ((await run(sha256).describe()).status.name === 'TERMINATED' ? true : null), 'the end of the run');
    expect(await row(sha256)).toMatchObject({ state: 'deciding' });
    await cases.reach(early, 'dispatch');
    const before = await money();

    expect(await bring(file)).toBe(sha256);
    await office.until(async () => ((await row(sha256)).state === 'done' ? true : null), 'the end of the import');
    expect(asked).toEqual([...FIRST_RUN, SECOND_RUN[0], ...FIRST_RUN, ...SECOND_RUN]);
    expect(await row(sha256)).toMatchObject({ recordedCount: ENTRIES, decidedCount: ENTRIES });
    expect(await office.data.manager.countBy(BankCredit, { state: 'recorded' })).toBe(0);
    await wentOn(early, late);
    expect(await money()).toEqual(before);
  }, 180_000);
});
