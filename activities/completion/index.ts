/** 办结: fixes the dispatch day by the calendar from the instant at which the last token was written, and puts the application on that Friday's list. */
import { batchBegins, calendarDay, dispatchDay } from '#domain';
import { DispatchItem, FeeOrder, officeCalendar, Token, type Application } from '#persistence';
import { IsNull, Not, type EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { lockCase, moveCase } from '../casework/index.js';
import type { RecordDeps } from '../deps.js';
import { promiseFriday } from '../dispatch/index.js';
import { earn } from '../payment/index.js';

interface Completion {
  applicationId: string;
  /** ISO instant at which the case came to say so. */
  completedAt: string;
}

export const completionActivities = ({ data, now, holidays }: RecordDeps) => ({
  /** `late`: the batch of that Friday may have looked already. Nothing is answered by histories of before this was asked. */
  async completeApplication({ applicationId, completedAt }: Completion): Promise<{ day: string; late: boolean } | undefined> {
    return data.transaction(async (tx) => {
      const application = await lockCase(tx, applicationId);
      if (application.completedAt !== null) return lateness(application, now());
      const completed = await writtenBy(tx, applicationId, new Date(completedAt));
      const friday = dispatchDay(completed, await officeCalendar(tx, holidays));
      application.completedAt = completed;
      promiseFriday(application, friday);
      await tx.insert(DispatchItem, {
        ...{ id: uuidv7(), applicationId, day: calendarDay(friday.day), state: 'due' },
        ...{ timesCarried: 0, timesMoved: 0, sendings: 1 },
      });
      await earnFee(tx, applicationId, now());
      const move = { stage: 'dispatch', waitingFor: 'friday', until: null } as const;
      const details = {
        day: friday.day,
        reason: application.dispatchReason,
        reasonEn: String(application.dispatchPromise?.['reasonEn'] ?? ''),
      };
      await moveCase(tx, application, move, { action: 'application.completed', details, onceKey: 'completed' }, now());
      return lateness(application, now());
    });
  },

  /** For what ends where it is done, and is not mailed. */
  async finishApplication({ applicationId, completedAt }: Completion): Promise<void> {
    await data.transaction(async (tx) => {
      const application = await lockCase(tx, applicationId);
      if (application.completedAt !== null) return;
      application.completedAt = new Date(completedAt);
      await earnFee(tx, applicationId, now());
      await moveCase(
        tx,
        application,
        { waitingFor: 'system', until: null },
        { action: 'application.finished', onceKey: 'completed' },
        now(),
      );
    });
  },
});

/**
 * Key and certificates exist once the last token is written. What the case waits for after that, a label at a printer that is away, changes
 * nothing of its Friday. Never later than the case says.
 */
async function writtenBy(tx: EntityManager, applicationId: string, said: Date): Promise<Date> {
  const last = await tx.findOne(Token, { where: { applicationId, writtenAt: Not(IsNull()) }, order: { writtenAt: 'DESC' } });
  const written = last?.writtenAt ?? said;
  return written < said ? written : said;
}

function lateness({ dispatchDay: day }: Application, now: Date) {
  return day === null ? undefined : { day, late: now >= batchBegins(calendarDay(day)) };
}

/** What was paid is earned when what it was paid for is done. */
async function earnFee(tx: EntityManager, applicationId: string, at: Date): Promise<void> {
  const order = await tx.findOne(FeeOrder, { where: { applicationId }, lock: { mode: 'pessimistic_write' } });
  if (order) await earn(tx, order.id, `earned/${order.id}`, at);
}
