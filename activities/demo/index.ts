/** Demonstrations only: what an outage would have left behind. Anywhere else each of these refuses, and nothing is back-dated. */
import { addDays, hours, lastFridayGone, startOfShanghaiDay, XinyinError } from '#domain';
import { officeCalendar } from '#persistence';
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

  /** What the look at the Fridays would have found to make up at that instant. */
  async fridaysToMakeUpAt({ at }: { at: string }): Promise<{ days: string[] }> {
    requireDemo(demo);
    return { days: await fridaysToMakeUp(data.manager, new Date(at)) };
  },
});

function requireDemo(demo: boolean): void {
  if (!demo) throw new XinyinError('STAGE_REFUSES');
}
