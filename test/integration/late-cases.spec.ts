/** Cases that are late in their stage: marked, counted, and put before a supervisor, who need not look any more once they go on. */
import { AuditEntry, StaffTask } from '#persistence';
import { queues, workflowTypes } from '#workflows/contract';
import { scannedPicture } from '../../apps/launcher/src/demo/paper.js';
import { logIn } from '../../apps/launcher/src/demo/story.js';
import { expectRefusal, invalid, notFound } from '../e2e/refusal.js';
import { casesOf, type Cases, type FiledCase } from '../world/cases.js';
import { openOffice, type Office } from '../world/office.js';

const DAY_MS = 86_400_000;

interface TaskView {
  id: string;
  kind: { code: string };
  application: { id: string; number: string } | null;
  why: { code: string };
  waitingFor: { code: string } | null;
  dueAt: string | null;
  note: { code: string; zh: string; en: string } | null;
}

describe('a case that is late', () => {
  let office: Office;
  let cases: Cases;
  let runs = 0;
  beforeAll(async () => {
    office = await openOffice();
    cases = casesOf(office);
  }, 120_000);
  afterAll(() => office.close(), 60_000);

  const remind = () =>
    office.engine.client.workflow.execute<() => Promise<{ marked: number; overdue: number }>>(workflowTypes.remind, {
      workflowId: `remind/late/${(runs += 1)}`,
      taskQueue: queues.business,
    });
  /** Filed, in review, and the three days of the review over. */
  async function lateInReview(name: string): Promise<FiledCase> {
    const filed = await cases.file({ name });
    await cases.reach(filed, 'review');
    office.clock.forward(4 * DAY_MS);
    return filed;
  }
  const shownTo = async (who: string, { id }: FiledCase, state: 'open' | 'done' = 'open') =>
    (await (await cases.desk(who)).get<TaskView[]>(`/api/v1/tasks?state=${state}`)).filter(({ application }) => application?.id === id);
  async function onlyTask(filed: FiledCase, state: 'open' | 'done' = 'open'): Promise<TaskView> {
    const [task, ...more] = await shownTo('supervisor', filed, state);
    if (!task || more.length > 0) throw new Error(`${more.length} tasks more than one, or none`);
    return task;
  }
  const attempt = async (who: string, { id }: TaskView, what: 'claim' | 'done', json: object = {}) =>
    (await cases.desk(who)).attempt('POST', `/api/v1/tasks/${id}/${what}`, { json });
  const metric = async (line: string) => (await (await fetch(`${office.api}/metrics`)).text()).includes(`${line}\n`);
  const recorded = async ({ id }: FiledCase) =>
    (await office.data.manager.find(AuditEntry, { where: { subject: `application/${id}` }, order: { seq: 'ASC' } }))
      .filter(({ action }) => /^(task|case\.overdue)/.test(action))
      .map(({ action, actorKind, details }) => [action, actorKind, details['code']]);

  it('D overdue: marked once, counted while it is late, and no longer when the stage is over', async () => {
    const filed = await lateInReview('成都久等医药有限公司');
    expect(await remind()).toMatchObject({ marked: 1, overdue: 1 });
    expect(await remind()).toMatchObject({ marked: 0, overdue: 1 });
    expect(await metric('xinyin_cases_overdue{stage="review"} 1')).toBe(true);
    await cases.approve(filed);
    expect(await remind()).toMatchObject({ marked: 0, overdue: 0 });
  }, 60_000);

  it('D overdue: one task, for a supervisor alone; when the case goes on it is closed by itself', async () => {
    const filed = await lateInReview('成都督办医药有限公司');
    const { dueAt } = await cases.row(filed);
    await remind();
    await remind();
    const task = await onlyTask(filed);
    expect(task).toMatchObject({
      kind: { code: 'case-overdue', zh: '环节超期，请督办', en: 'A case is late in its stage: see to it' },
      application: { id: filed.id, number: filed.number },
      why: { code: 'review', zh: '审核', en: 'Review' },
      waitingFor: { code: 'reviewer' },
      dueAt: dueAt?.toISOString(),
      template: null,
      phone: null,
      note: null,
    });
    expect(await shownTo('customer-service', filed)).toEqual([]);
    expectRefusal(await attempt('customer-service', task, 'claim'), notFound);
    expect(await shownTo('auditor', filed)).toHaveLength(1);
    expect(await metric('xinyin_tasks_open{kind="case-overdue"} 1')).toBe(true);

    expect(await attempt('supervisor', task, 'claim')).toMatchObject({ status: 200, body: { phone: null, text: null } });
    await cases.approve(filed);
    expect(await shownTo('supervisor', filed)).toEqual([]);
    expect((await onlyTask(filed, 'done')).note).toEqual({
      code: 'moved-on',
      zh: '申请已离开该环节',
      en: 'the case has left the stage',
    });
    expectRefusal(await attempt('supervisor', task, 'done', { note: 'followed-up' }), { status: 409, code: 'ALREADY_DECIDED' });
    expect(await metric('xinyin_tasks_open{kind="case-overdue"} 0')).toBe(true);
    expect(await recorded(filed)).toEqual([
      ['case.overdue', 'system', undefined],
      ['task.claimed', 'staff', undefined],
      ['task.done', 'system', 'moved-on'],
    ]);
  }, 60_000);

  it('D overdue: seen to, it is not asked for again in the same stage; late there a second time, it is', async () => {
    const filed = await lateInReview('成都再督办医药有限公司');
    await remind();
    const task = await onlyTask(filed);
    await attempt('supervisor', task, 'claim');
    expectRefusal(await attempt('supervisor', task, 'done', { note: 'called' }), invalid({ note: 'FIELD_CHOICE' }));
    expect((await attempt('supervisor', task, 'done', { note: 'followed-up' })).status).toBe(204);
    office.clock.forward(DAY_MS);
    await remind();
    expect(await shownTo('supervisor', filed)).toEqual([]);

    const reviewer = await cases.claim(filed);
    const returned = { outcome: 'returned', reasons: [{ field: 'materials/licence', code: 'unreadable' }] };
    await reviewer.post(`/api/v1/reviews/${filed.id}/decision`, returned, reviewer.key());
    await cases.reach(filed, 'correction');
    await logIn(filed.agent, office.sandbox, filed.phone);
    await filed.agent.upload(`/api/v1/applications/${filed.id}/materials/licence?fileName=licence.png`, scannedPicture('licence'));
    await filed.agent.post(`/api/v1/applications/${filed.id}/correction/submission`);
    await cases.reach(filed, 'review');
    office.clock.forward(4 * DAY_MS);
    await remind();
    expect((await onlyTask(filed)).id).not.toBe(task.id);
    expect((await onlyTask(filed, 'done')).note?.code).toBe('followed-up');
    expect(await office.data.manager.countBy(StaffTask, { applicationId: filed.id })).toBe(2);
  }, 60_000);

  it('D overdue: one that is cancelled leaves no task behind', async () => {
    const filed = await lateInReview('成都作罢医药有限公司');
    await remind();
    await (await cases.desk('supervisor')).post(`/api/v1/applications/${filed.id}/cancellation`, { reason: 'duplicate' });
    await cases.reach(filed, 'closed');
    expect(await shownTo('supervisor', filed)).toEqual([]);
    expect((await onlyTask(filed, 'done')).note?.code).toBe('moved-on');
  }, 60_000);
});
