/** Money as it arrives: the bank pushes and its statement, against orders of real cases. Rules: business.md, "Money". */
import { BankCredit } from '#persistence';
import { bankTransfer, casesOf, type Cases, type FiledCase } from '../world/cases.js';
import { openOffice, type Office } from '../world/office.js';

/** G: 50 yuan once and 200 a year, for one certificate and one year. */
const FEE = 25_000;
/** A Wednesday of Shanghai, and the day before: statements are fetched by day, which no midnight may part from what was paid. */
const [DAY, DAY_BEFORE] = ['2026-03-04', '2026-03-03'];

interface CreditView {
  bankReference: string;
  amountFen: number;
  payerName: string;
  orderId: string | null;
  reason: { code: string; zh: string; en: string } | null;
}

describe('money for an order', () => {
  let office: Office;
  let cases: Cases;
  beforeAll(async () => {
    office = await openOffice({ at: `${DAY}T10:00:00+08:00` });
    cases = casesOf(office);
  }, 120_000);
  afterAll(() => office.close(), 60_000);

  const heldList = async () => (await cases.desk('finance')).get<CreditView[]>('/api/v1/credits?state=held');
  const heldFor = async (bankReference: string) => (await heldList()).find((credit) => credit.bankReference === bankReference);
  const credits = (filed: FiledCase) =>
    cases.order(filed).then(({ id }) => office.data.manager.find(BankCredit, { where: { orderId: id }, order: { recordedAt: 'ASC' } }));
  const statement = async (day: string) =>
    (await cases.desk('finance')).post<{ lines: number; added: number }>(`/api/v1/credits/statements/${day}`);

  it('exact: pays the order and the case is issued', async () => {
    const filed = await cases.awaitingPayment({ name: '成都如数医药有限公司' });
    const credit = await cases.pay(filed);
    expect(credit).toMatchObject({ state: 'matched', amountFen: FEE, surplusFen: 0 });
    await cases.reach(filed, 'dispatch');
    expect(await cases.order(filed)).toMatchObject({ status: 'paid', receivedFen: FEE });
    expect(await cases.received(filed, 'payment-confirmed')).toHaveLength(1);
  }, 60_000);

  it('too little: stays open, the SMS asks for the rest, and the rest completes it', async () => {
    const filed = await cases.awaitingPayment({ name: '成都欠数医药有限公司' });
    await cases.pay(filed, { amountFen: 20_050 });
    const [text] = await cases.received(filed, 'payment-short');
    expect(text).toBe(`【信印】申请 ${filed.number} 已到账 200.50 元，还差 49.50 元，请用同一对公账户补足。`);
    expect(await cases.order(filed)).toMatchObject({ status: 'open', receivedFen: 20_050 });
    expect(await cases.row(filed)).toMatchObject({ stage: 'payment', waitingFor: 'bank' });

    await cases.pay(filed, { amountFen: 4_950 });
    await cases.reach(filed, 'dispatch');
    expect(await cases.order(filed)).toMatchObject({ status: 'paid', receivedFen: FEE });
    expect((await credits(filed)).map(({ amountFen, state }) => [amountFen, state])).toEqual([
      [20_050, 'matched'],
      [4_950, 'matched'],
    ]);
  }, 60_000);

  it('too much: issued, and the surplus is on record', async () => {
    const filed = await cases.awaitingPayment({ name: '成都多付医药有限公司' });
    expect(await cases.pay(filed, { amountFen: FEE + 1_234 })).toMatchObject({ state: 'matched', surplusFen: 1_234 });
    await cases.reach(filed, 'dispatch');
    expect(await cases.order(filed)).toMatchObject({ status: 'paid', receivedFen: FEE + 1_234 });
  }, 60_000);

  it('wrong payer: held with its reason, the agent is told, and the case goes on waiting for the right one', async () => {
    const filed = await cases.awaitingPayment({ name: '成都正主医药有限公司' });
    const credit = await cases.pay(filed, { payerName: '成都正主医药有限责任公司' });
    expect(credit).toMatchObject({ state: 'held', heldReason: 'wrong-payer' });
    expect(await cases.received(filed, 'payment-held')).toEqual([
      `【信印】申请 ${filed.number} 收到一笔款项未能入账（付款户名与证书名不一致），财务将与您联系。`,
    ]);
    expect(await heldFor(credit.bankReference)).toMatchObject({
      payerName: '成都正主医药有限责任公司',
      reason: { code: 'wrong-payer', en: 'the payer is not the organisation of the order named' },
    });
    expect(await cases.row(filed)).toMatchObject({ stage: 'payment', waitingFor: 'bank' });
    expect(await cases.order(filed)).toMatchObject({ status: 'open', receivedFen: 0 });

    await cases.pay(filed);
    await cases.reach(filed, 'dispatch');
    expect(await heldFor(credit.bankReference)).toMatchObject({ reason: { code: 'wrong-payer' } });
  }, 60_000);

  it('personal account: proves nothing, even under the right name', async () => {
    const filed = await cases.awaitingPayment({ name: '成都私户医药有限公司' });
    const credit = await cases.pay(filed, { payerAccountType: 'personal' });
    expect(credit).toMatchObject({ state: 'held', heldReason: 'personal-account' });
    expect(await cases.received(filed, 'payment-held')).toHaveLength(1);
    expect(await cases.row(filed)).toMatchObject({ stage: 'payment', waitingFor: 'bank' });
  }, 60_000);

  it('late: booked after the order ran out', async () => {
    const filed = await cases.awaitingPayment({ name: '成都迟到医药有限公司' });
    const { expiresAt } = await cases.order(filed);
    const credit = await cases.pay(filed, { bookedAt: new Date(expiresAt.getTime() + 1).toISOString() });
    expect(credit).toMatchObject({ state: 'held', heldReason: 'late' });
    expect(await heldFor(credit.bankReference)).toMatchObject({ reason: { code: 'late' } });
    expect(await cases.order(filed)).toMatchObject({ receivedFen: 0 });
  }, 60_000);

  it('twice: the second is held, and nothing is issued twice', async () => {
    const filed = await cases.awaitingPayment({ name: '成都双付医药有限公司' });
    await cases.pay(filed);
    const second = await cases.pay(filed);
    expect(second).toMatchObject({ state: 'held', heldReason: 'paid-twice' });
    await cases.reach(filed, 'dispatch');
    expect(await cases.order(filed)).toMatchObject({ status: 'paid', receivedFen: FEE });
    expect(await office.data.query('SELECT count(*)::int AS n FROM certificate WHERE application_id = $1', [filed.id])).toEqual([{ n: 2 }]);
  }, 60_000);

  it('several open orders and no reference: nothing is guessed; with a reference the one named is paid', async () => {
    const first = await cases.awaitingPayment({ name: '成都多单医药有限公司' });
    const second = await cases.awaitingPayment({ name: '成都多单医药有限公司', like: first });
    const vague = await cases.pay(first, { remittance: '证书款' });
    expect(vague).toMatchObject({ state: 'held', heldReason: 'several-orders', orderId: null });
    expect([await cases.order(first), await cases.order(second)].map(({ receivedFen }) => receivedFen)).toEqual([0, 0]);

    await cases.pay(second);
    await cases.reach(second, 'dispatch');
    expect(await cases.order(first)).toMatchObject({ status: 'open', receivedFen: 0 });
  }, 60_000);

  it('one credit for two orders it names, exactly their sum: both are paid, both cases are issued', async () => {
    const first = await cases.awaitingPayment({ name: '成都合付医药有限公司' });
    const second = await cases.awaitingPayment({ name: '成都合付医药有限公司', like: first });
    const remittance = [await cases.order(first), await cases.order(second)].map(({ reference }) => reference).join(' ');
    expect(await cases.pay(first, { amountFen: 2 * FEE - 1, remittance })).toMatchObject({ state: 'held', heldReason: 'several-named' });
    expect(await cases.pay(first, { amountFen: 2 * FEE, remittance })).toMatchObject({ state: 'matched', surplusFen: 0 });
    for (const filed of [first, second]) {
      await cases.reach(filed, 'dispatch');
      expect(await cases.order(filed)).toMatchObject({ status: 'paid', receivedFen: FEE });
      expect(await cases.received(filed, 'payment-confirmed')).toHaveLength(1);
    }
  }, 60_000);

  it('unknown payer: nobody’s case is told, finance has it', async () => {
    const reference = await bankTransfer(office, { amountFen: FEE, payerName: '绵阳无关贸易有限公司' });
    expect(await cases.decided(reference)).toMatchObject({ state: 'held', heldReason: 'no-order', orderId: null });
    expect(await heldFor(reference)).toMatchObject({ amountFen: FEE, reason: { code: 'no-order', zh: '没有对应的缴费单' } });
  }, 60_000);

  it.each([
    ['half-width brackets', '成都（甲）医药有限公司', '成都(甲)医药有限公司'],
    ['full-width letters and digits', '成都Ａ２医药有限公司', '成都A2医药有限公司'],
    ['spaces, also ideographic', '成都乙医药有限公司', ' 成都 乙　医药有限公司 '],
  ])(
    'a name that differs only in %s is the same name',
    async (_, name, payerName) => {
      const filed = await cases.awaitingPayment({ name });
      expect(await cases.pay(filed, { payerName, remittance: '' })).toMatchObject({ state: 'matched' });
      await cases.reach(filed, 'dispatch');
    },
    60_000,
  );

  it('pushed and then in the statement: one credit', async () => {
    const filed = await cases.awaitingPayment({ name: '成都先推医药有限公司' });
    const credit = await cases.pay(filed);
    const { lines, added } = await statement(DAY);
    expect(lines).toBeGreaterThan(0);
    expect(added).toBe(0);
    expect(await credits(filed)).toMatchObject([{ bankReference: credit.bankReference, source: 'push' }]);
    expect(await cases.order(filed)).toMatchObject({ receivedFen: FEE });
  }, 60_000);

  it('in the statement and pushed later: one credit', async () => {
    const filed = await cases.awaitingPayment({ name: '成都先单医药有限公司' });
    await office.fault('bank', 'out-of-order', { count: 10 });
    const reference = await cases.transfer(filed);
    expect(await statement(DAY)).toMatchObject({ added: 1 });
    await cases.decided(reference);
    await office.clearFaults('bank');
    await accepted(office, reference);
    await cases.reach(filed, 'dispatch');
    expect(await credits(filed)).toMatchObject([{ bankReference: reference, source: 'statement', state: 'matched' }]);
    expect(await cases.order(filed)).toMatchObject({ receivedFen: FEE });
  }, 60_000);

  it('pushed twice at once by the bank’s fault: one credit', async () => {
    const filed = await cases.awaitingPayment({ name: '成都重推医药有限公司' });
    await office.fault('bank', 'duplicate', { count: 1 });
    await cases.pay(filed);
    await cases.reach(filed, 'dispatch');
    expect(await credits(filed)).toHaveLength(1);
    expect(await cases.order(filed)).toMatchObject({ receivedFen: FEE });
  }, 60_000);

  it('two parts pushed in the wrong order: both count, once', async () => {
    const filed = await cases.awaitingPayment({ name: '成都乱序医药有限公司' });
    await office.fault('bank', 'out-of-order', { count: 2 });
    const first = await cases.transfer(filed, { amountFen: 10_000 });
    const second = await cases.transfer(filed, { amountFen: 15_000 });
    await cases.decided(first);
    await cases.decided(second);
    await cases.reach(filed, 'dispatch');
    expect((await credits(filed)).map(({ bankReference }) => bankReference)).toEqual([second, first]);
    expect(await cases.order(filed)).toMatchObject({ status: 'paid', receivedFen: FEE });
  }, 60_000);

  it('a statement imported twice, and at the same time, adds each line once', async () => {
    const filed = await cases.awaitingPayment({ name: '成都重单医药有限公司' });
    const reference = await cases.transfer(filed, { push: false, bookedAt: `${DAY_BEFORE}T23:59:59+08:00` });
    await Promise.all([statement(DAY_BEFORE), statement(DAY_BEFORE)]);
    expect(await statement(DAY_BEFORE)).toEqual({ lines: 1, added: 0 });
    await cases.decided(reference);
    await cases.reach(filed, 'dispatch');
    expect(await credits(filed)).toHaveLength(1);
    expect(await cases.order(filed)).toMatchObject({ receivedFen: FEE });
  }, 60_000);

  it('what is held never disappears: the database refuses to remove a credit or to change what the bank said', async () => {
    const held = await heldList();
    expect(held.map(({ reason }) => reason?.code).sort()).toEqual([
      'late',
      'no-order',
      'paid-twice',
      'personal-account',
      'several-named',
      'several-orders',
      'wrong-payer',
    ]);
    for (const attempt of [
      'DELETE FROM bank_credit',
      `DELETE FROM bank_credit WHERE state = 'held'`,
      'TRUNCATE bank_credit CASCADE',
      'UPDATE bank_credit SET amount_fen = amount_fen + 1',
      `UPDATE bank_credit SET payer_name = '成都正主医药有限公司'`,
      `UPDATE bank_credit SET payer_account_type = 'corporate' WHERE payer_account_type = 'personal'`,
      `UPDATE bank_credit SET remittance = 'XB2026000001'`,
    ])
      await expect(office.data.query(attempt)).rejects.toThrow(/append-only|never changes/);
    expect(await heldList()).toEqual(held);
  }, 60_000);
});

/** The API has taken what the bank pushed. */
const accepted = (office: Office, reference: string) =>
  office.until(async () => {
    const entries = (await (await fetch(`${office.sandbox.base}/bank/entries`)).json()) as { reference: string; push: string }[];
    return entries.find((entry) => entry.reference === reference)?.push === 'accepted' ? true : null;
  }, 'the push to be accepted');
