/** What banks do in their exports, one fixture each; amounts and days written by hand. */
import { XinyinError } from '#domain';
import { readStatement, statementLimits, type StatementEntry } from './index.js';
import { gb18030Of, workbookOf, zipOf, type SheetCell } from './samples.js';

const NOW = new Date('2026-03-10T00:00:00Z');
const HEADER = '交易日期,交易时间,借方发生额,贷方发生额,余额,对方户名,对方账号,摘要,流水号';
const FIRST = '2026-03-06,10:00:00,,250.00,1250.00,成都信印科技有限公司,5100123,证书费,A0000001';

const csv = (...lines: string[]) => Buffer.from(lines.join('\r\n') + '\r\n', 'utf8');
const read = async (bytes: Buffer, limits = {}) => (await readStatement(bytes, { now: NOW, limits })).entries;
const only = async (bytes: Buffer): Promise<StatementEntry | undefined> => {
  const entries = await read(bytes);
  expect(entries).toHaveLength(1);
  return entries[0];
};
const amounts = async (...lines: string[]) => (await read(csv(...lines))).map(({ amountFen }) => amountFen);
const refusalOf = async (bytes: Buffer, limits = {}) => {
  try {
    await read(bytes, limits);
  } catch (failure) {
    if (failure instanceof XinyinError && failure.code === 'STATEMENT_REFUSED')
      return failure.fields.map(({ field, code }) => `${field} ${code}`).join();
    throw failure;
  }
  return 'taken';
};

