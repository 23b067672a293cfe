/**
 * SMS of a case. Promises: the same occasion sends one message; the text is made from the rows at the time of sending, never travels through
 * a history; a case waits until an operator has the message, or half a minute, never for its delivery.
 */
import { Application } from '#persistence';
import { v7 as uuidv7 } from 'uuid';
import type { BusinessDeps } from '../deps.js';
import { handToFirst } from './hand-over.js';
import { recipientOf, valuesFor, type Occasion } from './values.js';

export { agentChangeCode, agentCode, unlockCode } from './codes.js';
export { deliveryActivities, deliveryRecordActivities } from './deliveries.js';
export { handToFirst, type Letter } from './hand-over.js';
export type { CaseTemplate } from './values.js';

export interface SendSms extends Occasion {
  applicationId: string;
  /** The occasion, unique in the case. */
  onceKey: string;
}

export const messageActivities = (deps: BusinessDeps) => ({
  async sendSms(input: SendSms): Promise<void> {
    const { manager } = deps.data;
    await handToFirst(deps, `${input.applicationId}/${input.onceKey}`, async () => {
      const application = await manager.findOneByOrFail(Application, { id: input.applicationId });
      const { id: applicationId, number, waitingFor: next, dueAt: until } = application;
      const values = { number, ...(await valuesFor(manager, application, input)) };
      const phone = await recipientOf(manager, application, input);
      return { id: uuidv7(), applicationId, template: input.template, values, phone, standing: { next, until } };
    });
  },
});
