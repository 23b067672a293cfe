/**
 * Messages that do not arrive: the first operator away for an hour, phones that are off, receipts that never come. The engine's time is
 * skipped, everything else is real. No case waits for a delivery, and no operator tells a phone twice.
 */
import type { SmsTemplate } from '#domain';
import { AuditEntry, SmsHandOver, SmsMessage, StaffTask } from '#persistence';
import { messageWorkflowId, queues, workflowTypes } from '#workflows/contract';
import { casesOf, type Cases, type FiledCase } from '../world/cases.js';
import { openOffice, type Office } from '../world/office.js';
import { bankSignature } from '../e2e/bank-signature.js';

const SECONDS = 1000;
const MINUTE = 60 * SECONDS;

describe('an SMS that does not arrive', () => {
  let office: Office;
  let cases: Cases;
  let runs = 0;
  beforeAll(async () => {
    office = await openOffice({ engine: 'time-skipping' });
    cases = casesOf(office);
  }, 120_000);
  afterEach(async () => {
    await office.clearFaults('sms');
    await office.clearFaults('sms2');
  });
  afterAll(() => office.close(), 60_000);

  /** As the Schedule does every minute. */
  const follow = () =>
    office.engine.client.workflow.execute<() => Promise<{ started: number }>>(workflowTypes.followMessages, {
      workflowId: `follow-messages/${(runs += 1)}`,
      taskQueue: queues.business,
    });
  /** Whether `message/<id>` was started. */
  const begun = ({ id }: SmsMessage) =>
    office.engine.client.workflow
      .getHandle(messageWorkflowId(id))
      .describe()
      .then(
        () => true,
        () => false,
      );
  /** In steps, since activities go by the office's clock, which follows the engine's only after each. */
  const pass = async (ms: number) => {
    for (let left = ms; left > 0; left -= MINUTE) await office.skip(Math.min(left, MINUTE));
  };
  const messageOf = (filed: FiledCase, template: SmsTemplate) =>
    office.until(() => office.data.manager.findOneBy(SmsMessage, { applicationId: filed.id, template }), `the message ${template}`);
  const handOvers = async ({ id }: SmsMessage) => {
    const found = await office.data.manager.find(SmsHandOver, { where: { messageId: id }, order: { at: 'ASC' } });
    return found.map(({ provider, state, code }) => [provider, state, code]);
  };
  const stands = (message: SmsMessage, wanted: string) =>
    office.until(async () => (JSON.stringify(await handOvers(message)).includes(wanted) ? true : null), `${wanted} in the hand-overs`);
  const outcome = ({ id }: SmsMessage) => office.engine.client.workflow.getHandle(messageWorkflowId(id)).result() as Promise<string>;
  const shown = async (operator: 'sms' | 'sms2', { phone }: FiledCase, template: string) => {
    const all = (await (await fetch(`${office.sandbox.base}/${operator}/messages?phone=${phone}`)).json()) as { template: string }[];
    return all.filter((each) => each.template === template).length;
  };
  const taskOf = ({ id }: SmsMessage) => office.data.manager.findOneBy(StaffTask, { subject: `message/${id}` });
  const recorded = async (filed: FiledCase) =>
    (await office.data.manager.find(AuditEntry, { where: { subject: `application/${filed.id}` }, order: { seq: 'ASC' } }))
      .map(({ action }) => action)
      .filter((action) => action.startsWith('sms.'));

  it('the first operator is away for an hour: after half a minute the case goes on, and the second tells', async () => {
    const filed = await cases.file({ name: '成都备用医药有限公司' });
    await office.fault('sms', 'error');
    await cases.approve(filed);
    const message = await messageOf(filed, 'review-approved');
    expect(message.state).toBe('waiting');
    await follow();
    expect(await begun(message)).toBe(false);
    for (let step = 0; step < 12; step += 1) await office.skip(5 * SECONDS);
    await stands(message, 'not-taken');
    expect(await cases.pay(filed)).toMatchObject({ state: 'matched' });

    await follow();
    expect(await outcome(message)).toBe('delivered');
    expect(await handOvers(message)).toEqual([
      ['sms', 'not-taken', 'GATEWAY_UNAVAILABLE'],
      ['sms2', 'delivered', null],
    ]);
    await pass(60 * MINUTE);
    await office.clearFaults('sms');
    await follow();
    expect([await shown('sms', filed, 'review-approved'), await shown('sms2', filed, 'review-approved')]).toEqual([0, 1]);
    expect(await taskOf(message)).toBeNull();
    expect((await recorded(filed)).slice(0, 2)).toEqual(['sms.not-taken', 'sms.sent']);
  }, 60_000);

  it('the phone is off for both operators: a person is asked to call, once', async () => {
    const filed = await cases.file({ name: '成都关机医药有限公司' });
    await office.fault('sms', 'undeliverable');
    await office.fault('sms2', 'undeliverable');
    await cases.approve(filed);
    const message = await messageOf(filed, 'review-approved');
    await stands(message, 'failed');
    await follow();
    expect(await outcome(message)).toBe('task');
    expect(await handOvers(message)).toEqual([
      ['sms', 'failed', 'phone-off'],
      ['sms2', 'failed', 'phone-off'],
    ]);
    expect(await taskOf(message)).toMatchObject({ kind: 'message-undelivered', applicationId: filed.id, why: 'phone-off', doneAt: null });
    await follow();
    expect(await recorded(filed)).toEqual(['sms.sent', 'sms.failed', 'sms.sent', 'sms.failed', 'sms.undelivered']);
    expect(await cases.row(filed)).toMatchObject({ stage: 'payment', parkedReason: null });
  }, 60_000);

  it('no receipt: it is waited for ten minutes, then the second tells; what the first reports later changes nothing', async () => {
    const filed = await cases.file({ name: '成都无回执医药有限公司' });
    await office.fault('sms', 'receipt-lost');
    await cases.approve(filed);
    const message = await messageOf(filed, 'review-approved');
    await stands(message, 'taken');
    await pass(9 * MINUTE);
    await follow();
    expect(await begun(message)).toBe(false);
    await pass(1.5 * MINUTE);
    await follow();
    expect(await outcome(message)).toBe('delivered');
    expect(await handOvers(message)).toEqual([
      ['sms', 'taken', null],
      ['sms2', 'delivered', null],
    ]);
    expect([await shown('sms', filed, 'review-approved'), await shown('sms2', filed, 'review-approved')]).toEqual([1, 1]);
  }, 60_000);

  it('no receipt of either: a task after the timer; it arrives after all, and nobody needs to call', async () => {
    const filed = await cases.file({ name: '成都迟到医药有限公司' });
    await office.fault('sms', 'receipt-lost');
    await office.fault('sms2', 'receipt-lost');
    await cases.approve(filed);
    const message = await messageOf(filed, 'review-approved');
    await stands(message, 'taken');
    await pass(10.5 * MINUTE);
    await follow();
    await stands(message, '"sms2","taken"');
    expect(await taskOf(message)).toBeNull();
    await pass(10.5 * MINUTE);
    expect(await outcome(message)).toBe('task');
    expect(await taskOf(message)).toMatchObject({ why: 'no-receipt', doneAt: null });

    const { providerId } = await office.data.manager.findOneByOrFail(SmsHandOver, { messageId: message.id, provider: 'sms' });
    const body = JSON.stringify({ messageId: providerId, status: 'delivered', at: office.clock.now().toISOString() });
    const path = '/api/v1/callbacks/sms';
    const headers = bankSignature(body, { ...office.settings.secrets.smsReceipts, at: office.clock.now(), path });
    const answer = await office
      .person()
      .attempt('POST', path, { file: Buffer.from(body), headers: { 'Content-Type': 'application/json', ...headers } });
    expect(answer.status).toBe(202);
    expect(await taskOf(message)).toMatchObject({ note: 'arrived', doneBy: null });
    expect(await office.data.manager.findOneBy(SmsMessage, { id: message.id })).toMatchObject({ state: 'delivered' });
  }, 60_000);

  it('a case that is cancelled while its message is still being tried: the message ends as not sent, the cancellation is told', async () => {
    const filed = await cases.file({ name: '成都取消医药有限公司' });
    await office.fault('sms', 'error');
    await cases.approve(filed);
    const message = await messageOf(filed, 'review-approved');
    expect(message.state).toBe('waiting');
    const supervisor = await office.staff('supervisor');
    await supervisor.post(`/api/v1/applications/${filed.id}/cancellation`, { reason: 'duplicate' });
    const cancelled = await messageOf(filed, 'cancelled');
    await office.clearFaults('sms');
    await pass(6 * MINUTE);
    await follow();
    await follow();
    expect(await office.data.manager.findOneBy(SmsMessage, { id: message.id })).toMatchObject({ state: 'not-sent', followAt: null });
    expect(await handOvers(message)).toEqual([]);
    expect(await begun(message)).toBe(false);
    await stands(cancelled, 'delivered');
    expect(await shown('sms', filed, 'review-approved')).toBe(0);
    expect((await recorded(filed)).filter((action) => action === 'sms.not-sent')).toHaveLength(1);
  }, 60_000);

  it('an agent’s code goes by the second operator as it was: the same six digits', async () => {
    const { agent, form, submission, key } = await cases.prepare({ name: '成都代办医药有限公司' });
    const phone = '17100018888';
    const draft = submission.replace('/submission', '');
    await agent.patch(draft, { form: { agent: { ...form.agent, phone } } });
    await office.fault('sms', 'undeliverable');
    const { id } = await agent.post<{ id: string }>(submission, { additional: false }, key);
    const message = await messageOf({ id } as FiledCase, 'agent-code');
    await stands(message, 'failed');
    await follow();
    expect(await outcome(message)).toBe('delivered');
    const [shownThere] = (await (await fetch(`${office.sandbox.base}/sms2/messages?phone=${phone}`)).json()) as { text: string }[];
    const code = /验证码 (\d{6})/.exec(shownThere?.text ?? '')?.[1] ?? '';
    const there = office.person();
    await office.clearFaults('sms');
    await there.post('/api/v1/login/codes', { phone });
    await there.post('/api/v1/login', { phone, code: await office.sandbox.codeFor(phone, '登录验证码 (\\d{6})') });
    expect((await there.attempt('POST', `/api/v1/applications/${id}/phone-verification`, { json: { code } })).status).toBeLessThan(300);
    expect(message.values).toEqual({ number: expect.any(String) as string });
  }, 60_000);
});
