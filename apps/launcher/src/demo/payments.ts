/** Money as it really comes: each way a transfer may be wrong, lived through to where the money is earned or back with who paid it. */
import { applicant, awaitingPayment, issued, nameOf, orderOf, transfer, yuan, type Awaiting } from './awaiting.js';
import { ended } from './desk.js';
import { allocated, givenBack, held, surplusPaidBack } from './finance.js';
import type { Scene } from './holder.js';
import { correctedAndGivenBack } from './invoices.js';
import { openDay } from './ledger-day.js';
import { reversedByBank } from './reversal.js';
import type { Tale } from './tale.js';
import { asShown } from './teller.js';

const FROM_BANK = '公对公转账 A corporate transfer';

export const payments = {
  exact: { zh: '足额', en: 'the exact amount', live: exact },
  short: { zh: '少付，补足', en: 'too little, then the rest', live: short },
  over: { zh: '多付，退余款', en: 'too much: the surplus goes back', live: over },
  'wrong-payer': { zh: '付款户名不符', en: 'from another organisation', live: (scene) => notTheirs(scene, 'wrong-payer') },
  personal: { zh: '个人账户付款', en: 'from a personal account', live: (scene) => notTheirs(scene, 'personal-account') },
  late: { zh: '缴费单已关闭后到账', en: 'after its order was closed', live: late },
  twice: { zh: '重复付款', en: 'paid twice', live: twice },
  reversed: { zh: '制证后被银行冲正', en: 'taken back by the bank after issuing', live: reversed },
  split: { zh: '一单分两笔、一笔付两单', en: 'two transfers for one order, one transfer for two', live: split },
  'given-back': { zh: '发票更正，办结后退费', en: 'invoice corrected, then given back', live: givenBackAfter },
  'same-name': { zh: '两家单位同名', en: 'two organisations of one name', live: sameName },
} as const satisfies Record<string, Tale>;

async function begin(scene: Scene) {
  const reconciled = await openDay(scene);
  return { awaiting: await awaitingPayment(scene, await applicant(scene)), reconciled };
}

async function exact(scene: Scene): Promise<string> {
  const { awaiting, reconciled } = await begin(scene);
  const paid = await transfer(scene, awaiting, FROM_BANK);
  await issued(scene, awaiting);
  await reconciled([paid, awaiting.order.reference]);
  return awaiting.number;
}

async function short(scene: Scene): Promise<string> {
  const { awaiting, reconciled } = await begin(scene);
  const { amountFen } = awaiting.order;
  const first = await transfer(scene, awaiting, `${FROM_BANK}, 100 yuan short`, { amountFen: amountFen - 10_000 });
  const missingFen = await askedForTheRest(scene, awaiting);
  if (missingFen !== 10_000) throw new Error(`${missingFen} fen are missing, not 10000`);
  const rest = await transfer(scene, awaiting, '补足 The rest', { amountFen: missingFen });
  await issued(scene, awaiting);
  await reconciled([first, rest, awaiting.order.reference]);
  return awaiting.number;
}

function askedForTheRest({ sandbox, teller }: Scene, awaiting: Awaiting): Promise<number> {
  return teller.step(
    '短信通知补足 The agent is asked for the rest by SMS',
    async () => {
      const text = await sandbox.sms(awaiting.phone, 'payment-short');
      const { status, missingFen } = await orderOf(awaiting);
      if (status !== 'open' || !text.includes((missingFen / 100).toFixed(2))) throw new Error(`the order is ${status}, the SMS: ${text}`);
      return missingFen;
    },
    (missingFen) => `还差 ${yuan(missingFen)}`,
  );
}

async function over(scene: Scene): Promise<string> {
  const { awaiting, reconciled } = await begin(scene);
  const paid = await transfer(scene, awaiting, `${FROM_BANK}, 50 yuan too much`, { amountFen: awaiting.order.amountFen + 5_000 });
  await issued(scene, awaiting);
  await surplusPaidBack(scene, paid);
  await reconciled([paid, awaiting.order.reference]);
  return awaiting.number;
}

/** The transfer is the proof of who asks: another's proves nothing, and goes back. Then the organisation pays itself. */
async function notTheirs(scene: Scene, reason: 'wrong-payer' | 'personal-account'): Promise<string> {
  const { awaiting, reconciled } = await begin(scene);
  const payer =
    reason === 'wrong-payer'
      ? ({ payerName: '成都代付集团有限公司' } as const)
      : ({ payerName: awaiting.form.agent.name, payerAccountType: 'personal' } as const);
  const account = '6217 0000 0000 0001';
  const strange = await transfer(scene, awaiting, '转账 A transfer that names the order', { ...payer, payerAccount: account });
  const credit = await held(scene, strange, reason);
  await scene.teller.step('短信告知 The agent is told', () => scene.sandbox.sms(awaiting.phone, 'payment-held'), asShown);
  await givenBack(scene, credit);
  const own = await transfer(scene, awaiting, '本单位对公账户付款 The organisation pays itself');
  await issued(scene, awaiting);
  await reconciled([strange, own, awaiting.order.reference]);
  return awaiting.number;
}

