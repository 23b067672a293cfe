/** What decisions about credits do: to their orders, to the ledger, to the timelines of the cases. Many at once, as a statement brings them. */
import { fen, heldReasonWords, moved, XinyinError, yuan, type Actor, type CreditDecision, type Share } from '#domain';
import { BankCredit, FeeOrder, post, postAll, rowsAsJson, standings, type AuditRecord, type Posting } from '#persistence';
import type { EntityManager } from 'typeorm';
import { lockCases, noteAll, noteOf, type StandingCase } from '../casework/index.js';
import { oweAll, refundIdOf, type OwedWithPayer } from '../refund/index.js';

export interface Told {
  applicationId: string;
  result: Share['result'] | 'held';
}
export interface Decided {
  /** Whose case is told; nobody's where the credit is nobody's. */
  applicationId: string | null;
  result: Share['result'] | 'held';
  /** The other cases, where one credit pays several. */
  others?: Told[];
}

export interface Booking {
  /** Locked by the caller. */
  credit: Pick<BankCredit, 'id' | 'source' | 'payerName' | 'payerAccount'>;
  decision: CreditDecision;
  /** A person of finance who gives each order its share by an explanation; the bank where nobody but the rules did. */
  explained?: {
    by: Actor;
    explanationId: string;
    /** What becomes of the rest, where the shares are not all of it. */ rest: 'held' | 'to-refund' | null;
  };
}
/** The case of each order that a decision names, locked like the order itself. */
export type CaseOfOrder = ReadonlyMap<string, StandingCase>;

/** The cases of orders, by order. They are locked first, and the orders after them, as a case's own steps do. */
export async function lockCasesOf(tx: EntityManager, orderIds: readonly string[]): Promise<CaseOfOrder> {
  const orders: { id: string; applicationId: string }[] = await tx.query(
    `SELECT id, application_id AS "applicationId" FROM fee_order WHERE id = ANY($1)`,
    [orderIds],
  );
  const cases = await lockCases(
    tx,
    orders.map(({ applicationId }) => applicationId),
  );
  return new Map(
    orders.flatMap(({ id, applicationId }) => {
      const standing = cases.get(applicationId);
      return standing ? [[id, standing] as const] : [];
    }),
  );
}

/**
 * Does what was decided, once for each credit, and answers by credit who is to hear of it. Gives each order its share; what is over an order
 * is owed back at once.
 */
export async function bookAll(
  tx: EntityManager,
  bookings: readonly Booking[],
  cases: CaseOfOrder,
  at: Date,
): Promise<Map<string, Decided>> {
  await writeCredits(tx, bookings, at);
  await postAll(
    tx,
    bookings.map((booking) => matchedPosting(booking, at)),
  );
  await writeOrders(tx, bookings, at);
  const due = await oweAll(
    tx,
    bookings.flatMap((booking) => surplusOf(booking, cases)),
    at,
  );
  await noteAll(tx, recordsOf(bookings, cases, due, at), new Set(cases.values()), at);
  await postAll(
    tx,
    bookings.flatMap((booking) => earnedPostings(booking, cases, at)),
  );
  return new Map(bookings.map(({ credit, decision }) => [credit.id, answerTo(toldOf(decision, cases))]));
}

const sharesOf = (decision: CreditDecision): readonly Share[] => (decision.kind === 'matched' ? decision.shares : []);

const actorOf = ({ credit, explained }: Booking): Actor => explained?.by ?? { kind: 'bank', id: credit.source };

/** A credit is decided by the rules once; what finance says of it, once for each time it says so. */
const occasionOf = ({ credit, explained }: Booking) => (explained ? `${credit.id}/${explained.explanationId}` : credit.id);

function caseOf(cases: CaseOfOrder, orderId: string): StandingCase {
  const standing = cases.get(orderId);
  if (!standing) throw new XinyinError('NOT_FOUND');
  return standing;
}

async function writeCredits(tx: EntityManager, bookings: readonly Booking[], at: Date): Promise<void> {
  const rows = bookings.map(({ credit: { id }, decision, explained }) => {
    if (decision.kind === 'held') return { id, state: 'held', orderId: decision.orderId, heldReason: decision.reason, surplusFen: 0 };
    const surplusFen = decision.shares.reduce((sum, share) => sum + share.surplusFen, 0);
    return { id, state: explained?.rest ?? 'matched', orderId: decision.shares[0]?.orderId ?? null, heldReason: null, surplusFen };
  });
  // Of a credit that is not all given away, the reason why it was held stays with the rest.
  await tx.query(
    `UPDATE "bank_credit" c SET state = told.state, order_id = told."orderId", surplus_fen = c.surplus_fen + told."surplusFen", decided_at = $2,
       held_reason = CASE WHEN told.state = 'matched' THEN NULL ELSE coalesce(told."heldReason", c.held_reason) END
     FROM json_to_recordset($1::json) AS told(id uuid, state text, "orderId" uuid, "heldReason" text, "surplusFen" bigint)
     WHERE c.id = told.id`,
    [rowsAsJson(rows), at],
  );
}

function matchedPosting(booking: Booking, at: Date): Posting {
  const { credit, decision } = booking;
  const creditId = credit.id;
  const held = { account: 'held', creditId } as const;
  const lines = sharesOf(decision).flatMap(({ orderId, amountFen }) => moved(held, { ...held, orderId }, amountFen));
  return { occasion: 'matched', onceKey: `matched/${occasionOf(booking)}`, at, lines };
}

