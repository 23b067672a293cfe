/** Statement files that finance brings, against real credits and cases. Rules: business.md, "Money"; decisions 0034 and 0035. */
import { AuditEntry, FinanceCase, BankCredit, BankStatement, BankStatementEntry } from '#persistence';
import { bankTransfer, casesOf, type Cases } from '../world/cases.js';
import { openOffice, type Office } from '../world/office.js';

/** G: 50 yuan once and 200 a year, for one certificate and one year. */
const FEE = 25_000;
const PATH = '/api/v1/credits/statements';
/** Of Shanghai: entries without a reference are known by their day, which no midnight may part. */
const DAY = '2026-03-04';
const HEADER = '交易日期,交易时间,借方发生额,贷方发生额,对方户名,对方账号,摘要,流水号';

interface View {
  sha256: string;
  state: string;
  entries: number;
  added: number;
  refusal: { place: string; code: string; zh: string; en: string } | null;
}
interface EntryView {
  reference: string;
  day: string;
  amountFen: number;
  payer: string;
  outcome: string;
  reason: { code: string } | null;
}

describe('a statement file', () => {
  let office: Office;
  let cases: Cases;
  beforeAll(async () => {
    office = await openOffice({ at: `${DAY}T10:00:00+08:00` });
    cases = casesOf(office);
  }, 120_000);
  afterAll(() => office.close(), 60_000);

  const file = (...lines: string[]) => Buffer.from([HEADER, ...lines].join('\r\n'), 'utf8');
  /** Brings it and waits until the import has ended. */
  async function take(bytes: Buffer): Promise<View> {
    const finance = await cases.desk('finance');
    const { status, body } = await finance.attempt('POST', PATH, { file: bytes });
    expect(status).toBe(202);
    const { sha256 } = body as View;
    return office.until(async () => {
      const view = await finance.get<View>(`${PATH}/${sha256}`);
      return ['done', 'refused'].includes(view.state) ? view : null;
    }, 'the end of the import');
  }
  const entries = async ({ sha256 }: View) => (await cases.desk('finance')).get<EntryView[]>(`${PATH}/${sha256}/entries`);
  const credit = (bankReference: string) => office.data.manager.findOneBy(BankCredit, { bankReference });
  const credits = () => office.data.manager.count(BankCredit);

  it('pays an order, and says of each entry what came of it', async () => {
    const filed = await cases.awaitingPayment({ name: '成都对账医药有限公司' });
    const { reference } = await cases.order(filed);
    const view = await take(
      file(
        `${DAY},00:00:01,,250.00,成都对账医药有限公司,6222001,${reference},PAY00001`,
        `${DAY},00:00:02,,"1,000.00",绵阳无关贸易有限公司,6222002,货款,PAY00002`,
        `${DAY},00:00:03,15.00,,中国银行,,手续费,PAY00003`,
      ),
    );
    expect(view).toMatchObject({ state: 'done', entries: 3, added: 3, refusal: null });
    expect(await entries(view)).toMatchObject([
      { reference: 'PAY00001', day: DAY, amountFen: FEE, payer: '成都对账医药有限公司', outcome: 'matched', reason: null },
      { reference: 'PAY00002', amountFen: 100_000, outcome: 'held', reason: { code: 'no-order' } },
      { reference: 'PAY00003', amountFen: -1_500, outcome: 'debit', reason: { code: 'debit' } },
    ]);
    await cases.reach(filed, 'dispatch');
    expect(await cases.order(filed)).toMatchObject({ status: 'paid', receivedFen: FEE });
    expect(await credit('PAY00003')).toBeNull();
  }, 60_000);

  const payer = '绵阳无关贸易有限公司';
  /** What a statement may change: credits, and what is kept of entries. */
  const counts = async () => ({
    credits: await credits(),
    added: await office.data.manager.countBy(BankStatementEntry, { outcome: 'added' }),
  });

  it('taken twice, and in another order of bytes, adds nothing', async () => {
    const lines = [`${DAY},00:01:01,,10.00,${payer},6222003,货款,TWICE001`, `${DAY},00:01:02,,10.00,${payer},6222003,货款,TWICE002`];
    expect(await take(file(...lines))).toMatchObject({ state: 'done', entries: 2, added: 2 });
    const before = await counts();
    expect(await take(file(...lines))).toMatchObject({ state: 'done', added: 2 });
    const other = await take(file(...[...lines].reverse()));
    expect(other).toMatchObject({ state: 'done', entries: 2, added: 0 });
    expect((await entries(other)).map(({ outcome }) => outcome)).toEqual(['known', 'known']);
    expect(await counts()).toEqual(before);
  }, 60_000);

  it('that overlaps another adds what is new in it, with and without references', async () => {
    const named = (from: number, to: number) =>
      Array.from({ length: to - from }, (_, index) => `${DAY},00:02:00,,12.34,${payer},6222004,货款,LAP${from + index}`);
    expect(await take(file(...named(100, 110)))).toMatchObject({ added: 10 });
    expect(await take(file(...named(105, 115)))).toMatchObject({ entries: 10, added: 5 });
    const unnamed = (count: number) => Array.from({ length: count }, () => `${DAY},,,56.78,${payer},6222004,货款,`);
    expect(await take(file(...unnamed(2)))).toMatchObject({ added: 2 });
    expect(await take(file(...unnamed(3)))).toMatchObject({ entries: 3, added: 1 });
    expect(await office.data.manager.countBy(BankCredit, { amountFen: 5_678 })).toBe(3);
  }, 60_000);

  it('of which the bank pushed a credit before: one credit, also where the file gives no references', async () => {
    const pushed = await bankTransfer(office, { amountFen: 77_701, payerName: payer });
    await cases.decided(pushed);
    expect(await take(file(`${DAY},,,777.01,${payer},,货款,${pushed}`))).toMatchObject({ entries: 1, added: 0 });
    const second = await bankTransfer(office, { amountFen: 77_702, payerName: payer });
    await cases.decided(second);
    expect(await take(file(`${DAY},,,777.02,${payer},,货款,`))).toMatchObject({ entries: 1, added: 0 });
    for (const amountFen of [77_701, 77_702]) expect(await office.data.manager.countBy(BankCredit, { amountFen })).toBe(1);
  }, 60_000);

  it('of which the bank pushes a credit afterwards: one credit, also where the file gave no references', async () => {
    expect(await take(file(`${DAY},,,888.01,${payer},6222 0000 0000 0000,货款,`))).toMatchObject({ added: 1 });
    const pushed = await bankTransfer(office, { amountFen: 88_801, payerName: payer });
    const found = await office.until(() => office.data.manager.findOneBy(BankCredit, { otherReference: pushed }), 'the push to be taken');
    expect(found).toMatchObject({ source: 'statement', amountFen: 88_801 });
    expect(await office.data.manager.countBy(BankCredit, { amountFen: 88_801 })).toBe(1);
  }, 60_000);

  it('told differently than the push did is held beside it, and neither is believed', async () => {
    const pushed = await bankTransfer(office, { amountFen: 99_901, payerName: payer });
    await cases.decided(pushed);
    const view = await take(file(`${DAY},,,999.02,${payer},,货款,${pushed}`));
    expect(await entries(view)).toMatchObject([{ outcome: 'contradicted', reason: { code: 'contradicted' } }]);
    expect(await credit(pushed)).toMatchObject({ amountFen: 99_901 });
  }, 60_000);

  it.each([
    ['in the same file', true],
    ['in a later one', false],
  ])(
    'takes a credit back %s: its money is gone, and nothing is revoked',
    async (_, together) => {
      const name = `成都冲正${together ? '甲' : '乙'}医药有限公司`;
      const filed = await cases.awaitingPayment({ name });
      const { reference } = await cases.order(filed);
      const ref = together ? 'BACK0001' : 'BACK0002';
      const paid = `${DAY},00:03:00,,250.00,${name},6222005,${reference},${ref}`;
      const back = `${DAY},00:04:00,,-250.00,${name},6222005,冲正 原流水号${ref},R${ref}`;
      const views = [await take(together ? file(paid, back) : file(paid))];
      if (!together) {
        await cases.reach(filed, 'dispatch');
        views.push(await take(file(back)));
      }
      expect((await entries(views.at(-1) as View)).at(-1)).toMatchObject({
        outcome: 'reversal',
        amountFen: -FEE,
        reason: { code: 'reversal-linked' },
      });
      expect(await credit(ref)).toMatchObject({ reversedBy: `R${ref}:reversal` });
      expect(await credit(ref)).toMatchObject({ state: 'reversed' });
      expect(await cases.order(filed)).toMatchObject({ status: 'open', receivedFen: 0 });
      // Known before it was decided, it pays nothing. What was issued for it is a matter for finance.
      expect((await cases.row(filed)).stage).toBe(together ? 'payment' : 'dispatch');
      expect(await office.data.manager.countBy(FinanceCase, { creditId: (await credit(ref))?.id })).toBe(together ? 0 : 1);
      const subject = `bank-statement/${views.at(-1)?.sha256}`;
      expect(await office.data.manager.countBy(AuditEntry, { subject, action: 'credit.reversed' })).toBe(1);
    },
    60_000,
  );

  it('whose reversal fits two credits marks neither', async () => {
    const line = (reference: string) => `${DAY},00:05:00,,66.60,${payer},6222006,货款,${reference}`;
    const view = await take(file(line('PAIR0001'), line('PAIR0002'), `${DAY},00:06:00,,-66.60,${payer},6222006,冲正,PAIR0003`));
    expect((await entries(view)).at(-1)).toMatchObject({ outcome: 'reversal', reason: { code: 'reversal-unlinked' } });
    expect([await credit('PAIR0001'), await credit('PAIR0002')]).toMatchObject([{ reversedBy: null }, { reversedBy: null }]);
  }, 60_000);

  it('that is broken changes nothing, and says where and why', async () => {
    const before = await counts();
    const view = await take(
      file(`${DAY},00:07:00,,10.00,${payer},6222007,货款,BROKEN01`, `${DAY},00:07:01,,"1,00.00",${payer},6222007,货款,BROKEN02`),
    );
    expect(view).toMatchObject({
      state: 'refused',
      entries: 0,
      refusal: { place: 'line 3/贷方发生额', code: 'STATEMENT_AMOUNT', zh: '金额不正确。', en: 'Not an amount.' },
    });
    expect(await counts()).toEqual(before);
    expect(await office.data.manager.findOneByOrFail(BankStatement, { sha256: view.sha256 })).toMatchObject({ recordedCount: 0 });
  }, 60_000);
});
