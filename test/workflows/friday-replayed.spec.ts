/**
 * A batch whose steps end in another order than they began: what it did is done again, from its history, after any restart.
 */
import { dispatchView, dispatchWorkflowId, workflowTypes } from '#workflows/contract';
import { unreplayable } from './replaying.js';
import { openSkippingWorld, type SkippingWorld } from './skipping-world.js';

const DAY = '2026-03-06';
const NAMES = Array.from({ length: 30 }, (_, place) => `letter-${place}`);

describe('a batch with many letters at once', () => {
  let world: SkippingWorld;
  beforeAll(async () => {
    world = await openSkippingWorld();
  });
  afterEach(() => world.forget());
  afterAll(() => world.close());

  it('replays, though its letters were carried, packed and failed in any order', async () => {
    const done = new Set<string>();
    world.answer({
      collectItems: ({ most: count }) =>
        Promise.resolve({
          items: NAMES.filter((name) => !done.has(name))
            .map((name) => ({ itemId: name, applicationId: name }))
            .slice(0, count),
        }),
      // A third each: not certified, refused, packed.
      bindItem: async ({ itemId }) => {
        const place = NAMES.indexOf(itemId);
        if (place % 3 === 1) throw world.error('GATEWAY_REFUSED');
        if (place % 3 === 2) done.add(itemId);
        return place % 3 === 0 ? { certified: false } : { certified: true, packed: true };
      },
      // The later it began, the sooner it ends.
      carryItem: async ({ itemId }) => {
        await new Promise((resolve) => setTimeout(resolve, 60 - 2 * NAMES.indexOf(itemId)));
        done.add(itemId);
      },
    });
    const handle = await world.start(workflowTypes.fridayDispatch, dispatchWorkflowId(DAY), [{ day: DAY }]);
    await world.until(async () => {
      const { state } = await handle.query(dispatchView);
      return state === 'waiting-for-hand-over';
    }, 'the packed letters');
    expect((await handle.query(dispatchView)).items).toMatchObject({ due: 30, carried: 10, failed: 10, packed: 10 });
    const lived = { workflowId: dispatchWorkflowId(DAY), history: await handle.fetchHistory() };
    expect(await unreplayable([lived])).toEqual([]);
    // Without its last letter's binding it is the history of other code.
    const events = lived.history.events ?? [];
    const binding = events.findLast(({ activityTaskScheduledEventAttributes: begun }) => begun?.activityType?.name === 'bindItem');
    Object.assign(binding?.activityTaskScheduledEventAttributes?.activityType ?? {}, { name: 'packItem' });
    expect(await unreplayable([lived])).toEqual([expect.stringContaining('TMPRL1100')]);
  }, 120_000);
});
