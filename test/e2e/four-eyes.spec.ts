/** Nobody decides on what they had in hand: whoever corrected a case at a window, filed its scans, or waived its fee. Rule: business.md. */
import { randomUUID } from 'node:crypto';
import { handsOn } from '#domain';
import { appendAudit, AuditEntry, StaffAccount } from '#persistence';
import { caseWorkflowId, decideReview } from '#workflows/contract';
import { jest } from '@jest/globals';
import { FEW_PAPERS, nextDay, openDesk, type Desk } from '../world/desk.js';
import { openOffice, type Office } from '../world/office.js';
import { identityCard } from './applicants.js';
import { expectUntouched } from './refusal.js';

jest.setTimeout(120_000);
const DAY_MS = 86_400_000;
const fourEyes = { status: 403, code: 'FOUR_EYES' };
const stageRefuses = { status: 409, code: 'STAGE_REFUSES' };
const approved = { outcome: 'approved', reasons: [] };

describe('four eyes', () => {
  let office: Office;
  let desk: Desk;
  beforeAll(async () => {
    office = await openOffice();
    nextDay(office, '10:00:00');
    desk = await openDesk(office);
    await office.addStaff('third-clerk', ['clerk'], '19000000094');
  }, 180_000);
  afterAll(async () => office.close(), 60_000);

  const nextYear = () => desk.holder(new Date(office.clock.now().getTime() + 365 * DAY_MS));
  const staffId = async (username: string) => (await office.data.manager.findOneByOrFail(StaffAccount, { username })).id;
  const scan = async (who: string, path: string) =>
    (await desk.who(who)).attempt('PUT', `${path}/materials/agent-id?fileName=a.png`, { file: identityCard });
  /** Refused by the API, by the case when it is asked itself, and by the database. */
  async function mayNotDecide(who: string, id: string) {
    const person = await desk.who(who);
    await expectUntouched(office, () => person.attempt('POST', `/api/v1/reviews/${id}/claim`, { json: {} }), fourEyes);
    await expectUntouched(office, () => desk.keyed(who, `/api/v1/reviews/${id}/decision`, approved), fourEyes);
    const by = await staffId(who);
    const handle = office.engine.client.workflow.getHandle(caseWorkflowId(id));
    const asked = handle.executeUpdate(decideReview, { args: [{ decisionId: randomUUID(), outcome: 'approved', by }] });
    await expect(asked).rejects.toMatchObject({ cause: { type: 'FOUR_EYES' } });
    await expect(decidePastTheApi(id, by)).rejects.toThrow(/nobody decides/);
  }
  const decidePastTheApi = (id: string, by: string) =>
    office.data.query(
      `INSERT INTO review_decision (id, application_id, round, outcome, reasons, reviewer_id, reviewer_phone, submitter_phone, agent_phone, sent_at)
       VALUES ($1, $2, 1, 'approved', '[]', $3, '13800000009', '13800000001', '13800000002', now())`,
      [randomUUID(), id, by],
    );
  const actors = async (id: string, action: string) => {
    const entries = await office.data.manager.find(AuditEntry, { where: { subject: `application/${id}`, action }, order: { seq: 'ASC' } });
    return entries.map(({ actorKind, actorId }) => [actorKind, actorId]);
  };
  /** Entered and paid at the clerk's desk, given back by the reviewer. */
  async function returned(reasons: object[]): Promise<string> {
    const clerk = await desk.who('clerk');
    const { id } = await desk.file(clerk, await desk.draft(clerk, 'reissue', await nextYear(), { cause: 'lost' }, FEW_PAPERS));
    await desk.pay(id, 5_000);
    expect((await desk.decide(id, { outcome: 'returned', reasons })).status).toBe(204);
    await desk.reach(id, 'correction');
    return id;
  }
  const sendOff = async (who: string, id: string) =>
    (await desk.who(who)).attempt('POST', `/api/v1/applications/${id}/correction/submission`, { json: {} });

  it('D window: whoever corrects a case in a word, in a scan, or sends the correction off does not review it', async () => {
    const id = await returned([
      { field: 'delivery/address', code: 'mismatch' },
      { field: 'materials/agent-id', code: 'unreadable' },
    ]);
    const path = `/api/v1/applications/${id}`;
    const word = { json: { form: { delivery: { address: '成都市高新区天府大道 1 号' } } } };
    expect((await (await desk.who('second-clerk')).attempt('PATCH', `${path}/correction`, word)).status).toBe(200);
    expect((await scan('third-clerk', path)).status).toBe(200);
    expect((await sendOff('clerk-who-reviews', id)).status).toBe(202);
    await desk.reach(id, 'review');
    for (const who of ['second-clerk', 'third-clerk', 'clerk-who-reviews']) await mayNotDecide(who, id);
    expect(await actors(id, 'correction.submitted')).toEqual([['staff', await staffId('clerk-who-reviews')]]);
    expect(await actors(id, 'material.scanned')).toEqual([['staff', await staffId('third-clerk')]]);
    await desk.approve(id, 'reviewer');
    await desk.reach(id, 'key-recovery');
    await expectUntouched(office, () => desk.atWindow('clerk-who-reviews', id, 'key-recovery'), fourEyes);
  });

  it('D window: whoever scans the stamped form after a suspension does not review the revocation; once it has come, nothing is added', async () => {
    const service = await desk.who('customer-service');
    const holder = await nextYear();
    const { id } = await desk.file(service, await desk.draft(service, 'revocation', holder, { cause: 'lost' }, []), {
      callBackConfirmed: true,
    });
    await desk.reach(id, 'suspension');
    await desk.told(id, 'suspended');
    const clerk = await desk.who('second-clerk');
    for (const material of FEW_PAPERS) await clerk.upload(`/api/v1/window/${id}/materials/${material}?fileName=a.png`, identityCard);
    expect((await desk.atWindow('clerk', id, 'form', { wish: 'revoke' })).status).toBe(204);
    await desk.reach(id, 'review');
    await expectUntouched(office, () => scan('third-clerk', `/api/v1/window/${id}`), stageRefuses);
    for (const who of ['clerk', 'second-clerk']) await mayNotDecide(who, id);
    await desk.approve(id, 'third-clerk');
    expect(await desk.ended(id)).toBe('revoked');
  });

  it('a correction that was refused makes nobody one of its hands', async () => {
    const id = await returned([{ field: 'materials/agent-id', code: 'unreadable' }]);
    expect((await sendOff('second-clerk', id)).status).toBe(422);
    expect((await scan('clerk', `/api/v1/applications/${id}`)).status).toBe(200);
    expect((await sendOff('clerk', id)).status).toBe(202);
    await desk.approve(id, 'second-clerk');
    await desk.reach(id, 'key-recovery');
  });

  it('the database knows every act that the office knows', async () => {
    const id = await returned([{ field: 'materials/agent-id', code: 'unreadable' }]);
    for (const action of handsOn) {
      const somebody = randomUUID();
      const act = { subject: `application/${id}`, at: office.clock.now(), actor: { kind: 'staff', id: somebody }, action } as const;
      await office.data.transaction((tx) => appendAudit(tx, act));
      await expect(decidePastTheApi(id, somebody)).rejects.toThrow(/nobody decides/);
    }
    await expect(decidePastTheApi(id, randomUUID())).resolves.toEqual([]);
  });
});
