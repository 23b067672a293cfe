/** Orders, and what arrives on the office's account. Every credit is decided by the rule of libs/domain, and told to its case. */
import {
  fen,
  matchCredit,
  normaliseAccountName,
  paymentReference,
  referencesIn,
  shanghaiDay,
  addDays,
  wayOf,
  type CreditDecision,
  type Fen,
  type HeldReason,
  type Instant,
  type Payer,
  type Share,
} from '#domain';
import type { CreditFacts } from '#persistence';
import type { Order, SimulatedCase } from '../office/case.js';
import { laneOf, type SimulatedOffice } from '../office/office.js';
import { clock } from '../time/working-time.js';
import { MoneyTrail } from './trail.js';
import type { Refunds } from './refunds.js';

export interface Credit extends CreditFacts {
  state: 'on its way' | 'matched' | 'held' | 'to-refund' | 'explained' | 'reversed';
  heldReason: HeldReason | null;
  /** The order it pays, or is thought to be about. */
  order: Order | null;
  lane: string;
  refunded: boolean;
}

export type Transfer = Omit<CreditFacts, 'reference' | 'bookedAt'>;

export class Bank {
  /** Under which the bank pays its own interest. */
  readonly ownName = '示例银行成都分行';
  readonly trail = new MoneyTrail();
  readonly credits = new Map<string, Credit>();
  /** What finance has to see to since the bank took a credit back. */
  reversals = 0;
  onHeld: (credit: Credit) => void = () => undefined;
  onMatched: (credit: Credit) => void = () => undefined;
  private readonly byPayer = new Map<string, Order[]>();
  private readonly byReference = new Map<string, Order>();
  private count = 0;

  constructor(
    private readonly office: SimulatedOffice,
    private readonly refunds: Refunds,
  ) {}

  open(current: SimulatedCase, amountFen: Fen, expiresAt: Instant): Order {
    const { facts } = current;
    const order: Order = {
      id: `order-${String(this.byReference.size + 1).padStart(8, '0')}`,
      reference: paymentReference(facts.number),
      certificateName: facts.organisation.name,
      uscc: facts.organisation.uscc,
      payer: payerOf(current),
      amountFen,
      receivedFen: fen(0),
      expiresAt,
      status: 'open',
      of: current,
    };
    current.order = order;
    this.byReference.set(order.reference, order);
    const key = normaliseAccountName(order.certificateName);
    this.byPayer.set(key, [...(this.byPayer.get(key) ?? []), order]);
    return order;
  }

  /** A transfer that the bank books now. The office learns of it at once, or by the statement of the next morning. */
  transfer(transfer: Transfer): void {
    const { office } = this;
    this.count += 1;
    const bookedAt = office.now;
    const pushed = !office.outages.bankPush.some(({ from, to }) => from <= bookedAt && bookedAt < to);
    const told = pushed ? bookedAt : clock(addDays(shanghaiDay(bookedAt), 1), '08:00');
    const facts = { ...transfer, reference: `SIM${String(this.count).padStart(9, '0')}`, bookedAt: bookedAt.toISOString() };
    office.timeline.at(office.up(told), () => this.decide(facts));
  }

  private decide(facts: CreditFacts): void {
    const { office, trail } = this;
    const meant = this.couldBeMeant(facts);
    const decision = matchCredit({ ...facts, amountFen: fen(facts.amountFen), bookedAt: new Date(facts.bookedAt) }, meant);
    const [first] = meant;
    const lane = first ? laneOf(first.of) : `bank/${facts.reference}`;
    const credit: Credit = { ...facts, state: 'on its way', heldReason: null, order: null, lane, refunded: false };
    this.credits.set(credit.reference, credit);
    trail.received({ credit: facts.reference }, fen(facts.amountFen));
    office.note('credit-decided', lane, '', { credit: facts, decision: decisionOf(decision, meant) });
    if (decision.kind === 'held') this.hold(credit, decision.reason, meant.find(({ id }) => id === decision.orderId) ?? null);
    else this.book(credit, decision.shares, meant);
  }

