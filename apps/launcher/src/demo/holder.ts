/** A holder for a demonstration: an organisation whose token exists already, with its agent logged in at the portal. */
import type { ApplicationForm } from '#domain';
import { demoForm, inventPhone, type DemoChoice } from './organisation.js';
import { Person } from './person.js';
import type { Sandbox } from './sandbox.js';
import { logIn, type Office } from './story.js';
import type { Teller } from './teller.js';

export interface Holder {
  id: string;
  number: string;
  /** Of the signing certificate. */
  serial: string;
  form: ApplicationForm;
  phone: string;
  agent: Person;
}

export interface Scene {
  office: Office;
  sandbox: Sandbox;
  teller: Teller;
  choice: DemoChoice;
  /** Where the tokens are on this machine. */
  tokens: string;
  /** Where the files of an application go. */
  folderOf: (number: string) => string;
}

export async function seedHolder({ office, sandbox, teller, choice }: Scene, notAfter: Date): Promise<Holder> {
  const phone = inventPhone();
  const form = demoForm(choice, phone);
  const agent = new Person(office.api);
  const end = new Date(Math.ceil(notAfter.getTime() / 1000) * 1000).toISOString();
  const { id, number } = await teller.step(
    '演示持有人 A holder whose certificate was issued before',
    () => agent.post<{ id: string; number: string }>('/api/v1/demo/holders', { form, notAfter: end }),
    (made) => `${made.number}, valid until ${end}`,
  );
  await teller.step('短信登录 The agent logs in by SMS code', () => logIn(agent, sandbox, phone));
  const serial = await teller.step('我的证书 The agent’s certificates', async () => {
    const [held] = await agent.get<{ serial: string }[]>('/api/v1/certificates');
    if (!held) throw new Error('the holder has no certificate');
    return held.serial;
  });
  return { id, number, serial, form, phone, agent };
}
