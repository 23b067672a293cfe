/** What is done in the place of a case whose workflow was ended from outside. Rules: decision 0048. */
import type { LeftBehind } from '#activities';
import { workflowTypes } from '#workflows/contract';
import { openSkippingWorld, type SkippingWorld } from './skipping-world.js';

describe('a termination', () => {
  let world: SkippingWorld;
  beforeAll(async () => {
    world = await openSkippingWorld();
  });
  afterEach(() => world.forget());
  afterAll(() => world.close());

  const CASE = 'case-1';
  const nothing: LeftBehind = { suspension: false, binding: false, agentChangeId: null };
  const recorded = async (left: Partial<LeftBehind>) => {
    world.answer({ findLeftBehind: () => Promise.resolve({ ...nothing, ...left }) });
    const run = await world.start(workflowTypes.recordTermination, `application/${CASE}/terminated`, [{ applicationId: CASE }]);
    await run.result();
    return world.calls.map(({ activity }) => activity).filter((name) => name !== 'findLeftBehind');
  };

  it('of a case that leaves nothing behind closes it', async () => {
    expect(await recorded({})).toEqual(['closeCase']);
    expect(world.inputs('closeCase')).toEqual([{ applicationId: CASE, outcome: 'terminated' }]);
  });

  it.each([['0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b'], [null]])('hands on who the operator said they are: %s', async (by) => {
    const run = await world.start(workflowTypes.recordTermination, `application/${CASE}/by`, [{ applicationId: CASE, by }]);
    await run.result();
    expect(world.inputs('closeCase')).toEqual([{ applicationId: CASE, outcome: 'terminated', by }]);
  });

  it('lifts a suspension, puts that on the list, tells it, and closes the case last', async () => {
    expect(await recorded({ suspension: true })).toEqual(['releasePredecessor', 'publishCrl', 'sendSms', 'closeCase']);
    expect(world.inputs('sendSms')).toEqual([{ applicationId: CASE, template: 'lifted', onceKey: 'lifted' }]);
  });

  it('takes an account back that waits for the platform', async () => {
    expect(await recorded({ binding: true })).toEqual(['unbindAccount', 'closeCase']);
    expect(world.inputs('unbindAccount')).toEqual([{ applicationId: CASE, by: null }]);
  });

  it('ends a change of the agent that is under way', async () => {
    expect(await recorded({ agentChangeId: 'change-1' })).toEqual(['endAgentChange', 'closeCase']);
    expect(world.inputs('endAgentChange')).toEqual([{ applicationId: CASE, changeId: 'change-1', end: 'case-ended' }]);
  });
});