describe('a table of a bank', () => {
  it('in GB18030, with a title before the header', async () => {
    const bytes = gb18030Of(['账户明细查询,,', '户名：信印,账号：5100', HEADER, FIRST].join('\r\n'));
    expect(await only(bytes)).toMatchObject({ payerName: '成都信印科技有限公司', amountFen: 25_000, place: 'line 4/流水号' });
  });

  it.each([
    ['thousands separators', '"1,234,567.80"', 123_456_780],
    ['full-width digits', '１，２３４．５０', 123_450],
    ['a currency sign', '¥250', 25_000],
    ['one decimal', '250.5', 25_050],
    ['a red negative in brackets', '(250.00)', -25_000],
    ['full-width brackets', '（250.00）', -25_000],
    ['a minus of typographers', '−250.00', -25_000],
  ])('an amount with %s', async (_, text, expected) => {
    expect(
      await amounts(
        '交易日期,贷方发生额,对方户名,流水号',
        `2026-03-06,${/,/.test(text) && !text.startsWith('"') ? `"${text}"` : text},甲公司,A0000001`,
      ),
    ).toEqual([expected]);
  });

  it.each([
    ['misplaced separators', '"12,34.00"'],
    ['three decimals', '1.234'],
    ['letters', '25O.00'],
    ['two signs', '(-250.00)'],
    ['a formula', '=250+1'],
    ['nothing', '0.00'],
  ])('an amount with %s is none', async (_, text) => {
    expect(await refusalOf(csv('交易日期,贷方发生额,对方户名,流水号', `2026-03-06,${text},甲公司,A0000001`))).toMatch(
      /^line 2\/贷方发生额 STATEMENT_(AMOUNT|FORMULA)$/,
    );
  });

  it('a negative on the credit side, or 借/贷 with a negative, takes a credit back', async () => {
    const two = await only(csv('交易日期,借方发生额,贷方发生额,对方户名,流水号,原流水号', '2026-03-06,,-250.00,甲公司,A0000002,A0000001'));
    expect(two).toMatchObject({ amountFen: -25_000, reversal: true, reversalOf: 'A0000001', identity: 'A0000002:reversal' });
    const marked = await only(csv('交易日期,借贷标志,交易金额,对方户名,流水号', '2026-03-06,贷,-250.00,甲公司,A0000002'));
    expect(marked).toMatchObject({ amountFen: -25_000, reversal: true, reversalOf: null });
    const flagged = await only(csv('交易日期,借贷标志,交易金额,对方户名,流水号,冲正标志', '2026-03-06,借,250.00,甲公司,A0000002,是'));
    expect(flagged).toMatchObject({ amountFen: -25_000, reversal: true });
    const debit = await only(csv('交易日期,借贷标志,交易金额,对方户名,流水号', '2026-03-06,借,250.00,甲公司,A0000002'));
    expect(debit).toMatchObject({ amountFen: -25_000, reversal: false });
  });

  it('two dates: booked on one day, value from another', async () => {
    const entry = await only(
      csv('交易日期,交易时间,记账日期,贷方发生额,对方户名,流水号', '2026-03-05,23:50:00,2026-03-06,250.00,甲公司,A0000001'),
    );
    expect(entry).toMatchObject({ bookedDay: '2026-03-06', valueDay: '2026-03-05', bookedAt: '2026-03-05T16:00:00.000Z' });
  });

  it.each([
    ['2026/3/6', '2026-03-06'],
    ['20260306', '2026-03-06'],
    ['2026年3月6日', '2026-03-06'],
    ['２０２６-03-06', '2026-03-06'],
    ['2026-03-06 23:59:59', '2026-03-06'],
    ['2026-03-05T16:30:00Z', '2026-03-06'],
  ])('the day %s', async (text, day) => {
    expect(await only(csv('交易日期,贷方发生额,对方户名,流水号', `${text},250.00,甲公司,A0000001`))).toMatchObject({ bookedDay: day });
  });

  it('its header on each page, page totals, empty lines, a total, remarks at the end', async () => {
    const second = FIRST.replace('A0000001', 'A0000002').replace('1250.00', '1500.00');
    const entries = await read(
      csv(HEADER, FIRST, '本页小计,,,250.00', '', HEADER, second, '合计 2笔,,0.00,500.00,,,,,', '打印时间：2026-03-07'),
    );
    expect(entries.map(({ identity }) => identity)).toEqual(['A0000001', 'A0000002']);
  });

  it.each([
    ['a sum that is not that of the lines', '合计,,0.00,251.00', 'line 3/贷方发生额 STATEMENT_TOTAL'],
    ['a count that is not', '合计 2笔,,0.00,250.00', 'line 3/交易日期 STATEMENT_TOTAL'],
  ])('a total with %s refuses the file', async (_, total, place) => {
    expect(await refusalOf(csv(HEADER, FIRST, total))).toBe(place);
  });

  it('a balance that does not follow refuses it, newest first or oldest first', async () => {
    const next = FIRST.replace('A0000001', 'A0000002').replace('1250.00', '1500.00');
    expect(await read(csv(HEADER, FIRST, next))).toHaveLength(2);
    expect(await read(csv(HEADER, next, FIRST))).toHaveLength(2);
    expect(await refusalOf(csv(HEADER, FIRST, next.replace('1500.00', '1500.01')))).toBe('line 3/余额 STATEMENT_BALANCE');
  });

  it.each([
    ['a header alone', []],
    ['a word for it', ['本日无交易']],
    ['a total of nothing', ['合计 0笔,,0.00,0.00']],
  ])('of a day without entries: %s', async (_, lines) => {
    expect(await read(csv(HEADER, ...lines))).toEqual([]);
  });

  it('a name cut at 35 characters goes on in the next line; a shorter one does not', async () => {
    const name = '四川省成都市高新技术产业开发区天府大道北段一千七百号医药器械流通信息化服务有限责任公司';
    const [head, tail] = [name.slice(0, 35), name.slice(35)];
    expect(head).toHaveLength(35);
    const line = FIRST.replace('成都信印科技有限公司', head);
    expect(await only(csv(HEADER, line, `,,,,,${tail},,,`))).toMatchObject({ payerName: name });
    expect(await refusalOf(csv(HEADER, FIRST, `,,,,,${tail},,,`))).toBe('line 3/交易日期 STATEMENT_STRUCTURE');
  });

  it.each([
    '注射剂有限公司',
    '说明书印务有限公司',
    '备注贸易公司',
    '打印耗材公司',
    'END医药公司',
    '合计药业公司',
    '小计公司',
    '无记录科技公司',
  ])('the rest of a name may begin like a word about the file: %s', async (tail) => {
    const head = '四川省成都市高新技术产业开发区天府大道北段一千七百号生物医药产业园区内';
    expect(head).toHaveLength(35);
    const line = FIRST.replace('成都信印科技有限公司', head);
    expect(await only(csv(HEADER, line, `,,,,,${tail},,,`, '合计 1笔,,0.00,250.00'))).toMatchObject({ payerName: head + tail });
  });

  it.each(['合计 1笔,,0.00,250.00', '打印时间：2026-03-07', '备注：以上为全部明细', '本页小计,,,250.00', '以下空白'])(
    'after a name that fills its line, a line about the file is still one: %s',
    async (words) => {
      const line = FIRST.replace('成都信印科技有限公司', '医'.repeat(35));
      expect(await only(csv(HEADER, line, words))).toMatchObject({ payerName: '医'.repeat(35) });
    },
  );

  it('where names stand in the first column, such a line may be either: refused', async () => {
    const lines = ['对方户名,交易日期,贷方发生额,流水号', `${'医'.repeat(35)},2026-03-06,250.00,A0000001`];
    expect(await refusalOf(csv(...lines, '注射剂有限公司,,,'))).toBe('line 3/对方户名 STATEMENT_STRUCTURE');
    expect(await only(csv(...lines, '药品有限公司,,,'))).toMatchObject({ payerName: `${'医'.repeat(35)}药品有限公司` });
  });

  it.each([
    ['成都信印科技有限公司', 'corporate'],
    ['张三', 'personal'],
    ['欧阳某某', 'personal'],
    ['阿卜杜拉·买买提', 'personal'],
    ['仁和堂药店', 'corporate'],
  ])('an account of %s, whose kind the bank does not say, is %s', async (payer, type) => {
    expect(await only(csv(HEADER, FIRST.replace('成都信印科技有限公司', payer)))).toMatchObject({ payerAccountType: type });
  });

  it('a date that has not come refuses it', async () => {
    expect(await refusalOf(csv(HEADER, FIRST.replace('2026-03-06', '2026-03-11')))).toBe('line 2/交易日期 STATEMENT_DATE_FUTURE');
  });

  it('an account written ="5100123" to keep its digits is text; another formula refuses it', async () => {
    expect(await only(csv(HEADER, FIRST.replace('5100123', '"=""005100"""')))).toMatchObject({ payerAccount: '005100' });
    expect(await refusalOf(csv(HEADER, FIRST.replace('成都信印科技有限公司', '=HYPERLINK(A1)')))).toBe('line 2/对方户名 STATEMENT_FORMULA');
  });

  it.each([
    ['text of no bank', csv('谢谢', '再见'), 'line 1/header STATEMENT_FORMAT'],
    ['a PDF', Buffer.from('%PDF-1.7'), 'line 1/file STATEMENT_FORMAT'],
    ['an old or encrypted workbook', Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 1, 2]), 'line 1/file STATEMENT_FORMAT'],
    ['no amount', csv('交易日期,对方户名,流水号', '2026-03-06,甲,A0000001'), 'line 1/header STATEMENT_HEADER'],
    ['dollars', csv('交易日期,币种,贷方发生额,对方户名', '2026-03-06,USD,1.00,甲'), 'line 2/币种 STATEMENT_CURRENCY'],
  ])('%s is refused', async (_, bytes, place) => {
    expect(await refusalOf(bytes)).toBe(place);
  });
});

