import { fen } from './brand.js';
import { differencesOf, reconcile, talliesOf, type CreditFact, type DayFacts, type OrderFact } from './reconciliation.js';
import { calendarDay } from './time.js';

const DAY = calendarDay('2026-03-05');
const NEXT = calendarDay('2026-03-06');
const none = { received: fen(0), held: fen(0), earned: fen(0), 'to-refund': fen(0), refunded: fen(0) };
const credit = (change: Partial<CreditFact> = {}): CreditFact => ({
  reference: 'B1',
  amountFen: fen(25_000),
  bookedOn: DAY,
  postedOn: DAY,
  reversedOn: null,
  inLedgerFen: fen(25_000),
  givenFen: fen(0),
  state: 'matched',
  heldReason: null,
  windowReceipt: false,
  ...change,
});
const order = (change: Partial<OrderFact> = {}): OrderFact => ({
  reference: 'XB2026000001',
  status: 'paid',
  amountFen: fen(25_000),
  receivedFen: fen(25_000),
  inLedgerFen: fen(25_000),
  earnedFen: fen(25_000),
  givenBackFen: fen(0),
  givingBackFen: fen(0),
  completed: true,
  invoiceFen: fen(25_000),
  ...change,
});
const day = (change: Partial<DayFacts> = {}): DayFacts => ({
  day: DAY,
  credits: [],
  strayEntries: [],
  window: [],
  orders: [],
  openRefunds: [],
  undebitedRefunds: [],
  claims: [],
  movements: none,
  balances: none,
  ...change,
});
const kinds = (facts: Partial<DayFacts>) => differencesOf(day(facts)).map(({ kind, reference, amountFen }) => [kind, reference, amountFen]);

describe('a day on which all agrees', () => {
  it('D reconciliation: has no differences', () => {
    const slip = { slipNumber: 'S1', method: 'transfer', amountFen: fen(5_000), atBank: true } as const;
    const balances = { received: fen(30_000), held: fen(5_000), earned: fen(25_000), 'to-refund': fen(0), refunded: fen(0) };
    expect(kinds({ credits: [credit()], orders: [order()], window: [slip], balances })).toEqual([]);
  });

  it('D reconciliation: is told in figures', () => {
    const slip = { slipNumber: 'S1', method: 'card', amountFen: fen(5_000), atBank: false } as const;
    const facts = day({
      credits: [
        credit(),
        credit({ reference: 'B2', amountFen: fen(100), postedOn: NEXT }),
        credit({ reference: 'B1~x', heldReason: 'contradicted', postedOn: null }),
      ],
      window: [slip],
      orders: [order(), order({ completed: false, invoiceFen: null })],
      movements: { ...none, received: fen(30_000) },
    });
    expect(talliesOf(facts).map(({ zh, count, amountFen }) => [zh, count, amountFen])).toEqual([
      ['银行入账', 2, 25_100],
      ['窗口收款', 1, 5_000],
      ['账簿实收', 2, 30_000],
      ['当日办结', 1, 25_000],
      ['已开发票', 1, 25_000],
    ]);
    expect(reconcile(facts).accounts.find(({ code }) => code === 'received')).toMatchObject({
      zh: '实收',
      movementFen: 30_000,
      balanceFen: 0,
    });
  });
});

