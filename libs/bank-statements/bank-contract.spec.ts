/** The statement file as our contract with the bank describes it (libs/gateways/bank/openapi.json). */
import { calendarDay, XinyinError } from '#domain';
import { readStatement } from './index.js';

const DAY = '2026-03-06';
const HEADER = 'reference,booked_at,currency,amount_fen,payer_name,payer_account,payer_account_type,remittance';
const ONE = '2026030600000001,2026-03-06T10:00:00+08:00,CNY,45000,成都某某药业有限公司,5100123,corporate,XB-1';
const TWO = '2026030600000002,2026-03-05T16:00:00Z,CNY,25000,"四川""甲""药业, 有限公司",5100124,personal,"第一行\n第二行"';
const read = async (content: Buffer, day = DAY) =>
  (await readStatement(content, { now: new Date('2026-03-07T00:00:00Z'), day: calendarDay(day) })).entries;
const file = (...lines: string[]) => Buffer.from(lines.join('\r\n') + '\r\n', 'utf8');

const refusalOf = async (content: Buffer, day = DAY) => {
  try {
    await read(content, day);
  } catch (failure) {
    if (failure instanceof XinyinError) return { code: failure.code, ...failure.params, fields: failure.fields };
  }
  return 'accepted';
};
const placeOf = async (content: Buffer) => {
  const refusal = await refusalOf(content);
  return typeof refusal === 'string' ? refusal : `${refusal.fields[0]?.field} ${refusal.fields[0]?.code}`;
};

describe('a statement file', () => {
  it('is read with quotes, commas, line breaks and instants of any zone', async () => {
    expect(await read(file(HEADER, ONE, TWO, '#TOTAL,2,70000'), DAY)).toMatchObject([
      {
        reference: '2026030600000001',
        bookedAt: '2026-03-06T02:00:00.000Z',
        amountFen: 45000,
        payerName: '成都某某药业有限公司',
        payerAccount: '5100123',
        payerAccountType: 'corporate',
        remittance: 'XB-1',
      },
      {
        reference: '2026030600000002',
        bookedAt: '2026-03-05T16:00:00.000Z',
        amountFen: 25000,
        payerName: '四川"甲"药业, 有限公司',
        payerAccount: '5100124',
        payerAccountType: 'personal',
        remittance: '第一行\n第二行',
      },
    ]);
  });

  it('is read with a byte order mark and bare line feeds', async () => {
    const content = Buffer.from(`\ufeff${HEADER}\n${ONE}\n#TOTAL,1,45000\n`, 'utf8');
    expect(await read(content, DAY)).toHaveLength(1);
  });

  it('is read with an empty line in it', async () => {
    expect(await read(file(HEADER, ONE, '', '#TOTAL,1,45000'), DAY)).toHaveLength(1);
  });

  it('of a day without credits is empty, and says so', async () => {
    expect(await read(file(HEADER, '#TOTAL,0,0'), DAY)).toEqual([]);
  });

  it('lists the same credit twice: one credit', async () => {
    expect(await read(file(HEADER, ONE, ONE, '#TOTAL,2,90000'), DAY)).toHaveLength(1);
  });

  it('keeps a credit whose payer the bank cannot name', async () => {
    const [entry] = await read(file(HEADER, ONE.replace('成都某某药业有限公司', ''), '#TOTAL,1,45000'), DAY);
    expect(entry?.payerName).toBe('');
  });
});

