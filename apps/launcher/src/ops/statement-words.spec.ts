import { entryInWords, entryLine, refusalInWords } from './statement-words.js';

const ENTRY = { reference: 'A0000001', day: '2026-03-06', amountFen: -123_450, payer: '甲公司', outcome: 'debit' };
const reason = { code: 'debit', zh: '支出', en: 'goes out' };

describe('what the terminal shows of a statement', () => {
  it('an entry: its day, yuan, payer, reference, what came of it and why', () => {
    expect(entryInWords({ ...ENTRY, reason })).toBe('2026-03-06 -1,234.50 甲公司 A0000001 debit: 支出 goes out');
    expect(entryInWords({ ...ENTRY, outcome: 'matched', reason: null })).toBe('2026-03-06 -1,234.50 甲公司 A0000001 matched');
  });

  it('to programs: six fields and no other', () => {
    const more = { ...ENTRY, reason, position: 3, creditId: 'x' };
    expect(Object.keys(entryLine(more))).toEqual(['reference', 'day', 'amountFen', 'payer', 'outcome', 'reason']);
  });

  it('a refusal: where, why, and its code', () => {
    expect(refusalInWords({ place: 'line 3/余额', code: 'STATEMENT_BALANCE', zh: '余额与明细不符。', en: 'Off.' })).toBe(
      'refused at line 3/余额: 余额与明细不符。 Off. (STATEMENT_BALANCE)',
    );
  });
});
