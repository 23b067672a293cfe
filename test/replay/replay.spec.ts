/**
 * Cases that run today must go on under tomorrow's code: every recorded history is replayed against the workflows as they are now.
 * A replay that fails is a change which running cases would not survive: put it behind `patched`, or record anew (see record.ts).
 */
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { jest } from '@jest/globals';
import { quietEngine } from '#temporal';
import { Worker } from '@temporalio/worker';
import { DeterminismViolationError } from '@temporalio/workflow';
import { workflowBundle } from '../world/bundle.js';
import { fromJson, textsIn, type HistoryJson } from './history-json.js';

const folder = resolve(import.meta.dirname, 'histories');
const names = readdirSync(folder).map((file) => basename(file, '.json'));
const history = (name: string) => JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8')) as HistoryJson;

jest.setTimeout(60_000);

describe('a recorded history', () => {
  let codePath: string;
  beforeAll(async () => {
    // A replay that fails says so at length by itself; the test says it once.
    quietEngine('ERROR');
    codePath = await workflowBundle();
  });

  const replay = (recorded: HistoryJson, workflowId: string) =>
    Worker.runReplayHistory({ workflowBundle: { codePath } }, fromJson(recorded), workflowId);

  it('is there for each story', () => {
    expect(names.sort()).toEqual([
      'account-binding',
      'change-window',
      'friday-dispatch',
      'import-statement',
      'import-statement-file',
      'import-statement-file-in-parts',
      'import-statement-file-part-by-part',
      'invoice-corrected',
      'invoice-queue',
      'match-credit',
      'message-undelivered',
      'new-agent-changed',
      'new-invoice-queued',
      'new-order-expired',
      'new-parked-and-resumed',
      'new-returned-and-short',
      'new-straight-through',
      'new-window',
      'refund-after-completion',
      'refund-by-two-persons',
      'refund-redirected',
      'refund-redirected-by-two-persons',
      'refund-straight-through',
      'reissue-window',
      'renewal-expired-online',
      'renewal-valid-online',
      'renewal-valid-window',
      'revocation-telephone',
      'revocation-window',
      'unbind-account',
      'unlock-expired',
      'unlock-straight-through',
    ]);
  });

  it.each(names)('%s replays', async (name) => {
    await expect(replay(history(name), name)).resolves.toBeUndefined();
  });

  it('with one step altered does not replay: the check can fail', async () => {
    const altered = history('new-straight-through');
    const step = altered.events
      .map((event) => event['activityTaskScheduledEventAttributes'] as { activityType: { name: string } } | undefined)
      .find((each) => each?.activityType.name === 'makeSeal');
    if (step) step.activityType.name = 'writeToken';
    await expect(replay(altered, 'altered')).rejects.toThrow(DeterminismViolationError);
  });

  it.each(names)(
    '%s holds no phone, no identity number, no name of an organisation and nothing of the machine it was recorded on',
    (name) => {
      const texts = textsIn(history(name)).join('\n');
      expect(texts).not.toMatch(/(?<![\da-f-])1[3-9]\d{9}(?![\da-f-])/);
      expect(texts).not.toMatch(/(?<![\da-f-])\d{17}[\dX](?![\da-f-])/);
      expect(texts).not.toMatch(/公司|医药|四川省|李经办/);
      expect(texts).not.toMatch(/验证码|【信印】/);
      expect(texts).not.toMatch(/\/(work|home|root|tmp|Users)\/|node_modules/);
    },
  );
});
