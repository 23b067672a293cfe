/** 经办人变更 as it comes in. Whether the case takes it, and whether it is another person who decides, its workflow says too. */
import {
  agentChangeKinds,
  AUTHORISATION_LETTER,
  fieldError,
  isSmsCode,
  maskPhone,
  stageRefused,
  takesAgentChange,
  XinyinError,
  type AgentChangeDecision,
  type AgentChangeRefusal,
} from '#domain';
import { AgentChange, Application, checkUpload, handsIn, Upload } from '#persistence';
import { askAgentChange, caseWorkflowId, confirmAgentChange, decideAgentChange, resendAgentChangeCode } from '#workflows/contract';
import { Injectable } from '@nestjs/common';
import { In, IsNull, Not, type EntityManager } from 'typeorm';
import { validate as isUuid, v7 as uuidv7 } from 'uuid';
import { ApplicationsService } from '../applications/applications.service.js';
import { noteHand } from '../applications/hands.js';
import { channelOf } from '../drafts/draft-owner.js';
import { keepUpload } from '../drafts/uploads.js';
import { SmsCodes } from '../login/sms-codes.js';
import { staffIdOf, type Applicant, type Principal, type Staff } from '../platform/access.js';
import { ApiContext } from '../platform/context.js';
import { Decisions, decisionIdOf } from '../platform/decisions.js';
import { checked, requireSame, type ChangeInput } from './change-input.js';
import { requireHours, waiveHours } from './hours-waivers.js';

const LETTER_FIELD = `materials/${AUTHORISATION_LETTER}`;
const open = In(['asked', 'approved']);

export interface File {
  name: string;
  bytes: Buffer;
}

@Injectable()
export class AgentChangesService {
  constructor(
    private readonly context: ApiContext,
    private readonly applications: ApplicationsService,
    private readonly decisions: Decisions,
    private readonly codes: SmsCodes,
  ) {}

  async uploadLetter(caller: Principal, id: string, material: string, { name, bytes }: File): Promise<void> {
    const application = await this.applications.visible(caller, id);
    if (material !== AUTHORISATION_LETTER) throw new XinyinError('NOT_FOUND');
    if (!takesAgentChange('other-agent', application.stage)) throw stageRefused(application.stage);
    const mediaType = await checkUpload(bytes, name, LETTER_FIELD);
    const file = { draftId: application.draftId, material, fileName: name, mediaType };
    await this.context.data.transaction(async (tx) => {
      // What the second person is looking at stays what it is.
      await refuseWhileOpen(tx, id);
      await keepUpload(tx, this.context, file, bytes);
      await noteHand(tx, this.context, caller, id, { action: 'material.scanned', details: { material } });
    });
  }

  async waiveHours(supervisor: Staff, id: string, reason: string): Promise<void> {
    await waiveHours(this.context, supervisor, await this.applications.visible(supervisor, id), reason);
  }

  /** The same key is the same change. */
  async ask(caller: Principal, id: string, key: string, input: ChangeInput) {
    const application = await this.applications.visible(caller, id);
    const by = staffIdOf(caller);
    const change = await this.context.data.transaction(async (tx) => {
      const changeId = decisionIdOf(by ?? id, `agent-change/${key}`);
      await refuseOthersOf(tx, id);
      const before = await tx.findOneBy(AgentChange, { id: changeId });
      if (before) requireSame(before, id, input);
      return before ?? this.record(tx, caller, application, changeId, input);
    });
    const { id: changeId, kind } = change;
    const request = { changeId, kind, ...(by === null ? {} : { by }) };
    if (change.state === 'recorded') await this.decisions.send(caseWorkflowId(id), askAgentChange, changeId, request);
    return { changeId };
  }

  /** For the office what it has to decide on, or may still stop; for an applicant what their phone is to be proven for. */
  async list(caller: Principal) {
    const { manager } = this.context.data;
    const where = caller.kind === 'staff' ? { state: open } : { newPhone: caller.phone, state: 'approved' as const };
    const changes = await manager.find(AgentChange, { where, order: { recordedAt: 'ASC' }, take: 200 });
    const applications = await manager.findBy(Application, { id: In(changes.map(({ applicationId }) => applicationId)) });
    return changes.flatMap((change) => {
      const application = applications.find(({ id }) => id === change.applicationId);
      return application ? [view(change, application, caller)] : [];
    });
  }

  async decide(caller: Staff, id: string, key: string, given: { outcome: 'approved' | 'rejected'; reason?: AgentChangeRefusal }) {
    const change = await this.latest(id, {});
    const { enteredBy, oldPhone, newPhone } = change;
    // Nobody approves for themselves, on either side of it.
    const hands = await handsIn(this.context.data.manager, id);
    const own = enteredBy === caller.staffId || hands.includes(caller.staffId) || [oldPhone, newPhone].includes(caller.phone);
    if (own) throw new XinyinError('FOUR_EYES');
    const decision = decisionOn(change.id, caller.staffId, given);
    await this.decisions.signed(caseWorkflowId(id), decideAgentChange, key, decision);
  }

