/** Money that goes back: two persons, one order to the bank, its word, and never twice. Rules: business.md, "Money". */
import { StaffAccount } from '#persistence';
import { refundWorkflowId, resumeRefund, workflowTypes, queues, reversalWorkflowId } from '#workflows/contract';
import type { Problem } from '../e2e/refusal.js';
import { casesOf, type Cases, type FiledCase } from '../world/cases.js';
import { killedWorkers } from '../world/killed-worker.js';
import { openOffice, type Office } from '../world/office.js';
import { refundsOf, type Refunds } from '../world/refunds.js';

const FEE = 25_000;
const PAYER = '6222 0000 0000 0000';

describe('a refund', () => {
  let office: Office;
  let cases: Cases;
  let refunds: Refunds;
  const deaths = killedWorkers();
  beforeAll(async () => {
    office = await openOffice({ activities: { business: (real) => deaths.queue(real) } });
    deaths.watch(office.data);
    cases = casesOf(office);
    refunds = refundsOf(office, cases);
    await office.addStaff('second-finance', ['finance'], '13900000077');
  }, 120_000);
  afterAll(() => office.close(), 60_000);

  /** Paid in part, and withdrawn before the rest came. */
  async function withdrawn(name: string, amountFen = 10_000): Promise<{ filed: FiledCase; orderId: string }> {
    const filed = await cases.awaitingPayment({ name });
    await cases.pay(filed, { amountFen });
    await filed.agent.post(`/api/v1/applications/${filed.id}/withdrawal`);
    await cases.reach(filed, 'closed');
    return { filed, orderId: (await cases.order(filed)).id };
  }
  const codeOf = ({ body }: { body: unknown }) => (body as Problem).code;
  const reverse = (creditId: string) =>
    office.engine.client.workflow.execute(workflowTypes.reverseCredit, {
      workflowId: reversalWorkflowId(creditId),
      taskQueue: queues.business,
      args: [{ creditId }],
    });

  it('withdrawn after a part was paid: owed back to the payer’s account, proposed by one, approved by another, paid, and the ledger says so', async () => {
    const { filed, orderId } = await withdrawn('成都退款医药有限公司');
    const refund = await refunds.due({ orderId });
    expect(refund).toMatchObject({ reason: 'early-close', amountFen: 10_000, state: 'due', payeeAccount: PAYER, proposedBy: null });
    expect(await refunds.ledger(orderId)).toEqual({ 'to-refund': 10_000 });

    const { id: first } = await office.data.manager.findOneByOrFail(StaffAccount, { username: 'finance' });
    expect(await refunds.decide(refund)).toMatchObject({ status: 204 });
    expect(await refunds.row(refund.id)).toMatchObject({ state: 'due', proposedBy: first, approvedBy: null });
    expect(codeOf(await refunds.decide(refund))).toBe('FOUR_EYES');
    expect(await refunds.payments(refund)).toEqual([]);
    expect(await refunds.decide(refund, 'supervisor')).toMatchObject({ status: 204 });
    await refunds.reach(refund, 'paid');
    const { reference } = await cases.order(filed);
    expect(await refunds.payments(refund)).toMatchObject([
      { payeeName: '成都退款医药有限公司', payeeAccount: PAYER, amountFen: 10_000, remittance: `退款 ${reference}`, status: 'settled' },
    ]);
    expect(await refunds.ledger(orderId)).toEqual({ refunded: 10_000 });
    const timeline = await filed.agent.get<{ text: string }[]>(`/api/v1/applications/${filed.id}/timeline`);
    expect(JSON.stringify(timeline)).toContain('已退款 100.00 元');
    expect(codeOf(await refunds.decide(refund, 'second-finance'))).toBe('STAGE_REFUSES');
  }, 60_000);

  it('too much: the surplus goes back, the fee is earned', async () => {
    const filed = await cases.awaitingPayment({ name: '成都余款医药有限公司' });
    await cases.pay(filed, { amountFen: FEE + 1_234 });
    await cases.reach(filed, 'dispatch');
    const { id: orderId } = await cases.order(filed);
    expect(await refunds.ledger(orderId)).toEqual({ earned: FEE, 'to-refund': 1_234 });
    const refund = await refunds.due({ orderId });
    await refunds.approve(refund, ['supervisor', 'finance']);
    await refunds.reach(refund, 'paid');
    expect(await refunds.ledger(orderId)).toEqual({ earned: FEE, refunded: 1_234 });
  }, 60_000);

  it('the bank’s answer is lost, and its report comes twice: paid once', async () => {
    const { orderId } = await withdrawn('成都失答医药有限公司');
    const refund = await refunds.due({ orderId });
    await office.fault('bank', 'lost-answer', { count: 1, delayMs: 0 });
    await office.fault('bank', 'duplicate', { count: 1 });
    await refunds.approve(refund);
    await refunds.reach(refund, 'paid');
    expect(await refunds.payments(refund)).toHaveLength(1);
    expect(await refunds.ledger(orderId)).toEqual({ refunded: 10_000 });
  }, 60_000);

  it.each(['before', 'after'] as const)(
    'the worker dies between the bank’s answer and its record, %s the commit: paid once',
    async (when) => {
      const { orderId } = await withdrawn(`成都${when === 'before' ? '前' : '后'}断医药有限公司`);
      const refund = await refunds.due({ orderId });
      deaths.plan(refund.id, { activity: 'orderRefund', write: 0, when });
      deaths.plan(refund.id, { activity: 'settleRefund', write: 0, when });
      await refunds.approve(refund);
      await refunds.reach(refund, 'paid');
      await office.until(async () => (deaths.happened(refund.id) === 2 ? true : null), 'both deaths');
      await office.engine.client.workflow.getHandle(refundWorkflowId(refund.id)).result();
      expect(await refunds.payments(refund)).toHaveLength(1);
      expect(await refunds.ledger(orderId)).toEqual({ refunded: 10_000 });
    },
    60_000,
  );

  it('the account is closed: back to a person with the reason; another account, another pair of eyes, another order', async () => {
    const { orderId } = await withdrawn('成都销户医药有限公司');
    const refund = await refunds.due({ orderId });
    await refunds.closeAccount(PAYER);
    await refunds.approve(refund);
    await refunds.reach(refund, 'failed');
    await refunds.closeAccount(PAYER, false);
    expect(await refunds.row(refund.id)).toMatchObject({ failure: 'account-closed', attempt: 1 });
    expect(await refunds.ledger(orderId)).toEqual({ 'to-refund': 10_000 });
    const finance = await cases.desk('finance');
    const listed = await finance.get<{ id: string; failure: { zh: string } | null }[]>('/api/v1/refunds?state=failed');
    expect(listed.find(({ id }) => id === refund.id)?.failure?.zh).toBe('收款账户已销户');
    expect(codeOf(await refunds.decide(refund))).toBe('STAGE_REFUSES');

    expect(await refunds.redirect(refund, { name: '成都销户医药有限公司', account: '51009999' })).toMatchObject({ status: 204 });
    expect(codeOf(await refunds.decide(refund))).toBe('FOUR_EYES');
    expect(await refunds.decide(refund, 'second-finance')).toMatchObject({ status: 204 });
    await refunds.reach(refund, 'paid');
    expect((await refunds.payments(refund)).map(({ payeeAccount, status }) => [payeeAccount, status])).toEqual([
      [PAYER, 'failed'],
      ['51009999', 'settled'],
    ]);
    expect(await refunds.ledger(orderId)).toEqual({ refunded: 10_000 });
  }, 60_000);

  it('the bank refuses the order in a way that says nothing: a person asks it, and the same order goes out once', async () => {
    const { orderId } = await withdrawn('成都不明医药有限公司');
    const refund = await refunds.due({ orderId });
    const payee = await office.data.query('SELECT payee_name FROM refund WHERE id = $1', [refund.id]);
    expect(payee).toEqual([{ payee_name: '成都不明医药有限公司' }]);
    // An order that the contract does not take: no amount of trying helps.
    await office.data.query(`UPDATE refund SET payee_account = repeat('9', 65) WHERE id = $1`, [refund.id]);
    await refunds.approve(refund);
    const handle = office.engine.client.workflow.getHandle(refundWorkflowId(refund.id));
    const state = () => handle.query<{ state: string }>('refundView').then((view) => view.state);
    await office.until(async () => ((await state()) === 'unclear' ? true : null), 'the refund to be unclear');
    expect(await refunds.payments(refund)).toEqual([]);
    await office.data.query('ALTER TABLE refund DISABLE TRIGGER refund_facts');
    await office.data.query('UPDATE refund SET payee_account = $2 WHERE id = $1', [refund.id, PAYER]);
    await office.data.query('ALTER TABLE refund ENABLE TRIGGER refund_facts');
    const resumedBy = (by: string) => handle.executeUpdate(resumeRefund, { args: [{ reason: 'outside-answered', by }] });
    await expect(resumedBy('0198c0de-0000-7000-8000-000000000001')).rejects.toThrow();
    expect(await state()).toBe('unclear');
    const { id: operator } = await office.data.manager.findOneByOrFail(StaffAccount, { username: 'supervisor' });
    await resumedBy(operator);
    await refunds.reach(refund, 'paid');
    expect(await refunds.payments(refund)).toHaveLength(1);
  }, 60_000);

  it('the credit is taken back before anybody has approved: nothing is refunded any more', async () => {
    const filed = await cases.awaitingPayment({ name: '成都冲正医药有限公司' });
    const credit = await cases.pay(filed, { amountFen: 10_000 });
    await filed.agent.post(`/api/v1/applications/${filed.id}/withdrawal`);
    await cases.reach(filed, 'closed');
    const refund = await refunds.due({ creditId: credit.id });
    expect(await reverse(credit.id)).toMatchObject({ withdrawn: 1 });
    expect(await office.engine.client.workflow.getHandle(refundWorkflowId(refund.id)).result()).toBe('withdrawn');
    expect(await refunds.payments(refund)).toEqual([]);
  }, 60_000);

  it('taken back before issuing: the order is open again, and the next transfer pays it; taken back after: a case of finance, and nothing is revoked', async () => {
    const filed = await cases.awaitingPayment({ name: '成都再付医药有限公司' });
    const first = await cases.pay(filed, { amountFen: 10_000 });
    await reverse(first.id);
    expect(await cases.order(filed)).toMatchObject({ status: 'open', receivedFen: 0 });
    const second = await cases.pay(filed);
    await cases.reach(filed, 'dispatch');
    await reverse(second.id);
    const finance = await cases.desk('finance');
    const open = await finance.get<{ id: string; kind: string; creditId: string; amountFen: number }[]>('/api/v1/finance-cases');
    const found = open.filter(({ creditId }) => creditId === second.id);
    expect(found).toMatchObject([{ kind: 'credit-reversed', amountFen: FEE }]);
    expect(await office.data.query(`SELECT state FROM certificate WHERE application_id = $1`, [filed.id])).toEqual([
      { state: 'valid' },
      { state: 'valid' },
    ]);
    await finance.post(`/api/v1/finance-cases/${found[0]?.id}/closure`, { note: '已与单位约定补缴' });
    expect(await finance.get('/api/v1/finance-cases')).toEqual(open.filter(({ creditId }) => creditId !== second.id));
  }, 60_000);
});