describe('a workbook', () => {
  const heads = ['交易日期', '贷方发生额', '对方户名', '流水号'].map((text) => ({ text }));
  const line = (amount: SheetCell, date: SheetCell = { text: '2026-03-06' }) => [date, amount, { text: '甲公司' }, { text: 'A0000001' }];

  it('with days and amounts as numbers: 46087 is 6 March 2026, and 1234.5599999999999 is 1234.56', async () => {
    const bytes = workbookOf([heads, line({ text: '1234.5599999999999', number: true }, { text: '46087', number: true })]);
    expect(await only(bytes)).toMatchObject({ bookedDay: '2026-03-06', amountFen: 123_456, place: 'line 2/明细!D2' });
  });

  it('with a negative shown in red', async () => {
    expect(await only(workbookOf([heads, line({ text: '250', number: true, red: true })]))).toMatchObject({
      amountFen: -25_000,
      reversal: true,
    });
    expect(await only(workbookOf([heads, line({ text: '-250', number: true, red: true })]))).toMatchObject({ amountFen: -25_000 });
  });

  it('with a formula is refused, also where its value stands beside it', async () => {
    expect(await refusalOf(workbookOf([heads, line({ text: '250', number: true, formula: 'SUM(A1:A9)' })]))).toBe(
      'line 2/明细!B2 STATEMENT_FORMULA',
    );
  });

  it('that unfolds to more than allowed is refused by what it declares, and by what comes out', async () => {
    const bomb = zipOf({ 'xl/_rels/workbook.xml.rels': Buffer.alloc(3_000_000, 0x20) });
    expect(bomb.length).toBeLessThan(10_000);
    expect(await refusalOf(bomb, { maxInflatedBytes: 2_000_000 })).toBe('line 1/zip STATEMENT_INFLATED');
    // Its declared size is a lie: 1000 bytes, in the central directory and in the part's own header.
    const lying = Buffer.from(bomb);
    for (let at = lying.indexOf(3_000_000 & 0xff); at !== -1 && at < lying.length - 4; at = lying.indexOf(3_000_000 & 0xff, at + 1))
      if (lying.readUInt32LE(at) === 3_000_000) lying.writeUInt32LE(1_000, at);
    expect(await refusalOf(lying, { maxInflatedBytes: 2_000_000 })).toBe('line 1/xl/_rels/workbook.xml.rels STATEMENT_STRUCTURE');
  });
});

describe('XML', () => {
  it('with a document type is refused before anything in it is unfolded or fetched', async () => {
    const bytes = Buffer.from('<?xml version="1.0"?>\n<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]>\n<Document>&x;</Document>');
    expect(await refusalOf(bytes)).toMatch(/^line 2\/XML STATEMENT_STRUCTURE$/);
  });
});

it('a file larger than the bound is refused unread', async () => {
  expect(await refusalOf(Buffer.alloc(200 * 1024 * 1024))).toBe('line 1/file STATEMENT_TOO_LARGE');
  expect(statementLimits.maxBytes).toBeLessThan(200 * 1024 * 1024);
});
