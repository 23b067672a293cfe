/** When a run was meant to be. A Schedule's run belongs to the instant it was scheduled for, even when it is made up later. */
import { workflowInfo } from '@temporalio/workflow';

export function scheduledTime(): Date {
  const { startTime, searchAttributes } = workflowInfo();
  const scheduled = searchAttributes['TemporalScheduledStartTime']?.[0];
  return scheduled instanceof Date ? scheduled : startTime;
}
