/** The batch in the database: opened, its letters collected, handed over or carried, closed. What is long is done in pages. */
import { calendarDay, completedBefore, dispatchesOn, mayBegin, type CarriedReason } from '#domain';
import { Application, DispatchBatch, DispatchItem, DispatchOutcome, officeCalendar } from '#persistence';
import { LessThanOrEqual, MoreThan, type EntityManager } from 'typeorm';
import { lockCase, moveCase } from '../casework/index.js';
import type { RecordDeps } from '../deps.js';
import { carry } from './carry.js';

export interface Letter {
  itemId: string;
  applicationId: string;
}
export interface BatchOpening {
  /** A day on which nothing goes out. */
  holiday: boolean;
  /** Nobody began it in time: its letters are carried by the look at the Fridays. Histories of before hold no word of it. */
  missed?: boolean;
  /** Letters that an earlier batch packed and nobody handed over. */
  packed: number;
}
/** As many as one short transaction takes. */
const PAGE = 100;

export const dispatchRecordActivities = ({ data, now, holidays }: RecordDeps) => ({
  /** Nothing goes out on a holiday, whoever asks, and no batch begins more than 24 hours late, however long the worker was away. */
  async openBatch({ day }: { day: string }): Promise<BatchOpening> {
    if (!dispatchesOn(calendarDay(day), await officeCalendar(data.manager, holidays))) return { holiday: true, packed: 0 };
    const open = await data.transaction(async (tx) => {
      // Run again, by hand or after a crash, it is the same batch.
      const again = await tx.update(DispatchBatch, { day }, { closedAt: null });
      if (again.affected === 1) return true;
      if (!mayBegin(calendarDay(day), now())) return false;
      await tx.insert(DispatchBatch, { day, openedAt: now(), closedAt: null });
      return true;
    });
    if (!open) return { holiday: false, missed: true, packed: 0 };
    return { holiday: false, packed: await data.manager.countBy(DispatchItem, { day: LessThanOrEqual(day), state: 'packed' }) };
  },

  /** Due by this day and not packed yet: also what an outage left behind on earlier Fridays, and what became due while the batch worked. */
  async collectItems({ day, most }: { day: string; most: number }): Promise<{ items: Letter[] }> {
    return { items: await letters(data.manager, { day, states: ['due', 'bound'], most }) };
  },

  /** To the next Friday that is no holiday, with its reason; the agent is told by the case. */
  async carryItem({ itemId, day, reason }: { itemId: string; day: string; reason: CarriedReason }): Promise<void> {
    await data.transaction(async (tx) => carry(tx, { itemId, from: calendarDay(day), reason }, await officeCalendar(tx, holidays), now()));
  },

  /** Takes out what is packed, a page at a time. */
  async handOverLetters(call: { day: string; handOverId: string; staffId: string }): Promise<{ more: boolean }> {
    return data.transaction(async (tx) => {
      const items = await tx.find(DispatchItem, {
        where: { day: LessThanOrEqual(call.day), state: 'packed' },
        order: { id: 'ASC' },
        take: PAGE,
        lock: { mode: 'pessimistic_write' },
      });
      for (const item of items) await handOut(tx, item, call, now());
      return { more: items.length === PAGE };
    });
  },

  /** The letters that this call took out, in pages: asked again, it answers the same. */
  async handedOver({ handOverId, after }: { handOverId: string; after: string | null }): Promise<{ items: Letter[] }> {
    const items = await data.manager.find(DispatchItem, {
      where: { handOverId, ...(after === null ? {} : { id: MoreThan(after) }) },
      order: { id: 'ASC' },
      take: PAGE,
    });
    return { items: items.map(letter) };
  },

  /** What nobody handed over in time. */
  async leftLetters({ day }: { day: string }): Promise<{ items: Letter[] }> {
    return { items: await letters(data.manager, { day, states: ['due', 'bound', 'packed'], most: PAGE }) };
  },

  async carryItems({ itemIds, day, reason }: { itemIds: string[]; day: string; reason: CarriedReason }): Promise<void> {
    await data.transaction(async (tx) => {
      const calendar = await officeCalendar(tx, holidays);
      for (const itemId of itemIds) await carry(tx, { itemId, from: calendarDay(day), reason }, calendar, now());
    });
  },

  async closeBatch({ day }: { day: string }): Promise<void> {
    await data.manager.update(DispatchBatch, { day }, { closedAt: now() });
  },
});

interface Wanted {
  day: string;
  states: DispatchItem['state'][];
  most: number;
}

/** In the order in which they were completed. The completion's time stamp decides, however late the batch looks. */
async function letters(manager: EntityManager, { day, states, most }: Wanted): Promise<Letter[]> {
  const items = await manager
    .createQueryBuilder(DispatchItem, 'item')
    .innerJoin(Application, 'application', 'application.id = item.applicationId')
    .where('item.day <= :day AND item.state IN (:...states)', { day, states })
    .andWhere('application.completedAt < :before', { before: completedBefore(calendarDay(day)) })
    .orderBy('item.id', 'ASC')
    .limit(most)
    .getMany();
  return items.map(letter);
}

const letter = ({ id, applicationId }: DispatchItem): Letter => ({ itemId: id, applicationId });

async function handOut(
  tx: EntityManager,
  item: DispatchItem,
  { day, handOverId, staffId }: { day: string; handOverId: string; staffId: string },
  at: Date,
): Promise<void> {
  const { applicationId, trackingNumber, sendings } = item;
  await tx.update(DispatchItem, { id: item.id }, { state: 'handed-over', handedOverAt: at, handedOverBy: staffId, handOverId });
  await tx.upsert(DispatchOutcome, { day, applicationId, carriedReason: null, carriedTo: null, trackingNumber, at }, [
    'day',
    'applicationId',
  ]);
  const application = await lockCase(tx, applicationId);
  const event = {
    action: 'dispatch.handed-over',
    details: { tracking: trackingNumber, day },
    actor: { kind: 'staff', id: staffId },
    onceKey: sendings > 1 ? `handed-over/${sendings}` : 'handed-over',
  } as const;
  // A parcel that goes out again belongs to a case that has ended: nobody waits for anything.
  await moveCase(tx, application, application.stage === 'closed' ? {} : { waitingFor: 'system' }, event, at);
}
