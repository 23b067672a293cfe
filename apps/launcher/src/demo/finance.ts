/** Finance's desk: what it sees of a credit, whose it says it is, and how money goes back with two persons. */
import { yuan } from './awaiting.js';
import type { Scene } from './holder.js';
import type { Person } from './person.js';
import { staff } from './story.js';

interface Credit {
  id: string;
  bankReference: string;
  amountFen: number;
  state: string;
  reason: { code: string; zh: string; en: string } | null;
}
interface Refund {
  id: string;
  creditId: string | null;
  amountFen: number;
  state: string;
  reason: { zh: string; en: string };
  payeeName: string | null;
}

const creditOf = async (finance: Person, bankReference: string) =>
  (await finance.get<Credit[]>('/api/v1/credits')).find((credit) => credit.bankReference === bankReference) ?? null;

/** What was decided about a transfer. */
export const decided = ({ teller }: Scene, finance: Person, bankReference: string): Promise<Credit> =>
  teller.until(async () => {
    const credit = await creditOf(finance, bankReference);
    return credit && credit.state !== 'recorded' ? credit : null;
  }, `a decision about ${bankReference}`);

/** It stands in finance's list with its reason; nobody has guessed. */
export async function held(scene: Scene, bankReference: string, reason: string): Promise<Credit> {
  const finance = await staff(scene.office, 'finance');
  return scene.teller.step(
    '挂账 Held, in finance’s list with its reason',
    async () => {
      const credit = await decided(scene, finance, bankReference);
      if (credit.state !== 'held' || credit.reason?.code !== reason)
        throw new Error(`the credit is ${credit.state}, ${credit.reason?.code ?? 'without a reason'}; awaited: held, ${reason}`);
      return credit;
    },
    (credit) => `${credit.reason?.zh} / ${credit.reason?.en}`,
  );
}

/** Given back to who paid it: one person of finance proposes it, and only another's word sends it. */
export async function givenBack(scene: Scene, credit: Credit): Promise<void> {
  const finance = await staff(scene.office, 'finance');
  await scene.teller.step('建议退回 Finance proposes to give it back', async () => {
    const proposal = { kind: 'refund', note: '演示：与付款人核对后退回' };
    await finance.post(`/api/v1/credits/${credit.id}/explanations`, proposal, finance.key());
  });
  const refund = await refundOf(scene, finance, credit.id);
  await refusedToProposer(scene, finance, refund);
  await paidBack(scene, refund, 'supervisor');
}

function refusedToProposer({ teller }: Scene, finance: Person, refund: Refund): Promise<string> {
  return teller.step(
    '本人不能复核 Who proposed it may not approve it',
    async () => {
      const headers = { 'Idempotency-Key': finance.key() };
      const { status, body } = await finance.attempt('POST', decisionOf(refund), { json: { outcome: 'approved' }, headers });
      const { code } = body as { code?: string };
      if (code !== 'FOUR_EYES') throw new Error(`answered ${status} ${code}`);
      return code;
    },
    (code) => `refused: ${code}`,
  );
}

/** What the office owes by itself, such as a surplus, goes back by two persons' words like everything else. */
export async function surplusPaidBack(scene: Scene, bankReference: string): Promise<void> {
  const finance = await staff(scene.office, 'finance');
  const credit = await decided(scene, finance, bankReference);
  const refund = await scene.teller.step(
    '应退款 Owed back',
    () => refundOf(scene, finance, credit.id),
    ({ amountFen, reason }) => `${yuan(amountFen)}: ${reason.zh} / ${reason.en}`,
  );
  await scene.teller.step('提出退款 Proposed by finance', () => approved(scene.teller, finance, decisionOf(refund)));
  await refusedToProposer(scene, finance, refund);
  await paidBack(scene, refund, 'supervisor');
}

/** After completion finance gives back of what was earned; another person approves it, as always. */
export async function givenBackEarned(scene: Scene, order: string, amountFen: number): Promise<void> {
  const finance = await staff(scene.office, 'finance');
  const refund = await scene.teller.step(
    '办结后退费 Finance proposes to give it back',
    async () => {
      const proposal = { order, amountFen, cause: 'complaint', note: '演示：与单位协商一致' };
      const { refundIds } = await finance.post<{ refundIds: string[] }>('/api/v1/refunds', proposal, finance.key());
      return scene.teller.until(async () => (await refunds(finance)).find(({ id }) => refundIds.includes(id)) ?? null, 'the refund');
    },
    ({ reason }) => `${yuan(amountFen)}: ${reason.zh} / ${reason.en}`,
  );
  await paidBack(scene, refund, 'supervisor');
}

/** Given to an order, which the transfer did not say itself: a second person agrees, since the transfer is the proof of who asks. */
export async function allocated(scene: Scene, credit: Credit, order: string): Promise<void> {
  const finance = await staff(scene.office, 'finance');
  const proposed = await scene.teller.step(
    '建议入账 Finance proposes the order it is for',
    () => {
      const proposal = { kind: 'allocation', order, note: '演示：已与单位核对' };
      return finance.post<{ id: string; secondPerson: boolean }>(`/api/v1/credits/${credit.id}/explanations`, proposal, finance.key());
    },
    ({ secondPerson }) => `${order}, ${secondPerson ? '须第二人复核 a second person has to agree' : '无须复核 nobody else is asked'}`,
  );
  if (!proposed.secondPerson) throw new Error('no second person was asked for');
  await scene.teller.step('第二人复核 A supervisor agrees', async () => {
    const supervisor = await staff(scene.office, 'supervisor');
    await approved(scene.teller, supervisor, `/api/v1/credit-explanations/${proposed.id}/decision`);
  });
}

/** Who is quicker than the run that has just begun is told to try again, and does. */
async function approved({ until }: Scene['teller'], person: Person, path: string): Promise<void> {
  await until(async () => {
    const headers = { 'Idempotency-Key': person.key() };
    const { status, body } = await person.attempt('POST', path, { json: { outcome: 'approved' }, headers });
    const { code } = (body ?? {}) as { code?: string };
    if (status === 204) return true;
    if (code === 'UNAVAILABLE') return null;
    throw new Error(`${path}: ${status} ${code}`);
  }, 'the decision to be taken');
}

const decisionOf = ({ id }: Refund) => `/api/v1/refunds/${id}/decision`;
const refunds = (person: Person) => person.get<Refund[]>('/api/v1/refunds');

const refundOf = ({ teller }: Scene, person: Person, creditId: string): Promise<Refund> =>
  teller.until(async () => (await refunds(person)).find((refund) => refund.creditId === creditId) ?? null, 'the refund');

async function paidBack({ office, sandbox, teller }: Scene, refund: Refund, username: 'supervisor'): Promise<void> {
  const person = await staff(office, username);
  await teller.step(`退款复核 Approved by ${username}`, () => approved(teller, person, decisionOf(refund)));
  await teller.step(
    '银行付款 The bank is told once, pays, and reports',
    async () => {
      await teller.until(async () => {
        const state = (await refunds(person)).find(({ id }) => id === refund.id)?.state;
        if (state === 'failed') throw new Error('the bank could not pay');
        return state === 'paid' ? true : null;
      }, 'the bank’s report');
      const [payment, ...more] = (await sandbox.payments()).filter(({ key }) => key.startsWith(`refund-${refund.id}-`));
      if (!payment || more.length > 0 || payment.status !== 'settled' || payment.amountFen !== refund.amountFen)
        throw new Error('the bank did not pay it exactly once');
      return payment;
    },
    ({ amountFen, payeeName }) => `${yuan(amountFen)} → ${payeeName}`,
  );
}
