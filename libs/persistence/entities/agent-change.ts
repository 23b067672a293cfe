/** 经办人变更: what was asked for, by whom, and the second person's word. */
import type { AgentChangeKind, AgentChangeRefusal, AgentChangeState, CallBackNumber, Channel, WindowSlug } from '#domain';
import { Check, Entity, ForeignKey, Index } from 'typeorm';
import { Application, Upload } from './application.js';
import { day, instant, text, uuid } from './columns.js';

/** As the API took it down. The case makes it `asked`, and only then it counts. */
@Entity({ name: 'agent_change' })
@ForeignKey(() => Application, ['applicationId'], ['id'], { name: 'fk_agent_change_application' })
@ForeignKey(() => Upload, ['letterId'], ['id'], { name: 'fk_agent_change_letter' })
@Index('ix_agent_change_application', ['applicationId'])
@Index('ix_agent_change_new_phone', ['newPhone'])
// One at a time, and a letter speaks for one change only.
@Index('uq_agent_change_open', ['applicationId'], { unique: true, where: `state IN ('asked','approved')` })
@Index('uq_agent_change_letter', ['letterId'], { unique: true, where: `state <> 'recorded'` })
@Check('ck_agent_change_kind', `kind IN ('other-agent','lost-phone')`)
@Check('ck_agent_change_channel', `channel IN ('online','window','telephone')`)
@Check('ck_agent_change_state', `state IN ('recorded','asked','approved','applied','rejected','expired','case-ended')`)
@Check('ck_agent_change_entered', `(channel = 'online') = (entered_by IS NULL)`)
@Check('ck_agent_change_called', `(channel = 'telephone') = (called_number IS NOT NULL)`)
@Check(
  'ck_agent_change_agent',
  `(kind = 'other-agent') = (agent_name IS NOT NULL AND identity_number IS NOT NULL AND letter_id IS NOT NULL)`,
)
@Check('ck_agent_change_phones', `old_phone <> new_phone`)
export class AgentChange {
  @uuid('id', { primary: true }) id!: string;
  @uuid('application_id') applicationId!: string;
  @text('kind') kind!: AgentChangeKind;
  @text('channel') channel!: Channel;
  /** The clerk, or customer service; null when the agent asks. Never the one who approves. */
  @uuid('entered_by', { nullable: true }) enteredBy!: string | null;
  /** Where the clerk stood; null elsewhere, and for what was entered before windows were named. */
  @text('window_slug', { nullable: true }) window!: WindowSlug | null;
  @text('called_number', { nullable: true }) calledNumber!: CallBackNumber | null;
  /** The new agent; null where it is the same one. */
  @text('agent_name', { nullable: true }) agentName!: string | null;
  @text('identity_number', { nullable: true }) identityNumber!: string | null;
  @uuid('letter_id', { nullable: true }) letterId!: string | null;
  @text('old_phone') oldPhone!: string;
  @text('new_phone') newPhone!: string;
  @text('state') state!: AgentChangeState;
  @instant('recorded_at') recordedAt!: Date;
  @instant('due_at', { nullable: true }) dueAt!: Date | null;
  @instant('settled_at', { nullable: true }) settledAt!: Date | null;
}

/** Each outcome once: approved, and perhaps stopped after that. A trigger refuses who entered the change or had the case in hand. */
@Entity({ name: 'agent_change_decision' })
@ForeignKey(() => AgentChange, ['changeId'], ['id'], { name: 'fk_agent_change_decision_change' })
@ForeignKey(() => Application, ['applicationId'], ['id'], { name: 'fk_agent_change_decision_application' })
@Check('ck_agent_change_decision_outcome', `outcome IN ('approved','rejected')`)
@Check('ck_agent_change_decision_reason', `(outcome = 'rejected') = (reason IS NOT NULL)`)
export class AgentChangeDecisionRow {
  @uuid('change_id', { primary: true }) changeId!: string;
  @text('outcome', { primary: true }) outcome!: 'approved' | 'rejected';
  @uuid('application_id') applicationId!: string;
  @text('reason', { nullable: true }) reason!: AgentChangeRefusal | null;
  @uuid('decided_by') decidedBy!: string;
  @instant('decided_at') decidedAt!: Date;
}

/** A supervisor lets in, for a day, what is entered at a window about this case outside its hours. */
@Entity({ name: 'hours_waiver' })
@ForeignKey(() => Application, ['applicationId'], ['id'], { name: 'fk_hours_waiver_application' })
export class HoursWaiver {
  @uuid('application_id', { primary: true }) applicationId!: string;
  @day('day', { primary: true }) day!: string;
  @uuid('waived_by') waivedBy!: string;
  @text('reason') reason!: string;
  @instant('waived_at') waivedAt!: Date;
}
