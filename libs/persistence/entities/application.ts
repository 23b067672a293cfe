/** What applicants bring: drafts, files, consents, applications. */
import type { ApplicationForm, BusinessSlug, Channel, Outcome, PartialForm, Stage, Waiter, WindowSlug } from '#domain';
import { Check, Entity, ForeignKey, Index, Unique, VersionColumn } from 'typeorm';
import { bytes, day, flag, instant, integer, json, text, uuid } from './columns.js';

@Entity({ name: 'draft' })
@Index('ix_draft_owner_phone', ['ownerPhone'])
@Check('ck_draft_waived', `(hours_waived_by IS NULL) = (hours_waived_reason IS NULL)`)
export class Draft {
  @uuid('id', { primary: true }) id!: string;
  @text('owner_phone') ownerPhone!: string;
  @text('business') business!: BusinessSlug;
  @text('system') system!: string;
  @json('form') form!: PartialForm;
  @instant('created_at') createdAt!: Date;
  @instant('updated_at') updatedAt!: Date;
  @uuid('application_id', { nullable: true }) applicationId!: string | null;
  @text('channel') channel!: Channel;
  /** The clerk who enters it; null when the applicant does. */
  @uuid('entered_by', { nullable: true }) enteredBy!: string | null;
  /** A supervisor let it in outside the hours of the window, and why. */
  @uuid('hours_waived_by', { nullable: true }) hoursWaivedBy!: string | null;
  @text('hours_waived_reason', { nullable: true }) hoursWaivedReason!: string | null;
  /** The signing certificate that the business is about. */
  @text('subject_serial', { nullable: true }) subjectSerial!: string | null;
  @VersionColumn({ name: 'version', type: 'integer' }) version!: number;
}

@Entity({ name: 'upload' })
@ForeignKey(() => Draft, ['draftId'], ['id'], { name: 'fk_upload_draft' })
@Index('ix_upload_draft', ['draftId'])
@Check('ck_upload_size', `size_bytes > 0`)
export class Upload {
  @uuid('id', { primary: true }) id!: string;
  @uuid('draft_id') draftId!: string;
  @text('material') material!: string;
  @text('file_name') fileName!: string;
  @text('media_type') mediaType!: string;
  @integer('size_bytes') sizeBytes!: number;
  @text('sha256') sha256!: string;
  @instant('uploaded_at') uploadedAt!: Date;
  /** Set when a newer file for the same material took its place; the old one stays for the record. */
  @instant('replaced_at', { nullable: true }) replacedAt!: Date | null;
}

/** An agreement accepted: which text, when, and in which session. */
@Entity({ name: 'consent' })
@ForeignKey(() => Draft, ['draftId'], ['id'], { name: 'fk_consent_draft' })
@Unique('uq_consent_draft_agreement_version', ['draftId', 'agreement', 'version'])
export class Consent {
  @uuid('id', { primary: true }) id!: string;
  @uuid('draft_id') draftId!: string;
  @text('agreement') agreement!: string;
  @text('version') version!: string;
  @instant('accepted_at') acceptedAt!: Date;
  @uuid('session_id') sessionId!: string;
}

