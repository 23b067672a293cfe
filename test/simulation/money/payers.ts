/** How organisations pay: mostly as they should, and now and then in each of the ways that business.md, "Money", lists. */
import { days, fen, type Instant } from '#domain';
import { daysFor, payments, shares, type PaymentWay } from '../assumptions.js';
import type { SimulatedCase } from '../office/case.js';
import type { SimulatedOffice } from '../office/office.js';
import type { Life } from '../time/timeline.js';
import type { Bank, Credit, Transfer } from './bank.js';

const LITTLE_FEN = 5_000;
/** Whoever waits for the other application before paying both does not wait longer. */
const PATIENCE_DAYS = 12;

export class Payers {
  /** How often money came in which way. */
  readonly ways = new Map<PaymentWay | 'both at once', number>();
  private readonly paidTogether = new Set<SimulatedCase>();

  constructor(
    private readonly office: SimulatedOffice,
    private readonly bank: Bank,
  ) {
    bank.onMatched = (credit) => this.mayBeReversed(credit);
  }

  /** From the moment on in which the organisation has been told what it owes. */
  begin(current: SimulatedCase): void {
    this.office.timeline.live(this.pays(current));
  }

  private *pays(current: SimulatedCase): Life {
    const { chance, twin, order } = current;
    if (!order) return;
    if (twin && this.together(current, twin)) {
      yield { until: this.later(PATIENCE_DAYS) };
      if (this.paidTogether.has(current) || order.status !== 'open') return;
    }
    const way = chance.weighted<PaymentWay>(order.payer === 'organisation' ? payments.organisation : payments.anybody);
    this.count(way);
    if (way === 'never') return;
    yield {
      until:
        way === 'late'
          ? this.booked(current, order.expiresAt, chance.between(0.2, 6))
          : this.booked(current, this.office.now, this.delay(current)),
    };
    yield* this.comes(current, way);
  }

  private *comes(current: SimulatedCase, way: PaymentWay): Life {
    const { chance } = current;
    const due = this.due(current);
    if (due <= 0) return;
    switch (way) {
      case 'short':
        this.send(current, { amountFen: LITTLE_FEN });
        yield { until: this.booked(current, this.office.now, chance.waiting(daysFor.rest)) };
        return this.send(current, {});
      case 'over':
        return this.send(current, { amountFen: due + LITTLE_FEN });
      case 'twice':
        this.send(current, {});
        yield { until: this.booked(current, this.office.now, chance.waiting(daysFor.rest)) };
        return this.send(current, { amountFen: due });
      case 'wrong-payer':
        this.send(current, { payerName: `${current.facts.organisation.name}财务共享中心` });
        return yield* this.paysAgain(current);
      case 'personal':
        this.send(current, { payerName: '李经办', payerAccountType: 'personal' });
        return yield* this.paysAgain(current);
      default:
        return this.send(current, {});
    }
  }

  /** Whoever was told that a transfer is held sends another, unless finance has seen to it. */
  private *paysAgain(current: SimulatedCase): Life {
    const { chance } = current;
    if (!chance.chance(shares.paysAgain)) return;
    yield { until: this.booked(current, this.office.now, 1 + chance.waiting(daysFor.rest)) };
    this.send(current, {});
  }

  /** Two orders of one organisation, one transfer: by whoever comes to the payment last. */
  private together(current: SimulatedCase, twin: SimulatedCase): boolean {
    const first = current.facts.twinOf ? twin : current;
    const wants = first.chance.stream('together').chance(shares.oneTransferForBoth);
    if (!wants || current.order === null || twin.outcome !== null) return false;
    if (twin.order === null) return true;
    if (twin.order.status !== 'open' || this.paidTogether.has(twin)) return false;
    this.count('both at once');
    for (const each of [current, twin]) this.paidTogether.add(each);
    const remittance = `${current.order.reference} ${twin.order.reference}`;
    const when = this.booked(current, this.office.now, this.delay(current));
    this.office.timeline.at(when, () => {
      const amountFen = this.due(current) + this.due(twin);
      if (amountFen > 0) this.send(current, { amountFen, remittance });
    });
    return true;
  }

  private send(current: SimulatedCase, change: Partial<Transfer>): void {
    const { facts, order, chance } = current;
    const amountFen = change.amountFen ?? this.due(current);
    if (!order || amountFen <= 0) return;
    const { name, account } = facts.organisation;
    const named = !chance.chance(shares.noReference) || order.payer === 'anybody' || change.payerName !== undefined;
    this.bank.transfer({
      payerName: chance.chance(0.3) ? fullWidth(name) : name,
      payerAccount: account,
      payerAccountType: 'corporate',
      remittance: named ? order.reference : '证书服务费',
      ...change,
      amountFen,
    });
  }

  private due({ order }: SimulatedCase): number {
    return order ? fen(Math.max(0, order.amountFen - order.receivedFen)) : 0;
  }

  private delay({ chance }: SimulatedCase): number {
    return chance.waiting(daysFor.payment);
  }

  private later(count: number): Instant {
    return new Date(this.office.now.getTime() + days(count));
  }

  /** Some time in the bank's hours, so many days after. */
  private booked({ chance }: SimulatedCase, after: Instant, count: number): Instant {
    return this.office.bankTime.after(new Date(after.getTime() + days(count)), chance.between(1, 240));
  }

  /** The bank takes a transfer back after all. Only where the certificate is made and nothing of the credit is owed back; the rest is for tests. */
  private mayBeReversed(credit: Credit): void {
    const { office, bank } = this;
    const current = credit.order?.of;
    if (!current || !current.chance.chance(shares.reversed)) return;
    const when = office.up(this.booked(current, office.now, current.chance.between(1, 4)));
    office.timeline.at(when, () => {
      const alone = credit.order?.amountFen === credit.amountFen && credit.order.receivedFen === credit.amountFen;
      if (credit.state !== 'matched' || credit.refunded || current.completedAt === null || !alone) return;
      bank.reverse(credit);
      if (!current.chance.chance(shares.paysAgain)) return;
      office.timeline.at(this.booked(current, office.now, current.chance.between(2, 8)), () => this.send(current, {}));
    });
  }

  private count(way: PaymentWay | 'both at once'): void {
    this.ways.set(way, (this.ways.get(way) ?? 0) + 1);
  }
}

/** As another bank's screen writes it: what typing cannot change stays the same name. */
const fullWidth = (name: string): string => name.replaceAll('(', '（').replaceAll(')', '）');
