/** Runs with more work than one history holds: they go on as a new run, where they were, and a replay of each goes the way it went. */
import { dispatchView, dispatchWorkflowId, statementFileWorkflowId, workflowTypes } from '#workflows/contract';
import { Worker } from '@temporalio/worker';
import { workflowBundle } from '../world/bundle.js';
import { openSkippingWorld, type SkippingWorld } from './skipping-world.js';

const DAY = '2026-03-06';

describe('a long run', () => {
  let world: SkippingWorld;
  beforeAll(async () => {
    world = await openSkippingWorld();
  });
  afterEach(() => world.forget());
  afterAll(() => world.close());

  const run = (workflowId: string, runId?: string) => world.env.client.workflow.getHandle(workflowId, runId);
  const state = async (workflowId: string, runId: string) => (await run(workflowId, runId).describe()).status.name;
  async function replays(workflowId: string, runId: string): Promise<void> {
    const history = await run(workflowId, runId).fetchHistory();
    await Worker.runReplayHistory({ workflowBundle: { codePath: await workflowBundle() } }, history, workflowId);
  }

  describe('of the Friday dispatch', () => {
    const ID = dispatchWorkflowId(DAY);
    const prepared = () =>
      new Set(
        world.calls
          .filter(({ activity, ended }) => ended === 'well' && (activity === 'packItem' || activity === 'carryItem'))
          .map(({ input }) => (input as { itemId: string }).itemId),
      );
    /** As the database does it: what is packed is due no longer. */
    const due = (count: number) =>
      world.answer({
        collectItems: ({ most }) => {
          const done = prepared();
          const all = Array.from({ length: count }, (_, at) => ({ itemId: `item-${at}`, applicationId: `${at}` }));
          return Promise.resolve({ items: all.filter(({ itemId }) => !done.has(itemId)).slice(0, most) });
        },
      });
    const start = async () => (await (await world.start(workflowTypes.fridayDispatch, ID, [{ day: DAY }])).describe()).runId;
    /** Looks at the calls, not at the run: a query for each look would hold up what it waits for. */
    const packed = async () => {
      for (let count = 100; count <= 900; count += 100) await world.until(() => prepared().size >= count, `${count} packed letters`);
      await world.until(() => world.inputs('printDispatchList').length > 0, 'the list');
      return (await run(ID).query(dispatchView)).items;
    };

    it('counts on under the same id, packs each letter once, and goes the same way on replay', async () => {
      due(900);
      const first = await start();
      expect(await packed()).toEqual({ due: 900, carried: 0, packed: 900, handedOver: 0, failed: 0 });
      expect(world.inputs('openBatch')).toHaveLength(1);
      expect(new Set(world.inputs('packItem').map(({ itemId }) => itemId)).size).toBe(900);
      expect(await state(ID, first)).toBe('CONTINUED_AS_NEW');
      for (const runId of [first, (await run(ID).describe()).runId]) await replays(ID, runId);
    }, 300_000);
  });

  it('of a statement that tells thousands of cases goes on with the next part', async () => {
    const sha256 = 'a'.repeat(64);
    const ID = statementFileWorkflowId(sha256);
    // Cases that have ended: they hear nothing, and the money is decided all the same.
    const told = (from: number) =>
      Array.from({ length: 500 }, (_, at) => ({ creditId: `c-${from + at}`, applicationId: `gone-${from + at}`, result: 'held' as const }));
    world.answer({
      readStatement: () => Promise.resolve({ state: 'recording', entries: 2_500 }),
      statementNotices: ({ from }) => Promise.resolve({ notices: told(from) }),
      closeStatement: () => Promise.resolve({ lines: 2_500, added: 2_500 }),
    });
    const handle = await world.start(workflowTypes.importStatementFile, ID, [{ sha256 }]);
    const { runId } = await handle.describe();
    expect(await handle.result()).toEqual({ lines: 2_500, added: 2_500 });
    expect(world.inputs('statementNotices').map(({ from }) => from)).toEqual([1, 501, 1_001, 1_501, 2_001]);
    expect(world.inputs('decideStatementPart').map(({ from }) => from)).toEqual([1, 2_001]);
    expect(await state(ID, runId)).toBe('CONTINUED_AS_NEW');
    // Each run by itself, as a worker tells it that has come anew.
    for (const each of [runId, (await run(ID).describe()).runId]) await replays(ID, each);
  });

  it('over the promised Fridays goes on after the last letter it looked at', async () => {
    const page = (from: number) =>
      Array.from({ length: 500 }, (_, at) => ({ itemId: `i-${from + at}`, applicationId: `gone-${from + at}`, to: '2026-03-13' }));
    world.answer({
      // The first of a hundred promises moves, from the second hundred on: the others were moved by somebody meanwhile.
      moveItem: ({ itemId }) => Promise.resolve({ time: itemId.endsWith('00') ? 1 : null }),
      promisesToMove: ({ after }) => {
        const from = after === null ? 0 : Number(after);
        return Promise.resolve({ moves: from < 1_500 ? page(from) : [], next: from < 1_500 ? String(from + 500) : null });
      },
    });
    const handle = await world.start(workflowTypes.watchFridays, 'watch-fridays', [{}]);
    const { runId } = await handle.describe();
    expect(await handle.result()).toEqual({ moved: 14, madeUp: [], missed: 0 });
    expect(world.inputs('promisesToMove').map(({ after }) => after)).toEqual([null, '500', '1000', '1500']);
    expect(await state('watch-fridays', runId)).toBe('CONTINUED_AS_NEW');
  });
});
