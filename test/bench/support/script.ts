/** The steps of a workflow that has ended, from its history. */
import { queues, type Queue } from '#workflows/contract';
import type { WorkflowHandle } from '@temporalio/client';
import type { Step } from '../bare/steps.js';

export async function stepsOf(handle: WorkflowHandle): Promise<Step[]> {
  const { events } = await handle.fetchHistory();
  const steps: Step[] = [];
  /** Records that an update makes before it answers belong to it. */
  let answering: { records: number } | undefined;
  for (const event of events ?? []) {
    const local = event.markerRecordedEventAttributes?.markerName === 'core_local_activity';
    if (local && answering) answering.records += 1;
    else if (local) steps.push({ do: 'record' });
    else if (event.activityTaskScheduledEventAttributes)
      steps.push({ do: 'activity', queue: queueNamed(event.activityTaskScheduledEventAttributes.taskQueue?.name ?? '') });
    else if (event.timerStartedEventAttributes) steps.push({ do: 'timer' });
    else if (event.upsertWorkflowSearchAttributesEventAttributes) steps.push({ do: 'mark' });
    else if (event.workflowExecutionSignaledEventAttributes) steps.push({ do: 'signal' });
    else if (event.signalExternalWorkflowExecutionInitiatedEventAttributes) steps.push({ do: 'tell' });
    else if (event.workflowExecutionUpdateAcceptedEventAttributes) {
      answering = { records: 0 };
      steps.push({ do: 'update', ...answering });
    } else if (event.workflowExecutionUpdateCompletedEventAttributes) {
      const last = steps.findLastIndex((step) => step.do === 'update');
      if (answering) steps[last] = { do: 'update', ...answering };
      answering = undefined;
    }
  }
  return steps;
}

function queueNamed(name: string): Queue {
  const found = (Object.keys(queues) as Queue[]).find((queue) => queues[queue] === name);
  if (!found) throw new Error(`no queue is named ${name}`);
  return found;
}
