/** Drafts that are left alone, as the Schedule's runs find them: what keeps one, who is told, and what goes with it. Rules: decision 0029 (D). */
import { createHash } from 'node:crypto';
import { jest } from '@jest/globals';
import { Consent, Draft, ObjectRemoval, referringColumns, StaffAccount, Upload } from '#persistence';
import { queues, workflowTypes } from '#workflows/contract';
import { scannedPicture } from '../../apps/launcher/src/demo/paper.js';
import type { Person } from '../../apps/launcher/src/demo/person.js';
import { logIn } from '../../apps/launcher/src/demo/story.js';
import { openOffice, type Office } from '../world/office.js';

const LICENCE = scannedPicture('licence');
const IDENTITY = scannedPicture('identity card');

describe('drafts that are left alone', () => {
  let office: Office;
  let runs = 0;
  beforeAll(async () => {
    office = await openOffice();
  }, 120_000);
  afterEach(() => {
    jest.restoreAllMocks();
  });
  afterAll(() => office.close(), 60_000);

  const at = (day: string) => office.clock.set(new Date(`${day}T12:00:00+08:00`));
  async function runOn(day: string): Promise<number> {
    at(day);
    const { deleted } = await office.engine.client.workflow.execute<() => Promise<{ deleted: number }>>(workflowTypes.remind, {
      workflowId: `remind/${(runs += 1)}`,
      taskQueue: queues.business,
    });
    return deleted;
  }
  const announced = async (phone: string) =>
    ((await office.sandbox.messages(phone)) as { template: string; text: string }[])
      .filter(({ template }) => template === 'draft-reminder')
      .map(({ text }) => /将于 ([\d-]+) 删除/.exec(text)?.[1])
      .reverse();
  async function applicant(phone: string): Promise<Person> {
    const person = office.person();
    await logIn(person, office.sandbox, phone);
    return person;
  }
  const begin = (person: Person) =>
    person.post<{ id: string; version: number }>('/api/v1/drafts', { business: 'new', system: 'sichuan-medicine-procurement' });
  const scan = (person: Person, id: string, material: string, file: Buffer) =>
    person.upload<{ version: number; updatedAt: string; materials: { sha256: string }[] }>(
      `/api/v1/drafts/${id}/materials/${material}?fileName=${material}.png`,
      file,
    );
  const exists = (id: string) => office.data.manager.existsBy(Draft, { id });
  const stored = (sha256: string) =>
    office.objects.get(sha256).then(
      () => true,
      () => false,
    );
  const hashOf = async (draftId: string, material: string) =>
    (await office.data.manager.findOneByOrFail(Upload, { draftId, material })).sha256;

  it('D drafts: a file or a consent touches one like the form does, and whoever has the form open may go on', async () => {
    const phone = '17100019931';
    at('2026-03-02');
    const person = await applicant(phone);
    const [byFile, byConsent, left] = [await begin(person), await begin(person), await begin(person)];
    await runOn('2026-03-27');
    expect(await announced(phone)).toEqual(['2026-04-01', '2026-04-01', '2026-04-01']);

    at('2026-03-30');
    await logIn(person, office.sandbox, phone);
    const after = await scan(person, byFile.id, 'licence', LICENCE);
    expect(after).toMatchObject({ version: byFile.version, updatedAt: expect.stringMatching(/^2026-03-30T/) as string });
    const { version } = await person.get<{ version: string }>('/api/v1/agreements/personal-data');
    await person.put(`/api/v1/drafts/${byConsent.id}/consents/personal-data`, { version });
    await person.patch(`/api/v1/drafts/${byFile.id}`, { version: byFile.version, form: { remarks: '续' } });

    expect(await runOn('2026-04-01')).toBe(1);
    expect([await exists(byFile.id), await exists(byConsent.id), await exists(left.id)]).toEqual([true, true, false]);
    await runOn('2026-04-24');
    expect((await announced(phone)).slice(3)).toEqual(['2026-04-29', '2026-04-29']);
    expect(await runOn('2026-04-29')).toBe(2);
  }, 60_000);

  it('D drafts: after an outage over the days 25 to 30 the announcement comes first, and the five days with it', async () => {
    const phone = '17100019932';
    at('2026-05-04');
    const { id } = await begin(await applicant(phone));
    expect(await runOn('2026-06-10')).toBe(0);
    expect(await announced(phone)).toEqual(['2026-06-15']);
    expect(await runOn('2026-06-10')).toBe(0);
    expect(await runOn('2026-06-14')).toBe(0);
    expect(await exists(id)).toBe(true);
    expect(await runOn('2026-06-15')).toBe(1);
    expect(await announced(phone)).toHaveLength(1);
  }, 60_000);

  it('D drafts: one that a clerk has entered goes like any other, announced to the clerk, with its scans; a scan that another row has stays', async () => {
    at('2026-07-01');
    const clerk = await office.staff('clerk');
    const { phone } = await office.data.manager.findOneByOrFail(StaffAccount, { username: 'clerk' });
    const { id } = await begin(clerk);
    await scan(clerk, id, 'licence', LICENCE);
    await scan(clerk, id, 'agent-id', IDENTITY);
    const [licence, identity] = [await hashOf(id, 'licence'), await hashOf(id, 'agent-id')];
    expect(await runOn('2026-07-26')).toBe(0);
    expect(await announced(phone)).toEqual(['2026-07-31']);

    const other = await applicant('17100019933');
    await scan(other, (await begin(other)).id, 'licence', LICENCE);
    expect(await runOn('2026-07-31')).toBe(1);
    expect(await exists(id)).toBe(false);
    expect([await stored(licence), await stored(identity)]).toEqual([true, false]);
    expect(await office.data.manager.countBy(Upload, { draftId: id })).toBe(0);
    expect(await office.data.manager.countBy(Consent, { draftId: id })).toBe(0);
    expect(await office.data.manager.find(ObjectRemoval)).toEqual([]);
  }, 60_000);

  it('D drafts: what breaks off between the rows and the files is finished; a file that is brought again meanwhile stays', async () => {
    const phone = '17100019934';
    at('2026-09-01');
    const person = await applicant(phone);
    const [left, kept] = [await begin(person), await begin(person)];
    await scan(person, left.id, 'licence', LICENCE);
    await scan(person, left.id, 'agent-id', IDENTITY);
    const [licence, identity] = [await hashOf(left.id, 'licence'), await hashOf(left.id, 'agent-id')];
    await runOn('2026-09-26');
    // Touched, so that it stays, and has the same licence in the end.
    await logIn(person, office.sandbox, phone);
    await person.patch(`/api/v1/drafts/${kept.id}`, { form: { remarks: '留' } });

    let broken = 0;
    const remove = office.objects.remove.bind(office.objects);
    jest.spyOn(office.objects, 'remove').mockImplementation(async (sha256) => {
      broken += 1;
      if (broken > 1) return remove(sha256);
      // The rows are gone, the files are not.
      expect(await exists(left.id)).toBe(false);
      throw new Error('the disk went away');
    });
    await runOn('2026-10-01');
    expect(broken).toBeGreaterThan(1);
    expect([await stored(licence), await stored(identity)]).toEqual([false, false]);

    await logIn(person, office.sandbox, phone);
    await scan(person, kept.id, 'licence', LICENCE);
    await office.data.manager.insert(ObjectRemoval, { sha256: licence, leftAt: office.clock.now() });
    await runOn('2026-10-02');
    expect(await stored(licence)).toBe(true);
    expect(await office.data.manager.find(ObjectRemoval)).toEqual([]);
  }, 60_000);

  it('D drafts: a form that was printed goes with the next run after an hour, whatever becomes of its draft', async () => {
    at('2026-11-02');
    const person = await applicant('17100019935');
    const { id } = await begin(person);
    const printed = createHash('sha256')
      .update(await person.download(`/api/v1/drafts/${id}/application-form.pdf`))
      .digest('hex');
    expect(await runOn('2026-11-02')).toBe(0);
    expect(await stored(printed)).toBe(true);
    expect(await runOn('2026-11-03')).toBe(0);
    expect([await exists(id), await stored(printed)]).toEqual([true, false]);
    expect(await office.data.manager.find(ObjectRemoval)).toEqual([]);
  }, 60_000);

  it('every column that holds the hash of a stored file is asked before one goes', () => {
    const columns = referringColumns(office.data).map(({ table, column }) => `${table}.${column}`);
    expect(columns).toEqual(
      expect.arrayContaining(['upload.sha256', 'document.sha256', 'invoice.pdf_sha256', 'invoice.xml_sha256', 'bank_statement.sha256']),
    );
    expect(columns).not.toContain('object_removal.sha256');
  });
});
