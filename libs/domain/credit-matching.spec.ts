import { fen } from './brand.js';
import { heldReasonWords, matchCredit, type Credit, type PayableOrder, type Share } from './credit-matching.js';

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
  uscc: '91510100MA62000110',
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
const matched = (share: Partial<Share>) => ({ kind: 'matched', shares: [share] });

describe('what is booked', () => {
  it('G money: the exact amount from the organisation of the certificate name', () => {
    expect(matchCredit(credit(), [order()])).toEqual(
      matched({ orderId: 'order-1', amountFen: fen(250 * YUAN), result: 'exact', missingFen: fen(0), surplusFen: fen(0) }),
    );
  });

  it('D money: the name is the same in full width, with other brackets and spaces', () => {
    const decision = matchCredit(credit({ payerName: '成都信印 （集团）有限公司' }), [
      order({ certificateName: '成都信印(集团)有限公司' }),
    ]);
    expect(decision).toMatchObject(matched({ result: 'exact' }));
  });

  it('D money: too little stays open, and what is missing is known', () => {
    expect(matchCredit(credit({ amountFen: fen(200 * YUAN) }), [order()])).toEqual(
      matched({ orderId: 'order-1', amountFen: fen(200 * YUAN), result: 'short', missingFen: fen(50 * YUAN), surplusFen: fen(0) }),
    );
  });

  it('D money: one fen too little is too little', () => {
    expect(matchCredit(credit({ amountFen: fen(24_999) }), [order()])).toMatchObject(matched({ result: 'short', missingFen: fen(1) }));
  });

  it('D money: a second transfer that brings the rest completes the order', () => {
    expect(matchCredit(credit({ amountFen: fen(50 * YUAN) }), [order({ receivedFen: fen(200 * YUAN) })])).toEqual(
      matched({ orderId: 'order-1', amountFen: fen(50 * YUAN), result: 'completes', missingFen: fen(0), surplusFen: fen(0) }),
    );
  });

  it('D money: a second transfer that is still too little leaves less missing', () => {
    expect(matchCredit(credit({ amountFen: fen(30 * YUAN) }), [order({ receivedFen: fen(200 * YUAN) })])).toMatchObject(
      matched({ result: 'short', missingFen: fen(20 * YUAN) }),
    );
  });

  it('D money: too much is booked, with the surplus to refund', () => {
    expect(matchCredit(credit({ amountFen: fen(300 * YUAN) }), [order()])).toEqual(
      matched({ orderId: 'order-1', amountFen: fen(300 * YUAN), result: 'over', missingFen: fen(0), surplusFen: fen(50 * YUAN) }),
    );
  });

  it('D money: the rest and more: only what is over the whole order is surplus', () => {
    expect(matchCredit(credit({ amountFen: fen(60 * YUAN) }), [order({ receivedFen: fen(200 * YUAN) })])).toMatchObject(
      matched({ result: 'over', surplusFen: fen(10 * YUAN) }),
    );
  });

  it.each(['XB2026000002', 'XB-2026-000002', 'xb-2026-000002', 'ＸＢ２０２６０００００２', '缴费 XB 2026 000002 谢谢'])(
    'D money: several open orders, and the remittance names one: %s',
    (remittance) => {
      expect(matchCredit(credit({ remittance }), [order(), another()])).toMatchObject(matched({ orderId: 'order-2' }));
    },
  );

  it('D money: booked at the last moment of the order is in time', () => {
    expect(matchCredit(credit({ bookedAt: DEADLINE }), [order()])).toMatchObject({ kind: 'matched' });
  });

  it('D money: an old order that was paid does not stand in the way of the open one', () => {
    expect(matchCredit(credit(), [order({ status: 'paid', receivedFen: fen(250 * YUAN) }), another()])).toMatchObject(
      matched({ orderId: 'order-2' }),
    );
  });

  it('D money: a reference that is nobody’s is only a text; name and single order decide', () => {
    expect(matchCredit(credit({ remittance: 'XB2026999999' }), [order()])).toMatchObject(matched({ orderId: 'order-1' }));
  });
});

