/** The people of a story: each does over HTTP what happens to the case, and says whether the office took it. */
import { AuditEntry, brokenLink, DispatchItem, FeeOrder } from '#persistence';
import { INITIAL_USER_PIN, openTokenDrawer } from '#token';
import { AuthorityApi, RefusedByAuthority } from '../../apps/assistant/src/index.js';
import { scannedPicture } from '../../apps/launcher/src/demo/paper.js';
import { Person } from '../../apps/launcher/src/demo/person.js';
import { logIn } from '../../apps/launcher/src/demo/story.js';
import { bankTransfer, casesOf } from '../world/cases.js';
import { FEW_PAPERS, type Desk } from '../world/desk.js';
import { begunInTime, LONG_CERTIFIED } from '../world/fridays.js';
import type { Office } from '../world/office.js';
import { freshPhone, type Begun } from './beginnings.js';
import type { Happening, Kind, Staff } from './index.js';
import { paid } from './rules.js';

type Answer = { status: number; body: unknown };
type Acts = { [K in Kind]: (begun: Begun, happening: Happening<K>) => Promise<boolean> };

const HOUR_MS = 3_600_000;
const PICTURE = scannedPicture('licence');
const RETURNED = {
  paper: [{ field: 'materials/agent-id', code: 'unreadable' }],
  phone: [{ field: 'agent/phone', code: 'other', note: '号码有误' }],
};

/** @throws Error for an answer that is neither done nor a refusal */
function taken({ status, body }: Answer): boolean {
  if (status >= 500) throw new Error(`the office failed: ${status} ${JSON.stringify(body)}`);
  return status < 300;
}

