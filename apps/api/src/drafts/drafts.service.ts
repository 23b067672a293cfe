/** Drafts: kept on the server with their files, and resumable wherever the same phone logs in. */
import {
  agreements,
  businesses,
  catalogue,
  isBusiness,
  isFiledMaterial,
  normalisePhone,
  priceFees,
  shanghaiDay,
  totalFen,
  XinyinError,
  fieldError,
  fixedFields,
  wayOf,
  type Agreement,
  type BusinessSlug,
  type FieldError,
  type Material,
  type PartialForm,
} from '#domain';
import { checkUpload, Consent, Draft, type Application, readTariff, Upload } from '#persistence';
import { Injectable } from '@nestjs/common';
import { IsNull, type EntityManager } from 'typeorm';
import { v7 as uuidv7, validate as isUuid } from 'uuid';
import { formOf, Subjects, type Subject } from '../certificates/subjects.js';
import { staffIdOf, type Principal } from '../platform/access.js';
import { ApiContext } from '../platform/context.js';
import { causeMissing, changesOfFixed, checkApplicationForm } from './form-check.js';
import { openDraft } from './filing.js';
import { channelOf, ownedBy } from './draft-owner.js';

@Injectable()
export class DraftsService {
  constructor(
    private readonly context: ApiContext,
    private readonly subjects: Subjects,
  ) {}

  /** `certificate`: the serial number of the one that the business is about. What is known of its holder stands in the form from the start. */
  async create(caller: Principal, input: { business: string; system: string; certificate?: string }) {
    const { business, system, certificate } = input;
    const entry = catalogue.find((each) => each.business === business);
    if (!entry || !isBusiness(business)) throw fieldError('business', 'FIELD_CHOICE');
    const offered = entry.sectors.some((sector) => sector.systems.some((each) => each.slug === system));
    if (!offered) throw fieldError('system', 'FIELD_CHOICE');
    const channel = channelOf(caller);
    if (!wayOf(business, channel)) throw fieldError('business', 'CHANNEL_REFUSED');
    const subject = await this.subjectFor(caller, business, certificate);
    const begun = {
      ...{ business, system, channel, ownerPhone: caller.phone, enteredBy: staffIdOf(caller) },
      subjectSerial: subject?.certificate.serial ?? null,
      form: subject ? formOf(subject.issuedBy) : {},
    };
    const draft = await openDraft(this.context.data.manager, begun, this.context.now());
    return this.view(draft);
  }

  async list(caller: Principal) {
    const drafts = await this.context.data.manager.find(Draft, {
      where: { ...ownedBy(caller), applicationId: IsNull() },
      order: { updatedAt: 'DESC' },
      take: 50,
    });
    return Promise.all(drafts.map((draft) => this.view(draft)));
  }

  async read(caller: Principal, id: string) {
    return this.view(await this.own(this.context.data.manager, caller, id));
  }

  /** Takes any part of the form. A wrong field refuses the whole change; what was stored before stays. */
  async edit(caller: Principal, id: string, input: { version?: number; form: PartialForm }) {
    const { data, now } = this.context;
    const form = normalised(input.form);
    refuse(checkApplicationForm(form, { now: now(), complete: false }));
    return data.transaction(async (tx) => {
      const draft = await this.own(tx, caller, id, 'lock');
      if (draft.applicationId !== null) throw new XinyinError('DRAFT_SUBMITTED');
      if (input.version !== undefined && input.version !== draft.version) throw new XinyinError('DRAFT_CHANGED');
      refuse(changesOfFixed(fixedFields(draft.business), draft.form, form));
      Object.assign(draft, { form: merged(draft.form, form), updatedAt: now() });
      await tx.save(draft);
      return this.view(draft, tx);
    });
  }

  async upload(caller: Principal, id: string, material: string, fileName: string, bytes: Buffer) {
    const { data, objects, now } = this.context;
    await this.own(data.manager, caller, id);
    const kind = this.requireMaterial(material);
    const mediaType = await checkUpload(bytes, fileName, `materials/${kind}`);
    const sha256 = await objects.put(bytes);
    return data.transaction(async (tx) => {
      const draft = await this.own(tx, caller, id, 'lock');
      if (draft.applicationId !== null) throw new XinyinError('DRAFT_SUBMITTED');
      await replaceUpload(tx, { draftId: id, material: kind, fileName, mediaType, sizeBytes: bytes.length, sha256 }, now());
      return this.view(draft, tx);
    });
  }

  async consent(caller: Principal, id: string, agreement: Agreement, version: string) {
    const draft = await this.own(this.context.data.manager, caller, id);
    if (draft.applicationId !== null) throw new XinyinError('DRAFT_SUBMITTED');
    if (agreements[agreement].version !== version)
      throw new XinyinError('INPUT_INVALID', { fields: [{ field: 'version', code: 'CONSENT_MISSING' }] });
    const row = { id: uuidv7(), draftId: id, agreement, version, acceptedAt: this.context.now(), sessionId: caller.sessionId };
    await this.context.data.createQueryBuilder().insert().into(Consent).values(row).orIgnore().execute();
    return this.view(draft);
  }

  /** Reading what is not yours answers like not found. */
  async own(tx: EntityManager, caller: Principal, id: string, lock?: 'lock'): Promise<Draft> {
    const draft = isUuid(id)
      ? await tx.findOne(Draft, { where: { id, ...ownedBy(caller) }, ...(lock ? { lock: { mode: 'pessimistic_write' } } : {}) })
      : null;
    if (!draft) throw new XinyinError('NOT_FOUND');
    return draft;
  }

