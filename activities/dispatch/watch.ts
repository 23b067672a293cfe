/** What the calendar and outages do to promised Fridays: dates computed anew, missed Fridays made up or carried. */
import {
  addDays,
  batchBegins,
  calendarDay,
  dueDay,
  mayBegin,
  shanghaiDay,
  type CalendarDay,
  type DispatchPromise,
  type OfficeCalendar,
} from '#domain';
import { Application, DispatchBatch, DispatchItem, officeCalendar } from '#persistence';
import { In, IsNull, LessThanOrEqual, MoreThan, Not, type EntityManager } from 'typeorm';
import { lockCase, moveCase, writeCase } from '../casework/index.js';
import type { RecordDeps } from '../deps.js';
import { carry, dayOf, lockItem, promiseFriday } from './carry.js';
import type { Letter } from './records.js';

export interface PromiseMove extends Letter {
  to: string;
}
const PAGE = 500;
/** As many as one short transaction carries. */
const CARRIED_AT_ONCE = 100;

export const fridayWatchActivities = ({ data, now, holidays }: RecordDeps) => ({
  /** Letters whose Friday is another by the calendar of today, page by page. */
  async promisesToMove({ after }: { after: string | null }): Promise<{ moves: PromiseMove[]; next: string | null }> {
    const { manager } = data;
    const calendar = await officeCalendar(manager, holidays);
    const items = await manager.find(DispatchItem, {
      where: { state: Not('handed-over'), ...(after === null ? {} : { id: MoreThan(after) }) },
      order: { id: 'ASC' },
      take: PAGE,
    });
    const completed = await completions(manager, items);
    const inHand = await lastOpenBatch(manager);
    const moves: PromiseMove[] = [];
    for (const item of items) {
      const next = promiseOf(item, completed, calendar);
      if (next?.day === item.day) await remark(manager, item, next);
      else if (next && mayMove(item, next.day, { today: shanghaiDay(now()), inHand }))
        moves.push({ itemId: item.id, applicationId: item.applicationId, to: next.day });
    }
    return { moves, next: items.length === PAGE ? (items.at(-1)?.id ?? null) : null };
  },

  /** Answers which move of the letter this was; null when it does not go there any more. */
  async moveItem({ itemId, to }: PromiseMove): Promise<{ time: number | null }> {
    return data.transaction(async (tx) => {
      const item = await lockItem(tx, itemId);
      if (item.state === 'handed-over') return { time: null };
      // Done before, by an attempt whose answer was lost.
      if (item.day === to) return { time: item.timesMoved };
      const next = promiseOf(item, await completions(tx, [item]), await officeCalendar(tx, holidays));
      if (next?.day !== to) return { time: null };
      const time = item.timesMoved + 1;
      await tx.update(DispatchItem, { id: itemId }, { day: next.day, movedFrom: item.day, timesMoved: time });
      const application = await lockCase(tx, item.applicationId);
      promiseFriday(application, next);
      const details = { day: next.day, from: item.day, reason: application.dispatchReason ?? '', reasonEn: reasonEn(application) };
      await moveCase(tx, application, {}, { action: 'dispatch.moved', details, onceKey: `moved/${time}` }, now());
      return { time };
    });
  },

  /** Fridays with letters that no batch has in hand, while they may still be made up. */
  async fridaysToMakeUp(_: object): Promise<{ days: string[] }> {
    return { days: await fridaysToMakeUp(data.manager, now()) };
  },

  /** Letters of a Friday that is too long ago to be made up. */
  async missedLetters(_: object): Promise<{ items: Letter[] }> {
    const missed = (await overdue(data.manager, now())).filter((item) => !mayBegin(dayOf(item), now()));
    return { items: missed.slice(0, CARRIED_AT_ONCE).map(({ id, applicationId }) => ({ itemId: id, applicationId })) };
  },

  /** To the first Friday that is not over: after a long outage that need not be the one after theirs. */
  async carryMissed({ itemIds }: { itemIds: string[] }): Promise<void> {
    await data.transaction(async (tx) => {
      const calendar = await officeCalendar(tx, holidays);
      const from = addDays(shanghaiDay(now()), -1);
      for (const itemId of itemIds) await carry(tx, { itemId, from, reason: 'missed' }, calendar, now());
    });
  },
});

async function completions(manager: EntityManager, items: readonly DispatchItem[]): Promise<ReadonlyMap<string, Date | null>> {
  const applications = await manager.find(Application, {
    select: { id: true, completedAt: true },
    where: { id: In(items.map(({ applicationId }) => applicationId)) },
  });
  return new Map(applications.map(({ id, completedAt }) => [id, completedAt]));
}

function promiseOf(item: DispatchItem, completed: ReadonlyMap<string, Date | null>, calendar: OfficeCalendar) {
  const completedAt = completed.get(item.applicationId);
  const carriedFrom = item.carriedFrom === null ? null : calendarDay(item.carriedFrom);
  return completedAt ? dueDay({ completedAt, carriedFrom }, calendar) : null;
}

/** What a batch has in hand goes with it, and nothing is promised for a day that is over. */
function mayMove(item: DispatchItem, to: CalendarDay, { today, inHand }: { today: CalendarDay; inHand: string | null }): boolean {
  return to >= today && (inHand === null || item.day > inHand);
}

/** A batch takes everything due by its day, so the last open one is enough to know. */
async function lastOpenBatch(manager: EntityManager): Promise<string | null> {
  const open = await manager.findOne(DispatchBatch, { where: { closedAt: IsNull() }, order: { day: 'DESC' } });
  return open?.day ?? null;
}

/** The year's holidays were published, and the date stands: only its mark goes, and nobody is told. */
async function remark(manager: EntityManager, { applicationId, carriedFrom, day }: DispatchItem, next: DispatchPromise): Promise<void> {
  const changed = ({ dispatchPromise, dispatchDay }: Application) =>
    dispatchDay === day && dispatchPromise?.['provisional'] !== next.provisional;
  if (!changed(await manager.findOneByOrFail(Application, { id: applicationId }))) return;
  await manager.transaction(async (tx) => {
    const application = await lockCase(tx, applicationId);
    if (!changed(application)) return;
    if (carriedFrom === null) promiseFriday(application, next);
    else application.dispatchPromise = { ...application.dispatchPromise, provisional: next.provisional };
    await writeCase(tx, application);
  });
}

const reasonEn = ({ dispatchPromise }: Application) => String(dispatchPromise?.['reasonEn'] ?? '');

/** Fridays whose batch has not begun and may still begin at this instant, oldest first. */
export async function fridaysToMakeUp(manager: EntityManager, at: Date): Promise<string[]> {
  const waiting = await overdue(manager, at);
  return [...new Set(waiting.filter((item) => mayBegin(dayOf(item), at)).map(({ day }) => day))].sort();
}

/** Due, their batch's hour has struck, and no batch has them. */
async function overdue(manager: EntityManager, now: Date): Promise<DispatchItem[]> {
  const inHand = await lastOpenBatch(manager);
  const items = await manager.find(DispatchItem, {
    where: { day: LessThanOrEqual(shanghaiDay(now)), state: Not('handed-over') },
    order: { id: 'ASC' },
    take: PAGE,
  });
  return items.filter((item) => now >= batchBegins(dayOf(item)) && (inHand === null || item.day > inHand));
}
