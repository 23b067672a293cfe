/**
 * 经办人变更, beside whatever the case is at: asked for, approved by a second person, in effect when the new phone is proven. Until then
 * everything stays with the agent of before; the case itself goes on meanwhile, and waits for none of it.
 */
import { agentChangeLife, takesAgentChange, type AgentChangeDecision } from '#domain';
import { CancellationScope, condition, isCancellation } from '@temporalio/workflow';
import {
  askAgentChange,
  confirmAgentChange,
  decideAgentChange,
  resendAgentChangeCode,
  type AgentChangeRequest,
} from '../contract/index.js';
import type { Case } from './case.js';
import { msUntil, now } from './clock.js';
import { outside, records } from './proxies.js';
import { onUpdate, refuseUnless } from './updates.js';

interface OpenChange extends AgentChangeRequest {
  outcome: 'approved' | 'rejected' | null;
  applied: boolean;
  /** Its time is over, or the case's: nothing is taken for it any more. */
  over: 'expired' | 'case-ended' | null;
  until: Date;
}

const after = (ms: number) => new Date(now().getTime() + ms);

export class AgentChanges {
  private open: OpenChange | null = null;
  /** Something about the change is just being written. */
  private busy = false;
  private ended = false;
  private scope = new CancellationScope({ cancellable: true });
  private following: Promise<void> = Promise.resolve();

  constructor(private readonly current: Case) {
    onUpdate(
      askAgentChange,
      (request) => this.alone(() => this.begin(request)),
      ({ kind }) => {
        refuseUnless(!this.ended && !current.ending && takesAgentChange(kind, current.stage), 'STAGE_REFUSES');
        refuseUnless(this.open === null && !this.busy, 'AGENT_CHANGE_OPEN');
      },
    );
    onUpdate(
      decideAgentChange,
      (decision) => this.alone(() => this.decide(decision)),
      (decision) => this.refuseDecision(decision),
    );
    onUpdate(
      confirmAgentChange,
      (proof) => this.alone(() => this.apply(proof)),
      ({ changeId }) => {
        this.refuseUnlessApproved(changeId);
        refuseUnless(!this.busy, 'ALREADY_DECIDED');
      },
    );
    onUpdate(
      resendAgentChangeCode,
      ({ changeId }) => this.sendCode(changeId),
      ({ changeId }) => this.refuseUnlessApproved(changeId),
    );
  }

  /** The story has ended. Whatever is being written is waited for; a change that is still open comes to nothing. */
  async end(): Promise<void> {
    this.ended = true;
    await condition(() => !this.busy);
    this.scope.cancel();
    await this.following;
  }

  private refuseDecision({ changeId, outcome, by }: AgentChangeDecision): void {
    const change = this.openUnder(changeId);
    const decided = outcome === 'approved' ? change?.outcome !== null : change?.outcome === 'rejected';
    refuseUnless(change !== null && !decided && !this.busy, 'ALREADY_DECIDED');
    refuseUnless(!this.current.hands.has(by), 'FOUR_EYES');
    if (outcome === 'approved') this.refuseOutsideStage(change);
  }

  private refuseUnlessApproved(changeId: string): void {
    const change = this.openUnder(changeId);
    refuseUnless(change?.outcome === 'approved', 'STAGE_REFUSES');
    this.refuseOutsideStage(change);
  }

  private refuseOutsideStage(change: OpenChange | null): void {
    refuseUnless(change !== null && !this.current.ending && takesAgentChange(change.kind, this.current.stage), 'STAGE_REFUSES');
  }

  private openUnder(changeId: string): OpenChange | null {
    const { open } = this;
    return open?.changeId === changeId && open.over === null && !open.applied ? open : null;
  }

  private async alone(work: () => Promise<void>): Promise<void> {
    this.busy = true;
    try {
      await work();
    } finally {
      this.busy = false;
    }
  }

  private async begin(request: AgentChangeRequest): Promise<void> {
    const { applicationId, hands } = this.current;
    const { changeId, by } = request;
    const until = after(agentChangeLife.decisionMs);
    await records.openAgentChange({ applicationId, changeId, until: until.toISOString() });
    if (by !== undefined) hands.add(by);
    const change: OpenChange = { ...request, outcome: null, applied: false, over: null, until };
    this.open = change;
    this.scope = new CancellationScope({ cancellable: true });
    this.following = this.follow(change);
  }

  private async decide(decision: AgentChangeDecision): Promise<void> {
    const { applicationId } = this.current;
    const until = after(agentChangeLife.confirmationMs);
    await records.decideAgentChange({ applicationId, ...decision, until: until.toISOString() });
    if (this.open !== null) Object.assign(this.open, { outcome: decision.outcome, until });
  }

  private async apply({ changeId, codeId }: { changeId: string; codeId: string }): Promise<void> {
    const { applicationId } = this.current;
    await records.applyAgentChange({ applicationId, changeId, codeId });
    if (this.open !== null) this.open.applied = true;
    this.current.phonesProven += 1;
  }

  private async sendCode(changeId: string): Promise<void> {
    const { applicationId } = this.current;
    const attempt = this.current.nextAgentCode();
    await this.current.attempt(() => outside.sendAgentChangeCode({ applicationId, changeId, attempt }));
  }

  private async follow(change: OpenChange): Promise<void> {
    try {
      await this.scope.run(() => this.awaitSteps(change));
    } catch (error) {
      if (!isCancellation(error)) throw error;
      change.over = 'case-ended';
    }
    // Whoever has to be told is told, also when the case has ended meanwhile.
    await CancellationScope.nonCancellable(() => this.settle(change));
  }

  private async awaitSteps(change: OpenChange): Promise<void> {
    await condition(() => change.outcome !== null, msUntil(change.until), {
      summary: '等待经办人变更审批 A change of the agent is to be approved',
    });
    // A word given in the last moment counts.
    await condition(() => !this.busy);
    if (change.outcome === 'approved') {
      await this.sendCode(change.changeId);
      await this.tell(change, 'agent-change-announced');
      const settled = () => change.applied || change.outcome === 'rejected';
      await condition(settled, msUntil(change.until), { summary: '等待新手机验证 The new phone is to be proven' });
      await condition(() => !this.busy);
    }
    if (!change.applied && change.outcome !== 'rejected') change.over = 'expired';
  }

  private async settle(change: OpenChange): Promise<void> {
    const { applicationId } = this.current;
    const { changeId, applied, outcome, over } = change;
    if (!applied && outcome !== 'rejected' && over !== null)
      await this.current.attempt(() => records.endAgentChange({ applicationId, changeId, end: over }));
    this.open = null;
    if (applied) {
      await this.tell(change, 'agent-changed');
      await this.tell(change, 'agent-welcome');
    } else if (over !== 'case-ended') {
      await this.tell(change, 'agent-change-ended');
    }
  }

  private async tell(
    { changeId }: OpenChange,
    template: 'agent-change-announced' | 'agent-changed' | 'agent-welcome' | 'agent-change-ended',
  ): Promise<void> {
    const { applicationId } = this.current;
    await this.current.attempt(() => outside.sendSms({ applicationId, template, changeId, onceKey: `${template}/${changeId}` }));
  }
}