export function playersOf(office: Office, desk: Desk) {
  const cases = casesOf(office);
  const agents = new Map<string, { person: Person; until: number }>();
  /** Logged in with the phone that the case has now; again when the session has run out. */
  async function agentOf({ phones }: Begun): Promise<Person> {
    const phone = phones.at(-1) ?? '';
    const now = office.clock.now().getTime();
    const known = agents.get(phone);
    if (known && now < known.until) return known.person;
    const person = office.person();
    await office.skip(61_000);
    await logIn(person, office.sandbox, phone);
    agents.set(phone, { person, until: now + HOUR_MS });
    return person;
  }
  const codeSent = async ({ phones }: Begun, pattern: RegExp) => {
    const texts = (await Promise.all(phones.toReversed().map((phone) => office.sandbox.messages(phone)))).flat() as { text: string }[];
    return texts.map(({ text }) => pattern.exec(text)?.[1]).find((code) => code !== undefined) ?? '000000';
  };
  const wrong = (code: string) => code.replace(/^./, (digit) => String((Number(digit) + 1) % 10));
  const application = (id: string) => `/api/v1/applications/${id}`;
  const asAgent = async (begun: Begun, path: string, json: object = {}) =>
    taken(await (await agentOf(begun)).attempt('POST', `${application(begun.id)}/${path}`, { json }));
  const atWindow = async (by: Staff, id: string, what: string, json?: object) => taken(await desk.atWindow(by, id, what, json));
  const correcting = (begun: Begun, by: Staff) => (begun.applicant ? agentOf(begun) : desk.who(by));
  const orderOf = (applicationId: string) => office.data.manager.findOneBy(FeeOrder, { applicationId });
  const item = (applicationId: string) => office.data.manager.findOneByOrFail(DispatchItem, { applicationId });
  const returned = new Map<string, 'paper' | 'phone'>();
  const certified = new Set<string>();

  const acts: Acts = {
    phone: async (begun, { code }) => {
      const right = await codeSent(begun, /验证码 (\d{6}) 确认/);
      return asAgent(begun, 'phone-verification', { code: code === 'right' ? right : wrong(right) });
    },
    resend: async (begun) => {
      // A code a minute for a phone, and the login's is one.
      await agentOf(begun);
      await office.skip(61_000);
      return asAgent(begun, 'phone-verification/code');
    },
    review: async ({ id }, { outcome, by, what }) => {
      const person = await desk.who(by);
      if (!taken(await person.attempt('POST', `/api/v1/reviews/${id}/claim`, { json: {} }))) return false;
      const reasons = outcome === 'approved' ? [] : RETURNED[what];
      if (outcome === 'returned') returned.set(id, what);
      return taken(await desk.keyed(by, `/api/v1/reviews/${id}/decision`, { outcome, reasons }));
    },
    correct: async (begun, { whole, by }) => {
      const person = await correcting(begun, by);
      const path = application(begun.id);
      const phone = returned.get(begun.id) === 'phone' ? freshPhone() : null;
      if (whole && phone !== null) await person.attempt('PATCH', `${path}/correction`, { json: { form: { agent: { phone } } } });
      if (whole) await person.attempt('PUT', `${path}/materials/agent-id?fileName=a.png`, { file: PICTURE });
      const sent = taken(await person.attempt('POST', `${path}/correction/submission`, { json: {} }));
      if (sent && phone !== null) begun.phones.push(phone);
      return sent;
    },
    transfer: async ({ id, certificateName }, { amount, payer, account }) => {
      const order = await orderOf(id);
      if (!order) return false;
      const amountFen = paid({ due: order.amountFen, got: order.receivedFen }, amount);
      const payerName = payer === 'own' ? certificateName : '某某代付有限公司';
      const given = { amountFen, payerName, remittance: order.reference, payerAccountType: account };
      await cases.decided(await bankTransfer(office, given));
      return true;
    },
    slip: async ({ id }, { amount, by }) => {
      const due = (await orderOf(id))?.amountFen ?? 5_000;
      return atWindow(by, id, 'payment', desk.slip(amount === 'exact' ? due : due + 1));
    },
    fee: async ({ id }, { fen, by }) => atWindow(by, id, 'fee', { amountFen: fen }),
    recover: async ({ id }, { by }) => atWindow(by, id, 'key-recovery'),
    install: async ({ holder }, { whole }) => {
      const cut = new Error('the line was cut');
      const api = new AuthorityApi(office.api);
      if (!whole) Object.assign(api, { confirmInstallation: () => Promise.reject(cut) });
      try {
        await desk.assistant(api).install(holder?.serial ?? '00', INITIAL_USER_PIN);
        return true;
      } catch (error) {
        if (error === cut) return true;
        if (error instanceof RefusedByAuthority) return false;
        throw error;
      }
    },
    'hand-over': async ({ id }, { by }) => atWindow(by, id, 'hand-over'),
    friday: async ({ id, uscc, roleAccount }, { certified: now, fetched }) => {
      if (now) await office.sandbox.certify(uscc, roleAccount, LONG_CERTIFIED);
      if (now) certified.add(id);
      const { day, state } = await item(id);
      // Stories tell of no Friday that was missed.
      await begunInTime(office, day);
      await (await desk.who('dispatcher')).post(`/api/v1/dispatches/${day}`);
      if (!certified.has(id)) return true;
      await office.until(async () => (state === 'packed' || (await item(id)).state === 'packed' ? true : null), 'the letter to be packed');
      // The list is still being printed for a moment after the last letter is packed.
      if (fetched)
        await office.until(
          async () => ((await desk.keyed('dispatcher', `/api/v1/dispatches/${day}/hand-over`)).status === 200 ? true : null),
          'the hand-over',
        );
      else await office.skip(73 * HOUR_MS);
      return true;
    },
    form: async ({ id }, { wish, papers, by }) => {
      const person = await desk.who(by);
      for (const material of papers ? FEW_PAPERS : [])
        await person.attempt('PUT', `/api/v1/window/${id}/materials/${material}?fileName=a.png`, { file: PICTURE });
      return atWindow(by, id, 'form', { wish });
    },
    platform: async ({ id }, { decision }) => {
      const submissionId = await office.until(() => office.sandbox.submissionOf(id), 'the submission');
      await office.sandbox.decideAccount(submissionId, decision, decision === 'refused' ? '名称不符' : undefined);
      return true;
    },
    approve: async ({ id }, { outcome, by }) => {
      const decision = outcome === 'approved' ? { outcome } : { outcome, reason: 'identity-doubtful' };
      return taken(await desk.keyed(by, `/api/v1/unlocks/tickets/${id}/decision`, decision));
    },
    redeem: async (begun, { code }) => {
      const right = await codeSent(begun, /解锁码 (\d{6})/);
      const { holder } = begun;
      const { token } = await desk.pair(holder?.id ?? '');
      const challenge = openTokenDrawer(office.settings.folders.station).insert(token.serialNumber).unblockChallenge();
      const json = { serial: holder?.serial, code: code === 'right' ? right : wrong(right), challenge };
      return taken(await office.person().attempt('POST', '/api/v1/unlocks', { json }));
    },
    wait: async (_, { hours }) => {
      await office.skip(hours * HOUR_MS);
      return true;
    },
    withdraw: (begun) => asAgent(begun, 'withdrawal'),
    cancel: async ({ id }, { by }) =>
      taken(await (await desk.who(by)).attempt('POST', `${application(id)}/cancellation`, { json: { reason: 'duplicate' } })),
  };
  const act = <K extends Kind>(begun: Begun, happening: Happening<K>): Promise<boolean> => acts[happening.kind](begun, happening);
  const auditHolds = async ({ id }: Begun) => {
    const entries = await office.data.manager.find(AuditEntry, { where: { subject: `application/${id}` }, order: { seq: 'ASC' } });
    return entries.length > 0 && brokenLink(entries) === null;
  };
  return { act, auditHolds };
}
