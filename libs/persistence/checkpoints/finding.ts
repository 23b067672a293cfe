/** What a verification finds: of each chain, and of the copy, the first thing only, for nothing behind it can be relied on. */

/**
 * changed: the entry is not what was written, or does not join the one before. missing: it is not there, in the middle or at the end.
 * rewritten: the chain fits together, and is another one than the checkpoint saw; changed at this entry or before it.
 */
export interface ChainFinding {
  of: 'chain';
  subject: string;
  seq: number;
  what: 'changed' | 'missing' | 'rewritten';
}

/**
 * missing: there were more. changed: facts, hash and link to the one before do not fit. heads: what it saw of the chains was changed.
 * unsigned: the authority did not sign this.
 */
export interface CheckpointFinding {
  of: 'checkpoint';
  number: number;
  what: 'missing' | 'changed' | 'heads' | 'unsigned';
}

/** missing: the file ends before this checkpoint. changed: its line says otherwise than the table. */
export interface CopyFinding {
  of: 'copy';
  number: number;
  what: 'missing' | 'changed';
}

export type AuditFinding = ChainFinding | CheckpointFinding | CopyFinding;