/** Paid again for what was made already, after the bank had taken the first payment back: all but the surplus is earned at once. */
function earnedPostings(booking: Booking, cases: CaseOfOrder, at: Date): Posting[] {
  const { credit, decision } = booking;
  return sharesOf(decision)
    .filter(({ orderId, amountFen, surplusFen }) => caseOf(cases, orderId).completedAt !== null && amountFen > surplusFen)
    .map(({ orderId, amountFen, surplusFen }) => {
      const place = { account: 'held', creditId: credit.id, orderId } as const;
      const lines = moved(place, { ...place, account: 'earned' }, fen(amountFen - surplusFen));
      return { occasion: 'earned', onceKey: `earned/${orderId}/${occasionOf(booking)}`, at, lines };
    });
}

async function writeOrders(tx: EntityManager, bookings: readonly Booking[], at: Date): Promise<void> {
  const rows = new Map<string, { id: string; amountFen: number; paid: boolean }>();
  for (const { orderId: id, amountFen, missingFen } of bookings.flatMap(({ decision }) => sharesOf(decision))) {
    const { amountFen: before, paid } = rows.get(id) ?? { amountFen: 0, paid: false };
    rows.set(id, { id, amountFen: before + amountFen, paid: paid || missingFen === 0 });
  }
  if (rows.size === 0) return;
  await tx.query(
    `UPDATE "fee_order" o SET received_fen = o.received_fen + told."amountFen",
       status = CASE WHEN told.paid THEN 'paid' ELSE o.status END, paid_at = CASE WHEN told.paid THEN $2::timestamptz ELSE o.paid_at END
     FROM json_to_recordset($1::json) AS told(id uuid, "amountFen" bigint, paid boolean) WHERE o.id = told.id`,
    [rowsAsJson([...rows.values()]), at],
  );
}

function surplusOf(booking: Booking, cases: CaseOfOrder): OwedWithPayer[] {
  const { credit, decision } = booking;
  return sharesOf(decision)
    .filter(({ surplusFen }) => surplusFen > 0)
    .map(({ orderId, surplusFen: amountFen }) => {
      const about = { reason: 'surplus', orderId, creditId: credit.id, amountFen, proposedBy: null } as const;
      return { ...about, actor: actorOf(booking), payer: credit, subject: `application/${caseOf(cases, orderId).id}` };
    });
}

/** Each timeline in the order of the credits; what is owed back of one stands after it. */
function recordsOf(bookings: readonly Booking[], cases: CaseOfOrder, due: readonly AuditRecord[], at: Date): AuditRecord[] {
  const dueBy = new Map(due.map((record) => [record.details?.['refund'], record]));
  return bookings.flatMap((booking) => {
    const { credit, decision } = booking;
    const event = { actor: actorOf(booking), onceKey: `credit/${occasionOf(booking)}` };
    if (decision.kind === 'held') {
      const { reason: code, orderId } = decision;
      const details = { reason: heldReasonWords[code].zh, reasonEn: heldReasonWords[code].en, code, credit: credit.id };
      return orderId === null ? [] : [noteOf(caseOf(cases, orderId), { ...event, action: 'payment.held', details }, at)];
    }
    return decision.shares.flatMap(({ orderId, amountFen, missingFen, surplusFen }) => {
      const details = { amount: yuan(amountFen), missing: missingFen, surplus: surplusFen, credit: credit.id };
      const surplus = dueBy.get(refundIdOf({ reason: 'surplus', orderId, creditId: credit.id }));
      const credited = noteOf(caseOf(cases, orderId), { ...event, action: 'payment.credited', details }, at);
      return surplus ? [credited, surplus] : [credited];
    });
  });
}

function toldOf(decision: CreditDecision, cases: CaseOfOrder): Told[] {
  if (decision.kind === 'matched')
    return decision.shares.map(({ orderId, result }) => ({ applicationId: caseOf(cases, orderId).id, result }));
  return decision.orderId === null ? [] : [{ applicationId: caseOf(cases, decision.orderId).id, result: 'held' }];
}

/** Completion: what is held for the order is the office's own from here on. */
export async function earn(tx: EntityManager, orderId: string, onceKey: string, at: Date): Promise<void> {
  const held = (await standings(tx, { orderId })).filter(({ account, amountFen }) => account === 'held' && amountFen > 0);
  const lines = held.flatMap(({ amountFen, ...place }) => moved(place, { ...place, account: 'earned' }, amountFen));
  await post(tx, { occasion: 'earned', onceKey, at, lines });
}

/** What was decided before, as those concerned are to be told it now. */
export async function answerAgain(tx: EntityManager, credit: BankCredit): Promise<Decided> {
  if (credit.state === 'matched') {
    const orders: { application_id: string; status: FeeOrder['status'] }[] = await tx.query(
      `SELECT o.application_id, o.status FROM fee_order o WHERE o.id IN (SELECT order_id FROM ledger_line WHERE credit_id = $1) ORDER BY o.id`,
      [credit.id],
    );
    return answerTo(orders.map((order) => ({ applicationId: order.application_id, result: order.status === 'paid' ? 'exact' : 'short' })));
  }
  const order = credit.state === 'held' && credit.orderId !== null ? await tx.findOneBy(FeeOrder, { id: credit.orderId }) : null;
  return { applicationId: order?.applicationId ?? null, result: 'held' };
}

function answerTo([first, ...others]: Told[]): Decided {
  if (!first) return { applicationId: null, result: 'held' };
  return others.length === 0 ? first : { ...first, others };
}

/** Money that came at a window is held for its order like any other. */
export async function receiveAtWindow(tx: EntityManager, orderId: string, amountFen: number, at: Date): Promise<void> {
  const lines = moved({ account: 'received', orderId }, { account: 'held', orderId }, fen(amountFen));
  await post(tx, { occasion: 'window-received', onceKey: `window/${orderId}`, at, lines });
}
