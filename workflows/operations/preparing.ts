/**
 * Binding and packing a batch's letters: so many at once, each alone, none held up by a slow one before it. Letters leave the list by being
 * packed or carried, so a run that dies, or goes on as a new one, collects what is left.
 */
import { CancellationScope, condition, isCancellation } from '@temporalio/workflow';
import { minutes } from '#domain';
import { now } from '../stages/clock.js';
import { dispatching, recordsAmongMany } from '../stages/proxies.js';

/** D: letters worked on at the same time: enough to keep the platform's pace while others are printed and given to the courier. */
const AT_ONCE = 24;
const PAGE = 200;
/**
 * Letters that a run takes in hand, about a dozen events each: well below the engine's own limit. Counted here: by the engine's own count of
 * events a replay was once seen to take a letter more than the run had taken.
 */
export const LETTERS_A_RUN = 400;
/** How long a run that has taken its share waits for the letters in hand; what is slower is begun again by the next run. */
const FINISH_WITHIN = '2 minutes';
/** However late it is, a letter is tried once properly. */
const SHORTEST_TRY_MS = minutes(2);

export type Prepared = 'packed' | 'carried' | 'failed';

interface Letter {
  itemId: string;
  applicationId: string;
}
interface Preparation {
  day: string;
  giveUpAt: Date;
  /** What this run may still take in hand; counted down. */
  share: { letters: number };
  onCollected: (count: number) => void;
  onPrepared: (letter: Letter, prepared: Prepared) => Promise<void>;
}

/** Ends when nothing is due any more, or when the run has had its share. */
export async function prepareLetters(preparation: Preparation): Promise<'all' | 'share-is-done'> {
  for (;;) {
    const prepared = await prepareCollected(preparation);
    if (preparation.share.letters === 0) return 'share-is-done';
    // What became due while the last ones were in hand is collected once more.
    if (prepared === 0) return 'all';
  }
}

async function prepareCollected(preparation: Preparation): Promise<number> {
  const list = openList(preparation);
  const scope = new CancellationScope();
  let prepared = 0;
  let working = true;
  const hand = async () => {
    for (let letter = await list.next(); letter !== undefined; letter = await list.next()) {
      const done = await prepareItem(letter, preparation);
      if (done === 'interrupted') return;
      prepared += 1;
      await uninterrupted(() => preparation.onPrepared(letter, done));
    }
  };
  const hands = scope.run(() => Promise.all(Array.from({ length: AT_ONCE }, hand))).finally(() => (working = false));
  await condition(() => !working || preparation.share.letters === 0);
  if (working && !(await condition(() => !working, FINISH_WITHIN))) scope.cancel();
  await hands;
  return prepared;
}

/** What is begun of these is finished: a letter that was carried is told of. */
const uninterrupted = <T>(work: () => Promise<T>) => CancellationScope.nonCancellable(work);

/** What is to be done, collected page by page; nothing is handed out twice. */
function openList({ day, share, onCollected }: Preparation) {
  const handedOut = new Set<string>();
  let waiting: Letter[] = [];
  let collecting: Promise<void> | null = null;
  const collect = async () => {
    const { items } = await uninterrupted(() => recordsAmongMany.collectItems({ day, most: PAGE + AT_ONCE }));
    // Those in hand are due still, and may have been done while the list was on its way.
    waiting = items.filter(({ itemId }) => !handedOut.has(itemId));
    onCollected(waiting.length);
  };
  return {
    next: async (): Promise<Letter | undefined> => {
      while (waiting.length === 0 && share.letters > 0) {
        collecting ??= collect().finally(() => (collecting = null));
        await collecting;
        if (waiting.length === 0) return undefined;
      }
      const letter = share.letters > 0 ? waiting.shift() : undefined;
      if (!letter) return undefined;
      share.letters -= 1;
      handedOut.add(letter.itemId);
      return letter;
    },
  };
}

/** Certified on the platform by Thursday 24:00? Then bound, labelled, its waybill made: packed. If not, carried to the next Friday. */
async function prepareItem({ itemId }: Letter, { day, giveUpAt }: Preparation): Promise<Prepared | 'interrupted'> {
  const within = Math.max(giveUpAt.getTime() - now().getTime(), SHORTEST_TRY_MS);
  try {
    const { certified, late = false, packed } = await dispatching(within).bindItem({ itemId, day });
    if (!certified) {
      const reason = late ? 'certified-late' : 'uncertified';
      await uninterrupted(() => recordsAmongMany.carryItem({ itemId, day, reason }));
      return 'carried';
    }
    // In histories of before, packing was a step of its own.
    if (!packed) await dispatching(within).packItem({ itemId });
    return 'packed';
  } catch (error) {
    if (isCancellation(error)) return 'interrupted';
    // The item goes to the next Friday with its reason; the others go on.
    await uninterrupted(() => recordsAmongMany.carryItem({ itemId, day, reason: 'failed' }));
    return 'failed';
  }
}
