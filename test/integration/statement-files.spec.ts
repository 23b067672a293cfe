/** Statement files that finance brings, against real credits and cases. Rules: business.md, "Money"; decisions 0034 and 0035. */
import { AuditEntry, BankCredit, BankStatement, BankStatementEntry } from '#persistence';
import { bankTransfer, casesOf, type Cases } from '../world/cases.js';
import { openOffice, type Office } from '../world/office.js';

/** G: 50 yuan once and 200 a year, for one certificate and one year. */
const FEE = 25_000;
const PATH = '/api/v1/credits/statements';
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
    office = await openOffice();
    cases = casesOf(office);
  }, 120_000);
  afterAll(() => office.close(), 60_000);

  const file = (...lines: string[]) => Buffer.from([HEADER, ...lines].join('\r\n'), 'utf8');
  const today = () => new Date(office.clock.now().getTime() + 8 * 3_600_000).toISOString().slice(0, 10);
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
        `${today()},00:00:01,,250.00,成都对账医药有限公司,6222001,${reference},PAY00001`,
        `${today()},00:00:02,,"1,000.00",绵阳无关贸易有限公司,6222002,货款,PAY00002`,
        `${today()},00:00:03,15.00,,中国银行,,手续费,PAY00003`,
      ),
    );
    expect(view).toMatchObject({ state: 'done', entries: 3, added: 3, refusal: null });
    expect(await entries(view)).toMatchObject([
      { reference: 'PAY00001', day: today(), amountFen: FEE, payer: '成都对账医药有限公司', outcome: 'matched', reason: null },
      { reference: 'PAY00002', amountFen: 100_000, outcome: 'held', reason: { code: 'no-order' } },
      { reference: 'PAY00003', amountFen: -1_500, outcome: 'debit', reason: { code: 'debit' } },
    ]);
    await cases.reach(filed, 'dispatch');
    expect(await cases.order(filed)).toMatchObject({ status: 'paid', receivedFen: FEE });
    expect(await credit('PAY00003')).toBeNull();
  }, 60_000);
});
