/** Role accounts of the platform as an organisation answered for them, kind by kind. A password is nowhere in here. */
import type { AccountKind, RecordedBindingState } from '#domain';
import { Check, Entity, ForeignKey, Index, Unique } from 'typeorm';
import { Application } from './application.js';
import { instant, integer, text, uuid } from './columns.js';

const STATES = `state IN ('pending','approved','refused','unbound','no-account')`;

/** One answer for an organisation and kind: the present one. */
@Entity({ name: 'account_binding' })
@ForeignKey(() => Application, ['applicationId'], ['id'], { name: 'fk_account_binding_application' })
@Unique('uq_account_binding_kind', ['uscc', 'kind'])
@Index('ix_account_binding_application', ['applicationId'])
@Check('ck_account_binding_state', STATES)
@Check('ck_account_binding_account', `(state = 'no-account') = (account IS NULL) AND (account IS NULL) = (application_id IS NULL)`)
@Check('ck_account_binding_reason', `(state = 'refused') = (reason IS NOT NULL)`)
export class AccountBinding {
  @uuid('id', { primary: true }) id!: string;
  @text('uscc') uscc!: string;
  @text('kind') kind!: AccountKind;
  @text('state') state!: RecordedBindingState;
  @text('account', { nullable: true }) account!: string | null;
  /** Why the platform refused it, in the platform's words. */
  @text('reason', { nullable: true }) reason!: string | null;
  /** The case that bound it, or is to: a binding, or a new certificate by its Friday dispatch. */
  @uuid('application_id', { nullable: true }) applicationId!: string | null;
  /** The platform's word for "this account and password were right", good for one submission. */
  @text('check_id', { nullable: true }) checkId!: string | null;
  /** What the platform calls the submission that it decides on. */
  @text('submission_id', { nullable: true }) submissionId!: string | null;
  @instant('since') since!: Date;
}

/** Every answer there was. Append-only. */
@Entity({ name: 'account_binding_change' })
@ForeignKey(() => AccountBinding, ['bindingId'], ['id'], { name: 'fk_account_binding_change_binding' })
@Check('ck_account_binding_change_state', STATES)
export class AccountBindingChange {
  @uuid('binding_id', { primary: true }) bindingId!: string;
  @integer('seq', { primary: true }) seq!: number;
  @instant('at') at!: Date;
  @text('state') state!: RecordedBindingState;
  @text('account', { nullable: true }) account!: string | null;
  @text('reason', { nullable: true }) reason!: string | null;
  @uuid('application_id', { nullable: true }) applicationId!: string | null;
}

/** What the platform's administrator decided, as it came in. A case has one; told again, it is the same. */
@Entity({ name: 'platform_decision' })
@ForeignKey(() => Application, ['applicationId'], ['id'], { name: 'fk_platform_decision_application' })
@Unique('uq_platform_decision_application', ['applicationId'])
@Check('ck_platform_decision_decision', `decision IN ('approved','refused')`)
@Check('ck_platform_decision_reason', `(decision = 'refused') = (reason IS NOT NULL)`)
export class PlatformDecision {
  @text('id', { primary: true }) id!: string;
  @uuid('application_id') applicationId!: string;
  @text('submission_id') submissionId!: string;
  @text('decision') decision!: 'approved' | 'refused';
  @text('reason', { nullable: true }) reason!: string | null;
  @instant('decided_at') decidedAt!: Date;
  @instant('received_at') receivedAt!: Date;
  @instant('applied_at', { nullable: true }) appliedAt!: Date | null;
}
