/** To another Friday: because it could not go, or because the calendar has changed. The row, the promise and the audit move together. */
import {
  calendarDay,
  carriedReasons,
  describeDispatch,
  nextDispatchDay,
  provisionalMark,
  type CalendarDay,
  type CarriedReason,
  type DispatchPromise,
  type OfficeCalendar,
} from '#domain';
import { DispatchItem, DispatchOutcome, type Application } from '#persistence';
import type { EntityManager } from 'typeorm';
import { lockCase, moveCase } from '../casework/index.js';

export interface Carrying {
  itemId: string;
  /** The day it did not go out on. */
  from: CalendarDay;
  reason: CarriedReason;
}

/** Carries what is due by that day and has not gone; an item that went, or was carried before, stays as it is. */
export async function carry(tx: EntityManager, { itemId, from, reason }: Carrying, calendar: OfficeCalendar, at: Date): Promise<void> {
  const item = await lockItem(tx, itemId);
  if (item.state === 'handed-over' || item.day > from) return;
  const next = nextDispatchDay(from, calendar);
  const carried = { day: next.day, carriedReason: reason, carriedFrom: from, timesCarried: item.timesCarried + 1 };
  await tx.update(DispatchItem, { id: itemId }, carried);
  const outcome = {
    applicationId: item.applicationId,
    carriedReason: reason,
    carriedTo: next.day,
    trackingNumber: item.trackingNumber,
    at,
  };
  // A Friday that nobody worked on has its report too: what was missed on it.
  await tx.upsert(DispatchOutcome, { day: reason === 'missed' ? item.day : from, ...outcome }, ['day', 'applicationId']);
  const application = await lockCase(tx, item.applicationId);
  const { zh, en } = carriedReasons[reason];
  promiseFriday(application, next, { zh, en });
  const mark = provisionalMark(next);
  const details = { day: next.day, from, reason: zh, reasonEn: en, mark: mark.zh, markEn: mark.en };
  await moveCase(tx, application, {}, { action: 'dispatch.carried', details, onceKey: `carried/${item.timesCarried + 1}` }, at);
}

/** What stands in the application's view and texts from now on. */
export function promiseFriday(application: Application, next: DispatchPromise, words = describeDispatch(next)): void {
  Object.assign(application, {
    dispatchDay: next.day,
    dispatchReason: words.zh,
    dispatchPromise: { ...next, reasonEn: words.en },
  });
}

export function lockItem(tx: EntityManager, itemId: string): Promise<DispatchItem> {
  return tx.findOneOrFail(DispatchItem, { where: { id: itemId }, lock: { mode: 'pessimistic_write' } });
}

/** Columns of days come as text. */
export const dayOf = (item: Pick<DispatchItem, 'day'>): CalendarDay => calendarDay(item.day);
