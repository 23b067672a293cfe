/** 办结: fixes the dispatch day by the calendar from the completion's time stamp, and puts the application on that Friday's list. */
import { calendarDay, describeDispatch, dispatchDay } from '#domain';
import { DispatchItem, FeeOrder } from '#persistence';
import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { lockCase, moveCase } from '../casework/index.js';
import type { RecordDeps } from '../deps.js';
import { earn } from '../payment/index.js';

export const completionActivities = ({ data, now, holidays }: RecordDeps) => ({
  async completeApplication({ applicationId, completedAt }: { applicationId: string; completedAt: string }): Promise<void> {
    const completed = new Date(completedAt);
    const promise = dispatchDay(completed, holidays);
    const reason = describeDispatch(promise);
    await data.transaction(async (tx) => {
      const application = await lockCase(tx, applicationId);
      if (application.completedAt !== null) return;
      Object.assign(application, {
        completedAt: completed,
        dispatchDay: promise.day,
        dispatchReason: reason.zh,
        dispatchPromise: { ...promise, reasonEn: reason.en },
      });
      await earnFee(tx, applicationId, now());
      await tx.insert(DispatchItem, { id: uuidv7(), applicationId, day: calendarDay(promise.day), state: 'due', timesCarried: 0 });
      const move = { stage: 'dispatch', waitingFor: 'friday', until: null } as const;
      const details = { day: promise.day, reason: reason.zh, reasonEn: reason.en };
      await moveCase(tx, application, move, { action: 'application.completed', details, onceKey: 'completed' }, now());
    });
  },

  /** For what ends where it is done, and is not mailed. */
  async finishApplication({ applicationId, completedAt }: { applicationId: string; completedAt: string }): Promise<void> {
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

/** What was paid is earned when what it was paid for is done. */
async function earnFee(tx: EntityManager, applicationId: string, at: Date): Promise<void> {
  const order = await tx.findOne(FeeOrder, { where: { applicationId }, lock: { mode: 'pessimistic_write' } });
  if (order) await earn(tx, order.id, `earned/${order.id}`, at);
}
