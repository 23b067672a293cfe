/** A case of a new certificate up to where its fee order waits, and what the organisation and its bank do then. */
import type { ApplicationForm } from '#domain';
import { approve, prepareDraft, reach, type Filed } from './desk.js';
import type { Scene } from './holder.js';
import { demoForm, inventPhone } from './organisation.js';
import { Person } from './person.js';
import type { Transfer } from './sandbox.js';
import { logIn } from './story.js';

export interface Order {
  amountFen: number;
  receivedFen: number;
  missingFen: number;
  status: string;
  reference: string;
}

export interface Applicant {
  form: ApplicationForm;
  phone: string;
  agent: Person;
}

export interface Awaiting extends Filed, Applicant {
  order: Order;
}

export const yuan = (amountFen: number) => `${(amountFen / 100).toFixed(2)} 元`;
export const nameOf = ({ form }: Applicant) => form.organisation.certificateName;

/** An organisation with its agent at the portal, who proves the phone by logging in. */
export async function applicant({ office, sandbox, choice }: Scene): Promise<Applicant> {
  const phone = inventPhone();
  const agent = new Person(office.api);
  await logIn(agent, sandbox, phone);
  return { form: demoForm(choice, phone), phone, agent };
}

/** `another` confirms one certificate more for an organisation that has an application open. */
export async function awaitingPayment(scene: Scene, who: Applicant, { another = false } = {}): Promise<Awaiting> {
  const { agent, form } = who;
  const filed = await scene.teller.step(
    '申请 An application is filed',
    async () => {
      const draft = await prepareDraft(agent, { business: 'new', form, materials: ['application-form', 'licence', 'agent-id'] });
      return agent.post<Filed>(`${draft}/submission`, { additional: another }, agent.key());
    },
    ({ number }) => `${number} ${nameOf(who)}`,
  );
  await approve(scene, filed.id, () => reach(scene, agent, filed.id, 'payment'));
  const order = await scene.teller.step(
    '缴费单 The fee order',
    () => orderOf({ ...who, ...filed }),
    ({ amountFen, reference }) => `${yuan(amountFen)}, ${reference}`,
  );
  return { ...who, ...filed, order };
}

export const orderOf = ({ agent, id }: Pick<Awaiting, 'agent' | 'id'>) => agent.get<Order>(`/api/v1/applications/${id}/order`);

/** By default from the organisation's own account, the amount of the order, with its reference. Answers the bank's reference. */
export function transfer({ sandbox, teller }: Scene, awaiting: Awaiting, name: string, given: Partial<Transfer> = {}): Promise<string> {
  const { amountFen, reference } = awaiting.order;
  const made = { payerName: nameOf(awaiting), amountFen, remittance: reference, ...given };
  const words = () => `${yuan(made.amountFen)}, ${made.payerName}, ${made.remittance === '' ? '未写附言 no remittance' : made.remittance}`;
  return teller.step(name, () => sandbox.transfer(made), words);
}

/** The order is paid, keys and certificates are made: the letter waits for its Friday. Answers the serial of the signing certificate. */
export function issued({ teller }: Scene, { agent, id, number }: Awaiting): Promise<string> {
  return teller.step(
    '缴清，制证 Paid in full, and issued',
    async () => {
      await teller.until(async () => {
        const { stage } = await agent.get<{ stage: { code: string } }>(`/api/v1/applications/${id}`);
        return stage.code === 'dispatch' ? true : null;
      }, `${number} to be issued`);
      const order = await orderOf({ agent, id });
      if (order.status !== 'paid') throw new Error(`issued, and the order is ${order.status}`);
      return serialOf(agent, number);
    },
    (serial) => `${number}, certificate ${serial}`,
  );
}

async function serialOf(agent: Person, number: string): Promise<string> {
  const held = await agent.get<{ serial: string; number: string }[]>('/api/v1/certificates');
  const found = held.find((each) => each.number === number);
  if (!found) throw new Error(`${number} has no certificate`);
  return found.serial;
}
