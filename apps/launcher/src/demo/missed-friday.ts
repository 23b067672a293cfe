/**
 * A Friday on which the office was away. Back within 24 hours it makes the Friday up; back later, the letter goes to the Friday that comes,
 * with a word to its agent. Nobody can wait for an outage here, so the letters were completed in the past (demonstrations only), and the
 * first look at the Fridays is made as of that Friday's evening.
 */
import { addDays, calendarDay, shanghaiClock, startOfShanghaiDay } from '#domain';
import { applicant } from './awaiting.js';
import { ended, type Filed } from './desk.js';
import type { Scene } from './holder.js';
import { certified, letterOf, onItsFriday, promised, sentBy, type Mailed } from './letter.js';
import { staff } from './story.js';

interface Look {
  madeUp: string[];
  missed: number;
}
interface Report {
  closedAt: string | null;
  handedOver: { number: string }[];
  carried: { number: string; reason: { code: string; zh: string }; to: string }[];
}

/** When the office is back, by the clock of that Friday in Shanghai: eleven hours after its batch was to begin. */
const BACK_AT = '12:00:00Z';
/** The true look, every hour and at each start, may be quicker and carry the letter: then another one is taken. */
const TRIES = 3;

export async function missed(scene: Scene): Promise<string> {
  const { mailed, day } = await madeUp(scene);
  await sentBy(scene, mailed, day, { batch: `补办 The batch of ${day}, begun by that look, binds, labels and packs` });
  await ended(scene, mailed.agent, mailed.id, 'dispatched');
  await reported(
    scene,
    day,
    'closed: handed over on the Friday it was promised for',
    ({ closedAt, handedOver }) => closedAt !== null && handedOver.some(({ number }) => number === mailed.number),
  );
  await carried(scene);
  return mailed.number;
}

/** Completed in time for a Friday that is over; no batch has run. */
async function overdue(scene: Scene): Promise<{ mailed: Mailed; day: string }> {
  const who = await applicant(scene);
  const mailed = await scene.teller.step(
    '演示信件 A letter that was completed in the week of a Friday that is over',
    async () => ({ ...who, ...(await who.agent.post<Filed>('/api/v1/demo/letters', { form: who.form })) }),
    ({ number }) => number,
  );
  const day = await promised(scene, mailed);
  // The day before: who is certified on the Friday itself goes the next one.
  await certified(scene, mailed, startOfShanghaiDay(addDays(calendarDay(day), -1)));
  return { mailed, day };
}

async function madeUp(scene: Scene): Promise<{ mailed: Mailed; day: string }> {
  const { teller, office } = scene;
  const dispatcher = await staff(office, 'dispatcher');
  for (let tries = 1; tries <= TRIES; tries += 1) {
    const { mailed, day } = await overdue(scene);
    const at = `${day}T${BACK_AT}`;
    const name = `24 小时内恢复 The office is back at ${shanghaiClock(new Date(at))} and looks at its Fridays, as of then`;
    const { madeUp: days } = await teller.step(
      name,
      () => dispatcher.post<Look>('/api/v1/demo/friday-looks', { at }),
      (look) => `made up: ${look.madeUp.join(', ') || 'nothing'}`,
    );
    if (days.includes(day)) return { mailed, day };
    if ((await letterOf(dispatcher, mailed.number)).day === day)
      throw new Error(`the batch of a later Friday has the letters of ${day} in hand: hand it over first`);
  }
  throw new Error('the hourly look at the Fridays was quicker each time');
}

/** More than 24 hours late: the look that the office makes now finds another letter of the same Friday. */
async function carried(scene: Scene): Promise<void> {
  const { teller, office, sandbox } = scene;
  const { mailed, day } = await overdue(scene);
  const dispatcher = await staff(office, 'dispatcher');
  const next = await teller.step('24 小时后恢复 The office is back only now: the Friday is carried, not made up', () =>
    teller.until(async () => {
      await dispatcher.post<Look>('/api/v1/demo/friday-looks');
      const letter = await letterOf(dispatcher, mailed.number);
      return letter.day > day ? letter.day : null;
    }, 'the letter to be carried'),
  );
  await teller.step('顺延短信 The agent is told the reason and the new Friday', async () => {
    const text = await sandbox.sms(mailed.phone, 'carried');
    if (!text.includes(next) || !text.includes('系统故障')) throw new Error(text);
    return text.slice(text.indexOf('改为'));
  });
  await reported(scene, day, `carried to ${next}`, (report) =>
    report.carried.some(({ number, reason, to }) => number === mailed.number && reason.code === 'missed' && to === next),
  );
  await onItsFriday(scene, mailed, next);
  await ended(scene, mailed.agent, mailed.id, 'dispatched');
}

async function reported({ teller, office }: Scene, day: string, words: string, holds: (report: Report) => boolean): Promise<void> {
  const dispatcher = await staff(office, 'dispatcher');
  await teller.step(`寄送报告 The report of ${day}`, () =>
    teller.until(
      async () => (holds(await dispatcher.get<Report>(`/api/v1/dispatches/${day}/report`)) ? words : null),
      `the report: ${words}`,
    ),
  );
}
