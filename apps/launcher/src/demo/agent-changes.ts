/** 经办人变更: an open case goes on with another agent, or with another phone of the same one; and one that somebody stops in time. */
import { applicant, awaitingPayment, issued, transfer, type Awaiting } from './awaiting.js';
import { letIn } from './desk.js';
import { pretty } from './files.js';
import type { Scene } from './holder.js';
import { writeAll } from './kept.js';
import { inventPhone } from './organisation.js';
import { scannedPicture } from './paper.js';
import { Person } from './person.js';
import { logIn, staff } from './story.js';
import type { Tale } from './tale.js';
import { asShown } from './teller.js';

export const agentChanges = {
  'handed-over': { zh: '网厅移交其他经办人', en: 'handed over at the portal, with a letter', live: handedOver },
  'at-window': { zh: '窗口移交其他经办人', en: 'handed over at a window, with a letter', live: atWindow },
  stopped: { zh: '旧手机收到提醒，变更被中止', en: 'the old phone is warned, and the change is stopped', live: stopped },
  'lost-phone': { zh: '手机遗失，本人到窗口', en: 'a lost phone: the agent comes to a window', live: lostPhone },
  'called-back': { zh: '手机遗失，客服回拨单位', en: 'a lost phone: customer service calls the organisation back', live: calledBack },
} as const satisfies Record<string, Tale>;

/** Whose the case is from then on, or would be. */
interface NextAgent {
  person: Person;
  phone: string;
}

/** Somebody else, with a number whose check digit (GB 11643) is right. */
const COLLEAGUE = { name: '周接手', identityNumber: '11010519491231002X' };
const LETTER = 'authorisation-letter';
const letter = scannedPicture('licence');
const changeOf = ({ id }: Awaiting) => `/api/v1/agent-changes/${id}`;

async function handedOver(scene: Scene): Promise<string> {
  const [awaiting, next] = await begun(scene);
  const { agent } = awaiting;
  await scene.teller.step('申请移交 The agent asks for it, with a stamped letter', async () => {
    await agent.upload(`${changeOf(awaiting)}/materials/${LETTER}?fileName=letter.png`, letter);
    await agent.post(changeOf(awaiting), toColleague(next), agent.key());
  });
  await approved(scene, awaiting, 'supervisor');
  await inEffect(scene, awaiting, next);
  await nothingThere(scene, awaiting);
  return goesOn(scene, awaiting, next, LETTER);
}

async function atWindow(scene: Scene): Promise<string> {
  const [awaiting, next] = await begun(scene);
  const clerk = await staff(scene.office, 'clerk');
  await scene.teller.step('窗口受理 A clerk enters it, for somebody who brings the letter', async () => {
    await clerk.upload(`${changeOf(awaiting)}/materials/${LETTER}?fileName=letter.png`, letter);
    await entered(scene, clerk, awaiting, toColleague(next));
  });
  await approved(scene, awaiting, 'reviewer');
  await inEffect(scene, awaiting, next);
  await nothingThere(scene, awaiting);
  return goesOn(scene, awaiting, next, LETTER);
}

/** The code is on its way to the new phone already; whoever has it gets nothing more. */
async function stopped(scene: Scene): Promise<string> {
  const { teller, office, sandbox } = scene;
  const [awaiting, next] = await begun(scene);
  const clerk = await staff(office, 'clerk');
  await teller.step('窗口受理 A clerk enters it, for somebody who brings a letter', async () => {
    await clerk.upload(`${changeOf(awaiting)}/materials/${LETTER}?fileName=letter.png`, letter);
    await entered(scene, clerk, awaiting, toColleague(next));
  });
  await approved(scene, awaiting, 'reviewer');
  const code = await codeFor(scene, next);
  await teller.step('单位来电，中止变更 The organisation calls: it did not ask for it, and a supervisor stops the change', async () => {
    const supervisor = await staff(office, 'supervisor');
    const word = { outcome: 'rejected', reason: 'not-asked-for' };
    await supervisor.post(`${changeOf(awaiting)}/decision`, word, supervisor.key());
  });
  await teller.step('新手机的验证码已无效 The new phone’s code opens nothing', async () => {
    const { status } = await next.person.attempt('POST', `${changeOf(awaiting)}/confirmation`, { json: { code } });
    if (status !== 404) throw new Error(`the new phone got ${status}`);
  });
  await teller.step('短信通知 The agent is told why', () => sandbox.sms(awaiting.phone, 'agent-change-ended'), asShown);
  return goesOn(scene, awaiting, { person: awaiting.agent, phone: awaiting.phone }, LETTER);
}

/** The clerk looks at the identity card, and types its number: it must be that of the case. */
async function lostPhone(scene: Scene): Promise<string> {
  const [awaiting, next] = await begun(scene);
  const clerk = await staff(scene.office, 'clerk');
  const { identityNumber } = awaiting.form.agent;
  await scene.teller.step('本人持证件到窗口 The agent comes to the window with the identity card', () =>
    entered(scene, clerk, awaiting, { kind: 'lost-phone', agent: { phone: next.phone, identityNumber } }),
  );
  await approved(scene, awaiting, 'reviewer');
  await inEffect(scene, awaiting, next);
  await loggedOut(scene, awaiting);
  return goesOn(scene, awaiting, next);
}

