/**
 * Each system of the outside world is away for an hour, and the last thing it did before it went was done without an answer. The engine's
 * time is skipped, everything else is real: gateways, HTTP, sandbox, database. No case is lost, and nothing is done twice.
 */
import type { AuditAction } from '#domain';
import { AuditEntry, DispatchItem } from '#persistence';
import { dispatchWorkflowId, INVOICE_QUEUE, queues, statementWorkflowId, workflowTypes } from '#workflows/contract';
import { casesOf, type Cases, type FiledCase } from '../world/cases.js';
import { openOffice, type Office } from '../world/office.js';

/** G: 50 yuan once and 200 a year. */
const FEE = 25_000;
const MINUTES = 60_000;
const HOUR = 60 * MINUTES;

describe('the outside world is away for an hour', () => {
  let office: Office;
  let cases: Cases;
  beforeAll(async () => {
    office = await openOffice({ engine: 'time-skipping' });
    cases = casesOf(office);
  }, 120_000);
  afterAll(() => office.close(), 60_000);

  type System = 'sms' | 'bank' | 'platform' | 'invoice' | 'courier';
  /** The next request is done and not answered, and all after it fail, until the system is back. */
  const goAway = async (system: System) => {
    await office.fault(system, 'lost-answer', { count: 1, delayMs: 0 });
    await office.fault(system, 'error');
  };
  /** How often the step at which a workflow stands has been tried. */
  const attempts = async (workflowId: string) => {
    const { raw } = await office.engine.client.workflow.getHandle(workflowId).describe();
    return Math.max(0, ...(raw.pendingActivities ?? []).map(({ attempt }) => attempt ?? 0));
  };
  /** The time passes for an hour, in which it is tried again and again; then the system is back, and the next try comes. */
  const comeBack = async (system: System, workflowId: string) => {
    await office.skip(HOUR);
    // 1, 2, 4 … 64 s and then every two minutes: 127 s for the first seven pauses, 28 more in the rest of the hour.
    expect(await attempts(workflowId)).toBeGreaterThanOrEqual(30);
    await office.clearFaults(system);
    // In small steps: past the retry, nothing more is to be skipped.
    for (let step = 0; step < 18 && (await attempts(workflowId)) > 1; step += 1) await office.skip(10_000);
  };
  const outside = async <T>(path: string): Promise<T[]> => (await (await fetch(`${office.sandbox.base}${path}`)).json()) as T[];
  /** How often a step stands on the case's audit. */
  const recorded = (filed: FiledCase, action: AuditAction) =>
    office.data.manager.countBy(AuditEntry, { subject: `application/${filed.id}`, action });

  it('SMS: the case goes on after half a minute, and each message is told once, by the other operator while the first is away', async () => {
    const filed = await cases.awaitingPayment({ name: '成都短信医药有限公司' });
    await cases.received(filed, 'review-approved');
    await goAway('sms');
    await cases.pay(filed);
    const gone = async () => (await cases.row(filed)).stage === 'dispatch' && (await recorded(filed, 'sms.not-taken')) === 3;
    // Three messages, of which none waits longer than half a minute and a pause of the engine.
    for (let step = 0; step < 60 && !(await gone()); step += 1) await office.skip(5_000);
    expect(await cases.row(filed)).toMatchObject({ stage: 'dispatch', parkedReason: null });
    await office.engine.client.workflow.execute(workflowTypes.followMessages, { workflowId: 'follow', taskQueue: queues.business });
    const second = async () =>
      (await outside<{ phone: string; template: string }>(`/sms2/messages?phone=${filed.phone}`)).map((each) => each.template);
    await office.until(async () => ((await second()).length === 3 ? true : null), 'the second operator');
    await office.skip(HOUR);
    await office.clearFaults('sms');
    expect((await second()).sort()).toEqual(['completed', 'invoice', 'payment-confirmed']);
    // The first had taken one of them before it went away, and could not say so.
    expect((await cases.messages(filed)).map(({ template }) => template)).toEqual(['review-approved', 'payment-confirmed']);
    expect(await recorded(filed, 'sms.sent')).toBe(4);
  }, 60_000);

  it('invoice service: the certificates are not held up, and one invoice is made', async () => {
    const filed = await cases.awaitingPayment({ name: '成都发票医药有限公司' });
    await goAway('invoice');
    await cases.pay(filed);
    await cases.reach(filed, 'dispatch');
    await comeBack('invoice', INVOICE_QUEUE);
    await cases.received(filed, 'invoice');
    const invoices = await outside<{ title: string; amountFen: number }>('/invoice/invoices');
    expect(invoices.filter(({ title }) => title === '成都发票医药有限公司')).toMatchObject([{ amountFen: FEE }]);
    expect(await recorded(filed, 'invoice.ordered')).toBe(1);
  }, 60_000);

  it('bank: whoever asks for the statement by hand is told that the bank is away, and asks again', async () => {
    await office.fault('bank', 'error');
    const finance = await cases.desk('finance');
    const asking = finance.attempt('POST', '/api/v1/credits/statements/2026-03-02', { json: {} });
    await office.until(
      async () => ((await attempts(statementWorkflowId('2026-03-02')).catch(() => 0)) > 1 ? true : null),
      'the first tries',
    );
    await office.skip(6 * MINUTES);
    expect(await asking).toMatchObject({ status: 503, body: { code: 'GATEWAY_UNAVAILABLE' } });
    await office.clearFaults('bank');
    expect(await finance.attempt('POST', '/api/v1/credits/statements/2026-03-02', { json: {} })).toMatchObject({
      status: 200,
      body: { lines: 0, added: 0 },
    });
  }, 60_000);

  it.each(['platform', 'courier'] as const)(
    '%s, on a Friday: one binding, one waybill, and the letter keeps its Friday',
    async (system) => {
      const name = `成都${system === 'platform' ? '绑定' : '快递'}医药有限公司`;
      const filed = await cases.awaitingPayment({ name });
      await cases.pay(filed);
      const { dispatchDay: day } = await cases.reach(filed, 'dispatch');
      await cases.certify(filed);
      await goAway(system);
      await (await cases.desk('dispatcher')).post(`/api/v1/dispatches/${day}`);
      await comeBack(system, dispatchWorkflowId(day ?? ''));
      const item = () => office.data.manager.findOneByOrFail(DispatchItem, { applicationId: filed.id });
      await office.until(async () => ((await item()).state === 'packed' ? true : null), 'the letter to be packed');
      expect(await item()).toMatchObject({ day, timesCarried: 0, carriedReason: null });

      const dispatcher = await cases.desk('dispatcher');
      const handOver = { json: {}, headers: { 'Idempotency-Key': dispatcher.key() } };
      const path = `/api/v1/dispatches/${day}/hand-over`;
      await office.until(async () => ((await dispatcher.attempt('POST', path, handOver)).status === 200 ? true : null), 'the hand-over');
      await cases.received(filed, 'dispatched');
      await cases.reach(filed, 'closed');
      const bindings = await outside<{ certificateName: string; bindingId: string }>('/platform/bindings');
      expect(bindings.filter(({ certificateName }) => certificateName === name)).toHaveLength(1);
      const waybills = await outside<{ receiver: { organisation: string } }>('/courier/waybills');
      expect(waybills.filter(({ receiver }) => receiver.organisation === name)).toHaveLength(1);
      expect(await recorded(filed, 'dispatch.bound')).toBe(1);
      expect(await recorded(filed, 'dispatch.packed')).toBe(1);
    },
    60_000,
  );

  it('nobody pays for a month: the case closes, and what comes in afterwards is held', async () => {
    const filed = await cases.awaitingPayment({ name: '成都逾期医药有限公司' });
    await office.skip(30 * 24 * HOUR);
    expect(await cases.reach(filed, 'closed')).toMatchObject({ outcome: 'order-expired' });
    expect(await cases.order(filed)).toMatchObject({ status: 'expired' });
    expect(await cases.pay(filed)).toMatchObject({ state: 'held', heldReason: 'late' });
    expect(await cases.order(filed)).toMatchObject({ status: 'expired', receivedFen: 0 });
  }, 60_000);

  // The last one: the test server skips no more time once a workflow has left a child behind, as the import does for each credit.
  it('bank: the statement is fetched when it answers again, and the credit in it pays once', async () => {
    const filed = await cases.awaitingPayment({ name: '成都对账医药有限公司' });
    const reference = await cases.transfer(filed, { push: false });
    const day = `${reference.slice(0, 4)}-${reference.slice(4, 6)}-${reference.slice(6, 8)}`;
    await goAway('bank');
    // As the Schedule starts it every morning.
    const morning = await office.engine.client.workflow.start(workflowTypes.importStatement, {
      workflowId: statementWorkflowId(day),
      taskQueue: queues.business,
      args: [{ day }],
    });
    await comeBack('bank', morning.workflowId);
    expect(await cases.decided(reference)).toMatchObject({ state: 'matched', source: 'statement' });
    await cases.reach(filed, 'dispatch');
    expect(await cases.order(filed)).toMatchObject({ receivedFen: FEE, status: 'paid' });
    expect(await morning.result()).toMatchObject({ added: 1 });
  }, 60_000);
});
