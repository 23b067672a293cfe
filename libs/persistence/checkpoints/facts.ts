/** What a checkpoint states, in the one form that is hashed and signed. Pure. */
import { createHash } from 'node:crypto';
import { canonicalJson } from '../canonical-json.js';
import type { AuditCheckpoint, AuditCheckpointHead } from '../entities/audit.js';

export type Head = Pick<AuditCheckpointHead, 'subject' | 'seq' | 'hash'>;

/** What the first checkpoint joins. */
export const NO_CHECKPOINT: Pick<AuditCheckpoint, 'number' | 'hash' | 'entries' | 'chains'> = {
  number: 0,
  hash: Buffer.alloc(32),
  entries: 0,
  chains: 0,
};

/** SHA-256 over one line a head, `["<subject>",<seq>,"<hash in hex>"]` and a line feed, in the byte order of the subjects. */
export function headsDigest() {
  const hash = createHash('sha256');
  return {
    add: (head: Head) => void hash.update(`${canonicalJson([head.subject, head.seq, head.hash.toString('hex')])}\n`),
    end: () => hash.digest(),
  };
}

/** The canonical JSON that is hashed and, behind the purpose that `#pki` puts before it, signed. */
export function checkpointFacts(checkpoint: Omit<AuditCheckpoint, 'hash' | 'signature'>): Buffer {
  const { number, at, entries, chains, digest, previousHash } = checkpoint;
  const [digestHex, previous] = [digest.toString('hex'), previousHash.toString('hex')];
  return Buffer.from(canonicalJson({ number, at: at.toISOString(), entries, chains, digest: digestHex, previous }));
}

export function checkpointHash(facts: Uint8Array): Buffer {
  return createHash('sha256').update(facts).digest();
}

/** A line of the copy, without its line feed: the facts, their hash and the signature. */
export function checkpointLine(checkpoint: AuditCheckpoint): string {
  const facts = checkpointFacts(checkpoint).toString();
  const proof = { hash: checkpoint.hash.toString('hex'), signature: checkpoint.signature.toString('base64') };
  return `${facts.slice(0, -1)},${JSON.stringify(proof).slice(1)}`;
}

/** The number that a line states, or null when it is no line of ours. */
export function numberInLine(line: string): number | null {
  try {
    const stated = JSON.parse(line) as { number?: unknown } | null;
    return typeof stated?.number === 'number' ? stated.number : null;
  } catch {
    return null;
  }
}
