/** One whole case as the people in it live it: a colleague applies, the agent confirms and pays, the office reviews and dispatches. */
import type { ApplicationForm } from '#domain';
import { scannedPicture } from './paper.js';
import { inventPhone, demoForm, type DemoChoice } from './organisation.js';
import { Person } from './person.js';
import type { Sandbox } from './sandbox.js';
import type { Teller } from './teller.js';

export interface Office {
  api: string;
  responder: string;
  accounts: readonly { username: string; password: string }[];
}

export interface Story {
  id: string;
  number: string;
  form: ApplicationForm;
  applicationForm: Buffer;
  colleague: Person;
  agent: Person;
  phones: string[];
  day: string;
  dispatcher: Person;
}

interface View {
  stage: { code: string; zh: string };
  outcome: { code: string } | null;
  dispatch: { day: string; reason: string; reasonEn: string } | null;
  invoiceLink: string | null;
}

export async function liveThrough(office: Office, sandbox: Sandbox, teller: Teller, choice: DemoChoice): Promise<Story> {
  const { step } = teller;
  const [colleaguePhone, agentPhone] = [inventPhone(), inventPhone()];
  const form = demoForm(choice, agentPhone);
  const colleague = new Person(office.api);
  const agent = new Person(office.api);

  await step('短信登录 A colleague logs in by SMS code', () => logIn(colleague, sandbox, colleaguePhone));
  await step('目录 Catalogue: 证书新办 › 政府采购 › 招采管理子系统', async () => {
    const { businesses } = await colleague.get<{
      businesses: { feesForOneYear: { totalFen: number }; dispatchIfCompletedNow: { day: string } }[];
    }>('/api/v1/catalogue');
    return `${(businesses[0]?.feesForOneYear.totalFen ?? 0) / 100} yuan for one year, dispatch ${businesses[0]?.dispatchIfCompletedNow.day}`;
  });
  const { draftId, applicationForm } = await fillIn(colleague, teller, form);
  const { id, number } = await step(
    '提交申请 Submission',
    () => colleague.post<{ id: string; number: string }>(`/api/v1/drafts/${draftId}/submission`, {}, colleague.key()),
    (value) => value.number,
  );
  const read = () => colleague.get<View>(`/api/v1/applications/${id}`);
  const reach = (stage: string) => teller.until(async () => ((await read()).stage.code === stage ? true : null), `stage ${stage}`);

  await step('经办人手机验证 The agent’s phone is verified', async () => {
    const code = await sandbox.codeFor(agentPhone, '验证码 (\\d{6})');
    await colleague.post(`/api/v1/applications/${id}/phone-verification`, { code });
  });
  await review(office, teller, id, reach);
  await pay({ agent, agentPhone, id, form, sandbox, teller, reach });
  const { day, dispatcher } = await untilDispatched({ office, sandbox, teller, form, agent, id });
  return { id, number, form, applicationForm, colleague, agent, phones: [colleaguePhone, agentPhone], day, dispatcher };
}

interface Approved {
  office: Office;
  sandbox: Sandbox;
  teller: Teller;
  form: ApplicationForm;
  /** Logged in. */
  agent: Person;
  id: string;
}

/** What follows once a new certificate is approved and paid for, whoever entered it. */
export async function untilDispatched({ office, sandbox, teller, form, agent, id }: Approved) {
  const { step, until } = teller;
  const read = () => agent.get<View>(`/api/v1/applications/${id}`);
  await step('制证 Keys, certificates, seal, token', () =>
    until(async () => ((await read()).stage.code === 'dispatch' ? true : null), 'stage dispatch'),
  );
  const { day } = await step(
    '办结 Completion fixes the dispatch day',
    async () => (await read()).dispatch ?? fail('no dispatch day'),
    (promise) => `${promise.day}: ${promise.reason} / ${promise.reasonEn}`,
  );
  await step('电子发票 E-invoice', () => until(async () => (await read()).invoiceLink, 'the invoice'));
  const dispatcher = await dispatch({ office, teller, sandbox, form, day });
  await step('结束 The case is closed', () =>
    until(async () => ((await read()).outcome?.code === 'dispatched' ? true : null), 'the end of the case'),
  );
  return { day, dispatcher };
}

export async function logIn(person: Person, sandbox: Sandbox, phone: string): Promise<void> {
  await person.post('/api/v1/login/codes', { phone });
  await person.post('/api/v1/login', { phone, code: await sandbox.codeFor(phone, '登录验证码 (\\d{6})') });
}

export async function staff(office: Office, username: string): Promise<Person> {
  const account = office.accounts.find((each) => each.username === username) ?? fail(`no demo account ${username}`);
  const person = new Person(office.api);
  await person.post('/api/v1/login/staff', { username, password: account.password });
  return person;
}