async function calledBack(scene: Scene): Promise<string> {
  const [awaiting, next] = await begun(scene);
  const service = await staff(scene.office, 'customer-service');
  await scene.teller.step('客服回拨 Customer service calls the number in the public register of enterprises', () =>
    service.post(
      changeOf(awaiting),
      { kind: 'lost-phone', agent: { phone: next.phone }, calledNumber: 'public-register', callBackConfirmed: true },
      service.key(),
    ),
  );
  await approved(scene, awaiting, 'supervisor');
  await inEffect(scene, awaiting, next);
  await loggedOut(scene, awaiting);
  return goesOn(scene, awaiting, next);
}

/** A case that waits for its payment, and somebody who has logged in with another phone. */
async function begun(scene: Scene): Promise<[Awaiting, NextAgent]> {
  const awaiting = await awaitingPayment(scene, await applicant(scene));
  const [person, phone] = [new Person(scene.office.api), inventPhone()];
  await scene.teller.step('新手机登录 The new phone logs in, and sees nothing of the case', async () => {
    await logIn(person, scene.sandbox, phone);
    await refusedTo(person, awaiting);
  });
  return [awaiting, { person, phone }];
}

const toColleague = ({ phone }: NextAgent) => ({ kind: 'other-agent', agent: { ...COLLEAGUE, phone } });

/** At a window, outside whose hours a supervisor lets it in. */
async function entered(scene: Scene, clerk: Person, awaiting: Awaiting, change: object): Promise<void> {
  const path = changeOf(awaiting);
  await letIn(scene, path, () => clerk.post(path, { ...change, window: 'chengnan' }, clerk.key()));
}

/** By another person than who entered it; then the phone of before is warned. */
async function approved({ teller, office, sandbox }: Scene, awaiting: Awaiting, who: 'reviewer' | 'supervisor'): Promise<void> {
  await teller.step(`第二人审批 Another person of the office approves (${who})`, async () => {
    const person = await staff(office, who);
    await person.post(`${changeOf(awaiting)}/decision`, { outcome: 'approved' }, person.key());
  });
  await teller.step('旧手机收到提醒 The phone of before is warned', () => sandbox.sms(awaiting.phone, 'agent-change-announced'), asShown);
}

const codeFor = ({ sandbox }: Scene, { phone }: NextAgent) => sandbox.codeFor(phone, '本手机办理.*验证码 (\\d{6})');

/** The new phone is proven: the case is its own, and both are told. */
async function inEffect(scene: Scene, awaiting: Awaiting, next: NextAgent): Promise<void> {
  const { teller, sandbox } = scene;
  await teller.step('新手机验证 The new phone types the code that was sent to it', async () => {
    const code = await codeFor(scene, next);
    await next.person.post(`${changeOf(awaiting)}/confirmation`, { code });
  });
  await teller.step('通知旧手机 The phone of before is told', () => sandbox.sms(awaiting.phone, 'agent-changed'), asShown);
  await teller.step('通知新手机 The new phone is told', () => sandbox.sms(next.phone, 'agent-welcome'), asShown);
}

const nothingThere = ({ teller }: Scene, awaiting: Awaiting) =>
  teller.step('原经办人查无此件 The agent of before finds no such case', () => refusedTo(awaiting.agent, awaiting));

const loggedOut = ({ teller }: Scene, { agent }: Awaiting) =>
  teller.step('旧手机的登录已失效 The lost phone is logged out', async () => {
    const { status } = await agent.attempt('GET', '/api/v1/login');
    if (status !== 401) throw new Error(`the lost phone is still logged in: ${status}`);
  });

async function refusedTo(person: Person, { id }: Awaiting): Promise<void> {
  const { status } = await person.attempt('GET', `/api/v1/applications/${id}`);
  if (status !== 404) throw new Error(`somebody else reads the case: ${status}`);
}

/** The same order, paid by the organisation; the case is its agent's of now, who keeps its record. Answers its number. */
async function goesOn(scene: Scene, before: Awaiting, { person, phone }: NextAgent, paper?: typeof LETTER): Promise<string> {
  const now = { ...before, agent: person, phone };
  await transfer(scene, now, '公对公转账，缴费单不变 A corporate transfer for the same order');
  await issued(scene, now);
  const auditor = await staff(scene.office, 'auditor');
  const of = (path: string) => `/api/v1/applications/${now.id}/${path}`;
  const phones = [...new Set([before.phone, phone])];
  const sources = {
    'timeline.json': async () => pretty(await person.get(of('timeline'))),
    'messages.json': async () => pretty((await Promise.all(phones.map((each) => scene.sandbox.messages(each)))).flat()),
    'audit.jsonl': () => auditor.download(of('audit.jsonl')),
    ...(paper === undefined ? {} : { [`${paper}.png`]: () => Promise.resolve(letter) }),
  };
  const folder = scene.folderOf(now.number);
  await scene.teller.step(
    '材料归集 Files',
    async () => {
      await writeAll(folder, sources);
      return `${folder}: ${Object.keys(sources).sort().join(', ')}`;
    },
    asShown,
  );
  return now.number;
}
