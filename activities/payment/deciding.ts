/**
 * Credits are decided by the rules of `matchCredit`, one after the other in memory, each finding what the ones before it have left, and what
 * came of all of them is written at once. One that the bank pushes is a set of one.
 */
import { fen, matchCredit, normaliseAccountName, referencesIn, type Credit, type CreditDecision, type PayableOrder } from '#domain';
import { BankCredit } from '#persistence';
import type { DataSource, EntityManager } from 'typeorm';
import { answerAgain, bookAll, lockCasesOf, type Decided } from './booking.js';
import { holdSlips } from './slips.js';

type UndecidedCredit = Credit & Pick<BankCredit, 'id' | 'source' | 'payerName' | 'payerAccount' | 'bankReference' | 'otherReference'>;

/** Decides one credit. Asked again, it answers what was decided. */
export async function decideCredit(data: DataSource, creditId: string, at: Date): Promise<Decided> {
  return data.transaction(async (tx) => {
    const decided = (await decideCredits(tx, [creditId], at)).get(creditId);
    return decided ?? answerAgain(tx, await tx.findOneByOrFail(BankCredit, { id: creditId }));
  });
}

/** Decides those that are not decided yet, in the order given, and answers by credit who is to hear of it. */
export async function decideCredits(tx: EntityManager, creditIds: readonly string[], at: Date): Promise<Map<string, Decided>> {
  await holdSlips(tx, 'deciding');
  const credits = await withSlips(tx, await lockUndecided(tx, creditIds));
  if (credits.length === 0) return new Map();
  const meant = await ordersThatCouldBeMeant(tx, credits);
  const cases = await lockCasesOf(tx, meant);
  const orders = new OpenBook(await lockOrders(tx, meant));
  const bookings = credits.map((credit) => ({ credit, decision: orders.decide(credit) }));
  return bookAll(tx, bookings, cases, at);
}

async function lockUndecided(tx: EntityManager, creditIds: readonly string[]): Promise<UndecidedCredit[]> {
  const rows: (Omit<UndecidedCredit, 'amountFen'> & { amountFen: string })[] = await tx.query(
    `SELECT id, source, amount_fen AS "amountFen", payer_name AS "payerName", payer_account AS "payerAccount",
       payer_account_type AS "payerAccountType", remittance, booked_at AS "bookedAt", bank_reference AS "bankReference",
       other_reference AS "otherReference"
     FROM bank_credit WHERE id = ANY($1) AND state = 'recorded' ORDER BY id FOR UPDATE`,
    [creditIds],
  );
  const byId = new Map(rows.map((row) => [row.id, { ...row, amountFen: fen(Number(row.amountFen)) }]));
  return creditIds.flatMap((id) => byId.get(id) ?? []);
}

/** What a window has taken as a transfer is told by the bank as well, under the number that the slip bears. */
async function withSlips(tx: EntityManager, credits: readonly UndecidedCredit[]): Promise<UndecidedCredit[]> {
  const namesOf = ({ bankReference, otherReference }: UndecidedCredit) => [
    bankReference,
    ...(otherReference === null ? [] : [otherReference]),
  ];
  const slips: { slipNumber: string; orderId: string }[] = await tx.query(
    `SELECT slip_number AS "slipNumber", order_id AS "orderId" FROM window_payment WHERE method = 'transfer' AND slip_number = ANY($1)`,
    [credits.flatMap(namesOf)],
  );
  if (slips.length === 0) return [...credits];
  const taken = new Map(slips.map(({ slipNumber, orderId }) => [slipNumber, orderId]));
  return credits.map((credit) => {
    const [takenFor = null] = namesOf(credit).flatMap((name) => taken.get(name) ?? []);
    return { ...credit, takenFor };
  });
}

/**
 * Orders of the payers, orders whose reference stands in a remittance, and those of slips; locked in one order, so that two credits cannot
 * cross.
 */
async function ordersThatCouldBeMeant(tx: EntityManager, credits: readonly UndecidedCredit[]): Promise<string[]> {
  const payers = new Set(credits.map(({ payerName }) => normaliseAccountName(payerName)));
  const references = new Set(credits.flatMap(({ remittance }) => referencesIn(remittance)));
  const found: { id: string }[] = await tx.query(`SELECT id FROM fee_order WHERE payer_key = ANY($1) OR reference = ANY($2)`, [
    [...payers],
    [...references],
  ]);
  return [...new Set([...found.map(({ id }) => id), ...credits.flatMap(({ takenFor }) => takenFor ?? [])])];
}

type Mutable<T> = { -readonly [Name in keyof T]: T[Name] };
type OrderInHand = Mutable<PayableOrder> & { readonly payerKey: string };

async function lockOrders(tx: EntityManager, ids: readonly string[]): Promise<OrderInHand[]> {
  const rows: (Omit<OrderInHand, 'amountFen' | 'receivedFen'> & { amountFen: string; receivedFen: string })[] = await tx.query(
    `SELECT id, reference, certificate_name AS "certificateName", uscc, payer, payer_key AS "payerKey", amount_fen AS "amountFen",
       received_fen AS "receivedFen", expires_at AS "expiresAt", status
     FROM fee_order WHERE id = ANY($1) ORDER BY id FOR UPDATE`,
    [ids],
  );
  return rows.map((row) => ({ ...row, amountFen: fen(Number(row.amountFen)), receivedFen: fen(Number(row.receivedFen)) }));
}

/** The orders in hand as they stand after each decision. */
class OpenBook {
  private readonly byPayer = new Map<string, OrderInHand[]>();
  private readonly byReference = new Map<string, OrderInHand>();
  private readonly byId = new Map<string, OrderInHand>();

  constructor(orders: readonly OrderInHand[]) {
    for (const order of orders) {
      this.byId.set(order.id, order);
      this.byReference.set(order.reference, order);
      const ofPayer = this.byPayer.get(order.payerKey);
      if (ofPayer) ofPayer.push(order);
      else this.byPayer.set(order.payerKey, [order]);
    }
  }

  decide(credit: Credit): CreditDecision {
    const named = referencesIn(credit.remittance).flatMap((reference) => this.byReference.get(reference) ?? []);
    const own = this.byPayer.get(normaliseAccountName(credit.payerName)) ?? [];
    const decision = matchCredit(credit, [...new Set([...own, ...named])]);
    for (const { orderId, amountFen, missingFen } of decision.kind === 'matched' ? decision.shares : []) {
      const order = this.byId.get(orderId);
      if (!order) continue;
      order.receivedFen = fen(order.receivedFen + amountFen);
      if (missingFen === 0) order.status = 'paid';
    }
    return decision;
  }
}
