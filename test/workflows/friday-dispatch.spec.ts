/** 周五寄送. Rules: business.md, "Friday dispatch"; what waits how long: workflows/operations/friday-dispatch.ts. */
import { days, minutes } from '#domain';
import { dispatchView, dispatchWorkflowId, handOver, lateLetter, workflowTypes, type DispatchView } from '#workflows/contract';
import { WorkflowExecutionAlreadyStartedError, type WorkflowHandle } from '@temporalio/client';
import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';
import { acceptedUpdates, openSkippingWorld, refusal, told, type SkippingWorld } from './skipping-world.js';

const DAY = '2026-03-06';
const scheduledStartTime = defineSearchAttributeKey('TemporalScheduledStartTime', SearchAttributeType.DATETIME);

describe('the Friday dispatch', () => {
  let world: SkippingWorld;
  beforeAll(async () => {
    world = await openSkippingWorld();
  });
  afterEach(() => world.forget());
  afterAll(() => world.close());

  /** A batch of letters `a`, `b`, … whose cases have the same names. */
  const letters = (names: readonly string[]) => names.map((name) => ({ itemId: `item-${name}`, applicationId: name }));
  /** As the database does it: what is packed or carried is due no longer. */
  const due = (...names: string[]) =>
    world.answer({
      collectItems: ({ most }) =>
        Promise.resolve({ items: letters(names.filter((name) => !prepared().has(`item-${name}`))).slice(0, most) }),
    });
  const prepared = () =>
    new Set(
      world.calls
        .filter(({ activity, ended }) => ended === 'well' && (activity === 'packItem' || activity === 'carryItem'))
        .map(({ input }) => (input as { itemId: string }).itemId),
    );
  /** A hand-over takes out these letters. */
  const takesOut = (...names: string[]) =>
    world.answer({ handedOver: ({ after }) => Promise.resolve({ items: after === null ? letters(names) : [] }) });
  /** At the end these are left, until they are carried. */
  const leaves = (...names: string[]) =>
    world.answer({ leftLetters: () => Promise.resolve({ items: world.inputs('carryItems').length === 0 ? letters(names) : [] }) });
  const start = () => world.start(workflowTypes.fridayDispatch, dispatchWorkflowId(DAY), [{ day: DAY }]);
  const look = (handle: WorkflowHandle) => handle.query(dispatchView);
  const ready = async (handle: WorkflowHandle) => {
    await world.until(async () => (await look(handle)).state === 'waiting-for-hand-over', 'the packed letters');
    return look(handle);
  };
  const hand = (handle: WorkflowHandle, updateId = 'hand-over-1') =>
    handle.executeUpdate(handOver, { updateId, args: [{ handOverId: updateId, staffId: 'dispatcher-1' }] });
  const result = (handle: WorkflowHandle) => handle.result() as Promise<DispatchView>;

  it('certified letters are bound, packed and listed, and wait to be handed over', async () => {
    due('a', 'b');
    const handle = await start();
    const view = await ready(handle);
    expect(view).toEqual({ day: DAY, state: 'waiting-for-hand-over', items: { due: 2, carried: 0, packed: 2, handedOver: 0, failed: 0 } });
    const itemsOf = (step: 'bindItem' | 'packItem') => world.inputs(step).map(({ itemId }) => itemId);
    expect([itemsOf('bindItem').sort(), itemsOf('packItem').sort()]).toEqual([
      ['item-a', 'item-b'],
      ['item-a', 'item-b'],
    ]);
    expect(world.inputs('printDispatchList')).toEqual([{ day: DAY }]);
    // A packed letter is no news to its case.
    expect(await told(handle)).toEqual([]);
  });

  it('packed with its binding, a letter takes one step, and is asked for nothing more', async () => {
    let packed: string[] = [];
    world.answer({
      collectItems: () => Promise.resolve({ items: letters(['a', 'b']).filter(({ itemId }) => !packed.includes(itemId)) }),
      bindItem: ({ itemId }) => {
        packed = [...packed, itemId];
        return Promise.resolve({ certified: true, packed: true });
      },
    });
    expect((await ready(await start())).items).toEqual({ due: 2, carried: 0, packed: 2, handedOver: 0, failed: 0 });
    expect(world.inputs('packItem')).toEqual([]);
  });

  it('handed over: answered with the number of letters, each case is told, the batch closes', async () => {
    due('a', 'b');
    takesOut('a', 'b');
    const handle = await start();
    await ready(handle);
    expect(await hand(handle)).toEqual({ handedOver: 2 });
    expect(await result(handle)).toMatchObject({ state: 'closed', items: { due: 2, packed: 2, handedOver: 2 } });
    expect(world.inputs('handOverLetters')).toEqual([{ day: DAY, handOverId: 'hand-over-1', staffId: 'dispatcher-1' }]);
    expect((await told(handle)).sort()).toEqual([
      ['application/a', { day: DAY, step: 'handed-over' }],
      ['application/b', { day: DAY, step: 'handed-over' }],
    ]);
  });

  it('a hand-over sent twice under one key is done once and answered twice', async () => {
    due('a', 'b');
    // One of the two letters is still missing, so that the batch stays open.
    takesOut('a');
    const handle = await start();
    await ready(handle);
    expect([await hand(handle), await hand(handle)]).toEqual([{ handedOver: 1 }, { handedOver: 1 }]);
    expect(world.inputs('handOverLetters')).toHaveLength(1);
    expect((await look(handle)).items.handedOver).toBe(1);
  });

  it('items succeed or fail alone: uncertified is carried, refused is carried as failed, the others are packed', async () => {
    due('a', 'b', 'c');
    world.answer({
      bindItem: ({ itemId }) => Promise.resolve({ certified: itemId !== 'item-b' }),
      packItem: ({ itemId }) => (itemId === 'item-c' ? Promise.reject(world.error('GATEWAY_REFUSED')) : Promise.resolve()),
    });
    const handle = await start();
    expect((await ready(handle)).items).toEqual({ due: 3, carried: 1, packed: 1, handedOver: 0, failed: 1 });
    const byItem = [...world.inputs('carryItem')].sort((one, other) => one.itemId.localeCompare(other.itemId));
    expect(byItem).toEqual([
      { itemId: 'item-b', day: DAY, reason: 'uncertified' },
      { itemId: 'item-c', day: DAY, reason: 'failed' },
    ]);
    expect((await told(handle)).sort()).toEqual([
      ['application/b', { day: DAY, step: 'carried' }],
      ['application/c', { day: DAY, step: 'carried' }],
    ]);
  });

  it('D: certified after Thursday 24:00 is carried with that reason; the platform is asked for the day of the batch', async () => {
    due('a');
    world.answer({ bindItem: () => Promise.resolve({ certified: false, late: true }) });
    expect(await result(await start())).toMatchObject({ state: 'closed', items: { due: 1, carried: 1 } });
    expect(world.inputs('bindItem')).toEqual([{ itemId: 'item-a', day: DAY }]);
    expect(world.inputs('carryItem')).toEqual([{ itemId: 'item-a', day: DAY, reason: 'certified-late' }]);
  });

  it('D: an outside system away for 6 hours costs the letter this Friday: carried as failed, and no other waits for it', async () => {
    due('a', 'b');
    world.answer({
      bindItem: ({ itemId }) =>
        itemId === 'item-a' ? Promise.reject(world.error('GATEWAY_UNAVAILABLE')) : Promise.resolve({ certified: true }),
    });
    const handle = await start();
    await world.until(async () => (await look(handle)).items.packed === 1, 'the other letter');
    await world.env.sleep(minutes(6 * 60 - 10));
    expect(await look(handle)).toMatchObject({ state: 'working', items: { failed: 0 } });
    await world.env.sleep(minutes(20));
    expect((await ready(handle)).items).toEqual({ due: 2, carried: 0, packed: 1, handedOver: 0, failed: 1 });
    expect(world.inputs('carryItem')).toEqual([{ itemId: 'item-a', day: DAY, reason: 'failed' }]);
  });

  it('an outside system back within the 6 hours costs nothing', async () => {
    due('a');
    world.answer({ bindItem: () => Promise.reject(world.error('GATEWAY_UNAVAILABLE')) });
    const handle = await start();
    await world.until(() => world.inputs('bindItem').length === 1, 'the first attempt');
    await world.env.sleep(minutes(5 * 60));
    world.answer({ bindItem: () => Promise.resolve({ certified: true }) });
    await world.env.sleep(minutes(3));
    expect((await ready(handle)).items).toMatchObject({ packed: 1, failed: 0 });
  });

  it('a hand-over is refused while letters are still being worked on, before anything is recorded', async () => {
    due('a');
    const binding = world.gate();
    world.answer({ bindItem: () => binding.wait().then(() => ({ certified: true })) });
    const handle = await start();
    await world.until(() => world.inputs('bindItem').length === 1, 'the letter to be worked on');
    expect(await refusal(hand(handle))).toBe('DISPATCH_NOT_READY');
    expect(world.inputs('handOverLetters')).toEqual([]);
    expect(await acceptedUpdates(handle)).toEqual([]);
    binding.open();
    await ready(handle);
    await hand(handle, 'hand-over-2');
  });

  it('D: packed letters that nobody hands over within 3 days go to the next Friday, and their cases are told', async () => {
    due('a', 'b');
    leaves('a', 'b');
    const handle = await start();
    await ready(handle);
    await world.env.sleep(days(3) - minutes(60));
    expect((await look(handle)).state).toBe('waiting-for-hand-over');
    await world.env.sleep(minutes(61));
    await world.until(async () => (await look(handle)).state === 'closed', 'the end of the batch');
    expect(await result(handle)).toEqual({
      day: DAY,
      state: 'closed',
      items: { due: 2, carried: 0, packed: 2, handedOver: 0, failed: 0 },
    });
    expect(world.inputs('carryItems')).toEqual([{ day: DAY, itemIds: ['item-a', 'item-b'], reason: 'not-handed-over' }]);
    expect(world.inputs('closeBatch')).toEqual([{ day: DAY }]);
    expect(await told(handle)).toEqual([
      ['application/a', { day: DAY, step: 'carried' }],
      ['application/b', { day: DAY, step: 'carried' }],
    ]);
  });

  it('a hand-over still being recorded when the 3 days end is finished first, and its cases are told', async () => {
    due('a');
    const recording = world.gate();
    takesOut('a');
    world.answer({ handOverLetters: () => recording.wait().then(() => ({ more: false })) });
    // Short, so that the workflow hears of the timer while the hand-over is still being recorded.
    const handle = await world.start(workflowTypes.fridayDispatch, dispatchWorkflowId(DAY), [{ day: DAY }], { workflowTaskTimeout: '1s' });
    await ready(handle);
    await world.env.sleep(days(3) - 500);
    const handed = hand(handle);
    await world.until(() => heardTheTimer(handle), 'the end of the 3 days');
    expect(world.inputs('closeBatch')).toEqual([]);
    recording.open();
    expect(await handed).toEqual({ handedOver: 1 });
    expect(await result(handle)).toMatchObject({ state: 'closed', items: { handedOver: 1 } });
    expect(world.inputs('closeBatch')).toHaveLength(1);
    expect(await told(handle)).toContainEqual(['application/a', { day: DAY, step: 'handed-over' }]);
  });

  it('a Friday without letters closes at once; a Friday with none packed prints no list', async () => {
    expect(await result(await start())).toMatchObject({ state: 'closed', items: { due: 0 } });
    due('a');
    world.answer({ bindItem: () => Promise.resolve({ certified: false }) });
    expect(await result(await start())).toMatchObject({ state: 'closed', items: { due: 1, carried: 1 } });
    expect(world.inputs('printDispatchList')).toEqual([]);
  });

  it('a letter that became due while the batch worked is collected before it waits', async () => {
    due('a');
    world.answer({ packItem: () => Promise.resolve(due('a', 'b')) });
    const handle = await start();
    expect((await ready(handle)).items).toMatchObject({ due: 2, packed: 2 });
  });

  it('a letter completed in time whose row came late is collected when the batch is told of it', async () => {
    due('a');
    const handle = await start();
    await ready(handle);
    due('a', 'b');
    await handle.signal(lateLetter);
    await world.until(async () => (await look(handle)).items.packed === 2, 'the late letter');
    takesOut('a', 'b');
    await ready(handle);
    expect(await hand(handle)).toEqual({ handedOver: 2 });
    expect(await result(handle)).toMatchObject({ items: { due: 2, packed: 2, handedOver: 2 } });
  });

  it('what became due while the letters were handed over is collected before the batch closes', async () => {
    due('a');
    takesOut('a');
    const handle = await start();
    await ready(handle);
    due('a', 'b');
    await hand(handle);
    await world.until(async () => (await look(handle)).items.packed === 2, 'the late letter');
    expect((await ready(handle)).items).toEqual({ due: 2, carried: 0, packed: 2, handedOver: 1, failed: 0 });
  });

  it('letters that an earlier batch packed wait to be handed over like its own', async () => {
    world.answer({ openBatch: () => Promise.resolve({ holiday: false, packed: 3 }) });
    expect((await ready(await start())).items).toEqual({ due: 3, carried: 0, packed: 3, handedOver: 0, failed: 0 });
  });

  it('D: on a holiday nothing goes out, whoever started it', async () => {
    due('a');
    world.answer({ openBatch: () => Promise.resolve({ holiday: true, packed: 0 }) });
    expect(await result(await start())).toMatchObject({ state: 'closed', items: { due: 0 } });
    expect(world.inputs('collectItems')).toEqual([]);
  });

  it('D: begun more than 24 hours late it takes nothing, and leaves its letters to the look at the Fridays', async () => {
    due('a');
    world.answer({ openBatch: () => Promise.resolve({ holiday: false, missed: true, packed: 0 }) });
    expect(await result(await start())).toMatchObject({ state: 'closed', items: { due: 0, carried: 0 } });
    expect([world.inputs('collectItems'), world.inputs('leftLetters'), world.inputs('closeBatch')]).toEqual([[], [], []]);
  });

  it('started twice is one batch', async () => {
    due('a');
    const handle = await start();
    await expect(start()).rejects.toThrow(WorkflowExecutionAlreadyStartedError);
    await ready(handle);
    expect(world.inputs('openBatch')).toHaveLength(1);
    expect(world.inputs('bindItem')).toHaveLength(1);
  });

  describe('the day of a run by the Schedule', () => {
    const scheduledAt = (instant: string) =>
      world.start(workflowTypes.fridayDispatch, 'dispatch-2', [{}], {
        typedSearchAttributes: [{ key: scheduledStartTime, value: new Date(instant) }],
      });

    it('is the day it was scheduled for, however late it is made up', async () => {
      expect((await result(await scheduledAt('2026-03-06T01:00:00Z'))).day).toBe('2026-03-06');
      expect(world.inputs('openBatch')).toEqual([{ day: '2026-03-06' }]);
    });

    it('is the day in Shanghai: Thursday 16:30 UTC is Friday there', async () => {
      expect((await result(await scheduledAt('2026-03-05T16:30:00Z'))).day).toBe('2026-03-06');
    });
  });
});

/** True when a timer has fired and the workflow has worked since. */
async function heardTheTimer(handle: WorkflowHandle): Promise<boolean> {
  const events = (await handle.fetchHistory()).events ?? [];
  const fired = events.findIndex((event) => event.timerFiredEventAttributes);
  return fired >= 0 && events.slice(fired).some((event) => event.workflowTaskCompletedEventAttributes);
}
