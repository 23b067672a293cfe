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
  const { help, out, business, channel, all, payment, friday, 'agent-change': agentChange, ...choice } = readArguments(args);
  if (help) return steps.say(USAGE);
  const tales = talesFor({ payment, friday, 'agent-change': agentChange });
  if (tales.length > 0 && (business ?? channel ?? all) !== undefined) throw new LaunchError(USAGE);
  // What money and Fridays leave is in the system itself, where it can be looked at: no files.
  if (out !== undefined && tales.some(({ kind }) => kind !== 'agent-change')) throw new LaunchError(USAGE);
  const chosen = all ? [...NEW, ...demonstrations] : [pick(business ?? 'new', channel)];
  const signal = stopSignal(() => steps.say('\nstopping'));
  const running = await bringUp({ steps, signal });
  signal.addEventListener('abort', () => void running.stop().finally(() => process.exit(130)));
  try {
    // Where several are shown, each has a folder of its own.
    const several = all === true || tales.length > 0;
    const folderOf = (number: string) => (out ? resolve(out, ...(several ? [number] : [])) : join(running.home, 'demo', number));
    const scene = sceneOf(running, choice, { say: steps.say, folderOf });
    steps.say(running.reused ? '\non the running system' : '\non a system started for this');
    if (tales.length > 0) return await tellAll(scene, tales, steps.say);
    const told: Told[] = [];
    for (const each of chosen) {
      const began = Date.now();
      const done = 'leaves' in each ? await show(scene, each, steps.say) : await showNew(scene, each.channel, steps.say);
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

function sceneOf(
  running: Running,
  choice: DemoChoice,
  { say, folderOf }: { say: (line: string) => void; folderOf: Scene['folderOf'] },
): Scene {
  const teller = createTeller(say);
  const { urls, accounts, home } = running;
  const office = { api: urls.api, responder: urls.responder, accounts };
  const sandbox = openSandbox(urls.sandbox, teller.until);
  return { office, sandbox, teller, choice, tokens: join(home, 'station', 'tokens'), folderOf };
}

async function tellAll(scene: Scene, tales: readonly ChosenTale[], say: (line: string) => void): Promise<void> {
  for (const { kind, name, zh, en, live } of tales) {
    say(`\n${kind} ${name}: ${zh} ${en}`);
    say(`  ${await live(scene)} 演示完毕 shown to its end`);
  }
}

/** A new certificate has no holder before it, and leaves more than any other business. */
const NEW = [{ channel: 'online' }, { channel: 'window' }] as const;
type NewCertificate = (typeof NEW)[number];

async function showNew(scene: Scene, channel: NewCertificate['channel'], say: (line: string) => void) {
  const { office, sandbox, teller, choice, tokens } = scene;
  say(`\n证书新办 A new certificate (${channel})`);
  const story = channel === 'window' ? await newAtWindow(scene) : await liveThrough(office, sandbox, teller, choice);
  const folder = scene.folderOf(story.number);
  const files = await collected(teller, () => collect(office, sandbox, story, folder, tokens));
  say(`\n${story.number} ${story.form.organisation.certificateName}\n${folder}\n  ${files.join('\n  ')}`);
  return { business: 'new', channel, number: story.number, files: files.length };
}

async function show(scene: Scene, each: Demonstration, say: (line: string) => void) {
  say(`\n${each.business} (${each.channel})`);
  // On a system that has just started the first list is still on its way.
  const list = () => fetched(`${scene.office.responder}/crl/issuing.crl`).catch(() => null);
  const listBefore = await scene.teller.until(list, 'the revocation list');
  const ended = await each.live(scene);
  const { number } = ended.filed;
  const folder = scene.folderOf(number);
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
  const tales = { payment: text, friday: text, 'agent-change': text } as const;
  const asked = { all: { type: 'boolean' }, help: { type: 'boolean' } } as const;
  const options = { ...about, ...asked, business: text, channel: text, ...tales } as const;
  try {
    return parseArgs({ args, options }).values;
  } catch (error) {
    throw new LaunchError(`${error instanceof Error ? error.message : ''}\n${USAGE}`);
  }
}
