/**
 * The audit: append-only, hash-chained for each subject, written in the transaction of what it records. There is no global lock: a
 * subject's chain is held by an advisory lock that ends with the transaction.
 */
import { createHash } from 'node:crypto';
import type { Actor, AuditAction, Waiter } from '#domain';
import type { EntityManager } from 'typeorm';
import { canonicalJson } from './canonical-json.js';
import { AuditEntry } from './entities/application.js';
import { insertRows } from './row-sets.js';

export interface AuditRecord {
  subject: string;
  at: Date;
  actor: Actor;
  action: AuditAction;
  /** Codes and figures only: no names, phones, addresses. */
  details?: Record<string, string | number | boolean | null>;
  next?: Waiter | null;
  until?: Date | null;
  /** Records once for each subject and key, however often it is called. */
  onceKey?: string;
}

const CHAIN_START = Buffer.alloc(32);

/** Appends an entry. Returns false when `onceKey` was recorded before: what it stands for has happened already. */
export async function appendAudit(tx: EntityManager, record: AuditRecord): Promise<boolean> {
  const { known, last } = await holdChain(tx, record);
  if (known) return false;
  await tx.insert(AuditEntry, nextEntry(record, last ?? EMPTY_CHAIN));
  return true;
}

/** Appends many, each to its chain, in the order given. Answers those that are new. */
export async function appendAudits<Each extends AuditRecord>(tx: EntityManager, records: readonly Each[]): Promise<Each[]> {
  if (records.length === 0) return [];
  const ends = await holdChains(tx, records);
  const known = await recordedBefore(tx, records);
  const entries: AuditEntry[] = [];
  const fresh = records.filter((record) => {
    const key = occasionOf(record);
    if (key !== null && known.has(key)) return false;
    if (key !== null) known.add(key);
    const entry = nextEntry(record, ends.get(record.subject) ?? EMPTY_CHAIN);
    ends.set(record.subject, entry);
    entries.push(entry);
    return true;
  });
  await insertRows(tx, AuditEntry, entries);
  return fresh;
}

function nextEntry({ subject, at, actor, action, details = {}, next = null, until = null, onceKey }: AuditRecord, end: ChainEnd) {
  const chained = { seq: end.seq + 1, previousHash: end.hash };
  const facts = {
    subject,
    at,
    actorKind: actor.kind,
    actorId: actor.id,
    action,
    details,
    next,
    until,
    onceKey: onceKey ?? null,
    ...chained,
  };
  return { ...facts, hash: auditHash(facts) };
}

const occasionOf = ({ subject, onceKey }: Pick<AuditRecord, 'subject' | 'onceKey'>) =>
  onceKey === undefined ? null : JSON.stringify([subject, onceKey]);

/** Holds the chains until the transaction ends, in one order whoever asks; answers where each ends. */
async function holdChains(tx: EntityManager, records: readonly AuditRecord[]): Promise<Map<string, ChainEnd>> {
  const subjects = [...new Set(records.map(({ subject }) => subject))].sort();
  await tx.query(`SELECT pg_advisory_xact_lock(hashtextextended(told.subject, 7)) FROM unnest($1::text[]) AS told(subject)`, [subjects]);
  // A statement of its own: what stands there once the locks are held, not what stood there when they were asked for.
  const ends: (ChainEnd & { subject: string })[] = await tx.query(
    `SELECT told.subject, ends.seq, ends.hash FROM unnest($1::text[]) AS told(subject) CROSS JOIN LATERAL
       (SELECT e.seq, e.hash FROM audit_entry e WHERE e.subject = told.subject ORDER BY e.seq DESC LIMIT 1) ends`,
    [subjects],
  );
  return new Map(ends.map(({ subject, seq, hash }) => [subject, { seq, hash }]));
}

async function recordedBefore(tx: EntityManager, records: readonly AuditRecord[]): Promise<Set<string>> {
  const asked = records.filter(({ onceKey }) => onceKey !== undefined);
  const found: { subject: string; onceKey: string }[] = await tx.query(
    `SELECT told.subject, told.once_key AS "onceKey" FROM unnest($1::text[], $2::text[]) AS told(subject, once_key) CROSS JOIN LATERAL
       (SELECT 1 FROM audit_entry e WHERE e.subject = told.subject AND e.once_key = told.once_key LIMIT 1) found`,
    [asked.map(({ subject }) => subject), asked.map(({ onceKey }) => onceKey)],
  );
  return new Set(found.map((each) => JSON.stringify([each.subject, each.onceKey])));
}

/** Holds the chain until the transaction ends; answers its end, and whether the occasion was recorded before. */
async function holdChain(tx: EntityManager, { subject, onceKey }: AuditRecord) {
  const [row]: { known: boolean; seq: number | null; hash: Buffer | null }[] = await tx.query('SELECT * FROM audit_chain_end($1, $2)', [
    subject,
    onceKey ?? null,
  ]);
  const last = row && row.seq !== null && row.hash !== null ? { seq: row.seq, hash: row.hash } : null;
  return { known: row?.known ?? false, last };
}

/** SHA-256 over the previous hash and the entry's canonical JSON. */
export function auditHash(entry: Omit<AuditEntry, 'hash'>): Buffer {
  const { subject, seq, at, actorKind, actorId, action, details, next, until, onceKey } = entry;
  const facts = {
    subject,
    seq,
    at: at.toISOString(),
    actorKind,
    actorId,
    action,
    details,
    next,
    until: until?.toISOString() ?? null,
    onceKey,
  };
  return createHash('sha256').update(entry.previousHash).update(canonicalJson(facts)).digest();
}

/** The end of a chain so far: where the next entry must join. */
export type ChainEnd = Pick<AuditEntry, 'seq' | 'hash'>;
export const EMPTY_CHAIN: ChainEnd = { seq: 0, hash: CHAIN_START };

/** What is wrong with an entry as the next of its chain: entries before it are missing, or it is not what was written. */
export function linkFault(end: ChainEnd, entry: AuditEntry): 'missing' | 'changed' | null {
  if (entry.seq > end.seq + 1) return 'missing';
  const holds = entry.seq === end.seq + 1 && entry.previousHash.equals(end.hash) && hashHolds(entry);
  return holds ? null : 'changed';
}

function hashHolds(entry: AuditEntry): boolean {
  try {
    return entry.hash.equals(auditHash(entry));
  } catch {
    // An instant like `infinity` has no canonical form, so it was not we who wrote it.
    return false;
  }
}

/** The first entry of a chain that does not fit, or null when the chain holds. Entries in order of `seq`. */
export function brokenLink(entries: readonly AuditEntry[]): number | null {
  let end = EMPTY_CHAIN;
  for (const entry of entries) {
    if (linkFault(end, entry)) return entry.seq;
    end = entry;
  }
  return null;
}
