/** Tells one story to the model and to the office, and holds them against each other after everything that happens. */
import { isDeepStrictEqual } from 'node:util';
import { openDesk } from '../world/desk.js';
import type { Office } from '../world/office.js';
import { beginAt, type Begun } from './beginnings.js';
import { after, begin, closing, type Case, type Happening, type Standing, type Story } from './index.js';
import { playersOf } from './players.js';
import { seen } from './seen.js';

const PATIENCE_MS = 10_000;
const LOOK_EVERY_MS = 20;

export class Disagreement extends Error {}

export async function openTelling(office: Office) {
  const desk = await openDesk(office);
  const players = playersOf(office, desk);

  async function agree(begun: Begun, now: Case, told: () => string): Promise<void> {
    const expected = { ...standingOf(now), parked: null };
    const giveUp = Date.now() + PATIENCE_MS;
    for (let found = await seen(office, begun); !isDeepStrictEqual(found, expected); found = await seen(office, begun)) {
      if (Date.now() > giveUp) throw new Disagreement(`${told()}\nmodel:  ${JSON.stringify(expected)}\noffice: ${JSON.stringify(found)}`);
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    }
  }

  async function happen(begun: Begun, before: Case, happening: Happening, told: () => string): Promise<Case> {
    const { taken, now } = after(before, happening);
    const really = await players.act(begun, happening);
    if (really !== taken) throw new Disagreement(`${told()}\n${taken ? 'the office refused it' : 'the office took it'}`);
    await agree(begun, now, told);
    return now;
  }

  return async ({ beginning, happenings }: Story): Promise<void> => {
    const begun = await beginAt(office, desk, beginning);
    const done: Happening[] = [];
    const told = () => `${JSON.stringify(beginning)}\n${done.map((each) => `  ${JSON.stringify(each)},`).join('\n')}`;
    let now = begin(beginning);
    await agree(begun, now, told);
    for (const happening of happenings) {
      done.push(happening);
      now = await happen(begun, now, happening, told);
    }
    for (let last = closing(now); last !== null; last = closing(now)) {
      done.push(last);
      now = await happen(begun, now, last, told);
    }
    if (!(await players.auditHolds(begun))) throw new Disagreement(`${told()}\nthe audit chain is broken`);
  };
}

function standingOf({ at, outcome, order, surplus, owed, held, own, old, told }: Case): Standing {
  return { at, outcome, order, surplus, owed, held: [...held].sort(), own, old, told: [...told].sort() };
}
