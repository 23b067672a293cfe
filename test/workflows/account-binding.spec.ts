/** 账号绑定 on the server that skips time: the platform alone decides, and what is taken back here is taken back there. */
import { randomUUID } from 'node:crypto';
import { days } from '#domain';
import { caseWorkflowId, decidePlatform, unbindingWorkflowId, withdrawCase, workflowTypes, type CaseInput } from '#workflows/contract';
import type { WorkflowHandle } from '@temporalio/client';
import { acceptedUpdates, openSkippingWorld, refusal, type SkippingWorld } from './skipping-world.js';

describe('account binding', () => {
  let world: SkippingWorld;
  beforeAll(async () => {
    world = await openSkippingWorld();
  }, 120_000);
  afterEach(() => world.forget());
  afterAll(() => world.close());

  const steps = () => world.calls.map(({ activity }) => activity);
  const decide = (handle: WorkflowHandle, decisionId: string) => handle.executeUpdate(decidePlatform, { args: [{ decisionId }] });
  const withdraw = (handle: WorkflowHandle) => handle.executeUpdate(withdrawCase, { args: [{ requestId: 'withdraw-1' }] });
  const submitted = () => world.until(() => world.inputs('submitBinding').length > 0, 'the submission');
  async function begin() {
    const applicationId = randomUUID();
    const input: CaseInput = { applicationId, number: 'BD-2026-000001', business: 'account-binding', channel: 'online' };
    return { applicationId, handle: await world.start(workflowTypes['account-binding'], caseWorkflowId(applicationId), [input]) };
  }

  it('G binding: submitted, approved by the platform, done at once, and told', async () => {
    const { handle } = await begin();
    await submitted();
    await decide(handle, 'approved/1');
    expect(await handle.result()).toBe('bound');
    expect(steps()).toEqual([
      'openPlatformApproval',
      'submitBinding',
      'applyPlatformDecision',
      'finishApplication',
      'sendSms',
      'closeCase',
    ]);
    expect(world.texts()).toEqual(['account-bound']);
  });

  it('refused by the platform, it ends without completion, and the agent is told', async () => {
    const { handle } = await begin();
    await submitted();
    await decide(handle, 'refused/1');
    expect(await handle.result()).toBe('binding-refused');
    expect(steps()).not.toContain('finishApplication');
    expect(world.texts()).toEqual(['binding-refused']);
  });

  it('a decision that is quicker than the answer to the submission is taken', async () => {
    const gate = world.gate();
    world.answer({ submitBinding: gate.wait });
    const { handle } = await begin();
    await submitted();
    await decide(handle, 'approved/1');
    gate.open();
    expect(await handle.result()).toBe('bound');
  });

  it('D binding: ten days on it still waits: only the platform knows what it has opened', async () => {
    const { handle } = await begin();
    await submitted();
    await world.env.sleep(days(40));
    expect((await handle.describe()).status.name).toBe('RUNNING');
    await decide(handle, 'approved/1');
    expect(await handle.result()).toBe('bound');
  });

  it('the second of two decisions is refused before it is recorded', async () => {
    const gate = world.gate();
    world.answer({ sendSms: gate.wait });
    const { handle } = await begin();
    await submitted();
    await decide(handle, 'approved/1');
    expect(await refusal(decide(handle, 'refused/2'))).toBe('ALREADY_DECIDED');
    gate.open();
    expect(await handle.result()).toBe('bound');
    expect(await acceptedUpdates(handle)).toEqual(['decidePlatform']);
  });

  it('withdrawn, it is taken back at the platform before the case closes', async () => {
    const { applicationId, handle } = await begin();
    await submitted();
    await withdraw(handle);
    expect(await handle.result()).toBe('withdrawn');
    expect(world.inputs('unbindAccount')).toEqual([{ applicationId, by: null }]);
    expect(steps().indexOf('unbindAccount')).toBeLessThan(steps().indexOf('closeCase'));
    expect(world.texts()).toEqual(['withdrawn']);
  });

  it('withdrawn while it is being submitted, it is taken back after the submission, never before', async () => {
    const gate = world.gate();
    world.answer({ submitBinding: gate.wait });
    const { handle } = await begin();
    await submitted();
    await withdraw(handle);
    expect(steps()).not.toContain('unbindAccount');
    gate.open();
    expect(await handle.result()).toBe('withdrawn');
    expect(steps()).toContain('unbindAccount');
  });

  it('what the platform will not take parks the case, and it can be withdrawn from there', async () => {
    world.answer({ submitBinding: () => Promise.reject(world.error('GATEWAY_REFUSED')) });
    const { handle } = await begin();
    await world.until(() => world.inputs('parkCase').length > 0, 'the parking');
    expect(world.inputs('parkCase')).toMatchObject([{ code: 'GATEWAY_REFUSED' }]);
    await withdraw(handle);
    expect(await handle.result()).toBe('withdrawn');
  });

  it('unbound at its holder’s wish: at the platform first, then told', async () => {
    const applicationId = randomUUID();
    const by = randomUUID();
    const handle = await world.start(workflowTypes.unbindAccount, unbindingWorkflowId(applicationId), [{ applicationId, by }]);
    await handle.result();
    expect(world.inputs('unbindAccount')).toEqual([{ applicationId, by }]);
    expect(world.inputs('sendSms')).toEqual([{ applicationId, template: 'account-unbound', onceKey: 'account-unbound' }]);
  });
});
