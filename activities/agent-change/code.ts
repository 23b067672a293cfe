/** The code that proves the new phone. */
import { smsText } from '#domain';
import { AgentChange, appendAudit, Application } from '#persistence';
import { WORKFLOW } from '../casework/index.js';
import type { BusinessDeps } from '../deps.js';
import { derivedCode, keepCode } from '../phone-verification/index.js';

export interface ChangeCode {
  applicationId: string;
  changeId: string;
  attempt: number;
}

export const agentChangeCodeActivities = ({ data, now, gateways, codeKey }: BusinessDeps) => ({
  /** Derived like the code of the first agent: a retry sends the same text, and the new agent holds one code. */
  async sendAgentChangeCode({ applicationId, changeId, attempt }: ChangeCode): Promise<void> {
    const { number } = await data.manager.findOneByOrFail(Application, { id: applicationId });
    const { newPhone: phone, dueAt } = await data.manager.findOneByOrFail(AgentChange, { id: changeId });
    const place = { codeKey, subject: `agent-change/${changeId}` };
    const code = derivedCode(place, attempt);
    await data.transaction(async (tx) => {
      const event = { action: 'agent.change-code-sent', details: { attempt }, next: 'agent', until: dueAt } as const;
      const onceKey = `agent-change-code/${attempt}`;
      const fresh = await appendAudit(tx, { subject: `application/${applicationId}`, at: now(), actor: WORKFLOW, ...event, onceKey });
      if (fresh) await keepCode(tx, place, phone, code, now());
    });
    const text = smsText('agent-change-code', { number, code });
    await gateways.sms.send({
      idempotencyKey: `${applicationId}/agent-change-code/${attempt}`,
      phone,
      text,
      template: 'agent-change-code',
    });
  },
});
