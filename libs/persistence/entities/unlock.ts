/** 证书解锁: the ticket, the second person's decision, and the one answer that the token gets. */
import type { UnlockContact, UnlockRefusal } from '#domain';
import { Check, Entity, ForeignKey } from 'typeorm';
import { Application } from './application.js';
import { instant, text, uuid } from './columns.js';

/** What customer service took down. Its application's `agentPhone` is the registered phone that was called back, and that gets the code. */
@Entity({ name: 'unlock_ticket' })
@ForeignKey(() => Application, ['applicationId'], ['id'], { name: 'fk_unlock_ticket_application' })
@Check('ck_unlock_ticket_contact', `contact IN ('telephone','qq')`)
export class UnlockTicket {
  @uuid('application_id', { primary: true }) applicationId!: string;
  @text('contact') contact!: UnlockContact;
  /** The one token that is unlocked. */
  @text('token_serial_number') tokenSerialNumber!: string;
  @uuid('called_back_by') calledBackBy!: string;
  @instant('called_back_at') calledBackAt!: Date;
}

/** Once a ticket, by another person than the one who opened it: a trigger refuses that too. */
@Entity({ name: 'unlock_decision' })
@ForeignKey(() => Application, ['applicationId'], ['id'], { name: 'fk_unlock_decision_application' })
@Check('ck_unlock_decision_outcome', `outcome IN ('approved','rejected')`)
@Check('ck_unlock_decision_reason', `(outcome = 'rejected') = (reason IS NOT NULL)`)
export class UnlockDecisionRow {
  @uuid('application_id', { primary: true }) applicationId!: string;
  @text('outcome') outcome!: 'approved' | 'rejected';
  @text('reason', { nullable: true }) reason!: UnlockRefusal | null;
  @uuid('decided_by') decidedBy!: string;
  @instant('decided_at') decidedAt!: Date;
}

/** A code that was used, for which challenge. The answer is encrypted to that challenge: to anybody but the token it is noise. */
@Entity({ name: 'unlock_redemption' })
@ForeignKey(() => Application, ['applicationId'], ['id'], { name: 'fk_unlock_redemption_application' })
@Check('ck_unlock_redemption_answered', `(answer IS NULL) = (answered_at IS NULL)`)
export class UnlockRedemption {
  @uuid('application_id', { primary: true }) applicationId!: string;
  @uuid('code_id') codeId!: string;
  @text('challenge') challenge!: string;
  @instant('redeemed_at') redeemedAt!: Date;
  @text('answer', { nullable: true }) answer!: string | null;
  @instant('answered_at', { nullable: true }) answeredAt!: Date | null;
}
