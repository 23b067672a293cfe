/** Applications as their agents and the office see them. Every change goes through the case's workflow. */
import {
  auditActions,
  businesses,
  correctable,
  fixedOnceFiled,
  isReturnable,
  notBegun,
  outcomes,
  readField,
  stageRefused,
  stages,
  waiters,
  XinyinError,
  yuan,
  fen,
  type ApplicationForm,
  type AuditAction,
  type FieldError,
  type PartialForm,
} from '#domain';
import { Application, AuditEntry, checkUpload, Correction, FeeOrder, Invoice, ReviewDecision, Upload } from '#persistence';
import { Injectable } from '@nestjs/common';
import { IsNull, type EntityManager } from 'typeorm';
import { validate as isUuid } from 'uuid';
import { Subjects } from '../certificates/subjects.js';
import { causeMissing, changesOfFixed, checkApplicationForm } from '../drafts/form-check.js';
import { merged, normalised, refuse } from '../drafts/drafts.service.js';
import { keepUpload } from '../drafts/uploads.js';
import { noteHand } from './hands.js';
import { refuseWhileOpen } from '../drafts/open-application.js';
import { viewOf } from '../invoices/invoices.schema.js';
import { currentLink } from '../invoices/links.js';
import { staffIdOf, type Applicant, type Principal, type Staff } from '../platform/access.js';
import { ApiContext } from '../platform/context.js';

@Injectable()
export class ApplicationsService {
  constructor(
    private readonly context: ApiContext,
    private readonly subjects: Subjects,
  ) {}

  /** Visible to its agent, to the one who submitted it, and to the office. Anybody else finds nothing. */
  async visible(caller: Principal, id: string, tx: EntityManager = this.context.data.manager): Promise<Application> {
    const application = isUuid(id) ? await tx.findOneBy(Application, { id }) : null;
    if (!application || (caller.kind === 'applicant' && !isOwn(application, caller.phone))) throw new XinyinError('NOT_FOUND');
    return application;
  }

  async mine(caller: Applicant) {
    const { phone } = caller;
    const rows = await this.context.data.manager.find(Application, {
      where: [{ submittedByPhone: phone, submitterReleasedAt: IsNull() }, { agentPhone: phone }],
      order: { submittedAt: 'DESC' },
      take: 100,
    });
    return rows.map(summary);
  }

  async read(caller: Principal, id: string) {
    const application = await this.visible(caller, id);
    const invoices = await this.context.data.manager.find(Invoice, { where: { applicationId: id }, order: { sequence: 'ASC' } });
    const invoiceLink = caller.kind === 'applicant' ? await currentLink(this.context, invoices) : null;
    return { ...summary(application), form: application.form, invoiceLink, invoices: invoices.map(viewOf) };
  }

  /** Who had it, when, what next, until when: the audit in public words. */
  async timeline(caller: Principal, id: string) {
    await this.visible(caller, id);
    const entries = await this.context.data.manager.find(AuditEntry, { where: { subject: `application/${id}` }, order: { seq: 'ASC' } });
    return entries.flatMap((entry) => {
      const words = auditActions[entry.action as AuditAction];
      if (!words.public && caller.kind === 'applicant') return [];
      const fill = (text: string) => text.replace(/\{(\w+)\}/g, (_, name: string) => String(entry.details[name] ?? ''));
      const next = entry.next ? waiters[entry.next as keyof typeof waiters] : null;
      return [
        {
          at: entry.at.toISOString(),
          who: entry.actorKind,
          action: entry.action,
          zh: fill(words.zh),
          en: fill(words.en),
          next,
          until: entry.until?.toISOString() ?? null,
        },
      ];
    });
  }

  /** Bank details and what is still to pay. */
  async order(caller: Principal, id: string) {
    await this.visible(caller, id);
    const order = await this.context.data.manager.findOneBy(FeeOrder, { applicationId: id });
    if (!order) throw new XinyinError('NOT_FOUND');
    const { lines, amountFen, receivedFen, status, reference, certificateName, expiresAt } = order;
    const missing = fen(Math.max(0, amountFen - receivedFen));
    return {
      lines,
      amountFen,
      receivedFen,
      missingFen: missing,
      amountYuan: yuan(fen(amountFen)),
      status,
      reference,
      payerName: certificateName,
      expiresAt: expiresAt.toISOString(),
      payTo: this.context.settings.bankAccount,
    };
  }

