/** What the endpoints of windows, holders, customer service, dispatchers and supervisors would take: rows to be about, and right bodies. */
import { randomUUID } from 'node:crypto';
import { addDays, shanghaiDay } from '#domain';
import { DispatchItem, recordTaken, SmsMessage, StaffTask } from '#persistence';
import { aCertificate, anApplication } from '../../integration/rows.js';
import { FEW_PAPERS } from '../../world/desk.js';
import type { Office } from '../../world/office.js';
import { unlocksOf } from '../../world/unlocks.js';
import { freshPhone, licence, rightForm } from '../applicants.js';
import { severally, type Scene } from './aims-of-cases.js';
import type { Aims } from './telling.js';

/** A reissue that waits for its payment at the window. */
export async function windowAims({ office, desk }: Scene): Promise<{ aims: Aims; ids: string[] }> {
  const other = await desk.holder(new Date(office.clock.now().getTime() + 300 * 86_400_000));
  const clerk = await desk.who('clerk');
  const { id } = await desk.file(clerk, await desk.draft(clerk, 'reissue', other, { cause: 'lost' }, FEW_PAPERS));
  await desk.reach(id, 'window-payment');
  const aims: Aims = {
    'POST /api/v1/windows/{window}/queue/calls': () => ({ body: { desk: '1' } }),
    'PUT /api/v1/window/{id}/materials/{material}': () => ({ body: licence, query: '?fileName=licence.png' }),
    'POST /api/v1/window/{id}/fee': () => ({ body: { amountFen: 5_000 } }),
    'POST /api/v1/window/{id}/payment': () => ({ body: { method: 'card', slipNumber: 'POS-0001', amountFen: 5_000 } }),
    'POST /api/v1/window/{id}/form': () => ({ body: { wish: 'lift' } }),
  };
  return { aims, ids: [id] };
}

export async function holderAims({ office, holder: { serial } }: Scene): Promise<Aims> {
  const unlocks = unlocksOf(office);
  const tickets = await severally(async () => (await unlocks.opened()).id);
  const redemption = unlocks.redemption(await unlocks.approved());
  const proof = { challengeId: randomUUID(), signature: 'MEUCIQ==' };
  return {
    'POST /api/v1/installations/challenges': () => ({ body: { serial } }),
    'POST /api/v1/installations/requests': () => ({ body: { serial, ...proof, certificationRequest: 'MIIB' } }),
    'POST /api/v1/installations/confirmation-challenges': () => ({ body: { serial } }),
    'POST /api/v1/installations/confirmations': () => ({ body: { serial, ...proof } }),
    'POST /api/v1/account-bindings': () => ({
      body: { certificate: serial, kind: 'drug-production', account: 'sc0001', password: 'wrong' },
    }),
    'POST /api/v1/account-bindings/{kind}/unbinding': () => ({ body: { certificate: serial }, places: { kind: ['drug-production'] } }),
    'POST /api/v1/unlocks/tickets': () => ({ body: { certificate: serial, contact: 'telephone', callBackConfirmed: true } }),
    'POST /api/v1/unlocks/tickets/{id}/decision': () => ({ body: { outcome: 'approved' }, places: { id: tickets } }),
    'POST /api/v1/unlocks': () => ({ body: redemption }),
    'PUT /api/v1/notifications': () => ({ body: { reminders: false } }),
  };
}

export async function taskAims({ office }: Scene): Promise<Aims> {
  const id = await severally(() => aTask(office));
  return {
    'POST /api/v1/tasks/{id}/claim': () => ({ body: {}, places: { id } }),
    'POST /api/v1/tasks/{id}/done': () => ({ body: { note: 'called' }, places: { id } }),
  };
}

/** Letters that left the office: some came back, some are lost. */
export async function letterAims({ office, holder }: Scene): Promise<{ aims: Aims; numbers: string[] }> {
  const numbers = [...(await severally(() => aLetter(office, 'returned'), 2)), ...(await severally(() => aLetter(office, 'lost'), 2))];
  const aims: Aims = {
    'POST /api/v1/applications/{id}/documents/token-label/{index}/reprinting': () => ({ body: {}, places: { id: [holder.id] } }),
    'POST /api/v1/letters/{number}/resending': () => ({
      body: { recipient: '王更正', phone: freshPhone(), address: '四川省成都市武侯区更正路 9 号' },
    }),
    'POST /api/v1/letters/{number}/free-reissue': () => ({ body: {} }),
    'POST /api/v1/dispatches/{day}': () => ({ body: {} }),
    'POST /api/v1/dispatches/{day}/hand-over': () => ({ body: {} }),
  };
  return { aims, numbers };
}

