/**
 * The sweep starts what was promised by a row and not begun, however much it is: page after page, each row once, on real Postgres and the
 * real engine. Nobody works meanwhile, so that no row is ever marked as begun: what is started a moment ago looks like what was never started.
 */
import { randomUUID } from 'node:crypto';
import { CourierEvent, recordCredit, referenceDigest } from '#persistence';
import { connectEngine, type Engine } from '#temporal';
import { caseWorkflowId, creditWorkflowId, parcelWorkflowId } from '#workflows/contract';
import { jest } from '@jest/globals';
import { WorkflowNotFoundError } from '@temporalio/client';
import { openLine, type Line } from '../world/line.js';
import { openOffice, type Office } from '../world/office.js';
import { anApplication, creditFacts } from './rows.js';

jest.setTimeout(300_000);

/** Two pages of 200, and one row more. */
const MANY = 401;

describe('the sweep', () => {
  let office: Office;
  let line: Line;
  /** Past the line that a test cuts. */
  let engine: Engine;
  beforeAll(async () => {
    office = await openOffice({
      workers: false,
      apiReachesEngineAt: async (address) => {
        line = await openLine(address);
        return line.address;
      },
    });
    engine = await connectEngine(office.settings.temporal);
  });
  // The next test finds its own rows alone.
  afterEach(async () => {
    line.mend();
    jest.restoreAllMocks();
    await office.data.query('UPDATE application SET started_at = now()');
    await office.data.query('UPDATE courier_event SET applied_at = now()');
    await office.data.query(`UPDATE bank_credit SET state = 'held', held_reason = 'no-order', decided_at = now()`);
  });
  afterAll(async () => {
    await engine.close();
    await office.close();
    await line.close();
  });

  const before = (seconds: number) => new Date(office.clock.now().getTime() - seconds * 1000);
  /** Some side by side, in the order given. */
  const each = async <From, To>(from: readonly From[], work: (one: From) => Promise<To>): Promise<To[]> => {
    const done: To[] = [];
    while (done.length < from.length) done.push(...(await Promise.all(from.slice(done.length, done.length + 16).map(work))));
    return done;
  };
  const many = <T>(make: (index: number) => Promise<T>) => each([...Array(MANY).keys()], make);
  const aCase = (submittedAt: Date) => anApplication(office.data, { submittedAt, stage: 'phone-verification', waitingFor: 'system' });
  /** The run that a workflow has; null where it was never started. */
  const runOf = (workflowId: string) =>
    engine.client.workflow
      .getHandle(workflowId)
      .describe()
      .then(({ runId }) => runId)
      .catch((error: unknown) => {
        if (error instanceof WorkflowNotFoundError) return null;
        throw error;
      });
  const runsOf = (workflowIds: string[]) => each(workflowIds, runOf);

  it('starts every case that was not begun, beyond the first page and the second, and none twice', async () => {
    const ids = (await many(() => aCase(before(11)))).map(caseWorkflowId);
    expect(await office.sweep()).toBe(MANY);
    const runs = await runsOf(ids);
    expect(runs).not.toContain(null);
    expect(new Set(runs).size).toBe(MANY);

    // The rows have not spoken yet: looked at again they are asked for again, and it is the same run.
    expect(await office.sweep()).toBe(MANY);
    expect(await runsOf(ids)).toEqual(runs);
  });

  it('leaves what came in less than ten seconds ago to whoever took it, and what has begun', async () => {
    office.clock.stopAt(office.clock.now());
    const young = await aCase(before(9));
    const begun = await aCase(before(3600));
    await office.data.query('UPDATE application SET started_at = $2 WHERE id = $1', [begun, before(3599)]);
    expect(await office.sweep()).toBe(0);
    expect(await runsOf([young, begun].map(caseWorkflowId))).toEqual([null, null]);
    office.clock.set(office.clock.now());
  });

  it('that loses the engine on the second page fails, and the next one begins the rest, each once', async () => {
    office.clock.stopAt(office.clock.now());
    const ids = (await many(() => aCase(before(0)))).sort().map(caseWorkflowId);
    const { workflow } = office.engine.client;
    const start = workflow.start.bind(workflow);
    let asked = 0;
    jest.spyOn(workflow, 'start').mockImplementation((...started) => {
      if ((asked += 1) === 250) line.cut('refused');
      return start(...started);
    });
    office.clock.forward(11_000);
    await expect(office.sweep()).rejects.toThrow();
    const [first, last] = [ids[0] ?? '', ids.at(-1) ?? ''];
    const begun = await runOf(first);
    expect(begun).not.toBeNull();
    expect(await runOf(last)).toBeNull();

    line.mend();
    await office.until(() => office.sweep().catch(() => null), 'a sweep that succeeds');
    const runs = await runsOf(ids);
    expect(runs).not.toContain(null);
    expect(runs[0]).toBe(begun);
  });

  it('has every credit matched and every event of the courier applied, beyond the first page', async () => {
    const credits = await many((index) => {
      const facts = creditFacts({ reference: `SWEEP-${String(index).padStart(4, '0')}`, payerName: `付款人${index}` });
      return office.data.transaction((tx) => recordCredit(tx, facts, 'push', before(11)));
    });
    const events = await many(async (index) => {
      // The courier's own: text of every form that its contract lets through.
      const id = `${['-', 'e', 'Z', '9'][index % 4]}-${randomUUID()}`;
      const told = { trackingNumber: 'KD900000000001', event: 'picked-up', occurredAt: before(60), receivedAt: before(11) } as const;
      await office.data.manager.insert(CourierEvent, { id, ...told, appliedAt: null });
      return id;
    });
    expect(await office.sweep()).toBe(2 * MANY);
    const matching = credits.map(({ bankReference }) => creditWorkflowId(referenceDigest(bankReference)));
    expect(await runsOf([...matching, ...events.map(parcelWorkflowId)])).not.toContain(null);
  });
});
