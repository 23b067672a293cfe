/** Random stories of some ways, told in one office. More: `XINYIN_MODEL_RUNS=50 XINYIN_MODEL_SEED=7 XINYIN_MODEL_SHRINK=1 npm test -- test/model`. */
import { jest } from '@jest/globals';
import { isGrpcServiceError } from '@temporalio/client';
import * as fc from 'fast-check';
import { Application } from '#persistence';
import { caseWorkflowId } from '#workflows/contract';
import { unreplayable, type LivedHistory } from '../workflows/replaying.js';
import { openOffice, type Office } from '../world/office.js';
import { storyOf, ways as allWays, type Story, type Way } from './index.js';
import { openTelling } from './telling.js';

const RUNS = Number(process.env['XINYIN_MODEL_RUNS'] ?? 3);
/** Of sixty, the one whose few stories end in the most ways. */
const SEED = Number(process.env['XINYIN_MODEL_SEED'] ?? 20_260_343);
/** Making a failing story smaller takes minutes: only where somebody looks for one. */
const SHRINKS = process.env['XINYIN_MODEL_SHRINK'] !== undefined;
/** A story takes seconds; so does each step of making one smaller. */
const STORY_MS = 60_000;
/** `google.rpc.Code`. */
const NOT_FOUND = 5;

export function tellStories(ways: readonly Way[]): void {
  jest.setTimeout(120_000 + RUNS * STORY_MS);
  let office: Office;
  let tell: (story: Story) => Promise<void>;
  beforeAll(async () => {
    office = await openOffice({ engine: 'time-skipping', plainHistories: true });
    tell = await openTelling(office);
  }, 120_000);
  afterAll(async () => {
    const lived = await historiesOf(office);
    expect(lived.length).toBeGreaterThanOrEqual(RUNS * ways.length);
    expect(await unreplayable(lived)).toEqual([]);
    await office.close();
  }, 120_000);

  it.each(ways)('%s: state, money, certificates and messages are the model’s, and what it refuses is refused', (way) =>
    fc.assert(fc.asyncProperty(storyOf(way), tell), { numRuns: RUNS, seed: SEED + allWays.indexOf(way), endOnFailure: !SHRINKS }),
  );
}

/** Of all cases; holders who are there from before have none. */
async function historiesOf({ data, engine }: Office): Promise<LivedHistory[]> {
  const cases = await data.manager.find(Application, { select: { id: true } });
  const lived = cases.map(async ({ id }): Promise<LivedHistory[]> => {
    const workflowId = caseWorkflowId(id);
    try {
      return [{ workflowId, history: await engine.client.workflow.getHandle(workflowId).fetchHistory() }];
    } catch (error) {
      if (isGrpcServiceError(error) && Number(error.code) === NOT_FOUND) return [];
      throw error;
    }
  });
  return (await Promise.all(lived)).flat();
}
