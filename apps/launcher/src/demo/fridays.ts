/** Fridays as they come: a letter from its promised day to whoever signs for it, and what may come between. */
import { applicant, awaitingPayment, issued, transfer, type Awaiting } from './awaiting.js';
import { ended } from './desk.js';
import type { Scene } from './holder.js';
import { certified, delivered, letterOf, onItsFriday, promised, scanned } from './letter.js';
import { missed } from './missed-friday.js';
import { staff } from './story.js';
import type { Tale } from './tale.js';
import { asShown } from './teller.js';

export const fridays = {
  plain: { zh: '按期寄出', en: 'as promised', live: plain },
  holiday: { zh: '周五改为放假', en: 'the Friday becomes a holiday', live: holiday },
  carried: { zh: '账号未认证，顺延', en: 'not certified in time: carried', live: carried },
  missed: { zh: '系统故障，错过周五', en: 'missed by an outage: made up, or carried', live: missed },
  'returned-mail': { zh: '退件重寄', en: 'returned and sent again', live: returnedMail },
} as const satisfies Record<string, Tale>;

async function completed(scene: Scene): Promise<Awaiting> {
  const awaiting = await awaitingPayment(scene, await applicant(scene));
  await transfer(scene, awaiting, '公对公转账 A corporate transfer');
  await issued(scene, awaiting);
  return awaiting;
}

async function plain(scene: Scene): Promise<string> {
  const awaiting = await completed(scene);
  await certified(scene, awaiting);
  await onItsFriday(scene, awaiting, await promised(scene, awaiting));
  await ended(scene, awaiting.agent, awaiting.id, 'dispatched');
  await delivered(scene, awaiting);
  return awaiting.number;
}

/** A supervisor sets the day; each letter that waits for it moves, with a word to its agent. In the end the day is taken back. */
async function holiday(scene: Scene): Promise<string> {
  const { teller, sandbox, office } = scene;
  const awaiting = await completed(scene);
  await certified(scene, awaiting);
  const day = await promised(scene, awaiting);
  const supervisor = await staff(office, 'supervisor');
  await teller.step(`放假 A supervisor sets ${day} as a holiday`, () =>
    supervisor.put(`/api/v1/calendar/days/${day}`, { kind: 'holiday', reason: '演示：当日放假' }),
  );
  try {
    await teller.step('改期短信 The date moves, and the agent is told', async () => {
      const text = await sandbox.sms(awaiting.phone, 'dispatch-moved');
      if (!text.includes(day)) throw new Error(text);
      return /改为 ([\d-]+)/.exec(text)?.[1] ?? '';
    });
    const moved = await promised(scene, awaiting);
    if (moved <= day) throw new Error(`promised for ${moved}, not after ${day}`);
    await notSentOn(scene, awaiting, day);
    await onItsFriday(scene, awaiting, moved);
    await ended(scene, awaiting.agent, awaiting.id, 'dispatched');
  } finally {
    await teller.step(`取消放假 ${day} is a working day again`, () =>
      supervisor.post(`/api/v1/calendar/days/${day}/withdrawal`, { reason: '演示结束' }),
    );
  }
  return awaiting.number;
}

function notSentOn({ office, teller }: Scene, { number }: Awaiting, day: string): Promise<string> {
  return teller.step('当日不寄送 Started by hand on the holiday, the batch sends nothing', async () => {
    const dispatcher = await staff(office, 'dispatcher');
    await dispatcher.post(`/api/v1/dispatches/${day}`);
    await teller.until(async () => ((await dispatcher.get<{ working: boolean }>(`/api/v1/dispatches/${day}`)).working ? null : true), day);
    const letter = await letterOf(dispatcher, number);
    if (letter.state !== 'due' || letter.day <= day) throw new Error(`the letter is ${letter.state} on ${letter.day}`);
    return `${letter.state}, ${letter.day}`;
  });
}

async function carried(scene: Scene): Promise<string> {
  const { teller, sandbox, office } = scene;
  const awaiting = await completed(scene);
  const day = await promised(scene, awaiting);
  const dispatcher = await staff(office, 'dispatcher');
  const next = await teller.step(`周五寄送 The batch of ${day} looks at the platform: not certified`, () =>
    teller.until(async () => {
      const letter = await letterOf(dispatcher, awaiting.number);
      if (letter.day > day) return letter.day;
      await dispatcher.post(`/api/v1/dispatches/${day}`);
      return null;
    }, 'the letter to be carried'),
  );
  await teller.step('顺延短信 The agent is told the reason and the new Friday', async () => {
    const text = await sandbox.sms(awaiting.phone, 'carried');
    if (!text.includes(next) || !text.includes('尚未认证')) throw new Error(text);
    return text.slice(text.indexOf('改为'));
  });
  await certified(scene, awaiting);
  await onItsFriday(scene, awaiting, next);
  await ended(scene, awaiting.agent, awaiting.id, 'dispatched');
  return awaiting.number;
}

async function returnedMail(scene: Scene): Promise<string> {
  const { teller, sandbox, office } = scene;
  const awaiting = await completed(scene);
  await certified(scene, awaiting);
  const first = await onItsFriday(scene, awaiting, await promised(scene, awaiting));
  await scanned(scene, awaiting, first, ['picked-up', 'returned']);
  await teller.step('退件短信 The agent is told that it came back', () => sandbox.sms(awaiting.phone, 'parcel-returned'), asShown);
  const day = await teller.step('更正地址 A dispatcher takes the corrected address', async () => {
    const dispatcher = await staff(office, 'dispatcher');
    const receiver = { recipient: '王更正', phone: awaiting.phone, address: '四川省成都市武侯区更正路 9 号 901' };
    return (await dispatcher.post<{ day: string }>(`/api/v1/letters/${awaiting.number}/resending`, receiver)).day;
  });
  const second = await onItsFriday(scene, awaiting, day);
  if (second === first) throw new Error('the second sending has no waybill of its own');
  await delivered(scene, awaiting);
  return awaiting.number;
}