@Entity({ name: 'application' })
@ForeignKey(() => Draft, ['draftId'], ['id'], { name: 'fk_application_draft' })
@Unique('uq_application_number', ['number'])
@Unique('uq_application_draft', ['draftId'])
@Unique('uq_application_idempotency', ['submittedByPhone', 'idempotencyKey'])
@Index('ix_application_stage', ['stage'])
@Index('ix_application_uscc', ['uscc'])
@Index('ix_application_agent_phone', ['agentPhone'])
@Index('ix_application_subject', ['subjectSerial'], { where: 'subject_serial IS NOT NULL' })
@Index('ix_application_unstarted', ['submittedAt'], { where: 'started_at IS NULL' })
// Never two open cases that would each replace the same certificate.
@Index('uq_application_subject_open', ['subjectSerial'], {
  unique: true,
  where: `outcome IS NULL AND business IN ('renewal-valid','renewal-expired','change','reissue')`,
})
// One ticket at a time, so that one code at a time can unlock the token.
@Index('uq_application_unlock_open', ['subjectSerial'], { unique: true, where: `outcome IS NULL AND business = 'unlock'` })
@Check(
  'ck_application_stage',
  `stage IN ('phone-verification','fee-confirmation','window-payment','review','correction','payment','key-recovery','issuance','installation','hand-over','platform-approval','suspension','approval','unlocking','dispatch','closed')`,
)
@Check('ck_application_window', `(channel = 'window') = (window_slug IS NOT NULL)`)
@Check('ck_application_entered', `(channel = 'online') = (entered_by IS NULL)`)
@Check('ck_application_outcome', `(stage = 'closed') = (outcome IS NOT NULL)`)
export class Application {
  @uuid('id', { primary: true }) id!: string;
  @text('number') number!: string;
  @text('business') business!: BusinessSlug;
  @text('system') system!: string;
  @text('channel') channel!: Channel;
  @text('window_slug', { nullable: true }) window!: WindowSlug | null;
  /** The clerk who entered it: never the one who decides on it. */
  @uuid('entered_by', { nullable: true }) enteredBy!: string | null;
  /** The signing certificate that the business is about; null where it is about none. */
  @text('subject_serial', { nullable: true }) subjectSerial!: string | null;
  @uuid('draft_id') draftId!: string;
  @text('idempotency_key') idempotencyKey!: string;
  @text('submitted_by_phone') submittedByPhone!: string;
  /** Since the case was given to another phone: who submitted it reads it no longer. */
  @instant('submitter_released_at', { nullable: true }) submitterReleasedAt!: Date | null;
  @instant('submitted_at') submittedAt!: Date;
  @flag('additional') additional!: boolean;
  @json('form') form!: ApplicationForm;
  @text('certificate_name') certificateName!: string;
  @text('uscc') uscc!: string;
  @text('agent_phone') agentPhone!: string;
  @text('stage') stage!: Stage;
  @text('waiting_for') waitingFor!: Waiter;
  @instant('stage_since') stageSince!: Date;
  @instant('due_at', { nullable: true }) dueAt!: Date | null;
  @text('parked_reason', { nullable: true }) parkedReason!: string | null;
  /** Since when it has been known to be late in its present stage. */
  @instant('overdue_since', { nullable: true }) overdueSince!: Date | null;
  @text('outcome', { nullable: true }) outcome!: Outcome | null;
  @instant('started_at', { nullable: true }) startedAt!: Date | null;
  @instant('completed_at', { nullable: true }) completedAt!: Date | null;
  @day('dispatch_day', { nullable: true }) dispatchDay!: string | null;
  @text('dispatch_reason', { nullable: true }) dispatchReason!: string | null;
  @json('dispatch_promise', { nullable: true }) dispatchPromise!: Record<string, string | boolean | readonly string[]> | null;
  @instant('closed_at', { nullable: true }) closedAt!: Date | null;
  @VersionColumn({ name: 'version', type: 'integer' }) version!: number;
}

/** The running number of a business and year. Taken in the transaction of the submission, so a number that failed is not lost. */
@Entity({ name: 'application_counter' })
export class ApplicationCounter {
  @text('prefix', { primary: true }) prefix!: string;
  @integer('year', { primary: true }) year!: number;
  @integer('last_number') lastNumber!: number;
}

/** Append-only and hash-chained for each subject; `application/<uuid>`, `staff/<uuid>` or `account-binding/<uuid>`. */
@Entity({ name: 'audit_entry' })
@Index('ix_audit_entry_at', ['at'])
@Unique('uq_audit_entry_once', ['subject', 'onceKey'])
export class AuditEntry {
  @text('subject', { primary: true }) subject!: string;
  @integer('seq', { primary: true }) seq!: number;
  @instant('at') at!: Date;
  @text('actor_kind') actorKind!: string;
  @text('actor_id') actorId!: string;
  @text('action') action!: string;
  @json('details') details!: Record<string, string | number | boolean | null>;
  @text('next', { nullable: true }) next!: string | null;
  @instant('until', { nullable: true }) until!: Date | null;
  /** Makes an append idempotent: an activity that runs twice records once. */
  @text('once_key', { nullable: true }) onceKey!: string | null;
  @bytes('previous_hash') previousHash!: Buffer;
  @bytes('hash') hash!: Buffer;
}
