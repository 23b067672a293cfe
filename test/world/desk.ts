/** Holders whose certificates exist, and the people of the office they meet: for tests of the businesses that are about a certificate. */
import type { ApplicationForm, CalendarDay, SmsTemplate, Stage } from '#domain';
import { publishedHolidays } from '#config';
import { Application, Certificate, Seal, SmsMessage, Token } from '#persistence';
import { INITIAL_USER_PIN, openTokenDrawer, type SoftwareToken } from '#token';
import { Assistant, AuthorityApi } from '../../apps/assistant/src/index.js';
import { prepareDraft, type Filed } from '../../apps/launcher/src/demo/desk.js';
import { demoForm } from '../../apps/launcher/src/demo/organisation.js';
import type { Person } from '../../apps/launcher/src/demo/person.js';
import { logIn } from '../../apps/launcher/src/demo/story.js';
import { bankTransfer, casesOf } from './cases.js';
import type { Office } from './office.js';

export interface Holder {
  /** The application that issued the certificate. */
  id: string;
  serial: string;
  form: ApplicationForm;
  phone: string;
  agent: Person;
}

/** All that was made for one place. */
export interface Pair {
  signing: Certificate;
  encryption: Certificate;
  seal: Seal;
  token: Token;
}

const DAY_MS = 86_400_000;
const SHANGHAI_MS = 8 * 3_600_000;
export const PAPERS = ['application-form', 'licence', 'agent-id'];
export const FEW_PAPERS = ['application-form', 'agent-id'];

/** Sets the clock to a time of day, in Shanghai, of the next day that is a working day, or none. */
export function nextDay(office: Office, hour: string, kind: 'working' | 'resting' = 'working'): void {
  for (let at = office.clock.now().getTime() + SHANGHAI_MS + DAY_MS; ; at += DAY_MS) {
    const day = new Date(at).toISOString().slice(0, 10) as CalendarDay;
    if (publishedHolidays.isWorkingDay(day) !== (kind === 'working')) continue;
    office.clock.set(new Date(`${day}T${hour}+08:00`));
    return;
  }
}

export type Desk = Awaited<ReturnType<typeof openDesk>>;

