/**
 * Whole cases a second through the HTTP API, beside bare workflows with the same number of activities, updates, signals and timers, on
 * the same server in the same run. PDFs are left out; `documents` measures them. By itself: a new certificate from submission to the
 * courier, at 1, 8 and 32 at once. With `--business all`, or the name of one: each from submission to its end, 8 at once.
 */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { openOffice, type Office } from '../world/office.js';
import { measureBusinesses } from './support/businesses.js';
import { HERE, secondsOf, startCrew, type Crew } from './support/crew.js';
import { inParallel, prepareDraft } from './support/drive.js';
import { runBare, runCases } from './support/new-case.js';
import { throwawayWorld } from './support/throwaway-world.js';

const LEVELS = [
  { atOnce: 1, cases: 6 },
  { atOnce: 8, cases: 32 },
  { atOnce: 32, cases: 64 },
] as const;

export default async function bench(args: readonly string[] = []) {
  const [option, value] = args;
  if (option !== undefined && (option !== '--business' || value === undefined))
    throw new Error('npm run bench -- cases [--business all|<one>]');
  const world = await throwawayWorld();
  const spent = new Map<string, number>();
  const bundlePath = fileURLToPath(new URL('../../workflow-bundle.js', import.meta.url));
  let opened: { office: Office; crew?: Crew } | undefined;
  try {
    const office = await openOffice({
      ...(existsSync(bundlePath) ? { bundlePath } : {}),
      activities: timed(spent),
      workers: false,
    });
    opened = { office };
    const crew = await startCrew(office);
    opened.crew = crew;
    return value === undefined ? await measureNew(office, crew, spent) : await measureBusinesses(office, crew, value);
  } finally {
    await opened?.crew?.close();
    await opened?.office.close();
    await world.stop();
  }
}

async function measureNew(office: Office, crew: Crew, spent: Map<string, number>) {
  const figures: Record<string, number | string> = {};
  const ratios: number[] = [];
  let caseSeconds = 0;
  for (const { atOnce, cases } of LEVELS) {
    const prepared = await inParallel(Array.from({ length: cases }), 8, () => prepareDraft(office.person(), office.sandbox));
    const ours = await secondsOf(() => runCases(office, prepared, atOnce));
    const bound = await crew.bare((client) => runBare(client, cases, atOnce));
    caseSeconds += ours;
    ratios.push(bound / ours);
    figures[`cases/s, ${atOnce} at once`] = round(cases / ours);
    figures[`bare workflows/s, ${atOnce} at once`] = round(cases / bound);
    figures[`ratio, ${atOnce} at once`] = round(bound / ours);
  }
  figures['best ratio (wanted: at least 0.5)'] = round(Math.max(...ratios));
  const total = LEVELS.reduce((sum, level) => sum + level.cases, 0);
  const shares = [...spent].sort((a, b) => b[1] - a[1]).slice(0, 8);
  for (const [activity, seconds] of shares) figures[`ms a case in ${activity}`] = round((seconds / total) * 1000);
  return {
    name: 'cases',
    figures,
    notes: [
      `Time inside activities of this process (pki and station have one of their own) overlaps; ${round((caseSeconds / total) * 1000)} ms of wall time a case on average. PDF rendering left out.`,
    ],
  };
}

const round = (value: number) => Math.round(value * 1000) / 1000;

function timed(spent: Map<string, number>) {
  const wrap = (real: object) =>
    Object.fromEntries(
      Object.entries(real).map(([name, work]: [string, (input: never) => Promise<unknown>]) => [
        name,
        async (input: never) => {
          const began = performance.now();
          try {
            return await work(input);
          } finally {
            spent.set(name, (spent.get(name) ?? 0) + (performance.now() - began) / 1000);
          }
        },
      ]),
    );
  return Object.fromEntries(HERE.map((queue) => [queue, wrap]));
}
