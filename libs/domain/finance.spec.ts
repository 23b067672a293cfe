import { fen } from './brand.js';
import type { HeldReason } from './credit-matching.js';
import { isOwnMoney, mayDecideRefund, needsSecondPerson, noteFits, paymentKey, refundOfPayment, splitFault } from './finance.js';

const LIMIT = fen(100_000);
const income = { kind: 'other', heldReason: 'no-order', amountFen: fen(1), payer: null, ownMoney: false } as const;
const explained = { kind: 'allocation', heldReason: 'late', amountFen: fen(25_000), payer: 'organisation', ownMoney: true } as const;

describe('a second person explains', () => {
  it('D money: what is not the organisation’s own, given to an order that the transfer proves, however little', () => {
    expect(needsSecondPerson({ ...explained, amountFen: fen(1), ownMoney: false }, LIMIT)).toBe(true);
  });

  it('D money: but not where anybody may pay', () => {
    expect(needsSecondPerson({ ...explained, ownMoney: false, payer: 'anybody' }, LIMIT)).toBe(false);
  });

  it.each([
    [100_000, false],
    [100_001, true],
  ])('D money: %i fen of its own: %s', (amountFen, second) => {
    expect(needsSecondPerson({ ...explained, amountFen: fen(amountFen) }, LIMIT)).toBe(second);
    expect(needsSecondPerson({ ...income, amountFen: fen(amountFen) }, LIMIT)).toBe(second);
  });

  it('D money: a refund is agreed to at the refund itself', () => {
    expect(needsSecondPerson({ ...income, kind: 'refund', amountFen: fen(9_000_000) }, LIMIT)).toBe(false);
    expect(needsSecondPerson({ ...income, kind: 'refund', heldReason: 'wrong-payer' }, LIMIT)).toBe(false);
  });

  it.each(['allocation', 'split', 'other'] as const)(
    'D money: a wrong payer’s, whatever it is explained as, however little: %s',
    (kind) => {
      expect(needsSecondPerson({ ...income, kind, heldReason: 'wrong-payer' }, LIMIT)).toBe(true);
      expect(needsSecondPerson({ ...explained, kind, heldReason: 'wrong-payer', payer: 'anybody', amountFen: fen(1) }, LIMIT)).toBe(true);
    },
  );

  it.each([
    ['allocation', true],
    ['split', true],
    ['other', false],
  ] as const)('D money: what a window has taken already, as %s: %s', (kind, second) => {
    expect(needsSecondPerson({ ...explained, kind, heldReason: 'at-window' }, LIMIT)).toBe(second);
  });
});

describe('four eyes on a refund', () => {
  it.each([
    ['nobody has spoken yet', { proposedBy: null, payeeGivenBy: null }, true],
    ['who proposed it', { proposedBy: 'anna', payeeGivenBy: null }, false],
    ['who gave the account', { proposedBy: 'ben', payeeGivenBy: 'anna' }, false],
    ['who proposed it, though another gave the account', { proposedBy: 'anna', payeeGivenBy: 'ben' }, false],
    ['a third', { proposedBy: 'ben', payeeGivenBy: 'chen' }, true],
  ] as const)('D money: %s', (_, hands, may) => {
    expect(mayDecideRefund(hands, 'anna')).toBe(may);
  });
});

describe('a split', () => {
  const [a, b] = [
    { order: 'XB2026000001', amountFen: 25_000 },
    { order: 'XB2026000002', amountFen: 5_000 },
  ];

  it.each([
    ['all of it, to the fen', 30_000, [a, b], null, null],
    ['less, and the rest stays held', 30_001, [a, b], 'held', null],
    ['less, and the rest goes back', 30_001, [a, b], 'refund', null],
    ['less, and nobody says what becomes of the rest', 30_001, [a, b], null, { field: 'rest', code: 'FIELD_REQUIRED' }],
    ['all of it, and a rest that is not there', 30_000, [a, b], 'held', { field: 'rest', code: 'FIELD_UNKNOWN' }],
    ['more than there is', 29_999, [a, b], null, { field: 'shares', code: 'SPLIT_SUM' }],
    ['an order named twice', 50_000, [a, a], null, { field: 'shares', code: 'FIELD_CHOICE' }],
  ] as const)('D money: of %s', (_, heldFen, shares, rest, fault) => {
    expect(splitFault(fen(heldFen), shares, rest)).toEqual(fault);
  });

  it('D money: asks for a second person like any allocation of money that is not the organisation’s own', () => {
    expect(needsSecondPerson({ ...explained, kind: 'split', amountFen: fen(1), ownMoney: false }, LIMIT)).toBe(true);
  });
});

describe('an organisation’s own money', () => {
  const credit = { payerName: '成都信印 （集团）有限公司', payerAccountType: 'corporate', heldReason: 'late' } as const;
  const NAME = '成都信印(集团)有限公司';

  it('D money: comes under its name from a corporate account', () => {
    expect(isOwnMoney(credit, NAME)).toBe(true);
  });

  it.each([
    ['another name', { payerName: '成都信印有限公司' }],
    ['no name', { payerName: ' ' }],
    ['a personal account', { payerAccountType: 'personal' }],
    ['a name that two organisations bear', { heldReason: 'same-name' }],
  ] as const)('D money: not from %s', (_, change) => {
    expect(isOwnMoney({ ...credit, ...change }, NAME)).toBe(false);
  });
});

describe('a note', () => {
  it('D money: what contradicts another report is no money, and money is something', () => {
    const held = (reason: HeldReason, heldFen = 25_000) => ({ reason, heldFen: fen(heldFen), creditFen: fen(25_000) });
    expect(noteFits('told-twice', held('contradicted', 0))).toBe(true);
    expect(noteFits('told-twice', held('no-order'))).toBe(false);
    expect(noteFits('other-income', held('contradicted', 0))).toBe(false);
    expect(noteFits('other-income', held('no-order', 12_500))).toBe(true);
    expect(noteFits('window-receipt', held('no-order'))).toBe(true);
  });

  it('D money: of a credit that was given away in part the rest is no receipt of a window', () => {
    expect(noteFits('window-receipt', { reason: 'no-order', heldFen: fen(12_500), creditFen: fen(25_000) })).toBe(false);
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
