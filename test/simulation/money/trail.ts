/** Where every fen is by the simulation's own account, to hold the ledger in the database against. Postings are those of libs/domain. */
import { fen, moved, takenBack, type Fen, type LedgerLine, type Place, type Standing } from '#domain';

export type TrailAccount = 'held' | 'earned' | 'to-refund' | 'refunded';

export class MoneyTrail {
  private readonly places = new Map<string, { place: Place; amount: number }>();
  private readonly of = new Map<string, Set<string>>();

  /** @param about a credit by its bank reference; null for money of a window, which its order names */
  received(about: { credit: string } | { order: string }, amountFen: Fen): void {
    const place = 'credit' in about ? { creditId: about.credit } : { orderId: about.order };
    this.post(moved({ account: 'received', ...place }, { account: 'held', ...place }, amountFen));
  }

  move(from: Place, to: Place, amountFen: Fen): void {
    this.post(moved(from, to, amountFen));
  }

  takeBack(credit: string, amountFen: Fen): void {
    this.post(takenBack(this.standings({ creditId: credit }), credit, amountFen));
  }

  /** What stands at the places of a credit, an order or a refund; not what came in. */
  standings(of: Pick<Place, 'creditId' | 'orderId' | 'refundId'>): Standing[] {
    const [name] = namesOf({ account: 'held', ...of });
    return [...(this.of.get(name ?? '') ?? [])].flatMap((key) => {
      const found = this.places.get(key);
      if (!found || found.amount === 0 || found.place.account === 'received') return [];
      return [{ ...found.place, amountFen: fen(found.amount) }];
    });
  }

  /** What every credit, and every window's money, is at the end. */
  byCredit(): Map<string, Partial<Record<TrailAccount, number>>> {
    const sums = new Map<string, Partial<Record<TrailAccount, number>>>();
    for (const { place, amount } of this.places.values()) {
      if (place.account === 'received' || amount === 0) continue;
      const name = place.creditId ?? `window/${place.orderId}`;
      const sum = sums.get(name) ?? {};
      sum[place.account] = (sum[place.account] ?? 0) + amount;
      sums.set(name, sum);
    }
    return sums;
  }

  private post(lines: readonly LedgerLine[]): void {
    for (const { amountFen, ...place } of lines) {
      const key = [place.account, place.creditId ?? '', place.orderId ?? '', place.refundId ?? ''].join('|');
      const found = this.places.get(key) ?? { place, amount: 0 };
      // As money, on whichever side the account is kept.
      found.amount -= amountFen;
      this.places.set(key, found);
      for (const name of namesOf(place)) this.of.set(name, (this.of.get(name) ?? new Set()).add(key));
    }
  }
}

function namesOf({ creditId, orderId, refundId }: Place): string[] {
  const names: string[] = [];
  if (creditId) names.push(`credit/${creditId}`);
  if (orderId) names.push(`order/${orderId}`);
  if (refundId) names.push(`refund/${refundId}`);
  return names;
}
