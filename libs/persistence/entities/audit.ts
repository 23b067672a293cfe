/** Checkpoints of the audit: each ties all chains together as they stood, and is tied to the one before it. Append-only, like the entries. */
import { Check, Entity, ForeignKey, Unique } from 'typeorm';
import { bytes, count, instant, integer, text } from './columns.js';

@Entity({ name: 'audit_checkpoint' })
@Check('ck_audit_checkpoint_number', `number > 0`)
export class AuditCheckpoint {
  /** 1, 2, 3, …: a gap is a checkpoint that somebody took away. */
  @integer('number', { primary: true }) number!: number;
  @instant('at') at!: Date;
  /** Entries and chains as of then, since the beginning. */
  @count('entries') entries!: number;
  @count('chains') chains!: number;
  /** SHA-256 over the heads that moved since the checkpoint before; with those it builds on, over all heads. */
  @bytes('digest') digest!: Buffer;
  @bytes('previous_hash') previousHash!: Buffer;
  @bytes('hash') hash!: Buffer;
  /** SM2, by the seal maker of the authority. */
  @bytes('signature') signature!: Buffer;
}

/**
 * The last entry of a chain as a checkpoint saw it; only of chains that had moved on since the checkpoint before. Kept, not computed again
 * from the entries: which of them were committed at that moment is something no column of theirs can say later.
 */
@Entity({ name: 'audit_checkpoint_head' })
@ForeignKey(() => AuditCheckpoint, ['checkpointNumber'], ['number'], {
  name: 'fk_audit_checkpoint_head_checkpoint',
  // The checkpoint's own digest is made from the heads, so they come first.
  deferrable: 'INITIALLY DEFERRED',
})
@Unique('uq_audit_checkpoint_head_place', ['checkpointNumber', 'subject'])
export class AuditCheckpointHead {
  @text('subject', { primary: true }) subject!: string;
  @integer('seq', { primary: true }) seq!: number;
  @bytes('hash') hash!: Buffer;
  @integer('checkpoint_number') checkpointNumber!: number;
}
