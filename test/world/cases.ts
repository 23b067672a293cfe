/** Cases of an office for tests, brought by HTTP to where a test begins: filed, approved and waiting for money, paid, on their way. */
import type { ApplicationForm } from '#domain';
import { Application, BankCredit, FeeOrder } from '#persistence';
import { demoForm } from '../../apps/launcher/src/demo/organisation.js';
import { scannedPicture } from '../../apps/launcher/src/demo/paper.js';
import { Person } from '../../apps/launcher/src/demo/person.js';
import { logIn } from '../../apps/launcher/src/demo/story.js';
import type { Office } from './office.js';

export interface CaseChoice {
  name: string;
  /** One application more of an organisation that has one open. */
  like?: FiledCase;
  count?: number;
  years?: number;
}

export interface FiledCase {
  id: string;
  number: string;
  form: ApplicationForm;
  phone: string;
  /** The agent, who submitted it in person: the session proves the phone, so no code is asked for. */
  agent: Person;
}

export interface Transfer {
  amountFen: number;
  payerName: string;
  payerAccountType: 'corporate' | 'personal';
  remittance: string;
  bookedAt: string;
  push: boolean;
}

export type Cases = ReturnType<typeof casesOf>;

export function casesOf(office: Office) {
  const desks = new Map<string, { person: Promise<Person>; until: number }>();
  /** Somebody of the office, logged in; again when the clock has run past the session. */
  const desk = (username: string) => {
    const now = office.clock.now().getTime();
    const known = desks.get(username);
    if (known && now < known.until && now > known.until - SESSION_MS) return known.person;
    const person = office.staff(username);
    desks.set(username, { person, until: now + SESSION_MS });
    return person;
  };
  let phones = 0;
  const nextPhone = () => `1710001${String((phones += 1)).padStart(4, '0')}`;

  /** A draft with everything in it, ready to be submitted, by whoever stands at this counter. */
  async function prepare({ name, like, count = 1, years = 1 }: CaseChoice, agent: Person = office.person(), phone: string = nextPhone()) {
    await logIn(agent, office.sandbox, phone);
    const form = { ...demoForm({ name, uscc: like?.form.organisation.uscc }, phone), certificates: { count, years } };
    const { id } = await agent.post<{ id: string }>('/api/v1/drafts', { business: 'new', system: 'sichuan-medicine-procurement' });
    const draft = `/api/v1/drafts/${id}`;
    await agent.patch(draft, { form });
    for (const slug of ['subscriber-agreement', 'personal-data']) {
      const { version } = await agent.get<{ version: string }>(`/api/v1/agreements/${slug}`);
      await agent.put(`${draft}/consents/${slug}`, { version });
    }
    for (const material of ['application-form', 'licence', 'agent-id'])
      await agent.upload(`${draft}/materials/${material}?fileName=${material}.png`, PAPER);
    /** The same agent at another counter, logged in there. */
    const at = async (url: string) => {
      const there = new Person(url);
      await logIn(there, office.sandbox, phone);
      return there;
    };
    return { agent, at, phone, form, submission: `${draft}/submission`, key: agent.key(), like };
  }

  async function file(choice: CaseChoice): Promise<FiledCase> {
    const { agent, phone, form, submission, key, like } = await prepare(choice);
    const { id, number } = await agent.post<{ id: string; number: string }>(submission, { additional: like !== undefined }, key);
    return { id, number, form, phone, agent };
  }

  async function claim(filed: FiledCase): Promise<Person> {
    await reach(filed, 'review');
    const reviewer = await desk('reviewer');
    await reviewer.post(`/api/v1/reviews/${filed.id}/claim`);
    return reviewer;
  }

  async function approve(filed: FiledCase): Promise<void> {
    const reviewer = await claim(filed);
    await reviewer.post(`/api/v1/reviews/${filed.id}/decision`, { outcome: 'approved', reasons: [] }, reviewer.key());
    await reach(filed, 'payment');
  }

  /** Approved, with an order that waits for the transfer. */
  async function awaitingPayment(choice: CaseChoice): Promise<FiledCase> {
    const filed = await file(choice);
    await approve(filed);
    return filed;
  }

  const row = (filed: FiledCase) => office.data.manager.findOneByOrFail(Application, { id: filed.id });
  const order = (filed: FiledCase) => office.data.manager.findOneByOrFail(FeeOrder, { applicationId: filed.id });

  async function reach(filed: FiledCase, stage: Application['stage']): Promise<Application> {
    return office.until(async () => {
      // A database that is just being restarted is no answer yet.
      const found = await row(filed).catch(() => null);
      return found?.stage === stage ? found : null;
    }, `${filed.number} to reach ${stage}`);
  }

  /** The organisation goes to its bank. By default it pays its order exactly, as the SMS told it. Answers the bank's own reference. */
  async function transfer(filed: FiledCase, given: Partial<Transfer> = {}): Promise<string> {
    const { amountFen, reference } = await order(filed);
    return bankTransfer(office, { amountFen, payerName: filed.form.organisation.certificateName, remittance: reference, ...given });
  }

  /** What was decided about a credit. */
  const decided = (bankReference: string) =>
    office.until(async () => {
      const credit = await office.data.manager.findOneBy(BankCredit, { bankReference });
      return credit && credit.state !== 'recorded' ? credit : null;
    }, `a decision about credit ${bankReference}`);

  const pay = async (filed: FiledCase, given: Partial<Transfer> = {}) => decided(await transfer(filed, given));
  const certify = ({ form }: FiledCase, since?: Date) => office.sandbox.certify(form.organisation.uscc, form.roleAccount, since);
  /** Every SMS the agent's phone shows, oldest first, without login codes. */
  const messages = async (filed: FiledCase) => {
    const all = (await office.sandbox.messages(filed.phone)) as { template: string; text: string }[];
    return all.filter(({ template }) => template !== 'login-code').reverse();
  };
  const received = async (filed: FiledCase, template: string, times = 1) =>
    office.until(async () => {
      const found = (await messages(filed)).filter((message) => message.template === template);
      return found.length >= times ? found.map(({ text }) => text) : null;
    }, `the SMS ${template} for ${filed.number}`);
  return { desk, prepare, file, claim, approve, awaitingPayment, row, order, reach, transfer, decided, pay, certify, messages, received };
}

/** At the bank's counter: anybody may send anything. */
export async function bankTransfer(office: Office, given: Partial<Transfer> & { amountFen: number; payerName: string }): Promise<string> {
  const body = { payerAccount: '6222 0000 0000 0000', payerAccountType: 'corporate', remittance: '', push: true, ...given };
  const response = await fetch(`${office.sandbox.base}/bank/transfers`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`the bank refused: ${response.status} ${await response.text()}`);
  return ((await response.json()) as { reference: string }).reference;
}

/** Shorter than the product's, so that nobody is logged out in the middle of a step. */
const SESSION_MS = 60 * 60_000;
const PAPER = scannedPicture('licence');
