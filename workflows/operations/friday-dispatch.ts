/**
 * 周五寄送: one day's batch. Every item succeeds or fails alone; a run that dies resumes; started twice it sends nothing twice.
 * Rules: business.md, "Friday dispatch".
 */
import { shanghaiDay } from '#domain';
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import {
  allHandlersFinished,
  condition,
  executeChild,
  getExternalWorkflowHandle,
  ParentClosePolicy,
  setCurrentDetails,
  setHandler,
} from '@temporalio/workflow';
import {
  caseWorkflowId,
  dispatchProgress,
  dispatchView,
  dispatchWorkflowId,
  handOver,
  type DispatchInput,
  type DispatchNotice,
  type DispatchView,
} from '../contract/index.js';
import { dispatching, documents, records } from '../stages/proxies.js';
import { onUpdate, refuseUnless } from '../stages/updates.js';
import { scheduledTime } from './scheduled-time.js';

/** D: how long the packed letters wait for a dispatcher before the batch closes and they go to the next Friday. */
const HAND_OVER_WITHIN = '3 days';
/** D: letters worked on at the same time. */
const AT_ONCE = 8;

export async function fridayDispatch(input: DispatchInput): Promise<DispatchView> {
  if (input.day === undefined) return underItsDay(shanghaiDay(scheduledTime()));
  const { day } = input;
  const view: DispatchView = { day, state: 'working', items: { due: 0, carried: 0, packed: 0, handedOver: 0, failed: 0 } };
  const describe = () => setCurrentDetails(`**寄送 Dispatch ${day}**: ${view.state}\n\n${JSON.stringify(view.items)}`);
  setHandler(dispatchView, () => view);
  let handingOver = false;
  onUpdate(
    handOver,
    async ({ handOverId, staffId }) => {
      handingOver = true;
      const { applicationIds } = await records.handOverBatch({ day, handOverId, staffId }).finally(() => (handingOver = false));
      await tellAll(applicationIds, { day, step: 'handed-over' });
      view.items.handedOver += applicationIds.length;
      describe();
      return { handedOver: applicationIds.length };
    },
    () => refuseUnless(view.state === 'waiting-for-hand-over' && !handingOver, 'DISPATCH_NOT_READY'),
  );

  const batch = await records.openBatch({ day });
  view.items.due = batch.items.length;
  describe();
  await atOnce(AT_ONCE, batch.items, async ({ itemId, applicationId }) => {
    const step = await prepareItem(day, itemId);
    view.items[step] += 1;
    await tell(applicationId, { day, step: step === 'packed' ? 'packed' : 'carried' });
    describe();
  });
  if (view.items.packed > 0) {
    await documents.printDispatchList({ day });
    view.state = 'waiting-for-hand-over';
    describe();
    await condition(() => view.items.handedOver >= view.items.packed, HAND_OVER_WITHIN, { summary: '等待交寄 Hand-over is due' });
    // A hand-over that came in time is finished before the rest is carried; from here on none is taken.
    view.state = 'working';
    await condition(allHandlersFinished);
  }
  const { left } = await records.closeBatch({ day });
  await tellAll(left, { day, step: 'carried' });
  view.state = 'closed';
  describe();
  return view;
}

/** The Schedule names its runs by itself; the batch is always found as `dispatch/<day>`, whoever started it. */
async function underItsDay(day: string): Promise<DispatchView> {
  const nothing: DispatchView = { day, state: 'closed', items: { due: 0, carried: 0, packed: 0, handedOver: 0, failed: 0 } };
  try {
    return await executeChild(fridayDispatch, {
      workflowId: dispatchWorkflowId(day),
      args: [{ day }],
      parentClosePolicy: ParentClosePolicy.ABANDON,
      staticSummary: `寄送 Dispatch ${day}`,
    });
  } catch (error) {
    // Somebody started it by hand already: it is one batch.
    if (error instanceof WorkflowExecutionAlreadyStartedError) return nothing;
    throw error;
  }
}

/** Takes the items in their order, so many at once; a slow one holds up nobody behind it. */
async function atOnce<T>(limit: number, items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const waiting = [...items];
  const hand = async () => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: limit }, hand));
}

/** Certified on the platform? Then bound, labelled, its waybill made: packed. Not certified: carried to the next Friday. */
async function prepareItem(day: string, itemId: string): Promise<'packed' | 'carried' | 'failed'> {
  try {
    const { certified } = await dispatching.bindItem({ itemId });
    if (!certified) {
      await records.carryItem({ itemId, day, reason: 'uncertified' });
      return 'carried';
    }
    await dispatching.packItem({ itemId });
    return 'packed';
  } catch {
    // The item goes to the next Friday with its reason; the others go on.
    await records.carryItem({ itemId, day, reason: 'failed' });
    return 'failed';
  }
}

const tellAll = (applicationIds: readonly string[], notice: DispatchNotice) => Promise.all(applicationIds.map((id) => tell(id, notice)));

async function tell(applicationId: string, notice: DispatchNotice): Promise<void> {
  await getExternalWorkflowHandle(caseWorkflowId(applicationId))
    .signal(dispatchProgress, notice)
    .catch(() => undefined);
}