/** Days that nobody of the office meets while this is told. */
export function calendarAims({ office }: Scene): Aims {
  const today = shanghaiDay(office.clock.now());
  const day = [40, 41, 42, 43].map((ahead) => addDays(today, ahead));
  let set = 0;
  return {
    'PUT /api/v1/calendar/days/{day}': () => ({
      body: { kind: (set += 1) % 2 === 0 ? 'holiday' : 'working', reason: '停电' },
      places: { day },
    }),
    'POST /api/v1/calendar/days/{day}/withdrawal': () => ({ body: { reason: '来电' }, places: { day } }),
  };
}

export function otherAims({ office, me }: Scene): Aims {
  const { password = '' } = office.accounts.find(({ username }) => username === 'reviewer') ?? {};
  const payloads = [{ metadata: { encoding: 'YmluYXJ5L2VuY3J5cHRlZA==' }, data: 'AAAA' }];
  return {
    'POST /api/v1/login/codes': () => ({ body: { phone: freshPhone() } }),
    'POST /api/v1/login': () => ({ body: { phone: freshPhone(), code: '123456' } }),
    'POST /api/v1/login/staff': () => ({ body: { username: 'reviewer', password } }),
    'POST /api/v1/demo/holders': () => ({ body: { form: rightForm(me), notAfter: '2030-01-01T00:00:00Z' } }),
    'POST /api/v1/demo/letters': () => ({ body: { form: rightForm(me) } }),
    'POST /api/v1/demo/friday-looks': () => ({ body: { at: '2026-03-06T12:00:00Z' } }),
    'POST /api/v1/codec/decode': () => ({ body: { payloads } }),
    'POST /api/v1/codec/encode': () => ({ body: { payloads } }),
  };
}

/** What outside systems tell; each time something else, since told again it is the same. */
export function callbackAims({ office }: Scene, tracking: string): Aims {
  let told = 0;
  const next = (what: string) => `${what}-${String((told += 1)).padStart(8, '0')}`;
  const at = () => office.clock.now().toISOString();
  const receipt = () => ({ body: { messageId: next('R'), status: 'delivered', at: at() } });
  return {
    'POST /api/v1/callbacks/bank': () => ({
      body: {
        ...{ reference: next('DMG'), bookedAt: at(), currency: 'CNY', amountFen: 25_000, remittance: '证书费 XB2099000001' },
        ...{ payerName: '成都无人认领有限公司', payerAccount: '6222 0000', payerAccountType: 'corporate' },
      },
    }),
    'POST /api/v1/callbacks/bank-payments': () => ({
      body: { idempotencyKey: `refund-${randomUUID()}-1`, reference: next('PAY'), status: 'settled', at: at() },
    }),
    'POST /api/v1/callbacks/platform': () => ({
      body: {
        ...{ decisionId: next('D'), submissionId: next('S'), reference: randomUUID() },
        ...{ decision: 'approved', reason: '', decidedAt: at() },
      },
    }),
    'POST /api/v1/callbacks/sms': receipt,
    'POST /api/v1/callbacks/sms2': receipt,
    'POST /api/v1/callbacks/courier': () => ({
      body: { eventId: next('E'), trackingNumber: tracking, event: 'picked-up', occurredAt: at() },
    }),
  };
}

async function aTask(office: Office): Promise<string> {
  const [id, messageId] = [randomUUID(), randomUUID()];
  const values = { business: '证书新办', day: '2026-03-30', number: 'ab12cd34' };
  const template = 'draft-reminder' as const;
  const message = { id: messageId, onceKey: `damaged/${messageId}`, applicationId: null, template, values, phone: freshPhone() };
  const at = office.clock.now();
  await office.data.transaction((tx) => recordTaken(tx, message, { provider: 'sms', providerId: messageId, at }));
  await office.data.manager.update(SmsMessage, { id: messageId }, { state: 'undelivered' });
  const subject = `message/${messageId}`;
  const nobody = { applicationId: null, claimedBy: null, claimUntil: null, doneAt: null, doneBy: null, note: null };
  await office.data.manager.insert(StaffTask, { ...nobody, id, kind: 'message-undelivered', subject, why: 'phone-off', openedAt: at });
  return id;
}

/** Answers the number of its application. */
async function aLetter({ data, clock }: Office, delivery: 'returned' | 'lost'): Promise<string> {
  const number = `XB-2026-${randomUUID().slice(0, 8)}`;
  const at = clock.now();
  const ended = { stage: 'closed', outcome: 'dispatched', startedAt: at, closedAt: at } as const;
  const applicationId = await anApplication(data, { number, ...ended });
  await aCertificate(data, { applicationId });
  const trackingNumber = `KD${randomUUID().replaceAll('-', '').slice(0, 12).toUpperCase()}`;
  await data.manager.insert(DispatchItem, {
    ...{ id: randomUUID(), applicationId, day: '2026-03-06', state: 'handed-over', trackingNumber, packedAt: at, handedOverAt: at },
    ...{ timesCarried: 0, timesMoved: 0, sendings: 1, handOverId: 'spec', correctedReceiver: null, delivery, deliveryAt: at },
  });
  return number;
}
