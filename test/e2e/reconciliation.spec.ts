/** A day of an office, reconciled: as JSON, as a workbook, on paper. */
import exceljs from '@protobi/exceljs';
import { bankTransfer, casesOf, type Cases } from '../world/cases.js';
import { openOffice, type Office } from '../world/office.js';
import { expectRefusal, invalid } from './refusal.js';

const FEE = 25_000;
/** Of Shanghai, and the day before: what is reconciled is one day's. */
const [DAY, DAY_BEFORE] = ['2026-03-04', '2026-03-03'];
interface Report {
  day: string;
  tallies: { zh: string; count: number; amountFen: number }[];
  accounts: { code: string; movementFen: number; balanceFen: number }[];
  differences: { kind: string; reference: string; amountFen: number }[];
}

describe('the reconciliation of a day', () => {
  let office: Office;
  let cases: Cases;
  let held: string;
  let reference: string;
  beforeAll(async () => {
    office = await openOffice({ at: `${DAY}T10:00:00+08:00` });
    cases = casesOf(office);
    const filed = await cases.awaitingPayment({ name: '成都对账医药有限公司' });
    await cases.pay(filed, { amountFen: FEE + 500 });
    await cases.reach(filed, 'dispatch');
    await cases.received(filed, 'invoice');
    ({ reference } = await cases.order(filed));
    held = await bankTransfer(office, { amountFen: 7_000, payerName: '绵阳无关贸易有限公司' });
    await cases.decided(held);
  }, 180_000);
  afterAll(() => office.close(), 60_000);

  const finance = () => cases.desk('finance');

  it('D reconciliation: figures, accounts, and every difference', async () => {
    const report = await (await finance()).get<Report>(`/api/v1/reconciliations/${DAY}`);
    expect(report.tallies.map(({ zh, count, amountFen }) => [zh, count, amountFen])).toEqual([
      ['银行入账', 2, 32_500],
      ['窗口收款', 0, 0],
      ['账簿实收', 2, 32_500],
      ['当日办结', 1, FEE],
      ['已开发票', 1, FEE],
    ]);
    expect(report.accounts.map(({ code, movementFen, balanceFen }) => [code, movementFen, balanceFen])).toEqual([
      ['received', 32_500, 32_500],
      ['held', 7_000, 7_000],
      ['earned', FEE, FEE],
      ['to-refund', 500, 500],
      ['refunded', 0, 0],
    ]);
    expect(report.differences.map(({ kind, reference: about, amountFen }) => [kind, about, amountFen])).toEqual([
      ['held', held, 7_000],
      ['refund-open', reference, 500],
    ]);
  });

  it('D reconciliation: an entry that the bank books on another day than we hear of it stands on both', async () => {
    const bookedAt = `${DAY_BEFORE}T23:59:59+08:00`;
    const late = await bankTransfer(office, { amountFen: 900, payerName: '绵阳迟报贸易有限公司', bookedAt });
    await cases.decided(late);
    for (const [which, amountFen] of [
      [DAY_BEFORE, 900],
      [DAY, -900],
    ] as const) {
      const { differences } = await (await finance()).get<Report>(`/api/v1/reconciliations/${which}`);
      expect(differences.filter(({ kind }) => kind === 'booked-another-day')).toMatchObject([{ reference: late, amountFen }]);
    }
  });

  it('D reconciliation: the workbook holds the same, amounts as numbers', async () => {
    const report = await (await finance()).get<Report>(`/api/v1/reconciliations/${DAY}`);
    const bytes = await (await finance()).download(`/api/v1/reconciliations/${DAY}/reconciliation.xlsx`);
    const book = new exceljs.Workbook();
    await book.xlsx.load(bytes as never);
    expect(book.worksheets.map(({ name }) => name)).toEqual(['当日合计', '账簿科目', '差异明细']);
    const rows = (name: string) => (book.getWorksheet(name)?.getSheetValues() ?? []).slice(2).map((row) => (row as unknown[]).slice(1));
    expect(rows('账簿科目')[0]?.slice(2)).toEqual([334, 334]);
    expect(rows('差异明细').map(([, , about, yuan]) => [about, yuan])).toEqual(
      report.differences.map(({ reference: about, amountFen }) => [about, amountFen / 100]),
    );
  });

  it('D reconciliation: on paper', async () => {
    const bytes = await (await finance()).download(`/api/v1/reconciliations/${DAY}/reconciliation.pdf`);
    expect(bytes.subarray(0, 5).toString()).toBe('%PDF-');
  });

  it.each(['2026-02-30', 'today', '1999-01-01'])('refuses %s', async (text) => {
    const answer = await (await finance()).attempt('GET', `/api/v1/reconciliations/${text}`);
    expectRefusal(answer, invalid({ day: 'FIELD_FORMAT' }));
  });
});
