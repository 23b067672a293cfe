/**
 * Binding and packing a batch's letters: so many at once, each alone, none held up by a slow one before it. Letters leave the list by being
 * packed or carried, so a run that dies, or goes on as a new one, collects what is left.
 */
import { CancellationScope, condition, isCancellation, workflowInfo } from '@temporalio/workflow';
import { minutes } from '#domain';
import { now } from '../stages/clock.js';
import { oneByOne } from '../stages/one-by-one.js';
import { dispatching, records } from '../stages/proxies.js';

/** D: letters worked on at the same time: enough to keep the platform's pace while others are printed and given to the courier. */
const AT_ONCE = 24;
const PAGE = 200;
/** Events of a run, well below the engine's own limit. */
const LONG_HISTORY = 5_000;
/** How long a run that has grown long waits for the letters in hand; what is slower is begun again by the next run. */
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
  onCollected: (count: number) => void;
  onPrepared: (letter: Letter, prepared: Prepared) => Promise<void>;
}

const historyIsLong = () => workflowInfo().continueAsNewSuggested || workflowInfo().historyLength > LONG_HISTORY;

/** Ends when nothing is due any more, or when the history has grown long. */
export async function prepareLetters(preparation: Preparation): Promise<'all' | 'history-is-long'> {
  for (;;) {
    const pass = await prepareCollected(preparation);
    if (pass === 'history-is-long') return pass;
    // What became due while the last ones were in hand is collected once more.
    if (pass.prepared === 0) return 'all';
  }
}

type Recorder = ReturnType<typeof oneByOne>;

async function prepareCollected(preparation: Preparation): Promise<{ prepared: number } | 'history-is-long'> {
  const record = oneByOne();
  const list = openList(preparation, record);
  const scope = new CancellationScope();
  let prepared = 0;
  let working = true;
  const hand = async () => {
    for (let letter = await list.next(); letter !== undefined; letter = await list.next()) {
      const done = await prepareItem(letter, preparation, record);
      if (done === 'interrupted') return;
      prepared += 1;
      await uninterrupted(() => preparation.onPrepared(letter, done));
    }
  };
  const hands = scope.run(() => Promise.all(Array.from({ length: AT_ONCE }, hand))).finally(() => (working = false));
  await condition(() => !working || historyIsLong());
  if (working && !(await condition(() => !working, FINISH_WITHIN))) scope.cancel();
  await hands;
  return historyIsLong() ? 'history-is-long' : { prepared };
}

/** What is begun of these is finished: a letter that was carried is told of. */
const uninterrupted = <T>(work: () => Promise<T>) => CancellationScope.nonCancellable(work);

/** What is to be done, collected page by page; nothing is handed out twice. */
function openList({ day, onCollected }: Preparation, record: Recorder) {
  const handedOut = new Set<string>();
  let waiting: Letter[] = [];
  let collecting: Promise<void> | null = null;
  const collect = async () => {
    const { items } = await uninterrupted(() => record(() => records.collectItems({ day, most: PAGE + AT_ONCE })));
    // Those in hand are due still, and may have been done while the list was on its way.
    waiting = items.filter(({ itemId }) => !handedOut.has(itemId));
    onCollected(waiting.length);
  };
  return {
    next: async (): Promise<Letter | undefined> => {
      while (waiting.length === 0 && !historyIsLong()) {
        collecting ??= collect().finally(() => (collecting = null));
        await collecting;
        if (waiting.length === 0) return undefined;
      }
      if (historyIsLong()) return undefined;
      const letter = waiting.shift();
      if (letter) handedOut.add(letter.itemId);
      return letter;
    },
  };
}

/** Certified on the platform? Then bound, labelled, its waybill made: packed. Not certified: carried to the next Friday. */
async function prepareItem({ itemId }: Letter, { day, giveUpAt }: Preparation, record: Recorder): Promise<Prepared | 'interrupted'> {
  const within = Math.max(giveUpAt.getTime() - now().getTime(), SHORTEST_TRY_MS);
  try {
    const { certified, packed } = await dispatching(within).bindItem({ itemId });
    if (!certified) {
      await uninterrupted(() => record(() => records.carryItem({ itemId, day, reason: 'uncertified' })));
      return 'carried';
    }
    // In histories of before, packing was a step of its own.
    if (!packed) await dispatching(within).packItem({ itemId });
    return 'packed';
  } catch (error) {
    if (isCancellation(error)) return 'interrupted';
    // The item goes to the next Friday with its reason; the others go on.
    await uninterrupted(() => record(() => records.carryItem({ itemId, day, reason: 'failed' })));
    return 'failed';
  }
}
