/**
 * The stories whose histories are kept: lived in real offices, over HTTP, as people live them. Answers the histories, and everything
 * personal that was said on the way, none of which may be in them.
 */
import { days, minutes, XinyinError } from '#domain';
import { referenceDigest, StaffAccount } from '#persistence';
import {
  caseWorkflowId,
  creditWorkflowId,
  dispatchWorkflowId,
  resumeCase,
  statementWorkflowId,
  unbindingWorkflowId,
} from '#workflows/contract';
import { giveAccount, kindOf, unbind } from '../../apps/launcher/src/demo/bindings.js';
import { seedHolder } from '../../apps/launcher/src/demo/holder.js';
import { createTeller } from '../../apps/launcher/src/demo/teller.js';
import { casesOf, type Cases, type FiledCase } from '../world/cases.js';
import { openOffice, type Office } from '../world/office.js';
import { unlocksOf, type Approved } from '../world/unlocks.js';
import { liveBusinesses } from './business-stories.js';
import { liveInvoices } from './invoice-story.js';
import { liveMessages } from './message-story.js';
import { liveRefunds } from './refund-stories.js';
import { liveStatements } from './statement-story.js';
import { personalIn, recorded, type Stories } from './telling.js';

export type { Stories } from './telling.js';

const NOTE = '地址缺少门牌号，请补全';
const MENDED = '四川省成都市武侯区信印路 7 号 701';

export async function liveStories(): Promise<Stories> {
  const apart = [await liveBusinesses(), await liveMessages(), await liveRefunds(), await liveInvoices(), await liveStatements()];
  const lived = [await onRealTime(), await onSkippedTime(), ...apart];
  return { recorded: lived.flatMap(({ recorded }) => recorded), personal: [...new Set(lived.flatMap(({ personal }) => personal))] };
}

/** All but the expiry: the run's own server. */
async function onRealTime(): Promise<Stories> {
  const sealing = { fails: false };
  const office = await openOffice({
    plainHistories: true,
    activities: {
      pki: (real) => ({
        ...real,
        makeSeal: (input: unknown) => {
          if (sealing.fails) throw new XinyinError('CERTIFICATE_LINT');
          return (real as { makeSeal: (input: unknown) => Promise<void> }).makeSeal(input);
        },
      }),
    },
  });
  try {
    const cases = casesOf(office);
    const straight = await cases.awaitingPayment({ name: '成都直达医药有限公司' });
    const { bankReference } = await cases.pay(straight);
    await cases.reach(straight, 'dispatch');

    const returned = await returnedOnce(office, cases);
    const day = await statementOfShortPayments(office, cases, returned);
    await cases.reach(returned, 'dispatch');

    const parked = await parkedAndResumed(office, cases, sealing);
    const bound = await accountBound(office);
    const friday = await fridays(office, cases, [straight, returned], parked);
    const unlocked = await unlockedByCode(office);
    const of = (name: string, workflowId: string) => recorded(office, name, workflowId);
    return {
      recorded: [
        await of('new-straight-through', caseWorkflowId(straight.id)),
        await of('new-returned-and-short', caseWorkflowId(returned.id)),
        await of('new-parked-and-resumed', caseWorkflowId(parked.id)),
        await of('unlock-straight-through', caseWorkflowId(unlocked.ticket.id)),
        await of('friday-dispatch', dispatchWorkflowId(friday)),
        await of('account-binding', caseWorkflowId(bound.applicationId)),
        await of('unbind-account', unbindingWorkflowId(bound.applicationId)),
        await of('match-credit', creditWorkflowId(referenceDigest(bankReference))),
        await of('import-statement', statementWorkflowId(day)),
      ],
      personal: [
        ...[NOTE, MENDED, ...bound.personal, ...unlocked.secrets],
        ...(await personalIn(office, cases, [straight, returned, parked, unlocked.ticket])),
      ],
    };
  } finally {
    await office.close();
  }
}

/** An order that nobody pays and a code that nobody uses: 30 days and an hour are skipped, on the server that can. */
async function onSkippedTime(): Promise<Stories> {
  const office = await openOffice({ plainHistories: true, engine: 'time-skipping' });
  try {
    const cases = casesOf(office);
    const unpaid = await cases.awaitingPayment({ name: '成都未付医药有限公司' });
    await cases.received(unpaid, 'review-approved');
    await office.skip(days(31));
    await cases.reach(unpaid, 'closed');
    const unused = await unlocksOf(office).approved();
    await office.skip(minutes(61));
    await cases.reach(unused, 'closed');
    return {
      recorded: [
        await recorded(office, 'new-order-expired', caseWorkflowId(unpaid.id)),
        await recorded(office, 'unlock-expired', caseWorkflowId(unused.id)),
      ],
      personal: [...(await personalIn(office, cases, [unpaid, unused])), unused.code],
    };
  } finally {
    await office.close();
  }
}

