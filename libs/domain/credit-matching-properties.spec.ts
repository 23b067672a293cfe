/** What holds for every stream of credits, whatever the orders are. */
import fc from 'fast-check';
import { referencesIn } from './application-number.js';
import { fen } from './brand.js';
import { matchCredit, type Credit, type PayableOrder } from './credit-matching.js';
import { samePayer } from './names.js';

const DEADLINE = new Date('2026-04-01T16:00:00Z');
const NAMES = ['成都甲有限公司', '成都甲 有限公司', '成都乙（集团）有限公司', '成都乙(集团)有限公司', '成都丙有限公司', ''];
const reference = (place: number) => `XB202600000${place}`;

const someOrder = fc.record({
  certificateName: fc.constantFrom('成都甲有限公司', '成都乙(集团)有限公司'),
  uscc: fc.constantFrom('91510100MA62000110', '91510100MA62000110', '91510100MA6DEUHB6R'),
  payer: fc.constantFrom('organisation', 'organisation', 'anybody', 'on-the-spot'),
  amountFen: fc.integer({ min: 1, max: 300 }).map(fen),
  status: fc.constantFrom('open', 'open', 'open', 'expired', 'cancelled'),
});
const someOrders = fc.array(someOrder, { maxLength: 6 }).map((list) =>
  list.map((each, place): PayableOrder => ({
    ...each,
    id: `order-${place}`,
    reference: reference(place),
    receivedFen: fen(0),
    expiresAt: DEADLINE,
  })),
);
const someRemittance = fc.oneof(
  fc.constantFrom('', '证书费', 'XB2026999999'),
  fc.uniqueArray(fc.integer({ min: 0, max: 5 }), { maxLength: 3 }).map((places) => places.map(reference).join(' ')),
);
const facts = {
  payerName: fc.constantFrom(...NAMES),
  payerAccountType: fc.constantFrom('corporate', 'corporate', 'corporate', 'personal'),
  remittance: someRemittance,
  bookedAt: fc.integer({ min: -1000, max: 300 }).map((offset) => new Date(DEADLINE.getTime() + offset)),
} as const;
const someCredit = fc.record({ ...facts, amountFen: fc.integer({ min: 1, max: 700 }).map(fen) });

/** Orders, and a credit that is as often as not exactly what the orders it names are worth together. */
const someMeeting = fc.tuple(someOrders, someCredit, fc.boolean()).map(([orders, credit, fitting]): [PayableOrder[], Credit] => {
  const named = orders.filter((each) => referencesIn(credit.remittance).includes(each.reference));
  const sum = named.reduce((total, each) => total + each.amountFen, 0);
  return [orders, fitting && sum > 0 ? { ...credit, amountFen: fen(sum) } : credit];
});

/** Books as the office does: what was received grows, and an order without anything missing is paid. */
function book(orders: readonly PayableOrder[], credit: Credit): PayableOrder[] {
  const decision = matchCredit(credit, orders);
  if (decision.kind === 'held') return [...orders];
  return orders.map((order) => {
    const share = decision.shares.find(({ orderId }) => orderId === order.id);
    if (!share) return order;
    return { ...order, receivedFen: fen(order.receivedFen + share.amountFen), status: share.missingFen === 0 ? 'paid' : order.status };
  });
}
const bookAll = (orders: readonly PayableOrder[], credits: readonly Credit[]) => credits.reduce<PayableOrder[]>(book, [...orders]);
const received = (orders: readonly PayableOrder[]) => orders.reduce((sum, { receivedFen }) => sum + receivedFen, 0);

describe('for every credit', () => {
  it('property: no order gets anything against its payer rule, after its end, or when it is not open', () => {
    fc.assert(
      fc.property(someMeeting, ([orders, credit]) => {
        const decision = matchCredit(credit, orders);
        fc.pre(decision.kind === 'matched');
        for (const { orderId } of decision.shares) {
          const order = orders.find(({ id }) => id === orderId);
          const named = referencesIn(credit.remittance).includes(order?.reference ?? '');
          const ownMoney = samePayer(credit.payerName, order?.certificateName ?? '') && credit.payerAccountType === 'corporate';
          expect({ ...order, rule: order?.payer === 'anybody' ? ownMoney || named : ownMoney }).toMatchObject({
            rule: true,
            status: 'open',
          });
          expect(order?.payer).not.toBe('on-the-spot');
          expect(credit.bookedAt <= DEADLINE).toBe(true);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('property: the shares are together the credit, each order once, and only one that stands alone may be short or over', () => {
    fc.assert(
      fc.property(someMeeting, ([orders, credit]) => {
        const decision = matchCredit(credit, orders);
        fc.pre(decision.kind === 'matched');
        const { shares } = decision;
        expect(shares.reduce((sum, { amountFen }) => sum + amountFen, 0)).toBe(credit.amountFen);
        expect(new Set(shares.map(({ orderId }) => orderId)).size).toBe(shares.length);
        for (const share of shares) {
          const order = orders.find(({ id }) => id === share.orderId);
          expect(share.surplusFen - share.missingFen).toBe(share.amountFen - (order?.amountFen ?? NaN));
          expect(Math.min(share.surplusFen, share.missingFen)).toBe(0);
          if (shares.length > 1) expect([share.surplusFen, share.missingFen]).toEqual([0, 0]);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('property: without a reference, nothing is given where the name is borne by two organisations', () => {
    fc.assert(
      fc.property(someMeeting, ([orders, credit]) => {
        const decision = matchCredit({ ...credit, remittance: '证书费' }, orders);
        fc.pre(decision.kind === 'matched');
        const namesakes = orders.filter((order) => order.payer !== 'on-the-spot' && samePayer(credit.payerName, order.certificateName));
        expect(new Set(namesakes.map(({ uscc }) => uscc)).size).toBe(1);
      }),
    );
  });

  it('property: the order in which the orders were read decides nothing', () => {
    const shuffled = someMeeting.chain(([orders, credit]) =>
      fc
        .shuffledSubarray(orders, { minLength: orders.length })
        .map((mixed): [PayableOrder[], PayableOrder[], Credit] => [orders, mixed, credit]),
    );
    fc.assert(
      fc.property(shuffled, ([orders, mixed, credit]) => expect(matchCredit(credit, mixed)).toEqual(matchCredit(credit, orders))),
      { numRuns: 300 },
    );
  });
});

describe('for every stream of credits', () => {
  it('property: no fen is lost or made: what orders received is what was matched, never more than what came', () => {
    fc.assert(
      fc.property(someOrders, fc.array(someCredit, { maxLength: 12 }), (start, credits) => {
        let orders = [...start];
        let matched = 0;
        for (const credit of credits) {
          if (matchCredit(credit, orders).kind === 'matched') matched += credit.amountFen;
          orders = book(orders, credit);
        }
        expect(received(orders)).toBe(matched);
        expect(matched).toBeLessThanOrEqual(credits.reduce((sum, { amountFen }) => sum + amountFen, 0));
      }),
    );
  });

  it('property: an order that was paid never receives again, so nothing is issued twice', () => {
    fc.assert(
      fc.property(someOrders, fc.array(someCredit, { maxLength: 12 }), (start, credits) => {
        for (let count = 0; count < credits.length; count += 1) {
          const before = bookAll(start, credits.slice(0, count));
          const after = bookAll(start, credits.slice(0, count + 1));
          for (const [place, order] of before.entries()) if (order.status === 'paid') expect(after[place]).toEqual(order);
        }
      }),
    );
  });
});
