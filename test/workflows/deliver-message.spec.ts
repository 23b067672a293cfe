/** A message that did not arrive: what its workflow does between what the rows say. */
import type { Activities } from '#activities';
import { messageWorkflowId, receiptCame, workflowTypes } from '#workflows/contract';
import { openSkippingWorld, type SkippingWorld } from './skipping-world.js';

type Step = Awaited<ReturnType<Activities['decideDelivery']>>;
const MINUTES = 60_000;

describe('message/<id>', () => {
  let world: SkippingWorld;
  beforeAll(async () => {
    world = await openSkippingWorld();
  });
  afterEach(() => world.forget());
  afterAll(() => world.close());

  let count = 0;
  const start = () => {
    const messageId = `m-${(count += 1)}`;
    return world.start(workflowTypes.deliverMessage, messageWorkflowId(messageId), [{ messageId }]);
  };
  /** What the rows say, look by look; then that nothing is left to do. */
  const rowsSay = (...steps: Step[]) => world.answer({ decideDelivery: () => Promise.resolve(steps.shift() ?? { do: 'nothing' }) });
  const soon = async () => new Date((await world.env.currentTimeMs()) + 10 * MINUTES).toISOString();
  const done = () => world.calls.map(({ activity }) => activity);

  it('goes by the second operator, and ends when the rows say so', async () => {
    rowsSay({ do: 'hand-over', provider: 'sms2' });
    expect(await (await start()).result()).toBe('delivered');
    expect(world.inputs('handToSecond')).toMatchObject([{ provider: 'sms2' }]);
  });

  it('waits for a receipt, and looks as soon as one is told', async () => {
    rowsSay({ do: 'wait', until: await soon() });
    const handle = await start();
    await world.until(() => world.inputs('decideDelivery').length === 1, 'the first look');
    await handle.signal(receiptCame);
    await world.until(() => world.inputs('decideDelivery').length === 2, 'the second look');
    expect(await handle.result()).toBe('delivered');
  });

  it('looks by itself when nobody tells: a lost signal costs the wait and no more', async () => {
    rowsSay({ do: 'wait', until: await soon() }, { do: 'task', why: 'no-receipt' });
    const before = await world.env.currentTimeMs();
    expect(await (await start()).result()).toBe('task');
    expect((await world.env.currentTimeMs()) - before).toBeGreaterThanOrEqual(10 * MINUTES - 1000);
    expect(done()).toEqual(['decideDelivery', 'decideDelivery']);
  });

  it('a second operator that stays away is given two minutes, and that is written down', async () => {
    rowsSay({ do: 'hand-over', provider: 'sms2' }, { do: 'task', why: 'not-taken' });
    world.answer({ handToSecond: () => Promise.reject(world.error('GATEWAY_UNAVAILABLE')) });
    expect(await (await start()).result()).toBe('task');
    expect(world.inputs('handToSecond').length).toBeGreaterThanOrEqual(6);
    expect(world.inputs('recordNotTaken')).toMatchObject([{ provider: 'sms2', code: 'GATEWAY_UNAVAILABLE' }]);
  });

  it('a second operator that refuses is not asked again', async () => {
    rowsSay({ do: 'hand-over', provider: 'sms2' }, { do: 'task', why: 'not-taken' });
    world.answer({ handToSecond: () => Promise.reject(world.error('GATEWAY_REFUSED')) });
    expect(await (await start()).result()).toBe('task');
    expect(world.inputs('handToSecond')).toHaveLength(1);
    expect(world.inputs('recordNotTaken')).toMatchObject([{ code: 'GATEWAY_REFUSED' }]);
  });
});
