/** Every entry of every chain, in one pass: it joins the one before, and it is what the checkpoints saw there. */
import type { EntityManager } from 'typeorm';
import { EMPTY_CHAIN, linkFault, type ChainEnd } from '../audit.js';
import type { AuditEntry } from '../entities/application.js';
import { rowsOf } from './cursor.js';
import type { ChainFinding } from './finding.js';

/** An entry, and the hash that a checkpoint saw at its place, where one did. */
type SeenEntry = AuditEntry & { seenHash: Buffer | null };

export interface ChainsWatch {
  report: (finding: ChainFinding) => void;
  /** Called for each entry: how many were checked. */
  progress: (checked: number) => void;
}

/** Two merges by primary key, so that neither side is sorted or held. */
const ENTRIES = {
  name: 'entries',
  sql: `SELECT e.subject, e.seq, e.at, e.actor_kind AS "actorKind", e.actor_id AS "actorId", e.action, e.details, e.next, e.until,
               e.once_key AS "onceKey", e.previous_hash AS "previousHash", e.hash, seen.hash AS "seenHash"
        FROM audit_entry e LEFT JOIN audit_checkpoint_head seen ON seen.subject = e.subject AND seen.seq = e.seq
        ORDER BY e.subject, e.seq`,
};

/** Chains whose end a checkpoint saw and that is no longer there: where they now end, the next entry is missing. */
const CUT_CHAINS = {
  name: 'cut_chains',
  sql: `SELECT seen.subject,
               1 + coalesce((SELECT e.seq FROM audit_entry e WHERE e.subject = seen.subject ORDER BY e.seq DESC LIMIT 1), 0) AS seq
        FROM audit_checkpoint_head seen
        WHERE NOT EXISTS (SELECT FROM audit_entry e WHERE e.subject = seen.subject AND e.seq = seen.seq)
        GROUP BY seen.subject`,
};

export async function verifyChains(tx: EntityManager, { report, progress }: ChainsWatch): Promise<{ entries: number; chains: number }> {
  const verified = { entries: 0, chains: 0 };
  const broken = new Set<string>();
  let subject: string | null = null;
  let end: ChainEnd = EMPTY_CHAIN;
  for await (const entry of rowsOf<SeenEntry>(tx, ENTRIES)) {
    if (entry.subject !== subject) {
      [subject, end] = [entry.subject, EMPTY_CHAIN];
      verified.chains += 1;
    }
    const finding = broken.has(subject) ? null : findingAt(end, entry);
    if (finding) {
      broken.add(subject);
      report(finding);
    }
    end = entry;
    verified.entries += 1;
    progress(verified.entries);
  }
  for await (const cut of rowsOf<{ subject: string; seq: number }>(tx, CUT_CHAINS)) {
    if (!broken.has(cut.subject)) report({ of: 'chain', subject: cut.subject, seq: cut.seq, what: 'missing' });
  }
  return verified;
}

function findingAt(end: ChainEnd, entry: SeenEntry): ChainFinding | null {
  const { subject, seq, hash, seenHash } = entry;
  const fault = linkFault(end, entry);
  if (fault) return { of: 'chain', subject, seq: fault === 'missing' ? end.seq + 1 : seq, what: fault };
  return seenHash && !seenHash.equals(hash) ? { of: 'chain', subject, seq, what: 'rewritten' } : null;
}