describe('a difference', () => {
  it.each([
    ['not-in-ledger', credit({ inLedgerFen: fen(0) }), 25_000],
    ['not-in-ledger', credit({ inLedgerFen: fen(50_000) }), -25_000],
    ['booked-another-day', credit({ postedOn: NEXT }), 25_000],
    ['booked-another-day', credit({ bookedOn: calendarDay('2026-03-04') }), -25_000],
    ['undecided', credit({ state: 'recorded' }), 25_000],
    ['held', credit({ state: 'held', heldReason: 'wrong-payer' }), 25_000],
    ['held', credit({ state: 'held', heldReason: 'several-named', givenFen: fen(20_000) }), 5_000],
    ['held', credit({ state: 'held', heldReason: 'contradicted', inLedgerFen: fen(0), postedOn: null }), 25_000],
    ['reversed', credit({ state: 'reversed', inLedgerFen: fen(0) }), 25_000],
    ['not-in-ledger', credit({ state: 'explained', heldReason: 'no-order', windowReceipt: true }), -25_000],
  ] as const)('D reconciliation: %s', (kind, found, amountFen) => {
    expect(kinds({ credits: [found] })).toEqual([[kind, 'B1', amountFen]]);
  });

  it.each([
    ['order-differs', order({ inLedgerFen: fen(20_000) }), 5_000],
    ['earned-differs', order({ earnedFen: fen(20_000), invoiceFen: fen(20_000) }), 5_000],
    ['not-invoiced', order({ invoiceFen: null }), 25_000],
    ['invoice-differs', order({ invoiceFen: fen(25_001) }), 1],
  ] as const)('D reconciliation: %s', (kind, found, amountFen) => {
    expect(kinds({ orders: [found] })).toEqual([[kind, 'XB2026000001', amountFen]]);
  });

  // 250 yuan earned, of which 200 go back: invoiced until they are paid, red from then on.
  it.each([
    ['owed back', { earnedFen: fen(5_000), givenBackFen: fen(20_000), givingBackFen: fen(20_000), invoiceFen: fen(25_000) }, []],
    ['paid back, reversed and the rest invoiced', { earnedFen: fen(5_000), givenBackFen: fen(20_000), invoiceFen: fen(5_000) }, []],
    [
      'paid back, the red one in the queue',
      { earnedFen: fen(5_000), givenBackFen: fen(20_000), invoiceFen: fen(25_000) },
      [['invoice-differs', 'XB2026000001', 20_000]],
    ],
    ['all paid back and reversed', { earnedFen: fen(0), givenBackFen: fen(25_000), invoiceFen: fen(0) }, []],
  ] as const)('D reconciliation: given back after completion: %s', (_, change, expected) => {
    expect(kinds({ orders: [order(change)] })).toEqual(expected);
  });

  it('D reconciliation: a slip of a window that the bank does not know; a card is settled in sums', () => {
    const slip = { slipNumber: 'S1', method: 'transfer', amountFen: fen(5_000), atBank: false } as const;
    expect(kinds({ window: [slip, { ...slip, method: 'card' }] })).toEqual([['window-slip', 'S1', 5_000]]);
  });

  it('D reconciliation: what the bank takes back stands on the day it does so, too, and only as that', () => {
    const [before, after] = [calendarDay('2026-03-02'), calendarDay('2026-03-03')];
    const reversed = credit({ bookedOn: before, postedOn: after, reversedOn: DAY, state: 'reversed', inLedgerFen: fen(0) });
    expect(kinds({ credits: [reversed] })).toEqual([['reversed', 'B1', 25_000]]);
  });

  it('D reconciliation: entries of the bank that nothing of ours answers to, each with the bank’s own sign', () => {
    const strayEntries = [
      { reference: 'R1', amountFen: fen(-25_000), reversal: true },
      { reference: 'R2', amountFen: fen(700), reversal: true },
      { reference: 'D1', amountFen: fen(-1_200), reversal: false },
    ];
    expect(kinds({ strayEntries })).toEqual([
      ['reversal-unlinked', 'R1', -25_000],
      ['reversal-unlinked', 'R2', 700],
      ['debit-unknown', 'D1', -1_200],
    ]);
  });

  it('D reconciliation: a refund that the ledger has paid and no statement shows', () => {
    expect(kinds({ undebitedRefunds: [{ reference: 'XB2026000001', amountFen: fen(5_000) }] })).toEqual([
      ['refund-undebited', 'XB2026000001', 5_000],
    ]);
  });

  it('D reconciliation: an open refund, one that came back, a claim, and a ledger that does not add up', () => {
    const openRefunds = [
      { reference: 'XB2026000001', amountFen: fen(1_234), state: 'failed', reason: 'surplus', cause: null },
      { reference: 'XB2026000002', amountFen: fen(5_000), state: 'due', reason: 'returned', cause: null },
    ] as const;
    const claims = [{ reference: 'B1', amountFen: fen(25_000) }];
    expect(kinds({ openRefunds, claims, balances: { ...none, received: fen(2), earned: fen(1) } })).toEqual([
      ['refund-open', 'XB2026000001', 1_234],
      ['refund-returned', 'XB2026000002', 5_000],
      ['claim', 'B1', 25_000],
      ['ledger-differs', '2026-03-05', 1],
    ]);
  });

  it('D reconciliation: what finance gives back says why, in both languages', () => {
    const open = {
      reference: 'XB2026000001',
      amountFen: fen(1_000),
      state: 'due',
      reason: 'after-completion',
      cause: 'paid-twice',
    } as const;
    expect(differencesOf(day({ openRefunds: [open] }))).toMatchObject([
      { zh: '退款未完成：重复缴费', en: 'the refund is not paid: paid twice for one thing' },
    ]);
  });

  it('D reconciliation: what is held says why, in both languages', () => {
    expect(differencesOf(day({ credits: [credit({ state: 'held', heldReason: 'late' })] }))).toMatchObject([
      { zh: '款项待财务处理：缴费单已过期', en: 'the credit is held: the order had expired or was closed' },
    ]);
  });
});
