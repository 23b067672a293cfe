/** The same figures as a workbook (XLSX): amounts are numbers in yuan that a spreadsheet can add, texts are texts and never formulas. */
import exceljs from '@protobi/exceljs';
import type { ReconciliationData } from './templates/reconciliation.js';

const MONEY = '#,##0.00';

export async function reconciliationWorkbook(d: ReconciliationData): Promise<Buffer> {
  const book = new exceljs.Workbook();
  // From the data alone, so that the same day gives the same file.
  book.created = book.modified = new Date(d.generatedAt);
  sheet(
    book,
    '当日合计',
    ['日期', '项目', 'What', '笔数', '金额（元）'],
    d.tallies.map(({ zh, en, count, amountFen }) => [d.day, zh, en, count, amountFen / 100]),
  );
  sheet(
    book,
    '账簿科目',
    ['科目', 'Account', '当日发生（元）', '日终余额（元）'],
    d.accounts.map(({ zh, en, movementFen, balanceFen }) => [zh, en, movementFen / 100, balanceFen / 100]),
  );
  sheet(
    book,
    '差异明细',
    ['差异', 'Difference', '编号', '金额（元）'],
    d.differences.map(({ zh, en, reference, amountFen }) => [zh, en, reference, amountFen / 100]),
  );
  return Buffer.from(await book.xlsx.writeBuffer());
}

function sheet(book: exceljs.Workbook, name: string, headings: readonly string[], rows: readonly (readonly (string | number)[])[]): void {
  const page = book.addWorksheet(name, { views: [{ state: 'frozen', ySplit: 1 }] });
  page.columns = headings.map((header) => ({
    header,
    width: header.endsWith('（元）') ? 18 : 28,
    ...(header.endsWith('（元）') ? { style: { numFmt: MONEY } } : {}),
  }));
  page.getRow(1).font = { bold: true };
  for (const row of rows) page.addRow([...row]);
}
