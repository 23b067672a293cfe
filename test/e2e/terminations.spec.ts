/** A case that an operator terminates leaves nothing behind: no certificate suspended, no account waiting, no agent half changed. */
import { AgentChange, AuditEntry, Certificate, PublishedCrl, Seal } from '#persistence';
import { caseWorkflowId } from '#workflows/contract';
import { jest } from '@jest/globals';
import { changesOf } from '../world/agent-changes.js';
import { casesOf } from '../world/cases.js';
import { nextDay, openDesk, type Desk } from '../world/desk.js';
import { openOffice, type Office } from '../world/office.js';
import { bound, give, holderOf, PASSWORD, stands, takeBack, waiting } from './bindings-world.js';

jest.setTimeout(120_000);
const DAY_MS = 86_400_000;

describe('terminated', () => {
  let office: Office;
  let desk: Desk;
  beforeAll(async () => {
    office = await openOffice();
    nextDay(office, '10:00:00');
    desk = await openDesk(office);
  }, 180_000);
  afterAll(async () => office.close(), 60_000);

  async function terminate(id: string, reason = 'by an operator'): Promise<void> {
    await office.engine.client.workflow.getHandle(caseWorkflowId(id)).terminate(reason);
    await office.until(async () => ((await office.lookForTerminations()) === 1 ? true : null), 'the termination to be seen');
    expect(await desk.row(id)).toMatchObject({ stage: 'closed', outcome: 'terminated', waitingFor: 'nobody' });
  }
  const lists = () => office.data.manager.countBy(PublishedCrl, { issuer: 'issuing' });
  const pairOf = async ({ id, serial }: { id: string; serial: string }) => ({
    certificate: await office.data.manager.findOneByOrFail(Certificate, { serial }),
    seal: await office.data.manager.findOneByOrFail(Seal, { applicationId: id }),
  });
  async function suspended(holder: { serial: string }): Promise<string> {
    const service = await desk.who('customer-service');
    const draft = await desk.draft(service, 'revocation', holder, { cause: 'lost' }, []);
    const { id } = await desk.file(service, draft, { callBackConfirmed: true });
    await desk.reach(id, 'suspension');
    await desk.told(id, 'suspended');
    return id;
  }

  it('a suspension is lifted with its seal, on the next list, and its holder is told', async () => {
    const holder = await desk.holder(new Date(office.clock.now().getTime() + 365 * DAY_MS));
    const id = await suspended(holder);
    expect(await pairOf(holder)).toMatchObject({ certificate: { state: 'revoked' }, seal: { revocationReason: 'certificateHold' } });
    const before = await lists();
    await terminate(id);
    expect(await pairOf(holder)).toMatchObject({
      certificate: { state: 'valid', revokedAt: null, revocationReason: null },
      seal: { revokedAt: null, revocationReason: null },
    });
    expect(await lists()).toBe(before + 1);
    await desk.told(id, 'lifted');
  });

  it('what was revoked for good meanwhile stays so', async () => {
    const holder = await desk.holder(new Date(office.clock.now().getTime() + 365 * DAY_MS));
    const id = await suspended(holder);
    await office.data.manager.update(Certificate, { serial: holder.serial }, { revocationReason: 'keyCompromise' });
    await terminate(id);
    expect(await pairOf(holder)).toMatchObject({ certificate: { state: 'revoked', revocationReason: 'keyCompromise' } });
  });

  it('an account that waits is taken back at the platform, and the kind may be answered anew', async () => {
    const holder = await holderOf(office, '成都终止绑定医药有限公司');
    const kind = 'drug-production';
    const { id, account, submissionId } = await waiting(office, holder, kind);
    await terminate(id);
    await stands(office, holder, kind, 'unbound');
    await expect(office.sandbox.decideAccount(submissionId, 'approved')).rejects.toThrow('ALREADY_DECIDED');
    expect((await takeBack(holder, kind)).status).toBe(202);
    expect((await give(holder, { kind, account, password: PASSWORD })).status).toBe(202);
    const other = await bound(office, holder, 'drug-distribution');
    await office.until(async () => ((await desk.row(other.id)).stage === 'closed' ? true : null), 'the end of the case');
    expect(await office.lookForTerminations()).toBe(0);
  });

  it('a change of the agent that was approved comes to nothing, and a review is nobody’s work any more', async () => {
    const cases = casesOf(office);
    const filed = await cases.file({ name: '成都终止移交医药有限公司' });
    await cases.reach(filed, 'review');
    const reviewer = await desk.who('reviewer');
    const queued = async () => (await reviewer.get<{ id: string }[]>('/api/v1/reviews')).map(({ id }) => id);
    expect(await queued()).toContain(filed.id);
    const changes = changesOf(office);
    const { phone } = await changes.approved(filed.id, filed.agent);
    await changes.codeFor(phone);
    await terminate(filed.id);
    expect(await office.data.manager.findOneByOrFail(AgentChange, { applicationId: filed.id })).toMatchObject({
      state: 'case-ended',
      dueAt: null,
    });
    expect(await office.data.manager.countBy(AuditEntry, { subject: `application/${filed.id}`, action: 'agent.change-ended' })).toBe(1);
    expect(await queued()).not.toContain(filed.id);
  });
});
