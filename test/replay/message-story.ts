/** A message that neither operator could bring to its phone, up to the task for a person. */
import { SmsMessage } from '#persistence';
import { messageWorkflowId, queues, workflowTypes } from '#workflows/contract';
import { casesOf } from '../world/cases.js';
import { openOffice } from '../world/office.js';
import { personalIn, recorded, type Stories } from './telling.js';

export async function liveMessages(): Promise<Stories> {
  const office = await openOffice({ plainHistories: true });
  try {
    const cases = casesOf(office);
    const filed = await cases.file({ name: '成都关机医药有限公司' });
    for (const operator of ['sms', 'sms2']) await office.fault(operator, 'undeliverable');
    await cases.approve(filed);
    const failed = async () => {
      const message = await office.data.manager.findOneBy(SmsMessage, { applicationId: filed.id, template: 'review-approved' });
      return message?.followAt && message.followAt <= office.clock.now() ? message : null;
    };
    const { id } = await office.until(failed, 'the receipt of the first operator');
    await office.engine.client.workflow.execute(workflowTypes.followMessages, {
      workflowId: 'follow-messages',
      taskQueue: queues.business,
    });
    const undelivered = await recorded(office, 'message-undelivered', messageWorkflowId(id));
    return { recorded: [undelivered], personal: await personalIn(office, cases, [filed]) };
  } finally {
    await office.close();
  }
}
