/**
 * A batch whose steps end in another order than they began: what it did is done again, from its history, after any restart. Records made at
 * the same time are replayed in the order of their beginning, whatever their order was, so there is never more than one of them.
 */
import { dispatchView, dispatchWorkflowId, workflowTypes } from '#workflows/contract';
import { Worker } from '@temporalio/worker';
import { workflowBundle } from '../world/bundle.js';
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
    let carrying = 0;
    let most = 0;
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
        carrying += 1;
        most = Math.max(most, carrying);
        await new Promise((resolve) => setTimeout(resolve, 60 - 2 * NAMES.indexOf(itemId)));
        done.add(itemId);
        carrying -= 1;
      },
    });
    const handle = await world.start(workflowTypes.fridayDispatch, dispatchWorkflowId(DAY), [{ day: DAY }]);
    await world.until(async () => {
      const { state } = await handle.query(dispatchView);
      return state === 'waiting-for-hand-over';
    }, 'the packed letters');
    expect((await handle.query(dispatchView)).items).toMatchObject({ due: 30, carried: 10, failed: 10, packed: 10 });
    const history = await handle.fetchHistory();
    const replay = Worker.runReplayHistory({ workflowBundle: { codePath: await workflowBundle() } }, history, dispatchWorkflowId(DAY));
    await expect(replay).resolves.toBeUndefined();
    expect(most).toBe(1);
  }, 120_000);
});
