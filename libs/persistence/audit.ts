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

/** Appends an entry. Returns false when `onceKey` was recorded before: what it stands for has happened already. */
export async function appendAudit(tx: EntityManager, record: AuditRecord): Promise<boolean> {
  const { known, last } = await holdChain(tx, record);
  if (known) return false;
  const entry = tx.create(AuditEntry, {
    subject: record.subject,
    seq: (last?.seq ?? 0) + 1,
    at: record.at,
    actorKind: record.actor.kind,
    actorId: record.actor.id,
    action: record.action,
    details: record.details ?? {},
    next: record.next ?? null,
    until: record.until ?? null,
    onceKey: record.onceKey ?? null,
    previousHash: last?.hash ?? CHAIN_START,
  });
  entry.hash = auditHash(entry);
  await tx.insert(AuditEntry, entry);
  return true;
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
