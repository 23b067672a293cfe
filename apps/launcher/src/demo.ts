/** `npm run demo`: starts what is not running and takes cases through the public API and the sandbox, as people would. */
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { bringUp, type Running } from './bring-up.js';
import { LaunchError } from './failure.js';
import { collect } from './demo/files.js';
import type { Scene } from './demo/holder.js';
import { fetched, keep, keepBindings } from './demo/kept.js';
import type { DemoChoice } from './demo/organisation.js';
import { openSandbox } from './demo/sandbox.js';
import { demonstrations, type Demonstration } from './demo/stories.js';
import { newAtWindow } from './demo/new-at-window.js';
import { liveThrough } from './demo/story.js';
import { namesOf, taleKinds, talesFor, type ChosenTale } from './demo/tales.js';
import { createTeller } from './demo/teller.js';
import type { CommandContext } from './steps.js';
import { stopSignal } from './stop-signal.js';
import { renderTable } from './table.js';

interface Told {
  business: string;
  channel: string;
  number: string;
  files: number;
  seconds: number;
}

export default async function demo({ args, steps }: CommandContext): Promise<void> {
  const { out, business, channel, all, payment, friday, ...choice } = readArguments(args);
  const tales = talesFor({ payment, friday });
  if (tales.length > 0 && (business ?? channel ?? all ?? out) !== undefined) throw new LaunchError(USAGE);
  const chosen = all ? [...NEW, ...demonstrations] : [pick(business ?? 'new', channel)];
  const signal = stopSignal(() => steps.say('\nstopping'));
  const running = await bringUp({ steps, signal });
  signal.addEventListener('abort', () => void running.stop().finally(() => process.exit(130)));
  try {
    const scene = sceneOf(running, choice, steps.say);
    steps.say(running.reused ? '\non the running system' : '\non a system started for this');
    if (tales.length > 0) return await tellAll(scene, tales, steps.say);
    const told: Told[] = [];
    for (const each of chosen) {
      const began = Date.now();
      const folder = (number: string) => (out ? resolve(out, ...(all ? [number] : [])) : join(running.home, 'demo', number));
      const done = 'leaves' in each ? await show(scene, each, folder, steps.say) : await showNew(scene, each.channel, folder, steps.say);
      told.push({ ...done, seconds: Math.round((Date.now() - began) / 100) / 10 });
    }
    if (all)
      steps.say(
        `\n${renderTable(
          ['business', 'channel', 'number', 'files', 'seconds'],
          told.map((each) => [each.business, each.channel, each.number, String(each.files), String(each.seconds)]),
        )}`,
      );
  } finally {
    await running.stop();
  }
}

function sceneOf(running: Running, choice: DemoChoice, say: (line: string) => void): Scene {
  const teller = createTeller(say);
  const { urls, accounts, home } = running;
  const office = { api: urls.api, responder: urls.responder, accounts };
  return { office, sandbox: openSandbox(urls.sandbox, teller.until), teller, choice, tokens: join(home, 'station', 'tokens') };
}

/** What they leave is in the system itself, where it can be looked at: no files. */
async function tellAll(scene: Scene, tales: readonly ChosenTale[], say: (line: string) => void): Promise<void> {
  for (const { kind, name, zh, en, live } of tales) {
    say(`\n${kind} ${name}: ${zh} ${en}`);
    say(`  ${await live(scene)} 演示完毕 shown to its end`);
  }
}

/** A new certificate has no holder before it, and leaves more than any other business. */
const NEW = [{ channel: 'online' }, { channel: 'window' }] as const;
type NewCertificate = (typeof NEW)[number];

async function showNew(
  scene: Scene,
  channel: NewCertificate['channel'],
  folderFor: (number: string) => string,
  say: (line: string) => void,
) {
  const { office, sandbox, teller, choice, tokens } = scene;
  say(`\n证书新办 A new certificate (${channel})`);
  const story = channel === 'window' ? await newAtWindow(scene) : await liveThrough(office, sandbox, teller, choice);
  const folder = folderFor(story.number);
  const files = await collected(teller, () => collect(office, sandbox, story, folder, tokens));
  say(`\n${story.number} ${story.form.organisation.certificateName}\n${folder}\n  ${files.join('\n  ')}`);
  return { business: 'new', channel, number: story.number, files: files.length };
}

async function show(scene: Scene, each: Demonstration, folderFor: (number: string) => string, say: (line: string) => void) {
  say(`\n${each.business} (${each.channel})`);
  // On a system that has just started the first list is still on its way.
  const list = () => fetched(`${scene.office.responder}/crl/issuing.crl`).catch(() => null);
  const listBefore = await scene.teller.until(list, 'the revocation list');
  const ended = await each.live(scene);
  const { number } = ended.filed;
  const folder = folderFor(number);
  const work = () => (each.leaves === 'bindings' ? keepBindings(scene, ended, folder) : keep(scene, ended, each, { folder, listBefore }));
  const files = await collected(scene.teller, work);
  say(`\n${number} ${ended.holder.form.organisation.certificateName}\n${folder}\n  ${files.join('\n  ')}`);
  return { business: each.business, channel: each.channel, number, files: files.length };
}

const collected = (teller: Scene['teller'], work: () => Promise<string[]>) =>
  teller.step('材料归集 Files', work, (names) => `${names.length} files`);

function pick(business: string, channel: string | undefined): NewCertificate | Demonstration {
  const over = <Each extends { channel: string }>(list: readonly Each[]) =>
    list.find((each) => channel === undefined || each.channel === channel);
  const found = business === 'new' ? over(NEW) : over(demonstrations.filter((each) => each.business === business));
  if (!found) throw new LaunchError(`There is no demonstration of ${business}${channel ? ` over ${channel}` : ''}.\n${USAGE}`);
  return found;
}

const USAGE = `npm run demo -- [--business B] [--channel C] [--all] [--name NAME] [--uscc CODE] [--agent NAME] [--out DIR]
  ${[...NEW.map((each) => ({ business: 'new', ...each })), ...demonstrations].map(({ business, channel }) => `${business} (${channel})`).join(', ')}
${taleKinds.map((kind) => `npm run demo -- --${kind} <${[...namesOf(kind), 'all'].join('|')}>`).join('\n')}`;

function readArguments(args: string[]) {
  const text = { type: 'string' } as const;
  const about = { name: text, uscc: text, agent: text, out: text } as const;
  const options = { ...about, business: text, channel: text, all: { type: 'boolean' }, payment: text, friday: text } as const;
  try {
    return parseArgs({ args, options }).values;
  } catch (error) {
    throw new LaunchError(`${error instanceof Error ? error.message : ''}\n${USAGE}`);
  }
}