  /** By the new phone itself, logged in: anybody else finds nothing. */
  async confirm(caller: Applicant, id: string, code: string): Promise<void> {
    const { id: changeId } = await this.mine(caller, id);
    if (!isSmsCode(code)) throw fieldError('code', 'FIELD_FORMAT');
    const codeId = await this.codes.prove(`agent-change/${changeId}`, caller.phone, code);
    await this.decisions.send(caseWorkflowId(id), confirmAgentChange, codeId, { changeId, codeId });
  }

  async resendCode(caller: Applicant, id: string, address: string): Promise<void> {
    const { id: changeId } = await this.mine(caller, id);
    await this.codes.allow(caller.phone, address);
    const requestId = uuidv7();
    await this.decisions.send(caseWorkflowId(id), resendAgentChangeCode, requestId, { changeId, requestId });
  }

  private async record(tx: EntityManager, caller: Principal, application: Application, id: string, input: ChangeInput) {
    const { id: applicationId, draftId, agentPhone: oldPhone } = application;
    const recordedAt = this.context.now();
    const asked = checked(application, channelOf(caller), input, recordedAt);
    if (caller.kind === 'staff' && caller.phone === asked.newPhone) throw new XinyinError('FOUR_EYES');
    await refuseWhileOpen(tx, applicationId);
    const enteredBy = staffIdOf(caller);
    if (asked.window !== null && enteredBy !== null)
      await requireHours(tx, this.context, { window: asked.window, applicationId, enteredBy });
    const letterId = asked.kind === 'other-agent' ? await freshLetter(tx, draftId) : null;
    const row = { id, applicationId, ...asked, letterId, enteredBy, oldPhone };
    const change = tx.create(AgentChange, { ...row, state: 'recorded', recordedAt, dueAt: null, settledAt: null });
    await tx.insert(AgentChange, change);
    return change;
  }

  /** What waits for this phone, or was given to it. */
  private async mine({ phone }: Applicant, id: string): Promise<AgentChange> {
    const change = await this.latest(id, { newPhone: phone, state: In(['approved', 'applied']) });
    const { stage } = await this.context.data.manager.findOneByOrFail(Application, { id });
    // Told before an attempt is spent.
    if (change.state === 'approved' && !takesAgentChange(change.kind, stage)) throw stageRefused(stage);
    return change;
  }

  private async latest(applicationId: string, where: object): Promise<AgentChange> {
    const taken = { applicationId, state: Not('recorded' as const), ...where };
    const change = isUuid(applicationId)
      ? await this.context.data.manager.findOne(AgentChange, { where: taken, order: { recordedAt: 'DESC' } })
      : null;
    if (!change) throw new XinyinError('NOT_FOUND');
    return change;
  }
}

/** Two requests for one case at the same moment: the second sees the first. */
const refuseOthersOf = (tx: EntityManager, applicationId: string) =>
  tx.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 15))', [applicationId]);

async function refuseWhileOpen(tx: EntityManager, applicationId: string): Promise<void> {
  if (await tx.existsBy(AgentChange, { applicationId, state: open })) throw new XinyinError('AGENT_CHANGE_OPEN');
}

/** A letter speaks for one change: the next one brings its own. */
async function freshLetter(tx: EntityManager, draftId: string): Promise<string> {
  const letter = await tx.findOneBy(Upload, { draftId, material: AUTHORISATION_LETTER, replacedAt: IsNull() });
  const spent = letter && (await tx.existsBy(AgentChange, { letterId: letter.id, state: Not('recorded') }));
  if (!letter || spent) throw fieldError(LETTER_FIELD, 'MATERIAL_MISSING');
  return letter.id;
}

function decisionOn(
  changeId: string,
  by: string,
  { outcome, reason }: { outcome: 'approved' | 'rejected'; reason?: AgentChangeRefusal },
): AgentChangeDecision {
  if (outcome === 'rejected') {
    if (reason === undefined) throw fieldError('reason', 'FIELD_REQUIRED');
    return { changeId, outcome, reason, by };
  }
  if (reason !== undefined) throw fieldError('reason', 'FIELD_UNKNOWN');
  return { changeId, outcome, by };
}

/** Who the agent is, for the office alone: a new phone that was typed wrongly is a stranger's. The old one only so far that its owner knows it. */
function view(change: AgentChange, { id, number, certificateName, form }: Application, caller: Principal) {
  const { kind, channel, state, agentName, identityNumber, newPhone, oldPhone, recordedAt, dueAt } = change;
  const { zh, en } = agentChangeKinds[kind];
  const named = agentName !== null && identityNumber !== null ? { name: agentName, identityNumber } : {};
  return {
    ...{ id, number, certificateName, channel, state },
    changeId: change.id,
    kind: { code: kind, zh, en },
    agent: caller.kind === 'staff' ? { ...form.agent, ...named, phone: newPhone } : null,
    phoneOfBefore: maskPhone(oldPhone),
    askedAt: recordedAt.toISOString(),
    until: dueAt?.toISOString() ?? null,
  };
}