  /** Everything that still stands in the way of a submission. */
  async missing(tx: EntityManager, draft: Draft): Promise<FieldError[]> {
    const consents = await tx.findBy(Consent, { draftId: draft.id });
    const definition = businesses[draft.business];
    // By telephone nobody has papers yet: they come with the stamped form.
    const materials = draft.channel === 'telephone' ? [] : await this.materialsMissing(tx, { ...draft, draftId: draft.id });
    const open = definition.agreements.filter(
      (each) => !consents.some((consent) => consent.agreement === each && consent.version === agreements[each].version),
    );
    return [
      ...checkApplicationForm(draft.form, { now: this.context.now(), complete: true }),
      ...causeMissing(draft),
      ...materials,
      ...open.map((each): FieldError => ({ field: `consents/${each}`, code: 'CONSENT_MISSING' })),
    ];
  }

  /** Papers that the channel asks for and that are not there. */
  async materialsMissing(
    tx: EntityManager,
    { business, channel, draftId }: Pick<Application, 'business' | 'channel' | 'draftId'>,
  ): Promise<FieldError[]> {
    const uploads = await tx.findBy(Upload, { draftId, replacedAt: IsNull() });
    return (wayOf(business, channel)?.materials ?? [])
      .filter((each) => !uploads.some((upload) => upload.material === each))
      .map((each): FieldError => ({ field: `materials/${each}`, code: 'MATERIAL_MISSING' }));
  }

  private async subjectFor(caller: Principal, business: BusinessSlug, serial: string | undefined): Promise<Subject | null> {
    if (businesses[business].about !== 'certificate') {
      if (serial !== undefined) throw fieldError('certificate', 'FIELD_UNKNOWN');
      return null;
    }
    if (serial === undefined) throw fieldError('certificate', 'FIELD_REQUIRED');
    const { data } = this.context;
    return data.transaction(async (tx) => {
      const subject = await this.subjects.named(tx, caller, serial);
      await this.subjects.requireFree(tx, business, subject);
      return subject;
    });
  }

  private requireMaterial(material: string): Material {
    if (!isFiledMaterial(material)) throw new XinyinError('NOT_FOUND');
    return material;
  }

  private async view(draft: Draft, tx: EntityManager = this.context.data.manager) {
    const uploads = await tx.find(Upload, { where: { draftId: draft.id, replacedAt: IsNull() }, order: { uploadedAt: 'ASC' } });
    const order = { count: draft.form.certificates?.count ?? 1, years: draft.form.certificates?.years ?? 1 };
    const lines = priceFees(businesses[draft.business].fees(order), await readTariff(tx), shanghaiDay(this.context.now()));
    const missing = await this.missing(tx, draft);
    return {
      id: draft.id,
      version: draft.version,
      business: draft.business,
      system: draft.system,
      channel: draft.channel,
      certificate: draft.subjectSerial,
      form: draft.form,
      updatedAt: draft.updatedAt.toISOString(),
      applicationId: draft.applicationId,
      materials: uploads.map(({ material, fileName, sizeBytes, sha256, uploadedAt }) => ({
        material,
        fileName,
        sizeBytes,
        sha256,
        uploadedAt: uploadedAt.toISOString(),
      })),
      missing: missing.map(({ field, code }) => ({ field, code })),
      totalFen: totalFen(lines),
    };
  }
}

/** The newest file of a material is the one that counts; older ones stay for the record. Two at once come one after the other. */
export async function replaceUpload(
  tx: EntityManager,
  file: Pick<Upload, 'draftId' | 'material' | 'fileName' | 'mediaType' | 'sizeBytes' | 'sha256'>,
  now: Date,
) {
  await tx.findOneOrFail(Draft, { where: { id: file.draftId }, select: { id: true }, lock: { mode: 'pessimistic_write' } });
  await tx.update(Upload, { draftId: file.draftId, material: file.material, replacedAt: IsNull() }, { replacedAt: now });
  await tx.insert(Upload, { id: uuidv7(), ...file, uploadedAt: now, replacedAt: null });
}

export function refuse(errors: FieldError[]): void {
  if (errors.length > 0) throw new XinyinError('INPUT_INVALID', { fields: errors });
}

/** Phones and identity numbers are kept in one form, so that the agent who typed spaces is the agent who logs in. */
export function normalised(form: PartialForm): PartialForm {
  const phone = <T extends { phone?: string } | undefined>(part: T): T =>
    part?.phone === undefined ? part : { ...part, phone: normalisePhone(part.phone) ?? part.phone };
  const agent = phone(
    form.agent && { ...form.agent, ...(form.agent.identityNumber ? { identityNumber: form.agent.identityNumber.toUpperCase() } : {}) },
  );
  return { ...form, ...(agent ? { agent } : {}), ...(form.delivery ? { delivery: phone(form.delivery) } : {}) };
}

export function merged(before: PartialForm, change: PartialForm): PartialForm {
  const form: PartialForm = { ...before, ...change };
  for (const section of ['organisation', 'agent', 'delivery', 'roleAccount', 'certificates'] as const) {
    if (change[section]) Object.assign(form, { [section]: { ...before[section], ...change[section] } });
  }
  return form;
}
