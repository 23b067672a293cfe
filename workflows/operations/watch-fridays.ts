/**
 * Every hour, at each start, and when a supervisor sets a day: promised Fridays are held against the calendar of now, and Fridays that an
 * outage has missed are made up, or carried with a word to the agents. Rules: business.md, "Friday dispatch".
 */
import { shanghaiDay } from '#domain';
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import { continueAsNew, ParentClosePolicy, startChild } from '@temporalio/workflow';
import { dispatchWorkflowId, type WatchInput, type WatchResult } from '../contract/index.js';
import { now } from '../stages/clock.js';
import { records } from '../stages/proxies.js';
import { fridayDispatch } from './friday-dispatch.js';
import { tell, tellAll } from './letters.js';

/** Promises that a run looks at before it goes on as a new one: some six events each. Counted for the reason in preparing.ts. */
const MOVES_A_RUN = 1_000;

export async function watchFridays({ after, moved = 0 }: WatchInput): Promise<WatchResult> {
  let looked = 0;
  for (let from: string | null = after ?? null; ;) {
    const { moves, next } = await records.promisesToMove({ after: from });
    for (const move of moves) {
      const { time } = await records.moveItem(move);
      if (time === null) continue;
      await tell(move.applicationId, { day: move.to, step: 'moved', time });
      moved += 1;
    }
    if (next === null) break;
    looked += moves.length;
    if (looked >= MOVES_A_RUN) await continueAsNew<typeof watchFridays>({ after: next, moved });
    from = next;
  }
  const { days } = await records.fridaysToMakeUp({});
  for (const day of days) await makeUp(day);
  return { moved, madeUp: days, missed: await carryMissed() };
}

/** The same batch that the Schedule would have started. */
export async function makeUp(day: string): Promise<void> {
  try {
    await startChild(fridayDispatch, {
      workflowId: dispatchWorkflowId(day),
      args: [{ day }],
      parentClosePolicy: ParentClosePolicy.ABANDON,
      staticSummary: `寄送 Dispatch ${day}`,
    });
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
}

async function carryMissed(): Promise<number> {
  for (let missed = 0; ;) {
    const { items } = await records.missedLetters({});
    if (items.length === 0) return missed;
    await records.carryMissed({ itemIds: items.map(({ itemId }) => itemId) });
    await tellAll(
      items.map(({ applicationId }) => applicationId),
      { day: shanghaiDay(now()), step: 'carried' },
    );
    missed += items.length;
  }
}
