/** Why finance gives back of what was earned: a code that is told, and words that stay in their row. Decision 0047. */
import { jest } from '@jest/globals';
import { RefundProposal } from '#persistence';
import { caseWorkflowId, refundProposalWorkflowId, refundWorkflowId } from '#workflows/contract';
import { casesOf, type Cases, type FiledCase } from '../world/cases.js';
import { openOffice, type Office } from '../world/office.js';
import { textsOf } from '../world/plain-history.js';
import { refundsOf, type Refunds } from '../world/refunds.js';
import { countOf, expectRefusal, invalid, rowsOf } from './refusal.js';

jest.setTimeout(60_000);

/** Of Shanghai. */
const DAY = '2026-03-04';
const NOTE = '王经理 13900001234 来电：\n多收一年，约定退还';

interface Listed {
  id: string;
  cause: { code: string; zh: string; en: string } | null;
  note: string | null;
}

describe('what finance gives back of what was earned', () => {
  let office: Office;
  let cases: Cases;
  let refunds: Refunds;
  beforeAll(async () => {
    office = await openOffice({ at: `${DAY}T10:00:00+08:00` });
    cases = casesOf(office);
    refunds = refundsOf(office, cases);
  }, 120_000);
  afterAll(() => office.close(), 60_000);

  async function completed(name: string): Promise<FiledCase> {
    const filed = await cases.awaitingPayment({ name });
    await cases.pay(filed);
    await cases.reach(filed, 'dispatch');
    return filed;
  }
  async function propose(filed: FiledCase, why: object, key?: string) {
    const finance = await cases.desk('finance');
    const json = { order: (await cases.order(filed)).reference, amountFen: 5_000, ...why };
    return finance.attempt('POST', '/api/v1/refunds', { json, headers: { 'Idempotency-Key': key ?? finance.key() } });
  }
  const listed = async (id: string, who = 'finance') =>
    (await (await cases.desk(who)).get<Listed[]>('/api/v1/refunds')).find((refund) => refund.id === id);

  it('says why; the words are shown to whoever approves, and stand in no history, no audit and no reconciliation', async () => {
    const filed = await completed('成都事由医药有限公司');
    const { body } = await propose(filed, { cause: 'charged-in-error', note: NOTE });
    const refund = await refunds.due({ id: (body as { refundIds: string[] }).refundIds[0] ?? '' });
    expect(await listed(refund.id, 'supervisor')).toMatchObject({
      cause: { code: 'charged-in-error', zh: '收费有误', en: 'charged in error' },
      note: NOTE,
    });
    const finance = await cases.desk('finance');
    const report = await finance.get<{ differences: { kind: string; zh: string }[] }>(`/api/v1/reconciliations/${DAY}`);
    expect(report.differences).toMatchObject([{ kind: 'refund-open', zh: '退款未完成：收费有误' }]);
    expect(await refunds.decide(refund, 'supervisor')).toMatchObject({ status: 204 });
    await refunds.reach(refund, 'paid');

    const run = (id: string) => textsOf(office, office.engine.client.workflow.getHandle(id));
    const told = [
      ...(await run(refundProposalWorkflowId(refund.proposalId ?? ''))),
      ...(await run(refundWorkflowId(refund.id))),
      ...(await run(caseWorkflowId(filed.id))),
      ...(await rowsOf(office, 'audit_entry')),
      JSON.stringify(report),
    ].join('\n');
    expect(told).toContain(refund.proposalId);
    for (const words of ['王经理', '13900001234', '约定退还']) expect(told).not.toContain(words);
  });

  it('needs no words, but for something else that has no code', async () => {
    const filed = await completed('成都简由医药有限公司');
    const refused = async (why: object, fields: Record<string, string>) => expectRefusal(await propose(filed, why), invalid(fields));
    const kept = await countOf(office, 'refund_proposal');
    await refused({}, { cause: 'FIELD_REQUIRED' });
    await refused({ cause: 'goodwill' }, { cause: 'FIELD_CHOICE' });
    await refused({ cause: 'other' }, { note: 'FIELD_REQUIRED' });
    await refused({ cause: 'other', note: ' ' }, { note: 'FIELD_REQUIRED' });
    await refused({ cause: 'paid-twice', note: '字'.repeat(501) }, { note: 'FIELD_TOO_LONG' });
    expect(await countOf(office, 'refund_proposal')).toBe(kept);
    const { status, body } = await propose(filed, { cause: 'paid-twice' });
    expect(status).toBe(201);
    const [id = ''] = (body as { refundIds: string[] }).refundIds;
    expect(await listed(id)).toMatchObject({ cause: { code: 'paid-twice' }, note: null });
  });

  it('is the same under the same key, and refused under it in other words; once written it never changes', async () => {
    const filed = await completed('成都同由医药有限公司');
    const key = (await cases.desk('finance')).key();
    const first = await propose(filed, { cause: 'complaint', note: '一' }, key);
    expect(await propose(filed, { cause: 'complaint', note: '一' }, key)).toMatchObject({ status: 201, body: first.body as object });
    for (const why of [{ cause: 'complaint', note: '二' }, { cause: 'complaint' }, { cause: 'not-provided', note: '一' }])
      expectRefusal(await propose(filed, why, key), { status: 409, code: 'IDEMPOTENCY_KEY_REUSED' });
    await expect(office.data.manager.update(RefundProposal, { note: '一' }, { note: '二' })).rejects.toThrow(/append-only/);
  });
});
