/** A Friday's batch by the activities that record it. Packing is written as the courier's answer would have it: no labels are printed here. */
import { DispatchItem } from '#persistence';
import { In } from 'typeorm';
import type { Doings } from './books.js';
import type { BooksWorld } from './world.js';

type FridayDeed = 'batch-opened' | 'letters-carried' | 'letters-missed' | 'letters-packed' | 'batch-handed-over' | 'batch-closed';

/** As many as one short transaction takes. */
const AT_ONCE = 100;

export function fridayDeeds({ data, act }: BooksWorld): Doings<FridayDeed> {
  const { manager } = data;
  const pages = async (caseIds: readonly string[], work: (itemIds: string[]) => Promise<void>) => {
    const items = await manager.find(DispatchItem, {
      select: { id: true },
      where: { applicationId: In([...caseIds]) },
      order: { id: 'ASC' },
    });
    for (let from = 0; from < items.length; from += AT_ONCE) await work(items.slice(from, from + AT_ONCE).map(({ id }) => id));
    return { simulated: caseIds.length, real: items.length };
  };

  return {
    'batch-opened': async ({ day }) => ({ simulated: false, real: (await act.openBatch({ day })).holiday }),
    'letters-carried': ({ day, caseIds, reason }) => pages(caseIds, (itemIds) => act.carryItems({ itemIds, day, reason })),
    'letters-missed': ({ caseIds }) => pages(caseIds, (itemIds) => act.carryMissed({ itemIds })),
    'letters-packed': async ({ day, caseIds, at }) => {
      const [, real]: [unknown, number] = await manager.query(
        `UPDATE dispatch_item SET state = 'packed', packed_at = $2, tracking_number = 'SIM' || left(replace(application_id::text, '-', ''), 16)
         WHERE application_id = ANY($1) AND state = 'due' AND day <= $3`,
        [caseIds, at, day],
      );
      return { simulated: caseIds.length, real };
    },
    'batch-handed-over': async ({ day, by }) => {
      while ((await act.handOverLetters({ day, handOverId: `simulated/${day}`, staffId: by })).more);
    },
    'batch-closed': ({ day }) => act.closeBatch({ day }),
  };
}