export async function openDesk(office: Office) {
  const { manager } = office.data;
  const cases = casesOf(office);
  await office.addStaff('second-clerk', ['clerk'], '19000000091');
  await office.addStaff('clerk-who-reviews', ['clerk', 'reviewer'], '19000000092');
  let count = 0;

  /** @param notAfter when the certificate ends; whole seconds */
  async function holder(notAfter: Date): Promise<Holder> {
    count += 1;
    const phone = `1710002${String(count).padStart(4, '0')}`;
    const form = demoForm({ name: `成都持有人第${count}号医药有限公司` }, phone);
    const agent = office.person();
    const end = notAfter.toISOString().replace(/\.\d+Z/, 'Z');
    const { id } = await agent.post<{ id: string }>('/api/v1/demo/holders', { form, notAfter: end });
    await logIn(agent, office.sandbox, phone);
    const { serial } = await manager.findOneByOrFail(Certificate, { applicationId: id, kind: 'signing' });
    return { id, serial, form, phone, agent };
  }

  /** A draft with all its papers. Answers its path. */
  const draft = (person: Person, business: string, { serial }: { serial: string }, form?: object, materials = PAPERS) =>
    prepareDraft(person, { business, certificate: serial, materials, ...(form ? { form } : {}) });

  const assistant = (api = new AuthorityApi(office.api)) => new Assistant(office.settings.folders.station, api);
  const challenge = (person: Person, path: string) => person.post<{ challengeId: string; text: string }>(`${path}/challenge`);
  async function prove({ agent, serial }: Holder, path: string) {
    const { challengeId, text } = await challenge(agent, path);
    return { challengeId, signature: assistant().sign(serial, text, INITIAL_USER_PIN) };
  }

  const submit = (person: Person, path: string, json: object = { window: 'chengnan' }) =>
    person.attempt('POST', `${path}/submission`, { json, headers: { 'Idempotency-Key': person.key() } });
  async function file(person: Person, path: string, json?: object): Promise<Filed> {
    const { status, body } = await submit(person, path, json);
    if (status !== 202) throw new Error(`refused: ${status} ${JSON.stringify(body)}`);
    return body as Filed;
  }
  const row = (id: string) => manager.findOneByOrFail(Application, { id });
  const reach = (id: string, stage: Stage) =>
    office.until(async () => {
      const found = await row(id);
      if (found.parkedReason !== null) throw new Error(`parked: ${found.parkedReason}`);
      // A row stands at its first stage from the submission on; whoever acts waits until the case has opened it.
      return found.stage === stage && found.waitingFor !== 'system' ? found : null;
    }, `the stage ${stage}`);
  const ended = async (id: string) => (await reach(id, 'closed')).outcome;

  const keyed = async (who: string, path: string, json: object = {}) => {
    const person = await cases.desk(who);
    return person.attempt('POST', path, { json, headers: { 'Idempotency-Key': person.key() } });
  };
  const atWindow = (who: string, id: string, what: string, json?: object) => keyed(who, `/api/v1/window/${id}/${what}`, json);
  let slips = 0;
  const slip = (amountFen: number) => ({ method: 'card', slipNumber: `POS-${(slips += 1)}-TEST`, amountFen });
  async function done(answer: Promise<{ status: number; body: unknown }>): Promise<void> {
    const { status, body } = await answer;
    if (status >= 300) throw new Error(`refused: ${status} ${JSON.stringify(body)}`);
  }
  async function pay(id: string, amountFen: number, who = 'clerk'): Promise<void> {
    await reach(id, 'window-payment');
    await done(atWindow(who, id, 'payment', slip(amountFen)));
  }
  async function claim(id: string, who = 'reviewer') {
    await reach(id, 'review');
    return (await cases.desk(who)).attempt('POST', `/api/v1/reviews/${id}/claim`, { json: {} });
  }
  async function decide(id: string, decision: object, who = 'reviewer') {
    await done(claim(id, who));
    return keyed(who, `/api/v1/reviews/${id}/decision`, decision);
  }
  const approve = (id: string, who?: string) => done(decide(id, { outcome: 'approved', reasons: [] }, who));
  async function handOver(id: string): Promise<void> {
    await reach(id, 'hand-over');
    await done(atWindow('clerk', id, 'hand-over'));
  }
  /** Somebody's transfer for the order of a case. */
  async function transfer(id: string, payerName: string, more: { payerAccountType?: 'corporate' | 'personal' } = {}) {
    const { amountFen, reference } = await cases.order({ id } as never);
    return cases.decided(await bankTransfer(office, { amountFen, payerName, remittance: reference, ...more }));
  }

  /** The SMS of this template has been sent: what the case does by itself, it has done. */
  const told = (applicationId: string, template: SmsTemplate) =>
    office.until(() => manager.findOneBy(SmsMessage, { applicationId, template }), `the SMS ${template}`);

  async function pair(applicationId: string): Promise<Pair> {
    const certificate = (kind: Certificate['kind']) => manager.findOneByOrFail(Certificate, { applicationId, kind });
    return {
      signing: await certificate('signing'),
      encryption: await certificate('encryption'),
      seal: await manager.findOneByOrFail(Seal, { applicationId }),
      token: await manager.findOneByOrFail(Token, { applicationId }),
    };
  }
  /** The token as its holder has it, the PIN given. */
  function token(serialNumber: string): SoftwareToken {
    const inserted = openTokenDrawer(office.settings.folders.station).insert(serialNumber);
    inserted.login(INITIAL_USER_PIN);
    return inserted;
  }
  const parts = { holder, draft, assistant, challenge, prove, submit, file, row, reach, ended, pay, slip, claim, decide, approve };
  return { ...parts, told, who: cases.desk, atWindow, keyed, handOver, transfer, pair, token };
}
