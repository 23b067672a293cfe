import { agentChangeKinds, agentChangeLife, asksForAgentChange, takesAgentChange, type AgentChangeKind } from './agent-change.js';
import { isFiledMaterial, isMaterial } from './materials.js';
import { isReturnable } from './review.js';
import { stages, type Stage } from './stages.js';

const refusedIn = (kind: AgentChangeKind) => (Object.keys(stages) as Stage[]).filter((stage) => !takesAgentChange(kind, stage));

describe('经办人变更', () => {
  it('D: a case is handed over at any stage but while keys are made, while a token lies ready, in an unlocking, and after the end', () => {
    expect(refusedIn('other-agent')).toEqual(['issuance', 'hand-over', 'approval', 'unlocking', 'closed']);
  });

  it('D: a lost phone is replaced at any stage but in an unlocking and after the end', () => {
    expect(refusedIn('lost-phone')).toEqual(['approval', 'unlocking', 'closed']);
  });

  it.each([
    ['other-agent', 'online', true],
    ['other-agent', 'window', true],
    ['other-agent', 'telephone', false],
    ['lost-phone', 'online', false],
    ['lost-phone', 'window', true],
    ['lost-phone', 'telephone', true],
  ] as const)('D: %s, %s: %s', (kind, channel, may) => {
    expect(asksForAgentChange(kind, channel)).toBe(may);
  });

  it('D: another agent comes with a letter, which is no paper of the application: no draft takes it and no review returns it', () => {
    expect(agentChangeKinds['other-agent'].materials).toEqual(['authorisation-letter']);
    expect(agentChangeKinds['lost-phone'].materials).toEqual([]);
    expect([isMaterial('authorisation-letter'), isFiledMaterial('authorisation-letter')]).toEqual([true, false]);
    expect([isReturnable('materials/authorisation-letter'), isReturnable('materials/licence')]).toEqual([false, true]);
  });

  it('D: neither kind is paid for, at a desk or elsewhere: nothing takes money for one', () => {
    expect(Object.values(agentChangeKinds).map(({ fees }) => fees)).toEqual([[], []]);
  });

  it('D: 3 days for the second person, then 7 for the new phone', () => {
    expect([agentChangeLife.decisionMs / 86_400_000, agentChangeLife.confirmationMs / 86_400_000]).toEqual([3, 7]);
  });
});