  /** Gives each order its share. What is over an order is owed back at once. */
  book(credit: Credit, shares: readonly Share[], orders: readonly Order[]): void {
    const held = { account: 'held', creditId: credit.reference } as const;
    const [first] = shares;
    Object.assign(credit, { state: 'matched', order: orders.find(({ id }) => id === first?.orderId) ?? null });
    for (const share of shares) {
      const order = orders.find(({ id }) => id === share.orderId);
      if (order) this.trail.move(held, { ...held, orderId: order.of.facts.id }, share.amountFen);
    }
    for (const share of shares) {
      const order = orders.find(({ id }) => id === share.orderId);
      if (order) this.bookShare(credit, share, order);
    }
    this.onMatched(credit);
  }

  private bookShare(credit: Credit, { amountFen, missingFen, surplusFen, result }: Share, order: Order): void {
    order.receivedFen = fen(order.receivedFen + amountFen);
    if (missingFen === 0) order.status = 'paid';
    if (surplusFen > 0) {
      credit.refunded = true;
      this.refunds.owe({ reason: 'surplus', caseId: order.of.facts.id, credit: credit.reference }, surplusFen, { lane: credit.lane });
    }
    // Paid again for what was made already, after the bank had taken the first payment back.
    if (order.of.completedAt !== null) this.earn(order.of);
    order.of.credits.post({ result });
  }

  private hold(credit: Credit, reason: HeldReason, order: Order | null): void {
    Object.assign(credit, { state: 'held', heldReason: reason, order });
    order?.of.credits.post({ result: 'held' });
    this.onHeld(credit);
  }

  /** Completion: what is held for the order is the office's own from here on. */
  earn({ facts }: SimulatedCase): void {
    for (const { amountFen, ...place } of this.trail.standings({ orderId: facts.id }))
      if (place.account === 'held' && amountFen > 0) this.trail.move(place, { ...place, account: 'earned' }, amountFen);
  }

  /** A case that ended without its purpose: what its order holds is owed back, each part to where it came from. */
  settle(current: SimulatedCase): void {
    const { facts, order } = current;
    if (order?.status === 'open') order.status = 'cancelled';
    for (const { account, creditId = null, amountFen } of this.trail.standings({ orderId: facts.id })) {
      if (account !== 'held' || amountFen <= 0) continue;
      const credit = creditId === null ? undefined : this.credits.get(creditId);
      if (credit) credit.refunded = true;
      this.refunds.owe({ reason: 'early-close', caseId: facts.id, credit: creditId }, amountFen, { lane: laneOf(current) });
    }
  }

  takeAtWindow({ facts, order }: SimulatedCase): void {
    if (!order) return;
    this.trail.received({ order: facts.id }, order.amountFen);
    Object.assign(order, { receivedFen: order.amountFen, status: 'paid' });
  }

  /** The bank takes a credit back. What was issued stays: that is for finance. */
  reverse(credit: Credit): void {
    const { order } = credit;
    credit.state = 'reversed';
    this.reversals += 1;
    this.trail.takeBack(credit.reference, fen(credit.amountFen));
    if (order) {
      order.receivedFen = fen(order.receivedFen - credit.amountFen);
      if (order.status === 'paid' && order.receivedFen < order.amountFen) order.status = 'open';
    }
    this.office.note('credit-reversed', credit.lane, '', { reference: credit.reference });
  }

  /** Orders of the payer, and orders whose reference stands in the remittance. */
  private couldBeMeant({ payerName, remittance }: CreditFacts): Order[] {
    const named = referencesIn(remittance).flatMap((reference) => this.byReference.get(reference) ?? []);
    return [...new Set([...(this.byPayer.get(normaliseAccountName(payerName)) ?? []), ...named])];
  }

  /** Open orders of organisations of that name, the oldest first. */
  openOrdersIn(lane: string): Order[] {
    return (this.byPayer.get(lane) ?? []).filter(({ status }) => status === 'open');
  }
}

function decisionOf(decision: CreditDecision, orders: readonly Order[]) {
  if (decision.kind === 'held') return { held: decision.reason };
  return {
    shares: decision.shares.map(({ orderId, amountFen, result }) => {
      return { amountFen, result, caseId: orders.find(({ id }) => id === orderId)?.of.facts.id ?? '' };
    }),
  };
}

/** G: the transfer proves the organisation where nothing else does. D: where the key has, anybody may pay; at a window it is paid there. */
function payerOf({ facts }: SimulatedCase): Payer {
  const proof = wayOf(facts.business, facts.channel)?.proof;
  if (proof === 'corporate-transfer') return 'organisation';
  return proof === 'current-key' ? 'anybody' : 'on-the-spot';
}
