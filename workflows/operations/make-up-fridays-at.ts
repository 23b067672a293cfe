/** Demonstrations only: what an office that came back at this instant would have made up of its Fridays. The activity refuses it elsewhere. */
import type { MakeUpInput, WatchResult } from '../contract/index.js';
import { records } from '../stages/proxies.js';
import { makeUp } from './watch-fridays.js';

export async function makeUpFridaysAt({ at }: MakeUpInput): Promise<WatchResult> {
  const { days } = await records.fridaysToMakeUpAt({ at });
  for (const day of days) await makeUp(day);
  return { moved: 0, madeUp: days, missed: 0 };
}
