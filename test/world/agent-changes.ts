/** New agents, their letters and codes, and the people of the office who decide, over the public API. */
import { randomUUID } from 'node:crypto';
import { scannedPicture } from '../../apps/launcher/src/demo/paper.js';
import type { Person } from '../../apps/launcher/src/demo/person.js';
import { logIn } from '../../apps/launcher/src/demo/story.js';
import type { Office } from './office.js';

export interface NewAgent {
  person: Person;
  phone: string;
  name: string;
  identityNumber: string;
}

const LETTER = scannedPicture('licence');

export function changesOf(office: Office) {
  let phones = 0;
  const nextPhone = () => `1710006${String((phones += 1)).padStart(4, '0')}`;

  /** Logged in at the portal with the new phone; GB 11643 number with its check digit worked out by hand. */
  async function newAgent(): Promise<NewAgent> {
    const [person, phone] = [office.person(), nextPhone()];
    await logIn(person, office.sandbox, phone);
    return { person, phone, name: '周接手', identityNumber: '11010519491231002X' };
  }
  const other = ({ name, identityNumber, phone }: Omit<NewAgent, 'person'>) => ({
    kind: 'other-agent',
    agent: { name, identityNumber, phone },
  });
  /** As a clerk enters it, who names the window. */
  const atWindow = (json: object) => ({ ...json, window: 'chengnan' });
  const letter = (person: Person, id: string, file: Uint8Array = LETTER, fileName = 'letter.png') =>
    person.attempt('PUT', `/api/v1/agent-changes/${id}/materials/authorisation-letter?fileName=${fileName}`, { file });
  const keyed = (person: Person, path: string, json: object, key: string = randomUUID()) =>
    person.attempt('POST', `/api/v1/agent-changes/${path}`, { json, headers: { 'Idempotency-Key': key } });
  const ask = (person: Person, id: string, json: object, key?: string) => keyed(person, id, json, key);
  const decide = (person: Person, id: string, json: object = { outcome: 'approved' }, key?: string) =>
    keyed(person, `${id}/decision`, json, key);
  const confirm = (person: Person, id: string, code: unknown) =>
    person.attempt('POST', `/api/v1/agent-changes/${id}/confirmation`, { json: { code } });
  const resend = (person: Person, id: string) => person.attempt('POST', `/api/v1/agent-changes/${id}/code`, { json: {} });
  const codeFor = (phone: string) => office.sandbox.codeFor(phone, '本手机办理.*验证码 (\\d{6})');

  const messages = async (phone: string) => (await office.sandbox.messages(phone)) as { template: string; text: string }[];
  const sent = async (phone: string) => (await messages(phone)).map(({ template }) => template);
  /** What this phone was told, waited for. */
  const texts = (phone: string, template: string) =>
    office.until(async () => {
      const found = (await messages(phone)).filter((message) => message.template === template).map(({ text }) => text);
      return found.length > 0 ? found : null;
    }, `the SMS ${template}`);

  /** Asked for by the agent with a letter, approved by a supervisor; the code is on its way. */
  async function approved(id: string, agent: Person): Promise<NewAgent> {
    const next = await newAgent();
    for (const { status, body } of [await letter(agent, id), await ask(agent, id, other(next))])
      if (status >= 300) throw new Error(`refused: ${status} ${JSON.stringify(body)}`);
    const { status } = await decide(await office.staff('supervisor'), id);
    if (status !== 204) throw new Error(`not approved: ${status}`);
    return next;
  }
  return { newAgent, other, atWindow, letter, ask, decide, confirm, resend, codeFor, sent, texts, approved };
}