describe('one credit for several orders', () => {
  const both = 'XB2026000001 XB2026000002';

  it('D money: all named, all one’s own, exactly their sum: each gets what it asks for', () => {
    expect(matchCredit(credit({ amountFen: fen(70_000), remittance: both }), [order(), another({ amountFen: fen(45_000) })])).toEqual({
      kind: 'matched',
      shares: [
        { orderId: 'order-1', amountFen: 25_000, result: 'exact', missingFen: 0, surplusFen: 0 },
        { orderId: 'order-2', amountFen: 45_000, result: 'exact', missingFen: 0, surplusFen: 0 },
      ],
    });
  });

  it('D money: where one has received a part, its rest counts', () => {
    expect(
      matchCredit(credit({ amountFen: fen(30_000), remittance: both }), [order({ receivedFen: fen(20_000) }), another()]),
    ).toMatchObject({
      shares: [
        { orderId: 'order-1', amountFen: 5_000, result: 'completes' },
        { orderId: 'order-2', amountFen: 25_000, result: 'exact' },
      ],
    });
  });

  it('D money: the same reference written twice names one order', () => {
    expect(matchCredit(credit({ remittance: 'XB2026000001 XB-2026-000001' }), [order(), another()])).toMatchObject(
      matched({ orderId: 'order-1', amountFen: fen(25_000), result: 'exact' }),
    );
  });

  it('D money: two organisations of one name, and the remittance names the order', () => {
    expect(matchCredit(credit({ remittance: 'XB2026000002' }), [order(), another({ uscc: '91510100MA6DEUHB6R' })])).toMatchObject(
      matched({ orderId: 'order-2' }),
    );
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

  it('D money: two orders named, and the money is for one of them only', () => {
    expect(matchCredit(credit({ remittance: 'XB2026000001 XB2026000002' }), [order(), another()])).toEqual(held('several-named', null));
  });

  it.each([
    ['one fen too little', 50_000 - 1],
    ['one fen too much', 50_000 + 1],
  ])('D money: two orders named, and %s for both', (_, amountFen) => {
    const named = credit({ amountFen: fen(amountFen), remittance: 'XB2026000001 XB2026000002' });
    expect(matchCredit(named, [order(), another()])).toEqual(held('several-named', null));
  });

  it.each([
    ['paid', { status: 'paid', receivedFen: fen(250 * YUAN) }],
    ['expired', { status: 'expired' }],
    ['past its deadline', { expiresAt: new Date('2026-03-10T01:59:59Z') }],
  ] as const)('D money: two orders named, and one of them is %s', (_, change) => {
    for (const amountFen of [fen(250 * YUAN), fen(500 * YUAN)])
      expect(matchCredit(credit({ amountFen, remittance: 'XB2026000001 XB2026000002' }), [order(), another(change)])).toEqual(
        held('several-named', null),
      );
  });

  it('D money: one’s own order named beside a reference that is nobody’s: what it was meant for is not known', () => {
    expect(matchCredit(credit({ remittance: 'XB2026000001 XB2026999999' }), [order()])).toEqual(held('several-named', null));
  });

  it('D money: two organisations bear the name, and nothing says which of them pays', () => {
    const namesake = another({ uscc: '91510100MA6DEUHB6R' });
    expect(matchCredit(credit(), [order(), namesake])).toEqual(held('same-name', null));
    expect(matchCredit(credit(), [order({ status: 'paid', receivedFen: fen(250 * YUAN) }), namesake])).toEqual(held('same-name', null));
  });

  it('D money: the organisation is called otherwise since it ordered: the name of the order counts, and the new one is another payer', () => {
    const renamed = '成都信印数字科技有限公司';
    expect(matchCredit(credit({ payerName: renamed, remittance: 'XB2026000001' }), [order()])).toEqual(held('wrong-payer', 'order-1'));
    expect(matchCredit(credit({ payerName: renamed }), [])).toEqual(held('no-order', null));
  });

  it('D money: no order for this payer', () => {
    expect(matchCredit(credit(), [])).toEqual(held('no-order', null));
    expect(matchCredit(credit(), [ofOthers()])).toEqual(held('no-order', null));
  });

  it('D money: the reference of another’s order, with an open order of one’s own: nothing is guessed', () => {
    expect(matchCredit(credit({ remittance: 'XB2026000009' }), [order(), ofOthers()])).toEqual(held('wrong-payer', 'order-of-others'));
  });

  it('D money: one’s own reference beside another’s, whatever the amount', () => {
    for (const amountFen of [fen(250 * YUAN), fen(500 * YUAN)])
      expect(matchCredit(credit({ amountFen, remittance: 'XB2026000009 XB2026000001' }), [order(), ofOthers()])).toEqual(
        held('several-named', null),
      );
  });

  it.each(['', '   ', '\u3000'])('D money: no payer name (%j)', (payerName) => {
    expect(matchCredit(credit({ payerName, remittance: 'XB2026000001' }), [order()])).toEqual(held('unreadable-name', 'order-1'));
  });

  it.each(Object.entries(heldReasonWords))('%s is said in both languages', (_, words) => {
    expect(words.zh).not.toBe('');
    expect(words.en).not.toBe('');
  });
});
