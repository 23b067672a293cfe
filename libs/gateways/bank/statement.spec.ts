import { XinyinError } from '#domain';
import { parseBankStatement } from './statement.js';

const DAY = '2026-03-06';
const HEADER = 'reference,booked_at,currency,amount_fen,payer_name,payer_account,payer_account_type,remittance';
const ONE = '2026030600000001,2026-03-06T10:00:00+08:00,CNY,45000,成都某某药业有限公司,5100123,corporate,XB-1';
const TWO = '2026030600000002,2026-03-05T16:00:00Z,CNY,25000,"四川""甲""药业, 有限公司",5100124,personal,"第一行\n第二行"';
const file = (...lines: string[]) => Buffer.from(lines.join('\r\n') + '\r\n', 'utf8');

const refusalOf = (content: Buffer, day = DAY) => {
  try {
    parseBankStatement(content, day);
  } catch (failure) {
    if (failure instanceof XinyinError) return { code: failure.code, ...failure.params, fields: failure.fields };
  }
  return 'accepted';
};
const placeOf = (content: Buffer) => {
  const refusal = refusalOf(content);
  return typeof refusal === 'string' ? refusal : `${refusal.fields[0]?.field} ${refusal.fields[0]?.code}`;
};

describe('a statement file', () => {
  it('is read with quotes, commas, line breaks and instants of any zone', () => {
    expect(parseBankStatement(file(HEADER, ONE, TWO, '#TOTAL,2,70000'), DAY)).toEqual([
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

  it('is read with a byte order mark and bare line feeds', () => {
    const content = Buffer.from(`\ufeff${HEADER}\n${ONE}\n#TOTAL,1,45000\n`, 'utf8');
    expect(parseBankStatement(content, DAY)).toHaveLength(1);
  });

  it('of a day without credits is empty, and says so', () => {
    expect(parseBankStatement(file(HEADER, '#TOTAL,0,0'), DAY)).toEqual([]);
  });

  it('lists the same credit twice: one credit', () => {
    expect(parseBankStatement(file(HEADER, ONE, ONE, '#TOTAL,2,90000'), DAY)).toHaveLength(1);
  });

  it('keeps a credit whose payer the bank cannot name', () => {
    const [entry] = parseBankStatement(file(HEADER, ONE.replace('成都某某药业有限公司', ''), '#TOTAL,1,45000'), DAY);
    expect(entry?.payerName).toBe('');
  });
});

describe('a broken file is refused whole, with its line and column:', () => {
  const second = (change: (line: string) => string) => file(HEADER, ONE, change(ONE.replace('00001,', '00003,')), '#TOTAL,2,90000');

  it.each<[string, Buffer, string]>([
    ['empty', Buffer.alloc(0), 'line 1/reference FIELD_CHOICE'],
    ['another header', file(HEADER.replace('amount_fen', 'amount_yuan'), '#TOTAL,0,0'), 'line 1/amount_fen FIELD_CHOICE'],
    ['cut short', file(HEADER, ONE), 'line 2/#TOTAL FIELD_REQUIRED'],
    ['cut short within a line', Buffer.from(`${HEADER}\r\n${ONE.slice(0, 60)}`), 'line 2/#TOTAL FIELD_REQUIRED'],
    ['a line lost', file(HEADER, ONE, '#TOTAL,2,90000'), 'line 3/count FIELD_CHOICE'],
    ['a sum that is not that of the lines', file(HEADER, ONE, '#TOTAL,1,45001'), 'line 3/sum FIELD_CHOICE'],
    ['a column too few', second((line) => line.replace(/,[^,]*$/, '')), 'line 3/remittance FIELD_REQUIRED'],
    ['a column too many', second((line) => `${line},x`), 'line 3/column 9 FIELD_UNKNOWN'],
    ['an amount in yuan', second((line) => line.replace('45000', '450.00')), 'line 3/amount_fen FIELD_FORMAT'],
    ['a negative amount', second((line) => line.replace('45000', '-45000')), 'line 3/amount_fen FIELD_FORMAT'],
    ['an amount of nothing', second((line) => line.replace('45000', '0')), 'line 3/amount_fen FIELD_FORMAT'],
    ['dollars', second((line) => line.replace('CNY', 'USD')), 'line 3/currency FIELD_CHOICE'],
    ['a day that is none', second((line) => line.replace('2026-03-06T', '2026-02-30T')), 'line 3/booked_at FIELD_FORMAT'],
    ['an instant without a zone', second((line) => line.replace('+08:00', '')), 'line 3/booked_at FIELD_FORMAT'],
    ['another day in Shanghai', second((line) => line.replace('10:00:00+08:00', '16:00:00Z')), 'line 3/booked_at FIELD_CHOICE'],
    ['an unknown account type', second((line) => line.replace('corporate', 'other')), 'line 3/payer_account_type FIELD_CHOICE'],
    ['a NUL in a name', second((line) => line.replace('某某', '\0')), 'line 3/payer_name FIELD_FORMAT'],
    ['a quote not closed', second((line) => line.replace('成都', '"成都')), 'line 3/quoting FIELD_FORMAT'],
    ['one reference for two credits', file(HEADER, ONE, ONE.replace('45000', '1'), '#TOTAL,2,45001'), 'line 3/reference FIELD_CHOICE'],
    ['an empty line', file(HEADER, ONE, '', '#TOTAL,1,45000'), 'line 3/booked_at FIELD_REQUIRED'],
    ['something after the total', file(HEADER, ONE, '#TOTAL,1,45000', ONE), 'line 4/#TOTAL FIELD_REQUIRED'],
  ])('%s', (_, content, place) => {
    expect(placeOf(content)).toBe(place);
  });

  it('not UTF-8 (here: GBK)', () => {
    const gbk = Buffer.concat([Buffer.from(`${HEADER}\r\n`), Buffer.from([0xb3, 0xc9, 0xb6, 0xbc]), Buffer.from('\r\n')]);
    expect(placeOf(gbk)).toBe('line 2/encoding FIELD_FORMAT');
  });

  it('counts the lines that quoted text runs over', () => {
    const content = file(HEADER, TWO, ONE.replace('45000', 'x'), '#TOTAL,2,70000');
    expect(placeOf(content)).toBe('line 4/amount_fen FIELD_FORMAT');
  });

  it('and the refusal says where, never whose', () => {
    const content = file(HEADER, ONE.replace('45000', '4,5'), '#TOTAL,1,45000');
    expect(refusalOf(content)).toEqual({
      code: 'INPUT_INVALID',
      line: 2,
      column: 'column 9',
      fields: [{ field: 'line 2/column 9', code: 'FIELD_UNKNOWN' }],
    });
  });

  it('a day that is no day is refused before anything is read', () => {
    expect(refusalOf(file(HEADER, '#TOTAL,0,0'), '2026-02-30')).toMatchObject({ column: 'day' });
  });
});
