/** The code that proves the new phone. */
import { AgentChange, appendAudit, Application } from '#persistence';
import { v7 as uuidv7 } from 'uuid';
import { WORKFLOW } from '../casework/index.js';
import type { BusinessDeps } from '../deps.js';
import { agentChangeCode, handToFirst } from '../messages/index.js';
import { keepCode } from '../phone-verification/index.js';

export interface ChangeCode {
  applicationId: string;
  changeId: string;
  attempt: number;
}

export const agentChangeCodeActivities = (deps: BusinessDeps) => ({
  /** Derived like the code of the first agent: a retry sends the same text, and the new agent holds one code. */
  async sendAgentChangeCode({ applicationId, changeId, attempt }: ChangeCode): Promise<void> {
    const { data, now, codeKey } = deps;
    const { number } = await data.manager.findOneByOrFail(Application, { id: applicationId });
    const { newPhone: phone, dueAt } = await data.manager.findOneByOrFail(AgentChange, { id: changeId });
    const place = { codeKey, subject: `agent-change/${changeId}` };
    const code = agentChangeCode(codeKey, changeId, attempt);
    await data.transaction(async (tx) => {
      const event = { action: 'agent.change-code-sent', details: { attempt }, next: 'agent', until: dueAt } as const;
      const onceKey = `agent-change-code/${attempt}`;
      const fresh = await appendAudit(tx, { subject: `application/${applicationId}`, at: now(), actor: WORKFLOW, ...event, onceKey });
      if (fresh) await keepCode(tx, place, phone, code, now());
    });
    const letter = { id: uuidv7(), applicationId, template: 'agent-change-code' as const, values: { number }, phone };
    await handToFirst(deps, `${applicationId}/agent-change-code/${changeId}/${attempt}`, () => Promise.resolve(letter));
  },
});
