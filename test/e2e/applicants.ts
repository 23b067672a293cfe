/** Applicants and what they bring, made over the public API. */
import { randomUUID } from 'node:crypto';
import type { ApplicationForm } from '#domain';
import { PDFDocument } from '@cantoo/pdf-lib';
import { demoForm } from '../../apps/launcher/src/demo/organisation.js';
import { scannedPicture } from '../../apps/launcher/src/demo/paper.js';
import type { Person } from '../../apps/launcher/src/demo/person.js';
import { logIn } from '../../apps/launcher/src/demo/story.js';
import type { Office } from '../world/office.js';

export interface Applicant {
  person: Person;
  phone: string;
}

export interface Submitted extends Applicant {
  id: string;
  number: string;
  draftId: string;
  form: ApplicationForm;
}

export interface DraftView {
  id: string;
  version: number;
  form: Partial<ApplicationForm>;
  applicationId: string | null;
  materials: { material: string; fileName: string; sizeBytes: number; sha256: string }[];
  missing: { field: string; code: string }[];
}

let phones = 0;
/** Every call another number, so that no limit of one test meets another's. */
export const freshPhone = () => `172${String((phones += 1)).padStart(8, '0')}`;

export async function applicant(office: Office, phone = freshPhone()): Promise<Applicant> {
  const person = office.person();
  await logIn(person, office.sandbox, phone);
  return { person, phone };
}

export const licence = scannedPicture('licence');
export const identityCard = scannedPicture('identity card');

export async function onePagePdf(): Promise<Buffer> {
  const document = await PDFDocument.create();
  document.addPage().drawText(randomUUID());
  return Buffer.from(await document.save());
}

export async function openDraft({ person }: Applicant): Promise<string> {
  const { id } = await person.post<DraftView>('/api/v1/drafts', { business: 'new', system: 'sichuan-medicine-procurement' });
  return id;
}

/** A form that nothing is wrong with; the agent is the one who applies unless told otherwise. */
export const rightForm = ({ phone }: { phone: string }, agentPhone = phone): ApplicationForm =>
  demoForm({ name: '成都甲乙丙医药有限公司' }, agentPhone);

export async function fillDraft({ person }: Applicant, form: ApplicationForm, draftId: string): Promise<void> {
  const draft = `/api/v1/drafts/${draftId}`;
  await person.patch(draft, { form });
  for (const agreement of ['subscriber-agreement', 'personal-data'])
    await person.put(`${draft}/consents/${agreement}`, { version: '2026-01' });
  await person.upload(`${draft}/materials/application-form?fileName=form.pdf`, await onePagePdf());
  await person.upload(`${draft}/materials/licence?fileName=licence.png`, licence);
  await person.upload(`${draft}/materials/agent-id?fileName=agent-id.png`, identityCard);
}

/** A draft that only has to be submitted. */
export async function readyDraft(
  who: Applicant,
  form: ApplicationForm = rightForm(who),
): Promise<{ draftId: string; form: ApplicationForm }> {
  const draftId = await openDraft(who);
  await fillDraft(who, form, draftId);
  return { draftId, form };
}

export const readDraft = ({ person }: Applicant, draftId: string) => person.get<DraftView>(`/api/v1/drafts/${draftId}`);

export function submit({ person }: Applicant, draftId: string, key: string | null = randomUUID(), json: unknown = {}) {
  return person.attempt('POST', `/api/v1/drafts/${draftId}/submission`, { json, headers: key === null ? {} : { 'Idempotency-Key': key } });
}

/** An application whose agent applies in person, so that it goes to review by itself. */
export async function submitted(office: Office, change: (form: ApplicationForm) => ApplicationForm = (form) => form): Promise<Submitted> {
  const who = await applicant(office);
  const { draftId, form } = await readyDraft(who, change(rightForm(who)));
  const { id, number } = await who.person.post<{ id: string; number: string }>(`/api/v1/drafts/${draftId}/submission`, {}, randomUUID());
  return { ...who, id, number, draftId, form };
}

export interface ApplicationView {
  stage: { code: string };
  waitingFor: { code: string };
  outcome: { code: string } | null;
  certificateName: string;
  form: ApplicationForm;
}

export const readCase = (person: Person, id: string) => person.get<ApplicationView>(`/api/v1/applications/${id}`);

export async function reach(office: Office, person: Person, id: string, stage: string): Promise<void> {
  await office.until(async () => ((await readCase(person, id)).stage.code === stage ? true : null), `stage ${stage}`);
}

export async function inReview(office: Office): Promise<Submitted> {
  const application = await submitted(office);
  await reach(office, application.person, application.id, 'review');
  return application;
}

export interface Decision {
  outcome: 'approved' | 'returned' | 'rejected';
  reasons?: { field: string; code: string; note?: string }[];
}

export const claim = (reviewer: Person, id: string) => reviewer.attempt('POST', `/api/v1/reviews/${id}/claim`, { json: {} });

export function decide(reviewer: Person, id: string, decision: Decision | Record<string, unknown>, key: string | null = randomUUID()) {
  return reviewer.attempt('POST', `/api/v1/reviews/${id}/decision`, {
    json: decision,
    headers: key === null ? {} : { 'Idempotency-Key': key },
  });
}

/** Who did what, as the audit has it. */
export async function actionsOf(office: Office, id: string): Promise<string[]> {
  const rows: { action: string }[] = await office.data.query('SELECT action FROM audit_entry WHERE subject = $1 ORDER BY seq', [
    `application/${id}`,
  ]);
  return rows.map(({ action }) => action);
}

export const times = (actions: string[], action: string) => actions.filter((each) => each === action).length;
