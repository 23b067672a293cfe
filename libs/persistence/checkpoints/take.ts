/** Takes a checkpoint: the heads that moved, their digest, the signature, the copy. */
import { XinyinError } from '#domain';
import { MoreThan, type DataSource, type EntityManager } from 'typeorm';
import { AuditCheckpoint } from '../entities/audit.js';
import type { CheckpointCopy, CopyTail } from './copy.js';
import { rowsOf } from './cursor.js';
import { checkpointFacts, checkpointHash, checkpointLine, headsDigest, NO_CHECKPOINT, numberInLine, type Head } from './facts.js';
import { holdingCheckpoints, onOneConnection } from './hold.js';

export interface CheckpointTaken {
  /** 0 while there is nothing to tie together. */
  number: number;
  entries: number;
  chains: number;
  /** False when no chain had moved on: then the last one still says all. */
  fresh: boolean;
}

export interface CheckpointMeans {
  at: Date;
  sign: (facts: Buffer) => Buffer;
  copy: CheckpointCopy;
}

const COPIED_AT_ONCE = 500;

/** @throws XinyinError AUDIT_BROKEN when the copy knows a checkpoint that the table does not have, or has otherwise */
export async function takeCheckpoint(data: DataSource, means: CheckpointMeans): Promise<CheckpointTaken> {
  return onOneConnection(data, (runner) =>
    holdingCheckpoints(runner, 'alone', async () => {
      const tail = await means.copy.tail();
      // Before anything is signed: one built on a history that was tampered with would take the place of the one taken away.
      const copied = await copiedSoFar(runner.manager, tail);
      const taken = await runner.manager.transaction((tx) => record(tx, means));
      await bringUpToDate(runner.manager, means.copy, copied, tail.torn);
      return taken;
    }),
  );
}

async function copiedSoFar(manager: EntityManager, { line }: CopyTail): Promise<number> {
  if (line === null) return NO_CHECKPOINT.number;
  const number = numberInLine(line);
  const row = number === null ? null : await manager.findOneBy(AuditCheckpoint, { number });
  if (!row || checkpointLine(row) !== line) throw new XinyinError('AUDIT_BROKEN');
  return row.number;
}

async function record(tx: EntityManager, { at, sign }: CheckpointMeans): Promise<CheckpointTaken> {
  const last = (await tx.findOne(AuditCheckpoint, { where: {}, order: { number: 'DESC' } })) ?? NO_CHECKPOINT;
  const number = last.number + 1;
  const moved = await recordHeads(tx, number);
  const [entries, chains] = [last.entries + moved.entries, last.chains + moved.chains];
  if (moved.heads === 0) return { number: last.number, entries, chains, fresh: false };
  const digest = headsDigest();
  for await (const head of headsOf(tx, number)) digest.add(head);
  const checkpoint = { number, at, entries, chains, digest: digest.end(), previousHash: last.hash };
  const facts = checkpointFacts(checkpoint);
  await tx.insert(AuditCheckpoint, { ...checkpoint, hash: checkpointHash(facts), signature: sign(facts) });
  return { number, entries, chains, fresh: true };
}

/**
 * One statement, hence one view of the table: an entry whose transaction is still open is not in it, and makes its chain move for the next
 * checkpoint. A chain commits its entries in their order, so what is seen of it has no gap. Steps from chain to chain by the primary key:
 * the work grows with the chains, not with the entries.
 */
async function recordHeads(tx: EntityManager, number: number): Promise<{ heads: number; entries: number; chains: number }> {
  const [moved] = await tx.query<Record<'heads' | 'entries' | 'chains', string>[]>(
    `WITH RECURSIVE chain AS (
       (SELECT subject FROM audit_entry ORDER BY subject LIMIT 1)
       UNION ALL
       SELECT (SELECT e.subject FROM audit_entry e WHERE e.subject > chain.subject ORDER BY e.subject LIMIT 1)
       FROM chain WHERE chain.subject IS NOT NULL
     ), moved AS (
       SELECT head.subject, head.seq, head.hash, known.seq AS before
       FROM chain
       CROSS JOIN LATERAL (SELECT e.subject, e.seq, e.hash FROM audit_entry e
                           WHERE e.subject = chain.subject ORDER BY e.seq DESC LIMIT 1) head
       LEFT JOIN LATERAL (SELECT k.seq FROM audit_checkpoint_head k
                          WHERE k.subject = chain.subject ORDER BY k.seq DESC LIMIT 1) known ON true
       WHERE known.seq IS NULL OR head.seq > known.seq
     ), recorded AS (
       INSERT INTO audit_checkpoint_head (subject, seq, hash, checkpoint_number)
       SELECT subject, seq, hash, $1::integer FROM moved
     )
     SELECT count(*) AS heads, coalesce(sum(seq - coalesce(before, 0)), 0) AS entries, count(*) FILTER (WHERE before IS NULL) AS chains
     FROM moved`,
    [number],
  );
  return { heads: Number(moved?.heads ?? 0), entries: Number(moved?.entries ?? 0), chains: Number(moved?.chains ?? 0) };
}

function headsOf(tx: EntityManager, number: number): AsyncGenerator<Head> {
  // By bytes, whatever the database's own order is: that may change with the system's locales.
  const sql = `SELECT subject, seq, hash FROM audit_checkpoint_head WHERE checkpoint_number = $1 ORDER BY subject COLLATE "C"`;
  return rowsOf<Head>(tx, { name: 'moved_heads', sql, parameters: [number] });
}

/** Also what an earlier attempt committed and could not copy, or what a crash cut short. */
async function bringUpToDate(manager: EntityManager, copy: CheckpointCopy, copied: number, torn: string): Promise<void> {
  let [number, begun] = [copied, torn];
  for (;;) {
    const rows = await manager.find(AuditCheckpoint, {
      where: { number: MoreThan(number) },
      order: { number: 'ASC' },
      take: COPIED_AT_ONCE,
    });
    const text = rows.map((row) => `${checkpointLine(row)}\n`).join('');
    if (!text.startsWith(begun)) throw new XinyinError('AUDIT_BROKEN');
    if (text.length > begun.length) await copy.append(text.slice(begun.length));
    if (rows.length < COPIED_AT_ONCE) return;
    [number, begun] = [rows.at(-1)?.number ?? number, ''];
  }
}
