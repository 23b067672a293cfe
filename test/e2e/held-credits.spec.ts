/** What finance says a held credit is: alone, or with a second person; and what nobody may. Rules: business.md, "Money". */
import { AuditEntry, BankCredit, CreditExplanation, Refund } from '#persistence';
import { decideExplanation, decideRefund, explanationWorkflowId, refundWorkflowId } from '#workflows/contract';
import { bankTransfer, casesOf, type Cases } from '../world/cases.js';
import { openOffice, type Office } from '../world/office.js';
import { refundsOf, type Refunds } from '../world/refunds.js';
import { expectRefusal, invalid, notFound } from './refusal.js';

const FEE = 25_000;

describe('a held credit', () => {
  let office: Office;
  let cases: Cases;
  let refunds: Refunds;
  beforeAll(async () => {
    office = await openOffice();
    cases = casesOf(office);
    refunds = refundsOf(office, cases);
    await office.addStaff('second-finance', ['finance'], '13900000077');
  }, 120_000);
  afterAll(() => office.close(), 60_000);

  const stranger = async (amountFen: number) => cases.decided(await bankTransfer(office, { amountFen, payerName: '绵阳无关贸易有限公司' }));
  const propose = async (credit: BankCredit, json: object, { who = 'finance', key }: { who?: string; key?: string } = {}) => {
    const person = await cases.desk(who);
    const headers = { 'Idempotency-Key': key ?? person.key() };
    return person.attempt('POST', `/api/v1/credits/${credit.id}/explanations`, { json: { note: '见来函', ...json }, headers });
  };
  const proposed = async (credit: BankCredit, json: object) => (await propose(credit, json)).body as { id: string; secondPerson: boolean };
  const decide = async (id: string, who: string, outcome = 'approved') => {
    const person = await cases.desk(who);
    const headers = { 'Idempotency-Key': person.key() };
    return person.attempt('POST', `/api/v1/credit-explanations/${id}/decision`, { json: { outcome }, headers });
  };
  const credit = (id: string) => office.data.manager.findOneByOrFail(BankCredit, { id });
  const becomes = (id: string, state: BankCredit['state']) =>
    office.until(async () => ((await credit(id)).state === state ? true : null), `the credit to be ${state}`);
  const acts = async (subject: string) => {
    const entries = await office.data.manager.find(AuditEntry, { where: { subject }, order: { seq: 'ASC' } });
    return entries.map(({ action, actorKind }) => `${action} by ${actorKind}`);
  };

  it('D money: from a wrong payer, given to the order it names: only with a second person, then the case is issued', async () => {
    const filed = await cases.awaitingPayment({ name: '成都代付医药有限公司' });
    const held = await cases.pay(filed, { payerName: '成都代付医药集团有限公司' });
    expect(held).toMatchObject({ state: 'held', heldReason: 'wrong-payer' });
    const { reference } = await cases.order(filed);
    const { id, secondPerson } = await proposed(held, { kind: 'allocation', order: reference, note: '集团代付，有说明函' });
    expect(secondPerson).toBe(true);
    expect(await cases.order(filed)).toMatchObject({ status: 'open' });

    const list = await (await cases.desk('supervisor')).get<{ id: string; note: string }[]>('/api/v1/credit-explanations');
    expect(list).toMatchObject([{ id, kind: 'allocation', note: '集团代付，有说明函' }]);
    expectRefusal(await decide(id, 'finance'), { status: 403, code: 'FOUR_EYES' });
    const own = await office.data.manager.findOneByOrFail(CreditExplanation, { id });
    const handle = office.engine.client.workflow.getHandle(explanationWorkflowId(id));
    const bypass = handle.executeUpdate(decideExplanation, { args: [{ outcome: 'approved', by: own.proposedBy }] });
    await expect(bypass).rejects.toMatchObject({ cause: { type: 'FOUR_EYES' } });

    expect(await decide(id, 'second-finance')).toMatchObject({ status: 204 });
    await cases.reach(filed, 'dispatch');
    expect(await credit(held.id)).toMatchObject({ state: 'matched', heldReason: null });
    expect(await acts(`bank-credit/${held.id}`)).toEqual(['credit.proposed by staff', 'credit.explained by staff']);
    expectRefusal(await decide(id, 'supervisor'), { status: 409, code: 'ALREADY_DECIDED' });
  }, 60_000);

  it('D money: a little, told to be other income: one person is enough, and it is earned', async () => {
    const held = await stranger(100_000);
    expect(await proposed(held, { kind: 'other', noteCode: 'other-income', note: '银行利息' })).toMatchObject({ secondPerson: false });
    await becomes(held.id, 'explained');
    expect(
      await office.data.query(`SELECT -sum(amount_fen)::int AS fen FROM ledger_line WHERE credit_id = $1 AND account = 'earned'`, [
        held.id,
      ]),
    ).toEqual([{ fen: 100_000 }]);
  }, 30_000);

  it('D money: a wrong payer’s, told to be other income: a second person is asked, however little it is', async () => {
    const filed = await cases.awaitingPayment({ name: '成都他付医药有限公司' });
    const held = await cases.pay(filed, { payerName: '成都他付贸易有限公司', amountFen: 100 });
    expect(held).toMatchObject({ state: 'held', heldReason: 'wrong-payer' });
    const { id, secondPerson } = await proposed(held, { kind: 'other', noteCode: 'other-income', note: '与付款人核对' });
    expect(secondPerson).toBe(true);
    expectRefusal(await decide(id, 'finance'), { status: 403, code: 'FOUR_EYES' });
    expect(await credit(held.id)).toMatchObject({ state: 'held' });
    await office.until(async () => ((await decide(id, 'supervisor')).status === 204 ? true : null), 'the second person’s word');
    await becomes(held.id, 'explained');
  }, 60_000);

  it('D money: above the limit a second person is asked; turned down, the credit is held as before and can be explained anew', async () => {
    const held = await stranger(100_001);
    const { id, secondPerson } = await proposed(held, { kind: 'other', noteCode: 'other-income' });
    expect(secondPerson).toBe(true);
    expectRefusal(await propose(held, { kind: 'refund' }), { status: 409, code: 'CREDIT_NOT_HELD' });
    expect(await decide(id, 'supervisor', 'rejected')).toMatchObject({ status: 204 });
    expect(await credit(held.id)).toMatchObject({ state: 'held', heldReason: 'no-order' });
    expect(await proposed(held, { kind: 'refund' })).toMatchObject({ secondPerson: false });
  }, 30_000);

  it('D money: given back to the payer: another than who proposed it approves; turned down it is held again, and may be proposed once more', async () => {
    const held = await stranger(8_000);
    await proposed(held, { kind: 'refund' });
    await becomes(held.id, 'to-refund');
    const first = await refunds.due({ creditId: held.id });
    expect(first).toMatchObject({ reason: 'held-credit', amountFen: 8_000, payeeName: '绵阳无关贸易有限公司' });
    expectRefusal(await refunds.decide(first), { status: 403, code: 'FOUR_EYES' });
    expect(await refunds.decide(first, 'second-finance', 'rejected')).toMatchObject({ status: 204 });
    await becomes(held.id, 'held');

    const { id } = await proposed(held, { kind: 'refund' });
    await becomes(held.id, 'to-refund');
    const again = await refunds.due({ id });
    await refunds.decide(again, 'second-finance');
    await refunds.reach(again, 'paid');
    expect(await refunds.payments(again)).toMatchObject([{ amountFen: 8_000, payeeAccount: '6222 0000 0000 0000' }]);
    expect(await office.data.manager.countBy(Refund, { creditId: held.id, state: 'paid' })).toBe(1);
  }, 60_000);

  it('D money: whoever proposed it does not approve it when another gives the account it goes to; nor does the other', async () => {
    const held = await stranger(6_000);
    await proposed(held, { kind: 'refund' });
    await becomes(held.id, 'to-refund');
    const refund = await refunds.due({ creditId: held.id });
    expect(await refunds.redirect(refund, { name: '绵阳无关贸易有限公司', account: '51008888' }, 'second-finance')).toMatchObject({
      status: 204,
    });
    for (const who of ['finance', 'second-finance']) expectRefusal(await refunds.decide(refund, who), { status: 403, code: 'FOUR_EYES' });
    const { proposedBy } = await refunds.row(refund.id);
    const bypass = office.engine.client.workflow
      .getHandle(refundWorkflowId(refund.id))
      .executeUpdate(decideRefund, { args: [{ outcome: 'approved', by: proposedBy ?? '' }] });
    await expect(bypass).rejects.toMatchObject({ cause: { type: 'FOUR_EYES' } });
    expect(await refunds.decide(refund, 'supervisor')).toMatchObject({ status: 204 });
    await refunds.reach(refund, 'paid');
    expect(await refunds.payments(refund)).toMatchObject([{ amountFen: 6_000, payeeAccount: '51008888' }]);
  }, 60_000);

  it('D money: what is owed by the office itself is not turned down', async () => {
    const filed = await cases.awaitingPayment({ name: '成都应退医药有限公司' });
    await cases.pay(filed, { amountFen: FEE + 1 });
    const refund = await refunds.due({ orderId: (await cases.order(filed)).id });
    expectRefusal(await refunds.decide(refund, 'finance', 'rejected'), { status: 409, code: 'STAGE_REFUSES' });
  }, 60_000);

  /** Orders of an organisation each, of the fee of one certificate and one year. */
  const orderOf = async (name: string) => {
    const filed = await cases.awaitingPayment({ name });
    return { filed, ...(await cases.order(filed)) };
  };
  /** The second person's word, as soon as the run has read what was proposed. */
  const agreed = (id: string) =>
    office.until(async () => ((await decide(id, 'second-finance')).status === 204 ? true : null), 'the second person’s word');
  const heldStill = async (id: string) => {
    const [row]: { fen: number }[] = await office.data.query(
      `SELECT coalesce(-sum(amount_fen), 0)::int AS fen FROM ledger_line WHERE credit_id = $1 AND account = 'held' AND order_id IS NULL`,
      [id],
    );
    return row?.fen;
  };

  it('D money: one transfer for several organisations, split to the fen: only with a second person, then each case is issued', async () => {
    const [one, other] = [await orderOf('成都分摊甲医药有限公司'), await orderOf('成都分摊乙医药有限公司')];
    const held = await stranger(2 * FEE);
    const shares = [one, other].map(({ reference }) => ({ order: reference, amountFen: FEE }));
    const { id, secondPerson } = await proposed(held, { kind: 'split', shares, note: '集团代付两家' });
    expect(secondPerson).toBe(true);
    const list = await (await cases.desk('supervisor')).get<{ id: string; shares: object[] }[]>('/api/v1/credit-explanations');
    expect(list.find((each) => each.id === id)?.shares).toHaveLength(2);
    expectRefusal(await decide(id, 'finance'), { status: 403, code: 'FOUR_EYES' });
    await agreed(id);
    for (const { filed } of [one, other]) {
      await cases.reach(filed, 'dispatch');
      expect(await cases.order(filed)).toMatchObject({ status: 'paid', receivedFen: FEE });
    }
    expect(await credit(held.id)).toMatchObject({ state: 'matched', heldReason: null });
    expect(await heldStill(held.id)).toBe(0);
  }, 90_000);

  it('D money: the rest of a split stays held with its reason, and is explained by itself', async () => {
    const [one, other] = [await orderOf('成都余款甲医药有限公司'), await orderOf('成都余款乙医药有限公司')];
    const held = await stranger(FEE + 7_000);
    const first = await proposed(held, { kind: 'split', shares: [{ order: one.reference, amountFen: FEE }], rest: 'held' });
    await agreed(first.id);
    await cases.reach(one.filed, 'dispatch');
    expect(await credit(held.id)).toMatchObject({ state: 'held', heldReason: 'no-order' });
    expect(await heldStill(held.id)).toBe(7_000);
    // A window takes a transfer as one amount.
    expectRefusal(await propose(held, { kind: 'other', noteCode: 'window-receipt' }), invalid({ noteCode: 'FIELD_CHOICE' }));
    const second = await proposed(held, { kind: 'allocation', order: other.reference });
    await agreed(second.id);
    await becomes(held.id, 'matched');
    expect(await cases.order(other.filed)).toMatchObject({ status: 'open', receivedFen: 7_000 });
    expect(await heldStill(held.id)).toBe(0);
  }, 90_000);

  it('D money: the rest of a split goes back to the payer: another approves it; turned down, the rest alone is held again', async () => {
    const one = await orderOf('成都退余医药有限公司');
    const held = await stranger(FEE + 1_234);
    const { id } = await proposed(held, { kind: 'split', shares: [{ order: one.reference, amountFen: FEE }], rest: 'refund' });
    await agreed(id);
    await becomes(held.id, 'to-refund');
    const refund = await refunds.due({ id });
    expect(refund).toMatchObject({ reason: 'held-credit', amountFen: 1_234, payeeName: '绵阳无关贸易有限公司' });
    expectRefusal(await refunds.decide(refund), { status: 403, code: 'FOUR_EYES' });
    await refunds.decide(refund, 'second-finance', 'rejected');
    await becomes(held.id, 'held');
    expect(await heldStill(held.id)).toBe(1_234);
  }, 60_000);

  it('refuses a split that is not all of the credit, is more than it, or names an order twice or a closed one', async () => {
    const open = await orderOf('成都不符医药有限公司');
    const held = await stranger(FEE + 1);
    const split = (amountFen: number, more: object = {}) => ({ kind: 'split', shares: [{ order: open.reference, amountFen }], ...more });
    expectRefusal(await propose(held, { kind: 'split' }), invalid({ shares: 'FIELD_REQUIRED' }));
    expectRefusal(await propose(held, split(FEE)), invalid({ rest: 'FIELD_REQUIRED' }));
    expectRefusal(await propose(held, split(FEE + 1, { rest: 'held' })), invalid({ rest: 'FIELD_UNKNOWN' }));
    expectRefusal(await propose(held, split(FEE + 2)), invalid({ shares: 'SPLIT_SUM' }));
    const twice = [1, 2].map((amountFen) => ({ order: open.reference, amountFen }));
    expectRefusal(await propose(held, { kind: 'split', shares: twice, rest: 'held' }), invalid({ shares: 'FIELD_CHOICE' }));
    const nobody = [{ order: 'XB2099999999', amountFen: FEE + 1 }];
    expectRefusal(await propose(held, { kind: 'split', shares: nobody }), invalid({ 'shares/0/order': 'FIELD_CHOICE' }));
    expectRefusal(await propose(held, { kind: 'refund', shares: nobody }), invalid({ shares: 'FIELD_UNKNOWN' }));
    expect(await credit(held.id)).toMatchObject({ state: 'held' });
  }, 60_000);

  it('the same key is the same proposal, and another’s credit under it is refused', async () => {
    const [one, other] = [await stranger(100_002), await stranger(100_003)];
    const key = 'explanation-key-1';
    const first = await propose(one, { kind: 'other', noteCode: 'other-income' }, { key });
    expect((await propose(one, { kind: 'other', noteCode: 'other-income' }, { key })).body).toEqual(first.body);
    expectRefusal(await propose(other, { kind: 'other', noteCode: 'other-income' }, { key }), {
      status: 409,
      code: 'IDEMPOTENCY_KEY_REUSED',
    });
  });

  it('no worker is there: the proposal is taken, and takes effect when one is', async () => {
    const held = await stranger(3_000);
    await office.stopWorkers();
    expect(await propose(held, { kind: 'other', noteCode: 'other-income' })).toMatchObject({ status: 202 });
    await office.startWorkers();
    await becomes(held.id, 'explained');
    office.clock.forward(11_000);
    expect(await office.sweep()).toBe(0);
  }, 60_000);

  it('refuses what does not fit', async () => {
    const held = await stranger(9_000);
    const filed = await cases.awaitingPayment({ name: '成都已清医药有限公司' });
    await cases.pay(filed);
    const { reference } = await cases.order(filed);
    const paid = await office.data.manager.findBy(BankCredit, { orderId: (await cases.order(filed)).id });
    expectRefusal(await propose(held, { kind: 'allocation' }), invalid({ order: 'FIELD_REQUIRED' }));
    expectRefusal(await propose(held, { kind: 'allocation', order: 'XB2099999999' }), invalid({ order: 'FIELD_CHOICE' }));
    expectRefusal(await propose(held, { kind: 'allocation', order: reference }), { status: 409, code: 'ORDER_CLOSED' });
    expectRefusal(await propose(held, { kind: 'refund', order: reference }), invalid({ order: 'FIELD_UNKNOWN' }));
    expectRefusal(await propose(held, { kind: 'other' }), invalid({ noteCode: 'FIELD_REQUIRED' }));
    expectRefusal(await propose(held, { kind: 'other', noteCode: 'told-twice' }), invalid({ noteCode: 'FIELD_CHOICE' }));
    expectRefusal(await propose(held, { kind: 'refund', noteCode: 'other-income' }), invalid({ noteCode: 'FIELD_UNKNOWN' }));
    expectRefusal(await propose(held, { kind: 'refund', note: ' ' }), invalid({ note: 'FIELD_REQUIRED' }));
    expectRefusal(await propose({ ...held, id: 'nobody' }, { kind: 'refund' }), notFound);
    for (const one of paid) expectRefusal(await propose(one, { kind: 'refund' }), { status: 409, code: 'CREDIT_NOT_HELD' });
    expectRefusal(await propose(held, { kind: 'refund' }, { who: 'supervisor' }), { status: 403, code: 'FORBIDDEN_ROLE' });
    expectRefusal(await decide('nobody', 'supervisor'), notFound);
    expect(await credit(held.id)).toMatchObject({ state: 'held' });
  }, 60_000);
});
