/** What a batch tells the cases of its letters. */
import { getExternalWorkflowHandle } from '@temporalio/workflow';
import { caseWorkflowId, dispatchProgress, type DispatchNotice } from '../contract/index.js';
import { outside } from '../stages/proxies.js';

export async function tell(applicationId: string, notice: DispatchNotice): Promise<void> {
  try {
    await getExternalWorkflowHandle(caseWorkflowId(applicationId)).signal(dispatchProgress, notice);
  } catch {
    // The case has ended: a parcel that goes out again, or a case that an operator has terminated. Its agent is told all the same.
    await outside.sendSms({ applicationId, ...textOf(notice) });
  }
}

export const tellAll = (applicationIds: readonly string[], notice: DispatchNotice) =>
  Promise.all(applicationIds.map((applicationId) => tell(applicationId, notice)));

function textOf({ day, step, time }: DispatchNotice) {
  switch (step) {
    case 'carried':
      return { template: 'carried', onceKey: `carried/${day}` } as const;
    case 'moved':
      return { template: 'dispatch-moved', onceKey: `moved/${time}` } as const;
    case 'handed-over':
      return { template: 'dispatched', onceKey: `dispatched/${day}` } as const;
  }
}
