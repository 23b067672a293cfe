import { fen } from './brand.js';
import { moved, takenBack, type Standing } from './ledger.js';

const CREDIT = 'credit';
const at = (account: Standing['account'], amount: number, more: Partial<Standing> = {}): Standing => ({
  account,
  creditId: CREDIT,
  amountFen: fen(amount),
  ...more,
});
const line = (account: Standing['account'], amountFen: number, more: object = {}) => ({ account, creditId: CREDIT, amountFen, ...more });

describe('money that moves', () => {
  it('D ledger: what leaves one place comes to the other, and both sides are equal', () => {
    expect(moved({ account: 'held', creditId: CREDIT }, { account: 'earned', creditId: CREDIT, orderId: 'order' }, fen(25_000))).toEqual([
      line('held', 25_000),
      line('earned', -25_000, { orderId: 'order' }),
    ]);
  });

  it.each([0, -1])('D ledger: %i fen is no movement', (amount) => {
    expect(() => moved({ account: 'held' }, { account: 'earned' }, fen(amount))).toThrow(RangeError);
  });
});

describe('money that the bank takes back', () => {
  it('D ledger: what is held goes first, then what was to be refunded, then what was earned', () => {
    const standings = [at('earned', 10_000, { orderId: 'one' }), at('to-refund', 4_000, { refundId: 'r' }), at('held', 1_000)];
    expect(takenBack(standings, CREDIT, fen(15_000))).toEqual([
      line('held', 1_000),
      line('to-refund', 4_000, { refundId: 'r' }),
      line('earned', 10_000, { orderId: 'one' }),
      line('received', -15_000),
    ]);
  });

  it('D ledger: what was paid out already is a claim: held below nothing', () => {
    expect(takenBack([at('refunded', 25_000, { refundId: 'r' })], CREDIT, fen(25_000))).toEqual([
      line('held', 25_000),
      line('received', -25_000),
    ]);
  });

  it('D ledger: no more is taken than came', () => {
    const both = [at('earned', 20_000, { orderId: 'one' }), at('held', 20_000, { orderId: 'two' })];
    expect(takenBack(both, CREDIT, fen(25_000))).toEqual([
      line('held', 20_000, { orderId: 'two' }),
      line('earned', 5_000, { orderId: 'one' }),
      line('received', -25_000),
    ]);
  });
});
