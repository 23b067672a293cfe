/** What may be asked of the simulation on the command line. */
import { parseArgs } from 'node:util';
import { calendarDay, type CalendarDay } from '#domain';

export interface SimulationOptions {
  days: number;
  cases: number;
  seed: number;
  from: CalendarDay;
  /** How many cases live through the real workflows. */
  throughWorkflows: number;
  /** Where the page and its charts go, seen from the checkout. */
  out: string;
}

/** The last year whose holidays are published when this was written; any other may be named. */
const FROM = '2026-01-01';
/** As many as two cores live through within a few minutes. */
const MOST_THROUGH_WORKFLOWS = 200;

export const USAGE = `npm run simulate -- [--days 365] [--cases 20000] [--seed 1] [--from ${FROM}] [--through-workflows N] [--out docs]`;

/** @throws RangeError in words for the terminal */
export function readOptions(args: readonly string[]): SimulationOptions {
  const text = { type: 'string' } as const;
  const known = { days: text, cases: text, seed: text, from: text, 'through-workflows': text, out: text };
  try {
    const { values } = parseArgs({ args: [...args], options: known, strict: true });
    const cases = whole('cases', values.cases ?? '20000', 1, 200_000);
    return {
      days: whole('days', values.days ?? '365', 7, 3_660),
      cases,
      seed: whole('seed', values.seed ?? '1', 0, Number.MAX_SAFE_INTEGER),
      from: calendarDay(values.from ?? FROM),
      throughWorkflows: whole(
        'through-workflows',
        values['through-workflows'] ?? String(Math.min(MOST_THROUGH_WORKFLOWS, Math.round(cases / 50))),
        0,
        cases,
      ),
      out: values.out ?? 'docs',
    };
  } catch (error) {
    throw new RangeError(`${error instanceof Error ? error.message : String(error)}\n${USAGE}`);
  }
}

function whole(name: string, value: string, least: number, most: number): number {
  const number = Number(value);
  if (/^\d+$/.test(value) && number >= least && number <= most) return number;
  throw new RangeError(`--${name} is a whole number from ${least} to ${most}, and not ${value}`);
}

export const commandOf = ({ days, cases, seed, throughWorkflows }: SimulationOptions): string =>
  `npm run simulate -- --days ${days} --cases ${cases} --seed ${seed} --through-workflows ${throughWorkflows}`;
