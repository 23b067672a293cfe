/** What finance makes of held credits: the organisation's own after all, other income, or to be given back; a second person where the rules ask for one. */
import { fen, isOwnMoney, needsSecondPerson, shareOf, type ExplanationKind, type HeldReason, type StaffId } from '#domain';
import { minutesFor, secondPersonAbove, shares } from '../assumptions.js';
import type { Order } from '../office/case.js';
import type { SimulatedOffice } from '../office/office.js';
import type { Randomness } from '../time/randomness.js';
import type { Life } from '../time/timeline.js';
import type { Bank, Credit } from './bank.js';
import type { Refunds } from './refunds.js';

/** Held for these, it may be the organisation's own money after all. */
const EXPLICABLE: readonly HeldReason[] = ['wrong-payer', 'several-orders', 'same-name', 'late'];

/** What is said in the simulation: nobody splits a credit over several orders there. */
type Said = Exclude<ExplanationKind, 'split'>;

export class Finance {
  /** Held credits that a person has explained, by what was said. */
  readonly explained = new Map<ExplanationKind, number>();
  private readonly chance: Randomness;

  constructor(
    private readonly office: SimulatedOffice,
    private readonly bank: Bank,
    private readonly refunds: Refunds,
  ) {
    this.chance = office.chance.stream('finance');
    bank.onHeld = (credit) => void office.timeline.live(this.explains(credit));
  }

  private *explains(credit: Credit): Life {
    const { office } = this;
    const { by, ends } = office.desk('finance').serve(office.now, minutesFor.explanation);
    yield { until: ends };
    if (credit.state !== 'held' || credit.heldReason === null) return;
    const { heldReason } = credit;
    const { kind, order } = this.judge(credit);
    const amountFen = fen(credit.amountFen);
    const ownMoney = order !== null && isOwnMoney({ ...credit, heldReason }, order.certificateName);
    let second: StaffId | null = null;
    if (needsSecondPerson({ kind, heldReason, amountFen, payer: order?.payer ?? null, ownMoney }, fen(secondPersonAbove))) {
      const other = office.desk('finance').serve(office.now, minutesFor.secondPerson, [by]);
      yield { until: other.ends };
      second = other.by;
    }
    // Paid in the meantime, or taken back: then there is nothing to explain any more.
    const applied = stillHeld(credit) && (kind !== 'allocation' || order?.status === 'open');
    const about = { reference: credit.reference, as: kind, by, second, applied };
    const caseId = kind === 'allocation' ? (order?.of.facts.id ?? '') : '';
    office.note('credit-explained', credit.lane, caseId, { ...about, note: kind === 'other' ? 'other-income' : null });
    if (applied) this.apply(credit, kind, order, by);
    else if (stillHeld(credit)) office.timeline.live(this.explains(credit));
  }

  private judge(credit: Credit): { kind: Said; order: Order | null } {
    const { payerName, heldReason } = credit;
    if (payerName === this.bank.ownName) return { kind: 'other', order: null };
    const order = this.orderMeant(credit);
    const explicable = heldReason !== null && EXPLICABLE.includes(heldReason) && order?.status === 'open';
    return explicable && this.chance.chance(shares.explainedAsOwn) ? { kind: 'allocation', order } : { kind: 'refund', order: null };
  }

  /** Of several that it could pay, the oldest that is still open. */
  private orderMeant({ order, lane }: Credit): Order | null {
    return order ?? this.bank.openOrdersIn(lane)[0] ?? null;
  }

  private apply(credit: Credit, kind: Said, order: Order | null, by: StaffId): void {
    this.explained.set(kind, (this.explained.get(kind) ?? 0) + 1);
    const amountFen = fen(credit.amountFen);
    const held = { account: 'held', creditId: credit.reference } as const;
    switch (kind) {
      case 'allocation':
        if (order) this.bank.book(credit, [shareOf(order, amountFen)], [order]);
        return;
      case 'refund':
        Object.assign(credit, { state: 'to-refund', refunded: true });
        this.refunds.owe({ reason: 'held-credit', caseId: null, credit: credit.reference }, amountFen, {
          lane: credit.lane,
          proposedBy: by,
        });
        return;
      case 'other':
        credit.state = 'explained';
        this.bank.trail.move(held, { ...held, account: 'earned' }, amountFen);
    }
  }
}

const stillHeld = ({ state }: Credit): boolean => state === 'held';
