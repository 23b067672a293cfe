/** Every checkpoint: numbered without a gap, joined, signed, made from the heads that are there; and the copy says the same. */
import type { EntityManager } from 'typeorm';
import { AuditCheckpoint } from '../entities/audit.js';
import { rowsOf } from './cursor.js';
import { checkpointFacts, checkpointHash, checkpointLine, headsDigest, NO_CHECKPOINT, type Head } from './facts.js';
import type { CheckpointFinding, CopyFinding } from './finding.js';

type Row = Omit<AuditCheckpoint, 'entries' | 'chains'> & { entries: string; chains: string };
type Last = Pick<AuditCheckpoint, 'number' | 'hash' | 'entries'> & { at: Date | null };

export interface CheckpointsWatch {
  /** Lines of the copy, from its first. */
  lines: AsyncIterable<string>;
  signatureHolds: (facts: Buffer, signature: Buffer) => boolean;
  report: (finding: CheckpointFinding | CopyFinding) => void;
}

const CHECKPOINTS = {
  name: 'checkpoints',
  sql: `SELECT number, at, entries, chains, digest, previous_hash AS "previousHash", hash, signature FROM audit_checkpoint ORDER BY number`,
};
const HEADS = {
  name: 'heads',
  sql: `SELECT checkpoint_number AS number, subject, seq, hash FROM audit_checkpoint_head
        ORDER BY checkpoint_number, subject COLLATE "C"`,
};

/** @returns how many there are, and the last one */
export async function verifyCheckpoints(tx: EntityManager, watch: CheckpointsWatch): Promise<{ checkpoints: number; last: Last }> {
  const digests = numbered(digestsOf(tx));
  const lines = numbered(linesOf(watch.lines));
  const copy = copyComparison(watch.report);
  let checkpoints = 0;
  let last: Last = { ...NO_CHECKPOINT, at: null };
  for await (const row of rowsOf<Row>(tx, CHECKPOINTS)) {
    const checkpoint = { ...row, entries: Number(row.entries), chains: Number(row.chains) };
    const { number } = checkpoint;
    if (number > last.number + 1) watch.report({ of: 'checkpoint', number: last.number + 1, what: 'missing' });
    const what = faultOf(checkpoint, last, await digests.at(number), watch.signatureHolds);
    if (what) watch.report({ of: 'checkpoint', number, what });
    const line = await lines.at(number);
    // Of one that does not hold the copy may well be the better witness.
    if (!what) copy.compare(checkpoint, line);
    last = checkpoint;
    checkpoints += 1;
  }
  // The last ones leave no gap; but what they saw, or their lines in the copy, may still be there.
  const isCut = (await digests.hasMore()) || (await lines.hasMore());
  if (isCut) watch.report({ of: 'checkpoint', number: last.number + 1, what: 'missing' });
  return { checkpoints, last };
}

function faultOf(
  checkpoint: AuditCheckpoint,
  before: Last,
  digest: Buffer | undefined,
  signatureHolds: CheckpointsWatch['signatureHolds'],
): CheckpointFinding['what'] | null {
  const facts = factsOf(checkpoint);
  if (!facts?.hash.equals(checkpoint.hash)) return 'changed';
  // Behind a gap there is nothing to join; the gap itself is reported.
  if (checkpoint.number === before.number + 1 && !checkpoint.previousHash.equals(before.hash)) return 'changed';
  if (!signatureHolds(facts.bytes, checkpoint.signature)) return 'unsigned';
  return digest?.equals(checkpoint.digest) ? null : 'heads';
}

function factsOf(checkpoint: AuditCheckpoint): { bytes: Buffer; hash: Buffer } | null {
  try {
    const bytes = checkpointFacts(checkpoint);
    return { bytes, hash: checkpointHash(bytes) };
  } catch {
    // An instant like `infinity` has no canonical form, so it was not we who wrote it.
    return null;
  }
}

/** Compares line by line and reports where the copy first differs. */
function copyComparison(report: CheckpointsWatch['report']) {
  let differs = false;
  return {
    compare(checkpoint: AuditCheckpoint, line: string | undefined): void {
      if (differs || line === checkpointLine(checkpoint)) return;
      differs = true;
      report({ of: 'copy', number: checkpoint.number, what: line === undefined ? 'missing' : 'changed' });
    },
  };
}

interface Numbered<T> {
  number: number;
  value: T;
}

/** One digest a checkpoint, from the heads as they are now. */
async function* digestsOf(tx: EntityManager): AsyncGenerator<Numbered<Buffer>, undefined> {
  let [number, digest] = [NO_CHECKPOINT.number, headsDigest()];
  for await (const head of rowsOf<Head & { number: number }>(tx, HEADS)) {
    if (head.number !== number) {
      if (number !== NO_CHECKPOINT.number) yield { number, value: digest.end() };
      [number, digest] = [head.number, headsDigest()];
    }
    digest.add(head);
  }
  if (number !== NO_CHECKPOINT.number) yield { number, value: digest.end() };
}

/** A line's place is its number: a line that was taken out moves the others, and is seen there. */
async function* linesOf(lines: AsyncIterable<string>): AsyncGenerator<Numbered<string>, undefined> {
  let number = 0;
  for await (const value of lines) yield { number: (number += 1), value };
}

/** Walks a numbered sequence beside another one, forwards only. */
function numbered<T>(items: AsyncGenerator<Numbered<T>, undefined>) {
  let seen: Promise<IteratorResult<Numbered<T>, undefined>> | undefined;
  /** Asked for when it is needed: one connection answers one question at a time. */
  const peek = async () => (await (seen ??= items.next())).value;
  const pass = () => (seen = undefined);
  return {
    async at(number: number): Promise<T | undefined> {
      for (let item = await peek(); item && item.number <= number; item = await peek()) {
        pass();
        if (item.number === number) return item.value;
      }
      return undefined;
    },
    hasMore: async () => (await peek()) !== undefined,
  };
}
