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

/**
 * Holds the chain until the transaction ends, reads its end, and joins the entry to it: one statement, since every step of every case asks
 * it. Nothing is inserted where the occasion was recorded before. The hash is made where the end is known; `linkFault` makes it anew.
 */
const APPEND = `INSERT INTO "audit_entry" (subject, seq, at, actor_kind, actor_id, action, details, next, until, once_key, previous_hash, hash)
  SELECT $1, ends.seq, $2::timestamptz, $3, $4, $5, $6::jsonb, $7, $8::timestamptz, $9, ends.hash,
    sha256(ends.hash || convert_to($10::text || ends.seq::text || $11::text, 'UTF8'))
  FROM (SELECT known, coalesce(seq, 0) + 1 AS seq, coalesce(hash, $12::bytea) AS hash FROM audit_chain_end($1, $9)) ends
  WHERE NOT ends.known RETURNING seq`;

/** Appends an entry. Returns false when `onceKey` was recorded before: what it stands for has happened already. */
export async function appendAudit(tx: EntityManager, record: AuditRecord): Promise<boolean> {
  const { subject, at, actor, action, details = {}, next = null, until = null, onceKey = null } = record;
  const facts = { subject, at, actorKind: actor.kind, actorId: actor.id, action, details, next, until, onceKey };
  const { beforeSeq, afterSeq } = canonicalEntry(facts);
  const row = [subject, at, actor.kind, actor.id, action, JSON.stringify(details), next, until, onceKey];
  const appended: unknown[] = await tx.query(APPEND, [...row, beforeSeq, afterSeq, CHAIN_START]);
  return appended.length > 0;
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

/** SHA-256 over the previous hash and the entry's canonical JSON. */
export function auditHash(entry: Omit<AuditEntry, 'hash'>): Buffer {
  const { beforeSeq, afterSeq } = canonicalEntry(entry);
  return createHash('sha256').update(entry.previousHash).update(`${beforeSeq}${entry.seq}${afterSeq}`).digest();
}

/** The canonical JSON on both sides of the number, which is the last to be known. Its keys stand in alphabetical order. */
function canonicalEntry(entry: Omit<AuditEntry, 'hash' | 'previousHash' | 'seq'>): { beforeSeq: string; afterSeq: string } {
  const { subject, at, actorKind, actorId, action, details, next, until, onceKey } = entry;
  const before = canonicalJson({ action, actorId, actorKind, at: at.toISOString(), details, next, onceKey });
  const after = canonicalJson({ subject, until: until?.toISOString() ?? null });
  return { beforeSeq: `${before.slice(0, -1)},"seq":`, afterSeq: `,${after.slice(1)}` };
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
