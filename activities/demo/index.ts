/** Demonstrations only: what an outage would have left behind. Anywhere else each of these refuses, and nothing is back-dated. */
import { addDays, hours, lastFridayGone, startOfShanghaiDay, XinyinError } from '#domain';
import { DispatchBatch, officeCalendar } from '#persistence';
import type { BusinessDeps } from '../deps.js';
import { fridaysToMakeUp } from '../dispatch/index.js';

/** From Friday back to Tuesday, and to ten in the morning: in time for its Friday by any reading of the rule. */
const DAYS_BEFORE = 3;
const HOUR = 10;

export const demoActivities = ({ data, now, holidays, demo }: BusinessDeps) => ({
  /** When a letter was completed that has missed the last Friday which is too long ago to be made up. */
  async missedFriday(_: object): Promise<{ completedAt: string }> {
    requireDemo(demo);
    const friday = lastFridayGone(now(), await officeCalendar(data.manager, holidays));
    const midnight = startOfShanghaiDay(addDays(friday, -DAYS_BEFORE));
    return { completedAt: new Date(midnight.getTime() + hours(HOUR)).toISOString() };
  },

  /**
   * What the look at the Fridays would have found to make up at that instant. Their batches count as begun then, or nobody could begin them
   * now; as closed too, until their workflows open them, so that asked again this answers the same.
   */
  async fridaysToMakeUpAt({ at }: { at: string }): Promise<{ days: string[] }> {
    requireDemo(demo);
    const then = new Date(at);
    const days = await fridaysToMakeUp(data.manager, then);
    const batches = days.map((day) => ({ day, openedAt: then, closedAt: then }));
    await data.createQueryBuilder().insert().into(DispatchBatch).values(batches).orIgnore().execute();
    return { days };
  },
});

function requireDemo(demo: boolean): void {
  if (!demo) throw new XinyinError('STAGE_REFUSES');
}
