/** Tickets of customer service: whose token it is, who was called back, and what the second person says. */
import { fieldError, unlockContacts, XinyinError, type UnlockContact, type UnlockDecision, type UnlockRefusal } from '#domain';
import { appendAudit, Application, Token, UnlockTicket } from '#persistence';
import { caseWorkflowId, decideUnlock } from '#workflows/contract';
import { Injectable } from '@nestjs/common';
import { In, IsNull, Not, type EntityManager } from 'typeorm';
import { validate as isUuid } from 'uuid';
import { summary } from '../applications/applications.service.js';
import { formOf, Subjects, type Subject } from '../certificates/subjects.js';
import { CaseStarter } from '../cases/case-starter.js';
import { fileApplication, openDraft } from '../drafts/filing.js';
import type { Staff } from '../platform/access.js';
import { ApiContext } from '../platform/context.js';
import { Decisions } from '../platform/decisions.js';

const business = 'unlock';
const channel = 'telephone';

@Injectable()
export class UnlockTickets {
  constructor(
    private readonly context: ApiContext,
    private readonly subjects: Subjects,
    private readonly starter: CaseStarter,
    private readonly decisions: Decisions,
  ) {}

  async holder(caller: Staff, serial: string) {
    const { certificate, issuedBy, token } = await this.context.data.transaction((tx) => this.unlockable(tx, caller, serial));
    return {
      serial: certificate.serial,
      number: issuedBy.number,
      certificateName: issuedBy.certificateName,
      tokenSerialNumber: token.serialNumber,
      agentName: issuedBy.form.agent.name,
      registeredPhone: issuedBy.agentPhone,
    };
  }

  /** The registered phone was called back: the caller says so. The same key gets the same ticket. */
  async open(caller: Staff, idempotencyKey: string, { certificate: serial, contact }: { certificate: string; contact: UnlockContact }) {
    const { data, now, log } = this.context;
    const ticket = await data.transaction(async (tx) => {
      const before = await tx.findOneBy(Application, { submittedByPhone: caller.phone, idempotencyKey });
      if (before?.business === business && before.subjectSerial === serial.toLowerCase()) return before;
      if (before) throw new XinyinError('IDEMPOTENCY_KEY_REUSED');
      const subject = await this.unlockable(tx, caller, serial);
      return this.insert(tx, caller, { subject, contact, idempotencyKey }, now());
    });
    // The row is the promise: if the engine is away, the sweep starts the case.
    await this.starter.start(ticket).catch((error: unknown) => {
      log.warn({ applicationId: ticket.id, failure: error instanceof Error ? error.name : '' }, 'the sweep will start this case');
    });
    return { id: ticket.id, number: ticket.number };
  }

  async list() {
    const { manager } = this.context.data;
    const open = await manager.find(Application, { where: { business, stage: Not('closed') }, order: { submittedAt: 'ASC' }, take: 200 });
    const tickets = await manager.findBy(UnlockTicket, { applicationId: In(open.map(({ id }) => id)) });
    return open.flatMap((application) => {
      const found = tickets.find(({ applicationId }) => applicationId === application.id);
      if (!found) return [];
      const { contact, tokenSerialNumber, calledBackBy, calledBackAt } = found;
      return [{ ...summary(application), contact, tokenSerialNumber, calledBackBy, calledBackAt: calledBackAt.toISOString() }];
    });
  }

  /** Whether the case allows it, and whether it is another person, its workflow says. */
  async decide(caller: Staff, id: string, key: string, given: { outcome: 'approved' | 'rejected'; reason?: UnlockRefusal }) {
    const decision = decisionBy(caller.staffId, given);
    const application = isUuid(id) ? await this.context.data.manager.findOneBy(Application, { id, business }) : null;
    if (!application) throw new XinyinError('NOT_FOUND');
    // Who would get the code does not approve it: the case knows staff by their ids, not by their phones.
    if (caller.phone === application.agentPhone) throw new XinyinError('FOUR_EYES');
    await this.decisions.signed(caseWorkflowId(id), decideUnlock, key, decision);
  }

  /** @throws XinyinError when the certificate is revoked, suspended or expired, its token was replaced, or a ticket is open */
  private async unlockable(tx: EntityManager, caller: Staff, serial: string): Promise<Subject & { token: Token }> {
    const subject = await this.subjects.named(tx, caller, serial);
    await this.subjects.requireFree(tx, business, subject);
    const { certificate } = subject;
    const reissued = { business: 'reissue' as const, subjectSerial: certificate.serial };
    // A token that is given up as lost or damaged is not unlocked, whoever holds it.
    const reissue = await tx.findOneBy(Application, [
      { ...reissued, outcome: IsNull() },
      { ...reissued, outcome: 'handed-over' },
    ]);
    if (reissue) throw new XinyinError('TOKEN_REPLACED', { params: { number: reissue.number } });
    const token = await tx.findOneByOrFail(Token, { applicationId: certificate.applicationId, index: certificate.index });
    return { ...subject, token };
  }

  private async insert(
    tx: EntityManager,
    { staffId, phone }: Staff,
    { subject, contact, idempotencyKey }: { subject: Subject & { token: Token }; contact: UnlockContact; idempotencyKey: string },
    at: Date,
  ): Promise<Application> {
    const { certificate, issuedBy, token } = subject;
    const actor = { kind: 'staff', id: staffId } as const;
    const form = formOf(issuedBy);
    const begun = {
      ...({
        business,
        channel,
        system: issuedBy.system,
        ownerPhone: phone,
        enteredBy: staffId,
        subjectSerial: certificate.serial,
      } as const),
      // The registered phone, whatever stands elsewhere in the form.
      form: { ...form, agent: { ...form.agent, phone: issuedBy.agentPhone } },
    };
    const draft = await openDraft(tx, begun, at);
    const application = await fileApplication(tx, draft, { idempotencyKey, phone, actor, at });
    const { id: applicationId } = application;
    await tx.insert(UnlockTicket, {
      applicationId,
      contact,
      tokenSerialNumber: token.serialNumber,
      calledBackBy: staffId,
      calledBackAt: at,
    });
    const { zh, en } = unlockContacts[contact];
    const event = { action: 'unlock.called-back', details: { contact: zh, contactEn: en }, next: 'system' } as const;
    await appendAudit(tx, { subject: `application/${applicationId}`, at, actor, ...event, onceKey: 'called-back' });
    return application;
  }
}

function decisionBy(by: string, { outcome, reason }: { outcome: 'approved' | 'rejected'; reason?: UnlockRefusal }): UnlockDecision {
  if (outcome === 'rejected') {
    if (reason === undefined) throw fieldError('reason', 'FIELD_REQUIRED');
    return { outcome, reason, by };
  }
  if (reason !== undefined) throw fieldError('reason', 'FIELD_UNKNOWN');
  return { outcome, by };
}
