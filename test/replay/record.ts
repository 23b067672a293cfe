/**
 * Records the histories that `replay.spec.ts` replays. To be run when a workflow's history changes on purpose, that is: when the change
 * is not one that running cases live through, or stands behind `patched`. Without it, a failing replay is a case that would break.
 *
 *   node --conditions=source --import @swc-node/register/esm-register test/replay/record.ts
 *
 * With `businesses`, `messages`, `refunds`, `invoices` or `statements` at its end, those of business-stories.ts, message-story.ts,
 * refund-stories.ts, invoice-story.ts or statement-story.ts alone; with the name of a history, that one alone.
 * No story makes these any more: `import-statement-file-in-parts`, of an import that began before cases were told when all is decided;
 * `import-statement-file-part-by-part`, of one that began before two parts were recorded at the same time;
 * `refund-straight-through` and `refund-redirected`, of refunds of the office's own that one person approved.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { findTimeSkippingServer } from '../../apps/launcher/src/index.js';
import { throwawayWorld } from '../bench/support/throwaway-world.js';
import { written } from './history-json.js';
import { liveBusinesses } from './business-stories.js';
import { liveInvoices } from './invoice-story.js';
import { liveMessages } from './message-story.js';
import { liveRefunds } from './refund-stories.js';
import { liveStatements } from './statement-story.js';
import { liveStories } from './stories.js';

const [only = ''] = process.argv.slice(2);
const apart: Record<string, typeof liveStories> = {
  businesses: liveBusinesses,
  messages: liveMessages,
  refunds: liveRefunds,
  invoices: liveInvoices,
  statements: liveStatements,
};
const folder = resolve(import.meta.dirname, 'histories');
const world = await throwawayWorld();
process.env['XINYIN_TEST_TIME_SKIPPING'] = (await findTimeSkippingServer(() => undefined)).path;
const isWanted = ({ name }: { name: string }) => only === '' || only in apart || only === name;
try {
  const { recorded } = await (apart[only] ?? liveStories)();
  mkdirSync(folder, { recursive: true });
  for (const { name, history } of recorded.filter(isWanted)) {
    writeFileSync(join(folder, `${name}.json`), written(history));
    console.log(`${name}: ${history.events.length} events`);
  }
} finally {
  await world.stop();
}
// Connections of the engine's library may linger.
process.exit(0);
