/** Each business from its submission to its end, beside bare workflows that take the steps of its own histories. */
import { randomUUID } from 'node:crypto';
import { BankCredit, FeeOrder, referenceDigest } from '#persistence';
import { caseWorkflowId, creditWorkflowId, queues } from '#workflows/contract';
import type { Client } from '@temporalio/client';
import type { Office } from '../../world/office.js';
import type { Progress } from '../bare/progress.js';
import type { Script } from '../bare/steps.js';
import { businessStories, type BusinessStory, type Life } from './business-stories.js';
import { secondsOf, type Crew } from './crew.js';
import { inParallel, prepareDraft } from './drive.js';
import { startHolders } from './holders.js';
import { runBare, runCases } from './new-case.js';
import { stepsOf } from './script.js';
import { watcher } from './watcher.js';

const AT_ONCE = 8;
/** Of one turn. */
const CASES = Number(process.env['XINYIN_BENCH_CASES'] ?? 16);
/** Ours and the bare ones by turns: a machine that others share is not as fast in one minute as in the next. */
const TURNS = 3;
/** Lived before anything is measured, by ours and by the bare ones: what is measured is an office at work, not one that just started. */
const FIRST = 8;
const EVERY = Array.from({ length: FIRST + CASES });

interface BareCase {
  story: Script;
  /** The workflows of the credits that it was paid with. */
  credits: Script[];
  atHome?: (() => Promise<void>) | undefined;
}

/** @param which `all`, or one of them */
export async function measureBusinesses(office: Office, crew: Crew, which: string) {
  const figures: Record<string, number | string> = {};
  const note = (business: string, ours: number, bound: number) => {
    figures[`${business}, cases/s`] = round((TURNS * CASES) / ours);
    figures[`${business}, bare workflows/s`] = round((TURNS * CASES) / bound);
    figures[`${business}, ratio`] = round(bound / ours);
    process.stderr.write(`  … ${business}: ${round(bound / ours)}\n`);
  };
  const wanted = (business: string) => which === 'all' || which === business;
  if (wanted('new')) note('new', ...(await byTurns(() => measureNew(office, crew))));
  const holders = startHolders(office);
  try {
    for (const story of (await businessStories(office, holders)).filter(({ business }) => wanted(business)))
      note(story.business, ...(await byTurns(() => measureStory(office, crew, story))));
  } finally {
    holders.close();
  }
  const ratios = Object.entries(figures).flatMap(([name, value]) => (name.endsWith('ratio') ? [Number(value)] : []));
  if (ratios.length === 0) throw new Error(`no business is measured under the name ${which}`);
  figures['worst ratio (wanted: at least 0.5)'] = Math.min(...ratios);
  return {
    name: which === 'all' ? 'businesses' : `business-${which}`,
    figures,
    notes: [
      `${TURNS} turns of ${CASES} cases of each business and as many bare workflows, ${AT_ONCE} at once. A bare workflow takes the steps of the very history it stands beside, search attributes too, but for new, whose bare one sets none.`,
      'The holders’ computers are a process of their own. Beside the bare workflows they sign and install once more what they did for ours.',
    ],
  };
}

/** Seconds of ours, and of the bare ones. */
type Seconds = [ours: number, bound: number];

async function byTurns(measure: () => Promise<Seconds>): Promise<Seconds> {
  const sum: Seconds = [0, 0];
  for (let turn = 0; turn < TURNS; turn += 1) {
    const [ours, bound] = await measure();
    sum[0] += ours;
    sum[1] += bound;
  }
  return sum;
}

async function measureNew(office: Office, crew: Crew): Promise<Seconds> {
  const drafts = await inParallel(EVERY, AT_ONCE, () => prepareDraft(office.person(), office.sandbox));
  await runCases(office, drafts.slice(0, FIRST), AT_ONCE);
  const ours = await secondsOf(() => runCases(office, drafts.slice(FIRST), AT_ONCE));
  const bare = (count: number) => (client: Client) => runBare(client, count, AT_ONCE);
  return [ours, await crew.bare(bare(CASES), bare(FIRST))];
}

async function measureStory(office: Office, crew: Crew, story: BusinessStory): Promise<Seconds> {
  const lives = await inParallel(EVERY, story.oneByOne ? 1 : AT_ONCE, story.prepare);
  const watch = watcher(office, 100);
  const ids: string[] = [];
  const live = async (some: Life[]) => void ids.push(...(await inParallel(some, AT_ONCE, (each) => each.live(watch))));
  let ours: number;
  try {
    await live(lives.slice(0, FIRST));
    ours = await secondsOf(() => live(lives.slice(FIRST)));
  } finally {
    watch.stop();
  }
  const scripts = await inParallel(ids, AT_ONCE, (id) => scriptsOf(office, id));
  const cases = scripts.map((script, index) => ({ ...script, atHome: lives[index]?.atHome }));
  const run = (some: BareCase[]) => (client: Client, progress: Progress) =>
    inParallel(some, AT_ONCE, (each) => runScripts(client, progress, each)).then(none);
  return [ours, await crew.bare(run(cases.slice(FIRST)), run(cases.slice(0, FIRST)))];
}

const none = () => undefined;
const round = (value: number) => Math.round(value * 1000) / 1000;

async function scriptsOf(office: Office, id: string): Promise<BareCase> {
  const { manager } = office.data;
  const { workflow } = office.engine.client;
  await workflow.getHandle(caseWorkflowId(id)).result();
  const story = { steps: await stepsOf(workflow.getHandle(caseWorkflowId(id))) };
  const order = await manager.findOneBy(FeeOrder, { applicationId: id });
  const paid = order ? await manager.findBy(BankCredit, { orderId: order.id }) : [];
  const credits = await Promise.all(
    paid.map(async ({ bankReference }) => ({
      steps: await stepsOf(workflow.getHandle(creditWorkflowId(referenceDigest(bankReference)))),
    })),
  );
  return { story, credits };
}

/** As the people and the systems of the story did: each decision when it is waited for, each credit by a workflow of its own. */
async function runScripts(client: Client, progress: Progress, { story, credits, atHome }: BareCase): Promise<void> {
  await atHome?.();
  const workflowId = `bare/${randomUUID()}`;
  const taskQueue = queues.business;
  const start = (id: string, script: Script) => client.workflow.start('bareScript', { taskQueue, workflowId: id, args: [script] });
  const handle = await start(workflowId, story);
  const unpaid = [...credits];
  let done = 0;
  for (const step of story.steps) {
    if (step.do === 'record' || step.do === 'activity') done += 1;
    if (step.do !== 'update' && step.do !== 'signal') continue;
    await progress.reached(workflowId, done);
    const credit = step.do === 'signal' ? unpaid.shift() : undefined;
    if (credit) await (await start(`${workflowId}/credit/${randomUUID()}`, { ...credit, told: workflowId })).result();
    else if (step.do === 'signal') await handle.signal('credited', { creditId: 'c' });
    else {
      await handle.executeUpdate('decide', { args: [{ decisionId: randomUUID() }] });
      done += step.records;
    }
  }
  await handle.result();
}
