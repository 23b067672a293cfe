/** An import that is interrupted goes on where it was, and nothing of it is done twice. */
import { AuditEntry, BankCredit, BankStatement, LedgerPosting, Refund } from '#persistence';
import { reversalWorkflowId, statementFileWorkflowId } from '#workflows/contract';
import { casesOf, type Cases } from '../world/cases.js';
import { openOffice, type Office } from '../world/office.js';

const PATH = '/api/v1/credits/statements';
/** Recorded in five parts of a thousand, decided in three of two thousand; the last is not full. */
const ENTRIES = 4_400;
/** A day of Shanghai that no midnight ends while it is written. */
const DAY = '2026-03-04';

interface Part {
  from?: number;
}
type Step = (part: Part) => Promise<unknown>;

describe('an import that is interrupted', () => {
  let office: Office;
  let cases: Cases;
  /** What becomes of a step: the parts begun so far, and what happens after its work is committed. */
  const begun: string[] = [];
  let beforeWork: (step: string) => Promise<void> = () => Promise.resolve();
  let afterCommit: (step: string, part: Part) => Promise<void> = () => Promise.resolve();
  beforeAll(async () => {
    const watched =
      (name: string, step: Step): Step =>
      async (part) => {
        await beforeWork(name);
        begun.push(part.from === undefined ? name : `${name} ${part.from}`);
        const answer = await step(part);
        await afterCommit(name, part);
        return answer;
      };
    office = await openOffice({
      at: `${DAY}T10:00:00+08:00`,
      activities: {
        business: (real) => {
          const { recordStatementPart, decideStatementPart, linkReversals } = real as Record<string, Step>;
          if (!recordStatementPart || !decideStatementPart || !linkReversals) throw new Error('the steps have other names');
          return {
            ...real,
            recordStatementPart: watched('record', recordStatementPart),
            decideStatementPart: watched('decide', decideStatementPart),
            linkReversals: watched('link', linkReversals),
          };
        },
      },
    });
    cases = casesOf(office);
  }, 120_000);
  beforeEach(() => {
    begun.length = 0;
    beforeWork = () => Promise.resolve();
    afterCommit = () => Promise.resolve();
  });
  afterAll(() => office.close(), 60_000);

  const file = (prefix: string) =>
    Buffer.from(
      [
        '交易日期,贷方发生额,对方户名,对方账号,摘要,流水号',
        ...Array.from({ length: ENTRIES }, (_, index) => `${DAY},1.00,绵阳无关贸易有限公司,6222,货款,${prefix}${10_000 + index}`),
      ].join('\n'),
    );
  async function bring(bytes: Buffer): Promise<string> {
    const { status, body } = await (await cases.desk('finance')).attempt('POST', PATH, { file: bytes });
    expect(status).toBe(202);
    return (body as { sha256: string }).sha256;
  }
  const row = (sha256: string) => office.data.manager.findOneByOrFail(BankStatement, { sha256 });
  const ended = (sha256: string) => office.until(async () => ((await row(sha256)).state === 'done' ? row(sha256) : null), 'the end');
  const creditsOf = (prefix: string) =>
    office.data.manager
      .createQueryBuilder(BankCredit, 'credit')
      .where('bank_reference LIKE :like', { like: `${prefix}%` })
      .getCount();

  it('by a worker that dies after it has committed, and tells nobody: the part is found done', async () => {
    const died = new Set<string>();
    const dies = { record: 1_001, decide: 2_001 } as Record<string, number>;
    afterCommit = (step, { from }) => {
      if (dies[step] !== from || died.has(step)) return Promise.resolve();
      died.add(step);
      return Promise.reject(new Error('the worker was killed here'));
    };
    const sha256 = await bring(file('DIED'));
    expect(await ended(sha256)).toMatchObject({ entryCount: ENTRIES, recordedCount: ENTRIES, decidedCount: ENTRIES });
    const recordings = begun.filter((step) => step.startsWith('record'));
    expect(recordings.sort()).toEqual(['record 1', 'record 1001', 'record 1001', 'record 2001', 'record 3001', 'record 4001']);
    // Nothing is decided before all of it is recorded, and then one part after the other.
    expect(begun.slice(recordings.length)).toEqual(['link', 'link', 'decide 1', 'decide 2001', 'decide 2001', 'decide 4001']);
    expect(await creditsOf('DIED')).toBe(ENTRIES);
  }, 120_000);

  it('by a worker that dies where reversals are linked, before its commit or after it: the credit is taken back once, and pays nothing', async () => {
    for (const when of ['before', 'after'] as const) {
      const name = `成都断链${when === 'before' ? '前' : '后'}医药有限公司`;
      const filed = await cases.awaitingPayment({ name });
      const { reference } = await cases.order(filed);
      let died = false;
      const die = (step: string) => {
        if (step !== 'link' || died) return Promise.resolve();
        died = true;
        return Promise.reject(new Error('the worker was killed here'));
      };
      if (when === 'before') beforeWork = die;
      else afterCommit = die;
      const [paid, back] = [`PAID${when}1`, `BACK${when}1`];
      const sha256 = await bring(
        Buffer.from(
          [
            '交易日期,交易时间,贷方发生额,对方户名,对方账号,摘要,流水号',
            `${DAY},00:00:01,250.00,${name},6222,${reference},${paid}`,
            `${DAY},00:00:02,-250.00,${name},6222,冲正 原流水号${paid},${back}`,
          ].join('\n'),
        ),
      );
      await ended(sha256);
      expect(died).toBe(true);
      const { id: creditId } = await office.data.manager.findOneByOrFail(BankCredit, { bankReference: paid, state: 'reversed' });
      expect(await office.data.manager.countBy(LedgerPosting, { onceKey: `reversed/${creditId}` })).toBe(1);
      const subject = `bank-statement/${sha256}`;
      expect(await office.data.manager.countBy(AuditEntry, { subject, action: 'credit.reversed' })).toBe(1);
      expect(await cases.order(filed)).toMatchObject({ status: 'open', receivedFen: 0 });
      // Whoever is to hear of it hears of it, also from the attempt that found it done.
      expect(await office.engine.client.workflow.getHandle(reversalWorkflowId(creditId)).result()).toEqual({ reopened: 0, withdrawn: 0 });
    }
  }, 120_000);

  it('by workers that stop: it waits, shows how far it is, and goes on with those that come', async () => {
    let stopped: Promise<void> | undefined;
    afterCommit = (step, { from }) => {
      if (step === 'record' && from === 1_001) stopped ??= office.stopWorkers();
      return Promise.resolve();
    };
    const sha256 = await bring(file('STOP'));
    await office.until(async () => (stopped ? true : null), 'the second part');
    await stopped;
    // What was under way was finished: the second part, the one beside it, and perhaps the one that followed that.
    const { recordedCount, ...standing } = await row(sha256);
    expect(standing).toMatchObject({ state: 'recording', decidedCount: 0 });
    expect([2_000, 3_000]).toContain(recordedCount);
    expect(await creditsOf('STOP')).toBe(recordedCount);
    // They are the import's to decide, however long it waits: their reversals may stand in what is not recorded yet.
    office.clock.forward(11_000);
    expect(await office.sweep()).toBe(0);
    await office.startWorkers();
    expect(await ended(sha256)).toMatchObject({ recordedCount: ENTRIES, decidedCount: ENTRIES });
    const recordings = begun.filter((step) => step.startsWith('record'));
    expect(recordings.sort()).toEqual(['record 1', 'record 1001', 'record 2001', 'record 3001', 'record 4001']);
    expect(await creditsOf('STOP')).toBe(ENTRIES);
    expect(await office.engine.client.workflow.getHandle(statementFileWorkflowId(sha256)).result()).toEqual({
      lines: ENTRIES,
      added: ENTRIES,
    });
  }, 120_000);

  it('while it is decided: what it owes back is left until all of it is, and then begun', async () => {
    const name = '成都多付中断医药有限公司';
    const { reference } = await cases.order(await cases.awaitingPayment({ name }));
    let stopped: Promise<void> | undefined;
    afterCommit = (step, { from }) => {
      if (step === 'decide' && from === 1) stopped ??= office.stopWorkers();
      return Promise.resolve();
    };
    const [head, ...lines] = file('OWED').toString().split('\n');
    const sha256 = await bring(Buffer.from([head, `${DAY},260.00,${name},6222,${reference},OVER1`, ...lines].join('\n')));
    await office.until(async () => (stopped ? true : null), 'the first part');
    await stopped;
    expect(await row(sha256)).toMatchObject({ state: 'deciding', decidedCount: 2_000 });
    expect(await office.data.manager.findBy(Refund, { reason: 'surplus' })).toMatchObject([{ amountFen: 1_000, startedAt: null }]);
    office.clock.forward(11_000);
    expect(await office.sweep()).toBe(0);
    await office.startWorkers();
    await ended(sha256);
    expect(await office.sweep()).toBe(1);
  }, 120_000);
});
