/** Who waits at a window. */
import type { WindowSlug } from '#domain';
import { Check, Entity, Index, Unique } from 'typeorm';
import { day, instant, integer, text, uuid } from './columns.js';

/** A queue ticket: numbered from one, each day and window anew. It says nothing about who holds it. */
@Entity({ name: 'queue_ticket' })
@Unique('uq_queue_ticket_number', ['window', 'day', 'number'])
@Index('ix_queue_ticket_waiting', ['window', 'day', 'number'], { where: 'called_at IS NULL' })
@Check('ck_queue_ticket_number', `number > 0`)
@Check('ck_queue_ticket_called', `(called_at IS NULL) = (called_by IS NULL) AND (called_at IS NULL) = (desk IS NULL)`)
export class QueueTicket {
  @uuid('id', { primary: true }) id!: string;
  @text('window_slug') window!: WindowSlug;
  @day('day') day!: string;
  @integer('number') number!: number;
  @instant('taken_at') takenAt!: Date;
  @instant('called_at', { nullable: true }) calledAt!: Date | null;
  @uuid('called_by', { nullable: true }) calledBy!: string | null;
  @text('desk', { nullable: true }) desk!: string | null;
}
