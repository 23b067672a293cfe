import fc from 'fast-check';
import { fen } from './brand.js';
import { heldReasonWords, matchCredit, type Credit, type PayableOrder } from './credit-matching.js';

const DEADLINE = new Date('2026-04-01T16:00:00Z');
const YUAN = 100;
const credit = (change: Partial<Credit> = {}): Credit => ({
  amountFen: fen(250 * YUAN),
  payerName: '成都信印科技有限公司',
  payerAccountType: 'corporate',
  remittance: '证书费',
  bookedAt: new Date('2026-03-10T02:00:00Z'),
  ...change,
});
const order = (change: Partial<PayableOrder> = {}): PayableOrder => ({
  id: 'order-1',
  reference: 'XB2026000001',
  certificateName: '成都信印科技有限公司',
  payer: 'organisation',
  amountFen: fen(250 * YUAN),
  receivedFen: fen(0),
  expiresAt: DEADLINE,
  status: 'open',
  ...change,
});
const another = (change: Partial<PayableOrder> = {}) => order({ id: 'order-2', reference: 'XB2026000002', ...change });
const ofOthers = (change: Partial<PayableOrder> = {}) =>
  order({ id: 'order-of-others', reference: 'XB2026000009', certificateName: '绵阳他方药业有限公司', ...change });
const held = (reason: string, orderId: string | null) => ({ kind: 'held', reason, orderId });

describe('what is booked', () => {
  it('G money: the exact amount from the organisation of the certificate name', () => {
    expect(matchCredit(credit(), [order()])).toEqual({
      kind: 'matched',
      orderId: 'order-1',
      result: 'exact',
      missingFen: 0,
      surplusFen: 0,
    });
  });

  it('D money: the name is the same in full width, with other brackets and spaces', () => {
    const decision = matchCredit(credit({ payerName: '成都信印 （集团）有限公司' }), [
      order({ certificateName: '成都信印(集团)有限公司' }),
    ]);
    expect(decision).toMatchObject({ kind: 'matched', result: 'exact' });
  });

  it('D money: too little stays open, and what is missing is known', () => {
    expect(matchCredit(credit({ amountFen: fen(200 * YUAN) }), [order()])).toEqual({
      kind: 'matched',
      orderId: 'order-1',
      result: 'short',
      missingFen: 50 * YUAN,
      surplusFen: 0,
    });
  });

  it('D money: one fen too little is too little', () => {
    expect(matchCredit(credit({ amountFen: fen(24_999) }), [order()])).toMatchObject({ result: 'short', missingFen: 1 });
  });

  it('D money: a second transfer that brings the rest completes the order', () => {
    expect(matchCredit(credit({ amountFen: fen(50 * YUAN) }), [order({ receivedFen: fen(200 * YUAN) })])).toEqual({
      kind: 'matched',
      orderId: 'order-1',
      result: 'completes',
      missingFen: 0,
      surplusFen: 0,
    });
  });

  it('D money: a second transfer that is still too little leaves less missing', () => {
    expect(matchCredit(credit({ amountFen: fen(30 * YUAN) }), [order({ receivedFen: fen(200 * YUAN) })])).toMatchObject({
      result: 'short',
      missingFen: 20 * YUAN,
    });
  });

  it('D money: too much is booked, with the surplus to refund', () => {
    expect(matchCredit(credit({ amountFen: fen(300 * YUAN) }), [order()])).toEqual({
      kind: 'matched',
      orderId: 'order-1',
      result: 'over',
      missingFen: 0,
      surplusFen: 50 * YUAN,
    });
  });

  it('D money: the rest and more: only what is over the whole order is surplus', () => {
    expect(matchCredit(credit({ amountFen: fen(60 * YUAN) }), [order({ receivedFen: fen(200 * YUAN) })])).toMatchObject({
      result: 'over',
      surplusFen: 10 * YUAN,
    });
  });

  it.each(['XB2026000002', 'XB-2026-000002', 'xb-2026-000002', 'ＸＢ２０２６０００００２', '缴费 XB 2026 000002 谢谢'])(
    'D money: several open orders, and the remittance names one: %s',
    (remittance) => {
      expect(matchCredit(credit({ remittance }), [order(), another()])).toMatchObject({ kind: 'matched', orderId: 'order-2' });
    },
  );

  it('D money: booked at the last moment of the order is in time', () => {
    expect(matchCredit(credit({ bookedAt: DEADLINE }), [order()])).toMatchObject({ kind: 'matched' });
  });

  it('D money: an old order that was paid does not stand in the way of the open one', () => {
    expect(matchCredit(credit(), [order({ status: 'paid', receivedFen: fen(250 * YUAN) }), another()])).toMatchObject({
      kind: 'matched',
      orderId: 'order-2',
    });
  });

  it('D money: a reference that is nobody’s is only a text; name and single order decide', () => {
    expect(matchCredit(credit({ remittance: 'XB2026999999' }), [order()])).toMatchObject({ kind: 'matched', orderId: 'order-1' });
  });
});

