/** 经办人变更 at a window keeps the window's hours, like all that is entered there. */
import { jest } from '@jest/globals';
import { AgentChange, AuditEntry, HoursWaiver } from '#persistence';
import { changesOf } from '../world/agent-changes.js';
import { nextDay } from '../world/desk.js';
import { openOffice, type Office } from '../world/office.js';
import { applicant, inReview } from './applicants.js';
import { expectRefusal, expectUntouched, invalid, notFound } from './refusal.js';

jest.setTimeout(120_000);

describe('a change of the agent entered at a window', () => {
  let office: Office;
  let changes: ReturnType<typeof changesOf>;
  beforeAll(async () => {
    office = await openOffice();
    changes = changesOf(office);
  }, 120_000);
  afterAll(async () => office.close(), 60_000);

  const closed = { status: 409, code: 'WINDOW_CLOSED' };
  /** A case, and what a clerk would enter about it, on a day and at an hour. */
  async function atDesk(hour: string, kind: 'working' | 'resting' = 'working') {
    nextDay(office, hour, kind);
    const case_ = await inReview(office);
    const next = await applicant(office);
    const json = { kind: 'lost-phone', agent: { phone: next.phone, identityNumber: case_.form.agent.identityNumber } };
    return { id: case_.id, json, clerk: await office.staff('clerk'), supervisor: await office.staff('supervisor') };
  }
  const waive = (by: Awaited<ReturnType<Office['staff']>>, id: string, reason: string) =>
    by.attempt('POST', `/api/v1/agent-changes/${id}/hours-waiver`, { json: { reason } });

  it('names one of the windows; nobody else names any', async () => {
    const { id, json, clerk } = await atDesk('10:00:00');
    await expectUntouched(office, () => changes.ask(clerk, id, json), invalid({ window: 'FIELD_REQUIRED' }));
    await expectUntouched(office, () => changes.ask(clerk, id, { ...json, window: 'moon' }), invalid({ window: 'FIELD_CHOICE' }));
    const { agent, kind } = json;
    const byPhone = { kind, agent: { phone: agent.phone }, calledNumber: 'public-register', callBackConfirmed: true, window: 'chengnan' };
    const service = await office.staff('customer-service');
    await expectUntouched(office, () => changes.ask(service, id, byPhone), invalid({ window: 'FIELD_UNKNOWN' }));
    expect((await changes.ask(clerk, id, changes.atWindow(json))).status).toBe(202);
    expect(await office.data.manager.findOneBy(AgentChange, { applicationId: id })).toMatchObject({ window: 'chengnan' });
  });

  it('at noon one window is open and the other is not; in the evening and on a day of rest neither is', async () => {
    const noon = await atDesk('12:30:00');
    await expectUntouched(office, () => changes.ask(noon.clerk, noon.id, { ...noon.json, window: 'xinchuan' }), closed);
    expect((await changes.ask(noon.clerk, noon.id, { ...noon.json, window: 'chengnan' })).status).toBe(202);
    const evening = await atDesk('17:30:00');
    await expectUntouched(office, () => changes.ask(evening.clerk, evening.id, changes.atWindow(evening.json)), closed);
    const rest = await atDesk('10:00:00', 'resting');
    await expectUntouched(office, () => changes.ask(rest.clerk, rest.id, changes.atWindow(rest.json)), closed);
  });

  it('outside the hours a supervisor lets it in, for that day, with a reason; the audit names them', async () => {
    const { id, json, clerk, supervisor } = await atDesk('18:00:00');
    expectRefusal(await waive(clerk, id, '加班受理'), { status: 403, code: 'FORBIDDEN_ROLE' });
    expectRefusal(await waive(supervisor, id, ' '), invalid({ reason: 'FIELD_REQUIRED' }));
    expectRefusal(await waive(supervisor, '01a21169-779f-779a-9eb3-42a4e387eee1', '加班受理'), notFound);
    for (let times = 0; times < 2; times += 1) expect((await waive(supervisor, id, '加班受理')).status).toBe(204);
    const waiver = await office.data.manager.findOneByOrFail(HoursWaiver, { applicationId: id });
    const entries = await office.data.manager.findBy(AuditEntry, { subject: `application/${id}`, action: 'window.hours-overridden' });
    expect(entries).toMatchObject([{ actorKind: 'staff', actorId: waiver.waivedBy }]);
    expect((await changes.ask(clerk, id, changes.atWindow(json))).status).toBe(202);
  });

  it('what was let in for one day is not let in on the next, and not by whoever enters it', async () => {
    const first = await atDesk('18:00:00');
    expect((await waive(first.supervisor, first.id, '加班受理')).status).toBe(204);
    nextDay(office, '18:00:00');
    await expectUntouched(office, async () => changes.ask(await office.staff('clerk'), first.id, changes.atWindow(first.json)), closed);
    await office.addStaff('clerk-who-supervises', ['clerk', 'supervisor'], '19000000061');
    const both = await office.staff('clerk-who-supervises');
    expect((await waive(both, first.id, '自行受理')).status).toBe(204);
    await expectUntouched(office, () => changes.ask(both, first.id, changes.atWindow(first.json)), closed);
  });
});