export async function fillIn(colleague: Person, { step }: Teller, form: ApplicationForm) {
  const draftId = await step('草稿 Draft, filled in', async () => {
    const { id } = await colleague.post<{ id: string }>('/api/v1/drafts', { business: 'new', system: 'sichuan-medicine-procurement' });
    await colleague.patch(`/api/v1/drafts/${id}`, { form });
    return id;
  });
  const draft = `/api/v1/drafts/${draftId}`;
  await step('协议与同意书 Agreements accepted', async () => {
    for (const slug of ['subscriber-agreement', 'personal-data']) {
      const { version } = await colleague.get<{ version: string }>(`/api/v1/agreements/${slug}`);
      await colleague.put(`${draft}/consents/${slug}`, { version });
    }
  });
  const applicationForm = await step(
    '申请表 Application form as PDF',
    () => colleague.download(`${draft}/application-form.pdf`),
    (pdf) => `${pdf.length} bytes`,
  );
  await step('材料 Stamped form, licence, identity card uploaded', async () => {
    await colleague.upload(`${draft}/materials/application-form?fileName=${encodeURIComponent('申请表.pdf')}`, applicationForm);
    await colleague.upload(`${draft}/materials/licence?fileName=licence.png`, scannedPicture('licence'));
    await colleague.upload(`${draft}/materials/agent-id?fileName=agent-id.png`, scannedPicture('identity card'));
  });
  return { draftId, applicationForm };
}

async function review(office: Office, { step }: Teller, id: string, reach: (stage: string) => Promise<true>) {
  await step('等待审核 In the review queue', () => reach('review'));
  await step('审核通过 A reviewer claims, looks at the papers and approves', async () => {
    const reviewer = await staff(office, 'reviewer');
    await reviewer.post(`/api/v1/reviews/${id}/claim`);
    for (const material of ['application-form', 'licence', 'agent-id'])
      await reviewer.download(`/api/v1/reviews/${id}/materials/${material}`);
    await reviewer.post(`/api/v1/reviews/${id}/decision`, { outcome: 'approved', reasons: [] }, reviewer.key());
    await reach('payment');
  });
}

interface Payment {
  agent: Person;
  agentPhone: string;
  id: string;
  form: ApplicationForm;
  sandbox: Sandbox;
  teller: Teller;
  reach: (stage: string) => Promise<true>;
}

async function pay({ agent, agentPhone, id, form, sandbox, teller }: Payment) {
  const { step, until } = teller;
  await step('经办人登录 The agent logs in', () => logIn(agent, sandbox, agentPhone));
  const order = await step(
    '缴费单 Fee order',
    () => agent.get<{ amountFen: number; reference: string }>(`/api/v1/applications/${id}/order`),
    (each) => `${each.amountFen / 100} yuan, reference ${each.reference}`,
  );
  await step('公对公转账 Corporate transfer, pushed by the bank', async () => {
    await sandbox.transfer({ payerName: form.organisation.certificateName, amountFen: order.amountFen, remittance: order.reference });
    await until(
      async () => ((await agent.get<{ status: string }>(`/api/v1/applications/${id}/order`)).status === 'paid' ? true : null),
      'the transfer',
    );
  });
}

interface Dispatch {
  office: Office;
  teller: Teller;
  sandbox: Sandbox;
  form: ApplicationForm;
  day: string;
}

async function dispatch({ office, teller, sandbox, form, day }: Dispatch): Promise<Person> {
  const { step, until } = teller;
  await step('平台认证 The role account is certified on the platform', () => sandbox.certify(form.organisation.uscc, form.roleAccount));
  const dispatcher = await step('周五寄送 The Friday batch binds, labels and packs', async () => {
    const person = await staff(office, 'dispatcher');
    await person.post(`/api/v1/dispatches/${day}`);
    const packed = async () => {
      const { items } = await person.get<{ items: { certificateName: string; state: string }[] }>(`/api/v1/dispatches/${day}`);
      return items.some((item) => item.certificateName === form.organisation.certificateName && item.state === 'packed') ? true : null;
    };
    await until(packed, 'the letter to be packed');
    return person;
  });
  await step('交寄 A dispatcher hands over', () => handOver(dispatcher, teller, day), lettersInWords);
  return dispatcher;
}

/** The list is still being printed for a moment after the last letter is packed: "not ready" means try again. */
export async function handOver(dispatcher: Person, { until }: Teller, day: string): Promise<number> {
  const key = dispatcher.key();
  return until(async () => {
    const answer = await dispatcher.attempt('POST', `/api/v1/dispatches/${day}/hand-over`, {
      json: {},
      headers: { 'Idempotency-Key': `${key.slice(0, 30)}${Date.now() % 100000}` },
    });
    return answer.status === 200 ? (answer.body as { handedOver: number }).handedOver : null;
  }, 'the hand-over');
}

export const lettersInWords = (count: number) => (count === 1 ? '1 letter' : `${count} letters`);

function fail(reason: string): never {
  throw new Error(reason);
}