async function late(scene: Scene): Promise<string> {
  const { awaiting, reconciled } = await begin(scene);
  const { teller } = scene;
  const { agent, id } = awaiting;
  await teller.step('撤回申请，缴费单关闭（不等 30 天逾期）The order is closed by withdrawal; nobody waits 30 days here', () =>
    agent.post(`/api/v1/applications/${id}/withdrawal`),
  );
  await ended(scene, agent, id, 'withdrawn');
  const paid = await transfer(scene, awaiting, '到账晚于关闭 A transfer that comes afterwards');
  await givenBack(scene, await held(scene, paid, 'late'));
  await reconciled([paid, awaiting.order.reference]);
  return awaiting.number;
}

async function twice(scene: Scene): Promise<string> {
  const { awaiting, reconciled } = await begin(scene);
  const first = await transfer(scene, awaiting, FROM_BANK);
  await issued(scene, awaiting);
  const second = await transfer(scene, awaiting, '再次转账 The same again');
  await givenBack(scene, await held(scene, second, 'paid-twice'));
  await reconciled([first, second, awaiting.order.reference]);
  return awaiting.number;
}

/** What was earned has gone: the reconciliation shows it as long as finance has not been paid otherwise. */
async function reversed(scene: Scene): Promise<string> {
  const { awaiting, reconciled } = await begin(scene);
  const paid = await transfer(scene, awaiting, FROM_BANK);
  await issued(scene, awaiting);
  await reversedByBank(scene, awaiting, paid);
  await reconciled([paid, awaiting.order.reference], ['reversed', 'earned-differs', 'invoice-differs']);
  return awaiting.number;
}

/** What was earned goes back, and with it the invoice: nothing is left to be explained. */
async function givenBackAfter(scene: Scene): Promise<string> {
  const { awaiting, reconciled } = await begin(scene);
  const paid = await transfer(scene, awaiting, FROM_BANK);
  await issued(scene, awaiting);
  await correctedAndGivenBack(scene, awaiting);
  await reconciled([paid, awaiting.order.reference]);
  return awaiting.number;
}

async function split(scene: Scene): Promise<string> {
  const { awaiting, reconciled } = await begin(scene);
  const { amountFen } = awaiting.order;
  const half = Math.floor(amountFen / 2);
  const parts = [
    await transfer(scene, awaiting, '第一笔 The first part', { amountFen: half }),
    await transfer(scene, awaiting, '第二笔 The second part', { amountFen: amountFen - half }),
  ];
  await issued(scene, awaiting);
  const second = await awaitingPayment(scene, awaiting, { another: true });
  const third = await awaitingPayment(scene, awaiting, { another: true });
  const both = `${second.order.reference} ${third.order.reference}`;
  const sum = { amountFen: second.order.amountFen + third.order.amountFen, remittance: both };
  const one = await transfer(scene, second, '一笔付两单 One transfer for both orders', sum);
  await issued(scene, second);
  await issued(scene, third);
  await reconciled([...parts, one, ...[awaiting, second, third].map(({ order }) => order.reference)]);
  return awaiting.number;
}

async function sameName(scene: Scene): Promise<string> {
  const reconciled = await openDay(scene);
  const choice = { ...scene.choice, name: scene.choice.name ?? '成都同名示范医药有限公司' };
  const one = await awaitingPayment(scene, await applicant({ ...scene, choice }));
  const { uscc: _, ...anotherCode } = choice;
  const other = await awaitingPayment(scene, await applicant({ ...scene, choice: anotherCode }));
  const paid = await transfer(scene, other, `${FROM_BANK}, by one of two named ${nameOf(other)}`, { remittance: '' });
  await allocated(scene, await held(scene, paid, 'same-name'), other.order.reference);
  await issued(scene, other);
  await scene.teller.step('另一家仍待缴费 The other one’s order is as it was', async () => {
    const { status, receivedFen } = await orderOf(one);
    if (status !== 'open' || receivedFen !== 0) throw new Error(`${status}, ${receivedFen} fen received`);
    return status;
  });
  await reconciled([paid, one.order.reference, other.order.reference]);
  return other.number;
}