describe('what is held', () => {
  it('G money: another payer, who names the order', () => {
    expect(matchCredit(credit({ payerName: '绵阳他方药业有限公司', remittance: 'XB2026000001' }), [order()])).toEqual(
      held('wrong-payer', 'order-1'),
    );
  });

  it('D money: nearly the name is another name', () => {
    const decision = matchCredit(credit({ payerName: '成都信印科技有限责任公司', remittance: 'XB2026000001' }), [order()]);
    expect(decision).toEqual(held('wrong-payer', 'order-1'));
  });

  it('G money: a personal account, even of the right name', () => {
    expect(matchCredit(credit({ payerAccountType: 'personal' }), [order()])).toEqual(held('personal-account', 'order-1'));
  });

  it('D money: booked after the deadline, although the order was not closed yet', () => {
    expect(matchCredit(credit({ bookedAt: new Date(DEADLINE.getTime() + 1) }), [order()])).toEqual(held('late', 'order-1'));
  });

  it.each(['expired', 'cancelled'] as const)('D money: the order is %s', (status) => {
    expect(matchCredit(credit(), [order({ status })])).toEqual(held('late', 'order-1'));
  });

  it('D money: paid twice', () => {
    expect(matchCredit(credit(), [order({ status: 'paid', receivedFen: fen(250 * YUAN) })])).toEqual(held('paid-twice', 'order-1'));
  });

  it('D money: the paid order is named, and another is open: the other is not guessed', () => {
    const orders = [order({ status: 'paid', receivedFen: fen(250 * YUAN) }), another()];
    expect(matchCredit(credit({ remittance: 'XB2026000001' }), orders)).toEqual(held('paid-twice', 'order-1'));
  });

  it('D money: several open orders and no reference', () => {
    expect(matchCredit(credit(), [order(), another()])).toEqual(held('several-orders', null));
  });

  it('D money: several open orders and no reference, although only one has this amount', () => {
    expect(matchCredit(credit(), [order(), another({ amountFen: fen(450 * YUAN) })])).toEqual(held('several-orders', null));
  });

  it('D money: several open orders, and the remittance names two', () => {
    expect(matchCredit(credit({ remittance: 'XB2026000001 XB2026000002' }), [order(), another()])).toEqual(held('several-orders', null));
  });

  it('D money: no order for this payer', () => {
    expect(matchCredit(credit(), [])).toEqual(held('no-order', null));
    expect(matchCredit(credit(), [ofOthers()])).toEqual(held('no-order', null));
  });

  it('D money: the reference of another’s order, with an open order of one’s own: nothing is guessed', () => {
    expect(matchCredit(credit({ remittance: 'XB2026000009' }), [order(), ofOthers()])).toEqual(held('wrong-payer', 'order-of-others'));
  });

  it('D money: one’s own reference beside another’s: one’s own counts', () => {
    expect(matchCredit(credit({ remittance: 'XB2026000009 XB2026000001' }), [order(), ofOthers()])).toMatchObject({
      kind: 'matched',
      orderId: 'order-1',
    });
  });

  it.each(['', '   ', '\u3000'])('D money: no payer name (%j)', (payerName) => {
    expect(matchCredit(credit({ payerName, remittance: 'XB2026000001' }), [order()])).toEqual(held('unreadable-name', 'order-1'));
  });

  it.each(Object.entries(heldReasonWords))('%s is said in both languages', (_, words) => {
    expect(words.zh).not.toBe('');
    expect(words.en).not.toBe('');
  });
});

