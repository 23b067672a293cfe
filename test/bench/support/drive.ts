/** Applicants by the hundred, over the public HTTP API. */
import { randomInt, randomUUID } from 'node:crypto';
import { demoForm } from '../../../apps/launcher/src/demo/organisation.js';
import { scannedPicture } from '../../../apps/launcher/src/demo/paper.js';
import type { Person } from '../../../apps/launcher/src/demo/person.js';
import type { Sandbox } from '../../../apps/launcher/src/demo/sandbox.js';
import { logIn } from '../../../apps/launcher/src/demo/story.js';

export interface Prepared {
  draftId: string;
  person: Person;
  name: string;
}

const scan = scannedPicture('licence');

/** A draft with everything in it: what an applicant does before the case begins. */
export async function prepareDraft(person: Person, sandbox: Sandbox): Promise<Prepared> {
  const phone = `13${String(randomInt(1_000_000_000)).padStart(9, '0')}`;
  await logIn(person, sandbox, phone);
  const form = demoForm({ name: `成都测速${randomUUID().slice(0, 8)}医药有限公司` }, phone);
  const { id } = await person.post<{ id: string }>('/api/v1/drafts', { business: 'new', system: 'sichuan-medicine-procurement' });
  await person.patch(`/api/v1/drafts/${id}`, { form });
  for (const slug of ['subscriber-agreement', 'personal-data'])
    await person.put(`/api/v1/drafts/${id}/consents/${slug}`, { version: '2026-01' });
  for (const material of ['application-form', 'licence', 'agent-id']) {
    await person.upload(`/api/v1/drafts/${id}/materials/${material}?fileName=scan.png`, scan);
  }
  await sandbox.certify(form.organisation.uscc, form.roleAccount);
  return { draftId: id, person, name: form.organisation.certificateName };
}

export async function inParallel<T, R>(items: readonly T[], limit: number, work: (item: T) => Promise<R>): Promise<R[]> {
  const waiting = items.map((item, index) => ({ item, index }));
  const results: R[] = [];
  const hand = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) results[next.index] = await work(next.item);
  };
  await Promise.all(Array.from({ length: limit }, hand));
  return results;
}

export const randomAddress = () => `198.51.${randomInt(256)}.${randomInt(256)}`;
