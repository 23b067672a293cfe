/**
 * 周五寄送: one day's batch. Every item succeeds or fails alone; a run that dies resumes; started twice it sends nothing twice.
 * Rules: business.md, "Friday dispatch".
 */
import { days, hours, shanghaiDay } from '#domain';
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import {
  allHandlersFinished,
  condition,
  continueAsNew,
  executeChild,
  ParentClosePolicy,
  setCurrentDetails,
  setHandler,
} from '@temporalio/workflow';
import {
  dispatchView,
  dispatchWorkflowId,
  handOver,
  lateLetter,
  type BatchSoFar,
  type DispatchInput,
  type DispatchView,
} from '../contract/index.js';
import { msUntil, now } from '../stages/clock.js';
import { documents, records } from '../stages/proxies.js';
import { onUpdate, refuseUnless } from '../stages/updates.js';
import { tell, tellAll } from './letters.js';
import { LETTERS_A_RUN, prepareLetters } from './preparing.js';
import { scheduledTime } from './scheduled-time.js';

/** D: how long the packed letters wait for a dispatcher before the batch closes and they go to the next Friday. */
const HAND_OVER_WITHIN_MS = days(3);
/** D: how long an outside system may stay away before it costs a letter its Friday. */
const OUTSIDE_WITHIN_MS = hours(6);

export async function fridayDispatch(input: DispatchInput): Promise<DispatchView> {
  if (input.day === undefined) return underItsDay(shanghaiDay(scheduledTime()));
  const batch = new Batch(input.day, input.soFar);
  if (!input.soFar && !(await batch.open())) return batch.view;
  do await batch.prepare();
  while (batch.out > 0 && (await batch.handedOverOrLate()));
  await batch.close();
  return batch.view;
}

class Batch {
  readonly view: DispatchView;
  private readonly handOvers: Record<string, number>;
  private giveUpAt: Date;
  private handOverUntil: Date | null;
  private handingOver = false;
  private late = false;
  private readonly share = { letters: LETTERS_A_RUN };

  constructor(
    private readonly day: string,
    soFar: BatchSoFar | undefined,
  ) {
    this.view = soFar?.view ?? empty(day);
    this.handOvers = { ...soFar?.handOvers };
    this.giveUpAt = soFar ? new Date(soFar.giveUpAt) : later(OUTSIDE_WITHIN_MS);
    this.handOverUntil = soFar?.handOverUntil ? new Date(soFar.handOverUntil) : null;
    setHandler(dispatchView, () => this.view);
    setHandler(lateLetter, () => void (this.late = true));
    onUpdate(
      handOver,
      (call) => this.handOver(call),
      () => refuseUnless(this.view.state === 'waiting-for-hand-over' && !this.handingOver, 'DISPATCH_NOT_READY'),
    );
    this.describe();
  }

  /** Packed letters that are still here. */
  get out(): number {
    return this.view.items.packed - this.view.items.handedOver;
  }

  /** False on a holiday, and when it was begun too late to be made up: nothing goes out. */
  async open(): Promise<boolean> {
    const { holiday, missed = false, packed } = await records.openBatch({ day: this.day });
    Object.assign(this.view.items, { due: packed, packed });
    const opens = !holiday && !missed;
    if (!opens) this.become('closed');
    return opens;
  }

  async prepare(): Promise<void> {
    this.late = false;
    const { day, view, giveUpAt, share } = this;
    const ended = await prepareLetters({
      day,
      giveUpAt,
      share,
      onCollected: (count) => void (view.items.due += count),
      onPrepared: async ({ applicationId }, prepared) => {
        view.items[prepared] += 1;
        this.describe();
        if (prepared !== 'packed') await tell(applicationId, { day, step: 'carried' });
      },
    });
    if (ended === 'all') return;
    await condition(allHandlersFinished);
    // What was collected and not begun is collected again by the next run.
    view.items.due = view.items.packed + view.items.carried + view.items.failed;
    const handOverUntil = this.handOverUntil?.toISOString() ?? null;
    const soFar: BatchSoFar = { view, handOvers: this.handOvers, giveUpAt: giveUpAt.toISOString(), handOverUntil };
    await continueAsNew<typeof fridayDispatch>({ day, soFar });
  }

  /** True when it is worth looking again: all is handed over, or a letter came late. False when nobody came in time. */
  async handedOverOrLate(): Promise<boolean> {
    await documents.printDispatchList({ day: this.day });
    this.handOverUntil ??= later(HAND_OVER_WITHIN_MS);
    this.become('waiting-for-hand-over');
    const inTime = await condition(() => this.out <= 0 || this.late, msUntil(this.handOverUntil), { summary: '等待交寄 Hand-over is due' });
    // A hand-over that came in time is finished before the rest is carried; from here on none is taken.
    this.become('working');
    await condition(allHandlersFinished);
    this.giveUpAt = later(OUTSIDE_WITHIN_MS);
    return inTime;
  }

  /** What is still here goes to the next Friday; the report is what was written on the way. */
  async close(): Promise<void> {
    const { day } = this;
    for (;;) {
      const { items } = await records.leftLetters({ day });
      if (items.length === 0) break;
      await records.carryItems({ day, itemIds: items.map(({ itemId }) => itemId), reason: 'not-handed-over' });
      await tellAll(
        items.map(({ applicationId }) => applicationId),
        { day, step: 'carried' },
      );
    }
    await records.closeBatch({ day });
    await condition(allHandlersFinished);
    this.become('closed');
  }

  private async handOver({ handOverId, staffId }: { handOverId: string; staffId: string }): Promise<{ handedOver: number }> {
    const { day } = this;
    this.handingOver = true;
    try {
      while ((await records.handOverLetters({ day, handOverId, staffId })).more);
      const handedOver = await this.tellHandedOver(handOverId);
      this.handOvers[handOverId] = handedOver;
      this.view.items.handedOver = Object.values(this.handOvers).reduce((sum, count) => sum + count, 0);
      this.describe();
      return { handedOver };
    } finally {
      this.handingOver = false;
    }
  }

  private async tellHandedOver(handOverId: string): Promise<number> {
    let count = 0;
    for (let after: string | null = null; ;) {
      const { items }: { items: { itemId: string; applicationId: string }[] } = await records.handedOver({ handOverId, after });
      const last = items.at(-1);
      if (!last) return count;
      await tellAll(
        items.map(({ applicationId }) => applicationId),
        { day: this.day, step: 'handed-over' },
      );
      count += items.length;
      after = last.itemId;
    }
  }

  private become(state: DispatchView['state']): void {
    this.view.state = state;
    this.describe();
  }

  private describe(): void {
    setCurrentDetails(`**寄送 Dispatch ${this.day}**: ${this.view.state}\n\n${JSON.stringify(this.view.items)}`);
  }
}

const empty = (day: string): DispatchView => ({
  day,
  state: 'working',
  items: { due: 0, carried: 0, packed: 0, handedOver: 0, failed: 0 },
});
const later = (ms: number) => new Date(now().getTime() + ms);

/** The Schedule names its runs by itself; the batch is always found as `dispatch/<day>`, whoever started it. */
async function underItsDay(day: string): Promise<DispatchView> {
  try {
    return await executeChild(fridayDispatch, {
      workflowId: dispatchWorkflowId(day),
      args: [{ day }],
      parentClosePolicy: ParentClosePolicy.ABANDON,
      staticSummary: `寄送 Dispatch ${day}`,
    });
  } catch (error) {
    // Somebody started it by hand already: it is one batch.
    if (error instanceof WorkflowExecutionAlreadyStartedError) return { ...empty(day), state: 'closed' };
    throw error;
  }
}