  /** What was returned, why, and what has been corrected so far. */
  async correction(caller: Principal, id: string) {
    const { application, correction } = await this.openCorrection(caller, id);
    const decision = await this.context.data.manager.findOne(ReviewDecision, {
      where: { applicationId: id, round: correction.round },
      order: { appliedAt: 'DESC' },
    });
    return {
      id: correction.id,
      round: correction.round,
      reasons: decision?.reasons ?? [],
      editable: [...correctable(correction.returnedFields)],
      form: correction.form,
      until: application.dueAt?.toISOString() ?? null,
    };
  }

  async editCorrection(caller: Principal, id: string, input: PartialForm) {
    const form = normalised(input);
    const { application, correction } = await this.openCorrection(caller, id);
    const editable = correctable(correction.returnedFields);
    const foreign = fieldsOf(form).filter((field) => !editable.has(field));
    refuse(foreign.map((field): FieldError => ({ field, code: 'FIELD_NOT_RETURNED' })));
    refuse(changesOfFixed(fixedOnceFiled(application.business, application.channel), application.form, form));
    refuse(checkApplicationForm(form, { now: this.context.now(), complete: false }));
    await this.context.data.transaction(async (tx) => {
      const locked = await this.stillOpen(tx, correction, application);
      await tx.update(Correction, { id: locked.id }, { form: merged(locked.form, form) });
      const onceKey = `entered/${locked.round}/${staffIdOf(caller)}`;
      await noteHand(tx, this.context, caller, id, { action: 'correction.entered', details: { round: locked.round }, onceKey });
    });
    return this.correction(caller, id);
  }

  async uploadCorrection(caller: Principal, id: string, material: string, fileName: string, bytes: Buffer) {
    const { application, correction } = await this.openCorrection(caller, id);
    const field = `materials/${material}`;
    if (!isReturnable(field)) throw new XinyinError('NOT_FOUND');
    if (!correctable(correction.returnedFields).has(field)) refuse([{ field, code: 'FIELD_NOT_RETURNED' }]);
    await this.keepFile(caller, application, { field, fileName, bytes }, (tx) => this.stillOpen(tx, correction, application));
    return this.correction(caller, id);
  }

  /** The stamped form and its papers, brought to a window after a suspension by telephone. */
  async uploadForm(caller: Staff, id: string, material: string, fileName: string, bytes: Buffer): Promise<void> {
    const application = await this.visible(caller, id);
    const field = `materials/${material}`;
    if (!isReturnable(field)) throw new XinyinError('NOT_FOUND');
    if (application.stage !== 'suspension') throw stageRefused(application.stage);
    await this.keepFile(caller, application, { field, fileName, bytes }, async (tx) => {
      const { stage } = await tx.findOneOrFail(Application, { where: { id }, lock: { mode: 'pessimistic_write' } });
      const arrived = await tx.existsBy(AuditEntry, { subject: `application/${id}`, action: 'form.arrived' });
      if (stage !== 'suspension' || arrived) throw stageRefused(stage);
    });
  }

  /** @param require refuses what has been sent off meanwhile, and holds it open until the file is kept: who filed it is known by then */
  private async keepFile(
    caller: Principal,
    { id, draftId }: Application,
    { field, fileName, bytes }: { field: string; fileName: string; bytes: Buffer },
    require: (tx: EntityManager) => Promise<unknown>,
  ): Promise<void> {
    const mediaType = await checkUpload(bytes, fileName, field);
    const material = field.slice('materials/'.length);
    await this.context.data.transaction(async (tx) => {
      await require(tx);
      await keepUpload(tx, this.context, { draftId, material, fileName, mediaType }, bytes);
      await noteHand(tx, this.context, caller, id, { action: 'material.scanned', details: { material } });
    });
  }

  /** Held until the transaction ends: nobody sends it off meanwhile. */
  private async stillOpen(tx: EntityManager, { id }: Correction, { stage }: Application): Promise<Correction> {
    const locked = await tx.findOneOrFail(Correction, { where: { id }, lock: { mode: 'pessimistic_write' } });
    if (locked.submittedAt) throw stageRefused(stage);
    return locked;
  }

