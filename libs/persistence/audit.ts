/**
 * The audit: append-only, hash-chained for each subject, written in the transaction of what it records. There is no global lock: a
 * subject's chain is held by an advisory lock that ends with the transaction.
 */
import { createHash } from 'node:crypto';
import type { Actor, AuditAction, Waiter } from '#domain';
import type { EntityManager } from 'typeorm';
import { canonicalJson } from './canonical-json.js';
import { AuditEntry } from './entities/application.js';

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
