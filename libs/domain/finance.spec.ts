import { fen } from './brand.js';
import { needsSecondPerson, noteFits, paymentKey, refundOfPayment } from './finance.js';

const LIMIT = fen(100_000);
const explained = { kind: 'allocation', amountFen: fen(25_000), reason: 'late', payer: 'organisation' } as const;

describe('a second person explains', () => {
  it.each(['wrong-payer', 'personal-account', 'unreadable-name', 'no-order'] as const)(
    'D money: %s given to an order that its payer proves, however little',
    (reason) => expect(needsSecondPerson({ ...explained, amountFen: fen(1), reason }, LIMIT)).toBe(true),
  );

  it('D money: but not where anybody may pay', () => {
    expect(needsSecondPerson({ ...explained, reason: 'wrong-payer', payer: 'anybody' }, LIMIT)).toBe(false);
  });

  it.each([
    [100_000, false],
    [100_001, true],
  ])('D money: %i fen from the right payer: %s', (amountFen, second) => {
    expect(needsSecondPerson({ ...explained, amountFen: fen(amountFen) }, LIMIT)).toBe(second);
    expect(needsSecondPerson({ kind: 'other', amountFen: fen(amountFen), reason: 'no-order', payer: null }, LIMIT)).toBe(second);
  });

  it('D money: a refund is agreed to at the refund itself', () => {
    expect(needsSecondPerson({ kind: 'refund', amountFen: fen(9_000_000), reason: 'wrong-payer', payer: null }, LIMIT)).toBe(false);
  });
});

describe('a note', () => {
  it('D money: what contradicts another report is no money, and money is something', () => {
    expect(noteFits('told-twice', 'contradicted')).toBe(true);
    expect(noteFits('told-twice', 'no-order')).toBe(false);
    expect(noteFits('other-income', 'contradicted')).toBe(false);
    expect(noteFits('window-receipt', 'no-order')).toBe(true);
  });
});

describe('the key of a payment', () => {
  const refundId = '0198c0de-0000-7000-8000-0000000000a1';

  it('names the refund and which order to the bank it is', () => {
    expect(paymentKey(refundId, 2)).toBe('refund-0198c0de-0000-7000-8000-0000000000a1-2');
    expect(refundOfPayment(paymentKey(refundId, 2))).toEqual({ refundId, attempt: 2 });
  });

  it.each(['', 'refund-1-1', `refund-${refundId}-`, `refund-${refundId}-1x`, `other-${refundId}-1`])('%j is none of ours', (key) => {
    expect(refundOfPayment(key)).toBeNull();
  });
});