/** A colleague applies, the agent confirms the phone by code, and the first review gives the application back. */
async function returnedOnce(office: Office, cases: Cases): Promise<FiledCase> {
  const { agent: colleague, form, submission, key } = await cases.prepare({ name: '成都补正医药有限公司' });
  const phone = '17100029999';
  await colleague.patch(submission.replace('/submission', ''), { form: { agent: { ...form.agent, phone } } });
  const { id, number } = await colleague.post<{ id: string; number: string }>(submission, {}, key);
  const filed: FiledCase = { id, number, form, phone, agent: colleague };
  const code = await office.sandbox.codeFor(phone, '验证码 (\\d{6})');
  await colleague.post(`/api/v1/applications/${id}/phone-verification`, { code });

  const reviewer = await cases.claim(filed);
  const reasons = [{ field: 'delivery/address', code: 'other', note: NOTE }];
  await reviewer.post(`/api/v1/reviews/${id}/decision`, { outcome: 'returned', reasons }, reviewer.key());
  await cases.reach(filed, 'correction');
  await colleague.patch(`/api/v1/applications/${id}/correction`, { form: { delivery: { address: MENDED } } });
  await colleague.post(`/api/v1/applications/${id}/correction/submission`);
  await cases.approve(filed);
  return filed;
}

/** Too little by the bank's push, and the rest found on its statement. Answers the statement's day. */
async function statementOfShortPayments(office: Office, cases: Cases, filed: FiledCase): Promise<string> {
  await cases.pay(filed, { amountFen: 10_000 });
  await cases.received(filed, 'payment-short');
  const { amountFen, receivedFen } = await cases.order(filed);
  await cases.transfer(filed, { amountFen: amountFen - receivedFen, push: false });
  const day = new Date(office.clock.now().getTime() + 8 * 3_600_000).toISOString().slice(0, 10);
  await (await cases.desk('finance')).post(`/api/v1/credits/statements/${day}`);
  return day;
}

/** A call-back, a second person, a code for an answer. None of the three is anybody's business but the token's. */
async function unlockedByCode(office: Office): Promise<{ ticket: Approved; secrets: string[] }> {
  const unlocks = unlocksOf(office);
  const ticket = await unlocks.approved();
  const { code, challenge, serial } = unlocks.redemption(ticket);
  const { body } = await unlocks.redeem({ code, challenge, serial });
  await unlocks.reach(ticket.id, 'closed');
  return { ticket, secrets: [code, challenge, (body as { answer: string }).answer] };
}

async function parkedAndResumed(office: Office, cases: Cases, sealing: { fails: boolean }): Promise<FiledCase> {
  sealing.fails = true;
  const filed = await cases.awaitingPayment({ name: '成都转人工医药有限公司' });
  await cases.pay(filed);
  await office.until(async () => (await cases.row(filed)).parkedReason, 'the case to be parked');
  sealing.fails = false;
  const handle = office.engine.client.workflow.getHandle(caseWorkflowId(filed.id));
  const { id: by } = await office.data.manager.findOneByOrFail(StaffAccount, { username: 'operator' });
  await handle.executeUpdate(resumeCase, { args: [{ reason: 'cause-mended', by }] });
  await cases.reach(filed, 'dispatch');
  return filed;
}

/** Some letters are certified and go, one is carried to the Friday after and goes then. Answers the first Friday. */
async function fridays(office: Office, cases: Cases, ready: FiledCase[], late: FiledCase): Promise<string> {
  const { dispatchDay } = await cases.row(late);
  if (dispatchDay === null) throw new Error('the case has no dispatch day');
  await Promise.all(ready.map((filed) => cases.certify(filed)));
  await dispatch(office, cases, dispatchDay);
  for (const filed of ready) await cases.reach(filed, 'closed');
  await cases.received(late, 'carried');

  await cases.certify(late);
  await dispatch(office, cases, (await cases.row(late)).dispatchDay ?? '');
  await cases.reach(late, 'closed');
  return dispatchDay;
}

/** An account is put before the platform, approved there, and unbound again. Answers its case. */
async function accountBound(office: Office): Promise<{ applicationId: string; personal: string[] }> {
  const [kind, account, password] = ['drug-production', 'sc0006-story', 'Kx7-geheim'] as const;
  const teller = createTeller(() => undefined);
  const scene = { office, sandbox: office.sandbox, teller, choice: { name: '成都绑定医药有限公司' }, tokens: '', folderOf: () => '' };
  const holder = await seedHolder(scene, new Date(office.clock.now().getTime() + days(365)));
  const { uscc, certificateName } = holder.form.organisation;
  await office.sandbox.registerAccount({ uscc, kind, account, password });
  const { application } = await giveAccount(holder, kind, account, password);
  const applicationId = application?.id ?? '';
  const submissionId = await office.until(() => office.sandbox.submissionOf(applicationId), 'the submission');
  await office.sandbox.decideAccount(submissionId, 'approved');
  const stands = (state: string) =>
    office.until(async () => ((await kindOf(holder, kind)).state.code === state ? true : null), `the account to be ${state}`);
  await stands('approved');
  await unbind(holder, kind);
  await stands('unbound');
  return { applicationId, personal: [account, password, uscc, certificateName, holder.phone] };
}

async function dispatch(office: Office, cases: Cases, day: string): Promise<void> {
  const dispatcher = await cases.desk('dispatcher');
  await dispatcher.post(`/api/v1/dispatches/${day}`);
  await office.until(async () => {
    const headers = { 'Idempotency-Key': dispatcher.key() };
    const { status } = await dispatcher.attempt('POST', `/api/v1/dispatches/${day}/hand-over`, { json: {}, headers });
    return status === 200 ? true : null;
  }, 'the hand-over');
}