  /** Marks the correction as complete; the case then applies it. Asked again, it answers the same correction. */
  async completeCorrection(caller: Principal, id: string, additional: boolean): Promise<{ correctionId: string; phoneChanged: boolean }> {
    const { application, correction } = await this.openCorrection(caller, id, 'submitted too');
    const toSend = ({ form }: Correction) => ({
      correctionId: correction.id,
      phoneChanged: form.agent?.phone !== undefined && form.agent.phone !== application.agentPhone,
    });
    if (correction.submittedAt) return toSend(correction);
    return this.context.data.transaction(async (tx) => {
      const locked = await tx.findOneOrFail(Correction, { where: { id: correction.id }, lock: { mode: 'pessimistic_write' } });
      const uploads = await tx.findBy(Upload, { draftId: application.draftId, replacedAt: IsNull() });
      const renewed = new Set(
        uploads.filter((upload) => upload.uploadedAt > locked.openedAt).map((upload) => `materials/${upload.material}`),
      );
      const open = locked.returnedFields.filter((field) =>
        field.startsWith('materials/') ? !renewed.has(field) : readField(locked.form, field) === undefined,
      );
      refuse(open.map((field): FieldError => ({ field, code: 'CORRECTION_INCOMPLETE' })));
      await this.requireWhole(tx, caller, application, merged(application.form, locked.form));
      const uscc = locked.form.organisation?.uscc;
      if (uscc !== undefined && businesses[application.business].about === 'organisation')
        await refuseWhileOpen(tx, { uscc, business: application.business, additional, besides: id });
      const sent = { submittedAt: this.context.now(), submittedBy: staffIdOf(caller) };
      await tx.update(Correction, { id: locked.id, submittedAt: IsNull() }, sent);
      return toSend(locked);
    });
  }

  /** What a submission was held against as a whole, the corrected one is too. */
  private async requireWhole(tx: EntityManager, caller: Principal, { business, subjectSerial }: Application, form: PartialForm) {
    refuse(causeMissing({ business, form }));
    if (business !== 'change' || subjectSerial === null) return;
    this.subjects.requireChange(await this.subjects.named(tx, caller, subjectSerial), form as ApplicationForm);
  }

  private async openCorrection(caller: Principal, id: string, which: 'open' | 'submitted too' = 'open') {
    const application = await this.visible(caller, id);
    // At a window the clerk corrects; what an applicant has submitted, the applicant corrects.
    if (caller.kind === 'staff' && application.channel === 'online') throw new XinyinError('FORBIDDEN_ROLE');
    const correction = await this.context.data.manager.findOne(Correction, { where: { applicationId: id }, order: { round: 'DESC' } });
    const fits = correction && correction.appliedAt === null && (which === 'submitted too' || correction.submittedAt === null);
    if (application.stage !== 'correction' || !fits) throw stageRefused(application.stage);
    return { application, correction };
  }
}

/** The agent's, and the one's who submitted it until it was given to another phone. */
const isOwn = ({ agentPhone, submittedByPhone, submitterReleasedAt }: Application, phone: string): boolean =>
  phone === agentPhone || (phone === submittedByPhone && submitterReleasedAt === null);

/** `organisation/uscc` and the like, for every value given. */
function fieldsOf(form: PartialForm): string[] {
  return Object.entries(form).flatMap(([section, value]) =>
    value && typeof value === 'object' ? Object.keys(value).map((key) => `${section}/${key}`) : [section],
  );
}

export function summary(application: Application) {
  const promise = application.dispatchPromise as { reasonEn?: string; provisional?: boolean } | null;
  return {
    id: application.id,
    number: application.number,
    business: application.business,
    channel: application.channel,
    certificateName: application.certificateName,
    submittedAt: application.submittedAt.toISOString(),
    stage: application.startedAt === null ? notBegun : { code: application.stage, ...stages[application.stage] },
    waitingFor: { code: application.waitingFor, ...waiters[application.waitingFor] },
    since: application.stageSince.toISOString(),
    until: application.dueAt?.toISOString() ?? null,
    outcome: application.outcome ? { code: application.outcome, ...outcomes[application.outcome] } : null,
    dispatch: application.dispatchDay
      ? {
          day: application.dispatchDay,
          reason: application.dispatchReason ?? '',
          reasonEn: promise?.reasonEn ?? '',
          provisional: promise?.provisional ?? false,
        }
      : null,
    needsAttention: application.parkedReason !== null,
  };
}
