/** `npm run demo`: starts what is not running and takes one whole case through the public API and the sandbox, as people would. */
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { bringUp } from './bring-up.js';
import { LaunchError } from './failure.js';
import { collect } from './demo/files.js';
import { openSandbox } from './demo/sandbox.js';
import { liveThrough } from './demo/story.js';
import { createTeller } from './demo/teller.js';
import type { CommandContext } from './steps.js';
import { stopSignal } from './stop-signal.js';

export default async function demo({ args, steps }: CommandContext): Promise<void> {
  const { out, ...choice } = readArguments(args);
  const signal = stopSignal(() => steps.say('\nstopping'));
  const running = await bringUp({ steps, signal });
  signal.addEventListener('abort', () => void running.stop().finally(() => process.exit(130)));
  try {
    const teller = createTeller(steps.say);
    const sandbox = openSandbox(running.urls.sandbox, teller.until);
    const office = { api: running.urls.api, responder: running.urls.responder, accounts: running.accounts };
    steps.say(`\n证书新办 A new certificate (${running.reused ? 'on the running system' : 'on a system started for this'})`);
    const story = await liveThrough(office, sandbox, teller, choice);
    const folder = out ? resolve(out) : join(running.home, 'demo', story.number);
    const files = await teller.step(
      '材料归集 Files',
      () => collect(office, sandbox, story, folder, join(running.home, 'station', 'tokens')),
      (names) => `${names.length} files`,
    );
    steps.say(`\n${story.number} ${story.form.organisation.certificateName}\n${folder}\n  ${files.join('\n  ')}`);
  } finally {
    await running.stop();
  }
}

function readArguments(args: string[]) {
  const text = { type: 'string' } as const;
  try {
    return parseArgs({ args, options: { name: text, uscc: text, agent: text, out: text } }).values;
  } catch (error) {
    throw new LaunchError(
      `${error instanceof Error ? error.message : ''}\nnpm run demo -- [--name NAME] [--uscc CODE] [--agent NAME] [--out DIR]`,
    );
  }
}