describe('for every stream of credits', () => {
  const names = ['成都甲有限公司', '成都甲 有限公司', '成都乙（集团）有限公司', '成都乙(集团)有限公司', '成都丙有限公司', ''];
  const someOrder = fc.record({
    certificateName: fc.constantFrom('成都甲有限公司', '成都乙(集团)有限公司'),
    amountFen: fc.integer({ min: 1, max: 500 }).map(fen),
    status: fc.constantFrom('open', 'open', 'open', 'expired', 'cancelled'),
  });
  const orders = fc.array(someOrder, { maxLength: 6 }).map((list) =>
    list.map((each, place): PayableOrder => ({
      ...each,
      id: `order-${place}`,
      reference: `XB202600000${place}`,
      payer: 'organisation',
      receivedFen: fen(0),
      expiresAt: DEADLINE,
    })),
  );
  const someCredit = fc.record({
    amountFen: fc.integer({ min: 1, max: 700 }).map(fen),
    payerName: fc.constantFrom(...names),
    payerAccountType: fc.constantFrom('corporate', 'corporate', 'corporate', 'personal'),
    remittance: fc.constantFrom('', '证书费', ...[0, 1, 2, 3, 4, 5].map((place) => `XB-2026-00000${place}`), 'XB2026000000XB2026000001'),
    bookedAt: fc.integer({ min: -1000, max: 300 }).map((offset) => new Date(DEADLINE.getTime() + offset)),
  });

  /** Books as the ledger does: what was received grows, and an order without anything missing is paid. */
  function book(ledger: readonly PayableOrder[], each: Credit): { ledger: PayableOrder[]; booked: number } {
    const decision = matchCredit(each, ledger);
    if (decision.kind === 'held') return { ledger: [...ledger], booked: 0 };
    const after = ledger.map((one) =>
      one.id === decision.orderId
        ? {
            ...one,
            receivedFen: fen(one.receivedFen + each.amountFen),
            status: decision.missingFen === 0 ? ('paid' as const) : one.status,
          }
        : one,
    );
    return { ledger: after, booked: each.amountFen };
  }

  it('property: a credit changes at most one order, an open one of its own payer, in time and from a corporate account', () => {
    fc.assert(
      fc.property(orders, someCredit, (ledger, each) => {
        const changed = book(ledger, each).ledger.filter((one, place) => one.receivedFen !== ledger[place]?.receivedFen);
        expect(changed.length).toBeLessThanOrEqual(1);
        for (const { id } of changed) {
          const before = ledger.find((one) => one.id === id);
          expect(before?.status).toBe('open');
          expect(before?.certificateName).toBe(each.payerName.replace(' ', '').replace('（', '(').replace('）', ')'));
          expect(each.payerAccountType).toBe('corporate');
          expect(each.bookedAt <= DEADLINE).toBe(true);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('property: no fen is lost or made: what orders received is what was booked, never more than what came', () => {
    fc.assert(
      fc.property(orders, fc.array(someCredit, { maxLength: 12 }), (start, credits) => {
        let ledger = start;
        let booked = 0;
        for (const each of credits) {
          const step = book(ledger, each);
          ledger = step.ledger;
          booked += step.booked;
        }
        expect(ledger.reduce((sum, one) => sum + one.receivedFen, 0)).toBe(booked);
        expect(booked).toBeLessThanOrEqual(credits.reduce((sum, each) => sum + each.amountFen, 0));
      }),
    );
  });

  it('property: an order that was paid never receives again, so nothing is issued twice', () => {
    fc.assert(
      fc.property(orders, fc.array(someCredit, { maxLength: 12 }), (start, credits) => {
        let ledger = start;
        for (const each of credits) {
          const next = book(ledger, each).ledger;
          for (const [place, one] of ledger.entries()) if (one.status === 'paid') expect(next[place]).toEqual(one);
          ledger = next;
        }
      }),
    );
  });

  it('property: missing and surplus are what is between order and money, and never both', () => {
    fc.assert(
      fc.property(orders, someCredit, (ledger, each) => {
        const decision = matchCredit(each, ledger);
        fc.pre(decision.kind === 'matched');
        expect(decision.surplusFen - decision.missingFen).toBe(
          each.amountFen - (ledger.find(({ id }) => id === decision.orderId)?.amountFen ?? NaN),
        );
        expect(Math.min(decision.surplusFen, decision.missingFen)).toBe(0);
      }),
    );
  });

  it('property: the order in which the orders were read decides nothing', () => {
    fc.assert(
      fc.property(orders, someCredit, (ledger, each) => {
        const [one, other] = [matchCredit(each, ledger), matchCredit(each, [...ledger].reverse())];
        const essence = (decision: typeof one) => (decision.kind === 'matched' ? decision : decision.reason);
        expect(essence(one)).toEqual(essence(other));
      }),
    );
  });
});
