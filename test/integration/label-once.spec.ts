/**
 * A label is handed out once, also when the attempt that printed it first was given up for dead and wakes after the label was taken. The slow
 * attempt is held at the platform's answer; what it then records must change nothing. Rules: docs/decisions/0040.
 */
import { randomUUID } from 'node:crypto';
import { createBusinessActivities, createDocumentActivities } from '#activities';
import { publishedHolidays } from '#config';
import type { Gateways } from '#gateways';
import { Application, AuditEntry, DispatchItem, DocumentRow, TokenLabel } from '#persistence';
import { demoForm } from '../../apps/launcher/src/demo/organisation.js';
import type { Person } from '../../apps/launcher/src/demo/person.js';
import { openOffice, type Office } from '../world/office.js';
import { aCertificate, anApplication } from './rows.js';

const paper = () => Promise.resolve(Buffer.from('%PDF-1.7'));
const documents = {
  ...{ tokenLabel: paper, dispatchList: paper, pickList: paper, applicationForm: paper, receipt: paper, reconciliation: paper },
};

describe('a label whose first attempt wakes late', () => {
  let office: Office;
  let dispatcher: Person;
  beforeAll(async () => {
    office = await openOffice({ workers: false });
    dispatcher = await office.staff('dispatcher');
  }, 120_000);
  afterAll(() => office.close(), 60_000);

  const documentActivities = (platform: Partial<Gateways['platform']> = {}) => {
    const { data, clock, gateways, objects } = office;
    const slow = { ...gateways, platform: { ...gateways.platform, ...platform } };
    return createDocumentActivities({ data, now: clock.now, holidays: publishedHolidays, gateways: slow, objects, documents });
  };
  /** Answers when it is let go, and not before. */
  function held(call: 'bind' | 'resetPassword') {
    const { platform } = office.gateways;
    let tellAsked: () => void = () => undefined;
    let open: () => void = () => undefined;
    const asked = new Promise<void>((resolve) => (tellAsked = resolve));
    const opened = new Promise<void>((resolve) => (open = resolve));
    const slowly = async (input: never) => {
      const answer = await platform[call](input);
      tellAsked();
      await opened;
      return answer;
    };
    return { slow: documentActivities({ [call]: slowly }), asked, open };
  }

  async function dueLetter(name: string, phone: string) {
    const { data, clock, settings, gateways, objects, sandbox } = office;
    const form = demoForm({ name }, phone);
    const { certificateName, uscc } = form.organisation;
    const names = { certificateName, uscc, agentPhone: phone };
    const applicationId = await anApplication(data, { ...names, stage: 'issuance', waitingFor: 'system', startedAt: clock.now() });
    await data.manager.update(Application, { id: applicationId }, { form: form as never });
    await aCertificate(data, { applicationId, serial: applicationId.replaceAll('-', '') });
    const deps = { ...settings, apiUrl: settings.urls.api, data, now: clock.now, holidays: publishedHolidays, gateways, objects };
    await createBusinessActivities(deps).completeApplication({ applicationId, completedAt: clock.now().toISOString() });
    await sandbox.certify(uscc, form.roleAccount);
    const { id: itemId } = await data.manager.findOneByOrFail(DispatchItem, { applicationId });
    return { applicationId, itemId };
  }
  const take = (applicationId: string) =>
    dispatcher.attempt('GET', `/api/v1/applications/${applicationId}/documents/token-label/1.pdf`).then(({ status }) => status);
  const kept = async (applicationId: string) => {
    const { resets, printedAt } = await office.data.manager.findOneByOrFail(TokenLabel, { applicationId, index: 1 });
    const papers = await office.data.manager.countBy(DocumentRow, { owner: `application/${applicationId}`, kind: 'token-label' });
    return { resets, taken: printedAt !== null, papers };
  };

  it('bound by the second attempt, taken by a dispatcher: the first attempt keeps nothing', async () => {
    const { applicationId, itemId } = await dueLetter('成都迟醒绑定医药有限公司', '17100040001');
    const { slow, asked, open } = held('bind');
    const late = slow.bindItem({ itemId });
    await asked;
    expect(await documentActivities().bindItem({ itemId })).toMatchObject({ certified: true });
    expect(await take(applicationId)).toBe(200);
    open();
    expect(await late).toMatchObject({ certified: true });
    expect(await kept(applicationId)).toEqual({ resets: 0, taken: true, papers: 0 });
    expect(await take(applicationId)).toBe(409);
    expect(await office.data.manager.findOneByOrFail(DispatchItem, { id: itemId })).toMatchObject({ state: 'packed', sendings: 1 });
  }, 60_000);

  it('reset by the second attempt, taken by a dispatcher: the first attempt keeps nothing', async () => {
    const { applicationId, itemId } = await dueLetter('成都迟醒重印医药有限公司', '17100040002');
    await documentActivities().bindItem({ itemId });
    expect(await take(applicationId)).toBe(200);
    const reset = { applicationId, index: 1, reset: 1, by: randomUUID() };
    const { slow, asked, open } = held('resetPassword');
    const late = slow.resetLabel(reset);
    await asked;
    await documentActivities().resetLabel(reset);
    expect(await take(applicationId)).toBe(200);
    open();
    await late;
    expect(await kept(applicationId)).toEqual({ resets: 1, taken: true, papers: 0 });
    expect(await take(applicationId)).toBe(409);
    expect(await office.data.manager.countBy(AuditEntry, { subject: `application/${applicationId}`, action: 'label.reset' })).toBe(1);
  }, 60_000);
});
