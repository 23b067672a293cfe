/**
 * A statement file on its way to the credits: read and staged whole or refused whole, then recorded and decided in batches, each of which
 * finds what was done before. Nothing of a file that is refused is left but the reason.
 */
import { formatOf, statementEntries, type StatementEntry } from '#bank-statements';
import { calendarDay, system, XinyinError } from '#domain';
import { appendAudit, BankStatement, BankStatementEntry, insertRows, statementSubject } from '#persistence';
import { heartbeat } from '@temporalio/activity';
import type { EntityManager } from 'typeorm';
import type { BusinessDeps } from '../deps.js';
import { decideCredits } from '../payment/index.js';
import { addedCredits, noticesOf, type CreditTold } from './notices.js';
import { linkPaidRefunds, type RefundPaid } from './paid-refunds.js';
import { recordBatch } from './record-batch.js';
import { linkReturnedRefunds } from './returned-refunds.js';
import { linkReversals } from './reversals.js';

export interface StatementPart {
  sha256: string;
  /** Positions, both included. */
  from: number;
  to: number;
}
export interface StatementStanding {
  state: BankStatement['state'];
  entries: number;
}

/** Rows of one INSERT. */
const STAGED_AT_ONCE = 1_000;

export const statementActivities = ({ data, now, objects, ownAccounts }: BusinessDeps) => ({
  /** Reads the file and stages its entries, once. A file that is not right is refused with its place and reason. */
  async readStatement({ sha256 }: { sha256: string }): Promise<StatementStanding> {
    const statement = await data.manager.findOneByOrFail(BankStatement, { sha256 });
    if (statement.state !== 'received') return { state: statement.state, entries: statement.entryCount };
    const bytes = await objects.get(sha256);
    try {
      const entries = await data.transaction((tx) => stage(tx, statement, bytes, { now: now(), ownAccounts }));
      return { state: 'recording', entries };
    } catch (failure) {
      if (!(failure instanceof XinyinError) || failure.code !== 'STATEMENT_REFUSED') throw failure;
      await data.transaction((tx) => refuse(tx, statement, failure, now()));
      return { state: 'refused', entries: 0 };
    }
  },

  /** Records a part: each credit once, whoever told it first. */
  async recordStatementPart(part: StatementPart): Promise<void> {
    await data.transaction((tx) => recordBatch(tx, part, now()));
  },

  /** After all of it is recorded, and before any of it is decided: a credit that was taken back pays nothing. */
  async linkReversals({ sha256 }: { sha256: string }): Promise<{ reversed: string[] }> {
    return data.transaction(async (tx) => {
      await tx.update(BankStatement, { sha256, state: 'recording' }, { state: 'deciding' });
      return linkReversals(tx, sha256, now());
    });
  },

  /**
   * After that: what went out to pay refunds of ours, and what of that came back. Answers those whose runs are to hear that the bank has paid.
   */
  async linkPaidRefunds({ sha256 }: { sha256: string }): Promise<{ paid: RefundPaid[] }> {
    const paid = await data.transaction((tx) => linkPaidRefunds(tx, sha256, now()));
    // By itself: it holds credits before refunds, as whoever takes a credit back does.
    await data.transaction((tx) => linkReturnedRefunds(tx, now()));
    return { paid };
  },

  /**
   * Decides the credits of a part that this file was the first to tell, all in one transaction. `toldAfterwards`: the cases are told when all
   * of it is decided; runs that began before that was so tell them part by part.
   */
  async decideStatementPart({
    toldAfterwards = false,
    ...part
  }: StatementPart & { toldAfterwards?: boolean }): Promise<{ notices: CreditTold[] }> {
    await data.transaction(async (tx) => {
      await decideCredits(tx, await addedCredits(tx, part), now());
      await tx.update(BankStatement, { sha256: part.sha256 }, { decidedCount: part.to });
    });
    return { notices: toldAfterwards ? [] : await noticesOf(data.manager, part) };
  },

  /** Which cases are to hear of the credits of a part, as these stand now. */
  async statementNotices(part: StatementPart): Promise<{ notices: CreditTold[] }> {
    return { notices: await noticesOf(data.manager, part) };
  },

  async closeStatement({ sha256 }: { sha256: string }): Promise<{ lines: number; added: number }> {
    return data.transaction(async (tx) => {
      const { entryCount: lines, state } = await tx.findOneByOrFail(BankStatement, { sha256 });
      const added = await tx.countBy(BankStatementEntry, { statementSha256: sha256, outcome: 'added' });
      if (state !== 'done') {
        await tx.update(BankStatement, { sha256 }, { state: 'done', decidedCount: lines, recordedCount: lines, finishedAt: now() });
        await audit(tx, sha256, 'statement.imported', { lines, added }, now());
      }
      return { lines, added };
    });
  },
});

async function stage(
  tx: EntityManager,
  { sha256, day }: BankStatement,
  bytes: Buffer,
  rules: { now: Date; ownAccounts: readonly string[] },
): Promise<number> {
  const options = { ...rules, ...(day === null ? {} : { day: calendarDay(day) }) };
  let waiting: Partial<BankStatementEntry>[] = [];
  let entries = 0;
  // One group is stored while the next is read: reading is our work, storing the database's.
  let storing: Promise<unknown> = Promise.resolve();
  const store = async () => {
    await storing;
    storing = insertRows(tx, BankStatementEntry, waiting);
    // It is awaited before the next group, or at the end; until then nobody else is to call its failure unhandled.
    storing.catch(() => undefined);
    waiting = [];
    heartbeat(entries);
  };
  try {
    for await (const entry of statementEntries(bytes, options)) {
      entries += 1;
      waiting.push(staged(sha256, entry));
      if (waiting.length === STAGED_AT_ONCE) await store();
    }
    await store();
  } finally {
    await storing;
  }
  await tx.update(BankStatement, { sha256 }, { state: 'recording', format: formatOf(bytes), entryCount: entries });
  return entries;
}

const staged = (statementSha256: string, { reference, ...entry }: StatementEntry) => ({
  ...entry,
  statementSha256,
  bankReference: reference,
  bookedAt: new Date(entry.bookedAt),
});

async function refuse(tx: EntityManager, { sha256 }: BankStatement, failure: XinyinError, at: Date): Promise<void> {
  const [fault] = failure.fields;
  const refusal = { place: fault?.field ?? '', code: fault?.code ?? failure.code, params: { ...fault?.params } };
  await tx.update(BankStatement, { sha256 }, { state: 'refused', refusal, finishedAt: at });
  await audit(tx, sha256, 'statement.refused', { place: refusal.place, code: refusal.code }, at);
}

async function audit(
  tx: EntityManager,
  sha256: string,
  action: 'statement.refused' | 'statement.imported',
  details: Record<string, string | number>,
  at: Date,
): Promise<void> {
  await appendAudit(tx, { subject: statementSubject(sha256), at, actor: system('bank-statement'), action, details });
}