describe('a broken file is refused whole, with its line and column:', () => {
  const second = (change: (line: string) => string) => file(HEADER, ONE, change(ONE.replace('00001,', '00003,')), '#TOTAL,2,90000');

  it.each<[string, Buffer, string]>([
    ['empty', Buffer.alloc(0), 'line 1/file STATEMENT_FORMAT'],
    ['another header', file(HEADER.replace('amount_fen', 'amount_yuan'), '#TOTAL,0,0'), 'line 1/header STATEMENT_HEADER'],
    ['cut short', file(HEADER, ONE), 'line 2/#TOTAL STATEMENT_CUT'],
    ['cut short within a line', Buffer.from(`${HEADER}\r\n${ONE.slice(0, 60)}`), 'line 2/payer_account STATEMENT_CUT'],
    ['a line lost', file(HEADER, ONE, '#TOTAL,2,90000'), 'line 3/count STATEMENT_TOTAL'],
    ['a sum that is not that of the lines', file(HEADER, ONE, '#TOTAL,1,45001'), 'line 3/sum STATEMENT_TOTAL'],
    ['a column too few', second((line) => line.replace(/,[^,]*$/, '')), 'line 3/remittance STATEMENT_CUT'],
    ['a column too many', second((line) => `${line},x`), 'line 3/column 9 STATEMENT_STRUCTURE'],
    ['an amount in yuan', second((line) => line.replace('45000', '450.00')), 'line 3/amount_fen STATEMENT_AMOUNT'],
    ['a negative amount', second((line) => line.replace('45000', '-45000')), 'line 3/amount_fen STATEMENT_AMOUNT'],
    ['an amount of nothing', second((line) => line.replace('45000', '0')), 'line 3/amount_fen STATEMENT_AMOUNT'],
    ['dollars', second((line) => line.replace('CNY', 'USD')), 'line 3/currency STATEMENT_CURRENCY'],
    ['a day that is none', second((line) => line.replace('2026-03-06T', '2026-02-30T')), 'line 3/booked_at STATEMENT_DATE'],
    ['an instant without a zone', second((line) => line.replace('+08:00', '')), 'line 3/booked_at STATEMENT_DATE'],
    ['another day in Shanghai', second((line) => line.replace('10:00:00+08:00', '16:00:00Z')), 'line 3/booked_at STATEMENT_OTHER_DAY'],
    ['an unknown account type', second((line) => line.replace('corporate', 'other')), 'line 3/payer_account_type STATEMENT_ACCOUNT_TYPE'],
    ['a NUL in a name', second((line) => line.replace('某某', '\0')), 'line 3/payer_name STATEMENT_TEXT'],
    ['a quote not closed', second((line) => line.replace('成都', '"成都')), 'line 3/quoting STATEMENT_STRUCTURE'],
    [
      'one reference for two credits',
      file(HEADER, ONE, ONE.replace('45000', '1'), '#TOTAL,2,45001'),
      'line 3/reference STATEMENT_REFERENCE_TWICE',
    ],
    ['something after the total', file(HEADER, ONE, '#TOTAL,1,45000', ONE), 'line 4/reference STATEMENT_TOTAL'],
  ])('%s', async (_, content, place) => {
    expect(await placeOf(content)).toBe(place);
  });

  it('a byte of a name lost: UTF-8 still, and not read as another encoding', async () => {
    const whole = file(HEADER, ONE, '#TOTAL,1,45000');
    const at = whole.indexOf(Buffer.from('某'));
    expect(await placeOf(Buffer.concat([whole.subarray(0, at), whole.subarray(at + 1)]))).toBe('line 2/encoding STATEMENT_ENCODING');
  });

  it('counts the lines that quoted text runs over', async () => {
    const content = file(HEADER, TWO, ONE.replace('45000', 'x'), '#TOTAL,2,70000');
    expect(await placeOf(content)).toBe('line 4/amount_fen STATEMENT_AMOUNT');
  });

  it('and the refusal says where, never whose', async () => {
    const content = file(HEADER, ONE.replace('45000', '4,5'), '#TOTAL,1,45000');
    expect(await refusalOf(content)).toEqual({
      code: 'STATEMENT_REFUSED',
      line: 2,
      column: 'column 9',
      reason: 'STATEMENT_STRUCTURE',
      fields: [{ field: 'line 2/column 9', code: 'STATEMENT_STRUCTURE', params: {} }],
    });
  });
});
