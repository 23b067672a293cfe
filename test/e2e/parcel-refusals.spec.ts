/** What is refused about parcels: events that are none, a second sending or a free reissue without its reason, a decision on one's own grant. */
import { randomUUID } from 'node:crypto';
import { AuditEntry, CourierEvent, DispatchItem, FreeReissue, KeyRecoveryApproval, ReviewDecision } from '#persistence';
import { FEW_PAPERS, nextDay, openDesk, type Desk } from '../world/desk.js';
import { openOffice, type Office } from '../world/office.js';
import { aCertificate, anApplication } from '../integration/rows.js';
import { bankSignature } from './bank-signature.js';
import { expectRefusal, invalid, notFound, type Refusal } from './refusal.js';

const CALLBACK = '/api/v1/callbacks/courier';
const RECEIVER = { recipient: '王更正', phone: '17100020001', address: '四川省成都市武侯区更正路 9 号 901' };
const notReturned: Refusal = { status: 409, code: 'PARCEL_NOT_RETURNED' };
const notLost: Refusal = { status: 409, code: 'PARCEL_NOT_LOST' };

describe('parcels: what is refused', () => {
  let office: Office;
  let desk: Desk;
  let count = 0;
  beforeAll(async () => {
    office = await openOffice();
    desk = await openDesk(office);
    await office.addStaff('supervisor-who-reviews', ['supervisor', 'reviewer'], '19000000093');
    nextDay(office, '10:00:00');
  }, 120_000);
  afterAll(() => office.close(), 60_000);

  /** A letter that left the office, or that waits there, and what the courier told of it last. */
  async function aLetter(change: Partial<DispatchItem> = {}, applicationId?: string) {
    count += 1;
    const number = `XB-2026-${String(800_000 + count)}`;
    const ended = { stage: 'closed', outcome: 'dispatched', startedAt: office.clock.now(), closedAt: office.clock.now() } as const;
    const id = applicationId ?? (await anApplication(office.data, { number, ...ended }));
    const tracking = `KD${String(900_000_000_000 + count)}`;
    const times = { packedAt: office.clock.now(), handedOverAt: office.clock.now() };
    await office.data.manager.insert(DispatchItem, {
      ...{ id: randomUUID(), applicationId: id, day: '2026-03-06', state: 'handed-over', trackingNumber: tracking, ...times },
      ...{ timesCarried: 0, timesMoved: 0, sendings: 1, handOverId: 'spec', correctedReceiver: null },
      ...change,
    });
    return { id, number: applicationId === undefined ? number : (await desk.row(id)).number, tracking };
  }
  const told = (delivery: DispatchItem['delivery']) => ({ delivery, deliveryAt: office.clock.now() });
  const item = ({ id: applicationId }: { id: string }) => office.data.manager.findOneByOrFail(DispatchItem, { applicationId });

  describe('an event', () => {
    const signed = (body: string, headers = bankSignature(body, { ...courier(), at: office.clock.now(), path: CALLBACK })) =>
      office.person().attempt('POST', CALLBACK, {
        file: Buffer.from(body),
        headers: { 'Content-Type': 'application/json', ...headers },
      });
    const courier = () => office.settings.secrets.courierPush;
    const event = (change: object = {}) => {
      count += 1;
      const eventId = `REFUSED-${count}`;
      return { eventId, trackingNumber: 'KD900000000001', event: 'delivered', occurredAt: '2026-03-09T02:00:00Z', ...change };
    };
    const kept = () => office.data.manager.count(CourierEvent);
    const applied = (id: string) =>
      office.until(async () => ((await office.data.manager.findOneBy(CourierEvent, { id }))?.appliedAt ? true : null), id);

    it.each([
      ['of a kind that there is not', { event: 'exploded' }],
      ['without a kind', { event: undefined }],
      ['about a number that is none', { trackingNumber: `KD'; DROP` }],
      ['under an id that is none', { eventId: 'E 1' }],
      ['at no time', { occurredAt: 'yesterday' }],
      ['on a day without a time', { occurredAt: '2026-03-09' }],
      ['on a day that is none', { occurredAt: '2026-02-30T02:00:00Z' }],
      ['with more than belongs to it', { weight: 3 }],
    ])('%s is refused, and nothing is kept', async (_, change) => {
      const before = await kept();
      const { status } = await signed(JSON.stringify(event(change)));
      expect([400, 422]).toContain(status);
      expect(await kept()).toBe(before);
    });

    it.each(['', '[]', 'null', '{"eventId":', '\u0000'])('%j is no event: refused', async (body) => {
      const before = await kept();
      const { status } = await signed(body);
      expect([400, 415, 422]).toContain(status);
      expect(await kept()).toBe(before);
    });

    it('sent a second time as it was, long ago, or changed after it was signed: refused', async () => {
      const body = JSON.stringify(event());
      const headers = bankSignature(body, { ...courier(), at: office.clock.now(), path: CALLBACK });
      expect((await signed(body, headers)).status).toBe(202);
      expect(await signed(body, headers)).toMatchObject({ status: 409, body: { code: 'SIGNATURE_REPLAYED' } });
      const old = bankSignature(body, { ...courier(), at: new Date(office.clock.now().getTime() - 301_000), path: CALLBACK });
      expect(await signed(body, old)).toMatchObject({ status: 401, body: { code: 'SIGNATURE_EXPIRED' } });
      const genuine = bankSignature(body, { ...courier(), at: office.clock.now(), path: CALLBACK });
      expect(await signed(body.replace('delivered', 'lost'), genuine)).toMatchObject({ status: 401, body: { code: 'SIGNATURE_INVALID' } });
    });

    it('D: dated ahead, it counts as of when it was told, and what comes after it counts', async () => {
      const letter = await aLetter();
      const trackingNumber = letter.tracking;
      office.clock.stopAt(office.clock.now());
      const at = office.clock.now();
      const ahead = event({ trackingNumber, event: 'picked-up', occurredAt: '2099-01-01T00:00:00Z' });
      expect((await signed(JSON.stringify(ahead))).status).toBe(202);
      await applied(ahead.eventId);
      expect(await item(letter)).toMatchObject({ delivery: 'picked-up', deliveryAt: at });
      office.clock.set(new Date(at.getTime() + 60_000));
      const after = event({ trackingNumber, event: 'delivered', occurredAt: office.clock.now().toISOString() });
      expect((await signed(JSON.stringify(after))).status).toBe(202);
      await applied(after.eventId);
      expect((await item(letter)).delivery).toBe('delivered');
    }, 60_000);
  });

  describe('sending again', () => {
    const resend = async (number: string, json: object) =>
      (await desk.who('dispatcher')).attempt('POST', `/api/v1/letters/${number}/resending`, { json });

    it.each([
      ['that nothing was told of', {}],
      ['that is on its way', { delivery: 'picked-up' }],
      ['that has arrived', { delivery: 'delivered' }],
      ['that is lost', { delivery: 'lost' }],
      ['that is still here', { state: 'packed', handedOverAt: null, handOverId: null }],
    ] as const)('a letter %s: refused', async (_, change) => {
      const letter = await aLetter('delivery' in change ? told(change.delivery) : change);
      expectRefusal(await resend(letter.number, RECEIVER), notReturned);
      expect(await item(letter)).toMatchObject({ sendings: 1, correctedReceiver: null, trackingNumber: letter.tracking });
    });

    it.each([
      ['no address', { address: '' }, { address: 'FIELD_REQUIRED' }],
      ['an address over 200 characters', { address: '路'.repeat(201) }, { address: 'FIELD_TOO_LONG' }],
      ['no receiver', { recipient: '  ' }, { recipient: 'FIELD_REQUIRED' }],
      ['a phone that is none', { phone: '12' }, { phone: 'PHONE_INVALID' }],
      ['nothing at all', null, { recipient: 'FIELD_REQUIRED', phone: 'FIELD_REQUIRED', address: 'FIELD_REQUIRED' }],
      ['more than belongs to it', { postage: 1 }, { postage: 'FIELD_UNKNOWN' }],
      ['a field of another type', { address: 9 }, { address: 'FIELD_TYPE' }],
    ])('to %s: refused by field, and the letter stays as it came back', async (_, change, fields) => {
      const letter = await aLetter(told('returned'));
      expectRefusal(
        await resend(letter.number, change === null ? {} : { ...RECEIVER, ...change }),
        invalid(fields as Record<string, string>),
      );
      expect(await item(letter)).toMatchObject({ state: 'handed-over', delivery: 'returned', sendings: 1, correctedReceiver: null });
    });

    it.each(['XB-2026-999999', 'none', '%00', 'XB-2026-000001 OR 1=1'])('a letter %j that there is not: refused', async (number) => {
      expectRefusal(await resend(encodeURIComponent(number), RECEIVER), notFound);
    });

    it('asked for twice at once it is one sending', async () => {
      const letter = await aLetter(told('returned'));
      const answers = await Promise.all([resend(letter.number, RECEIVER), resend(letter.number, RECEIVER)]);
      expect(answers.map(({ status }) => status)).toEqual([200, 200]);
      expect((await item(letter)).sendings).toBe(2);
      const recorded = { subject: `application/${letter.id}`, action: 'parcel.resent' } as const;
      expect(await office.data.manager.countBy(AuditEntry, recorded)).toBe(1);
    });
  });

  describe('a reissue without a fee', () => {
    const grant = async (number: string, who = 'supervisor') =>
      (await desk.who(who)).attempt('POST', `/api/v1/letters/${number}/free-reissue`, { json: {} });

    it.each([null, 'picked-up', 'delivered', 'returned'] as const)('for a parcel that is %s and not lost: refused', async (delivery) => {
      const letter = await aLetter(delivery === null ? {} : told(delivery));
      await aCertificate(office.data, { applicationId: letter.id });
      expectRefusal(await grant(letter.number), notLost);
      expect(await office.data.manager.countBy(FreeReissue, { applicationId: letter.id })).toBe(0);
    });

    it('for a letter that there is not: refused', async () => {
      expectRefusal(await grant('XB-2026-999999'), notFound);
    });

    it('granted twice at once, it is one for each certificate of the letter', async () => {
      const letter = await aLetter(told('lost'));
      for (const index of [1, 2]) await aCertificate(office.data, { applicationId: letter.id, index });
      const answers = await Promise.all([grant(letter.number), grant(letter.number, 'supervisor-who-reviews')]);
      expect(answers.map(({ status }) => status)).toEqual([204, 204]);
      expect(await office.data.manager.countBy(FreeReissue, { applicationId: letter.id })).toBe(2);
      const recorded = { subject: `application/${letter.id}`, action: 'parcel.reissue-granted' } as const;
      expect(await office.data.manager.countBy(AuditEntry, recorded)).toBe(1);
    });

    it('D: whoever granted it does not decide on the case that uses it, by the API or past it; anybody else does', async () => {
      const holder = await desk.holder(new Date('2029-03-02T04:00:00Z'));
      const { number } = await aLetter(told('lost'), holder.id);
      expect((await grant(number, 'supervisor-who-reviews')).status).toBe(204);
      const clerk = await desk.who('clerk');
      const { id } = await desk.file(clerk, await desk.draft(clerk, 'reissue', holder, { cause: 'lost' }, FEW_PAPERS));
      expectRefusal(await desk.claim(id, 'supervisor-who-reviews'), { status: 403, code: 'FOUR_EYES' });
      const { grantedBy: reviewerId } = await office.data.manager.findOneByOrFail(FreeReissue, { serial: holder.serial });
      const phones = { reviewerPhone: '19000000093', submitterPhone: '17100000001', agentPhone: '17100000002' };
      const pastTheApi = office.data.manager.insert(ReviewDecision, {
        ...{ id: randomUUID(), applicationId: id, round: 1, outcome: 'approved', reasons: [], reviewerId, sentAt: office.clock.now() },
        ...phones,
      });
      await expect(pastTheApi).rejects.toThrow(/nobody decides/);
      await desk.approve(id, 'reviewer');
      await desk.reach(id, 'key-recovery');
      expectRefusal(await desk.atWindow('supervisor-who-reviews', id, 'key-recovery'), { status: 403, code: 'FOUR_EYES' });
      const recovery = { applicationId: id, approvedBy: reviewerId, approvedAt: office.clock.now() };
      await expect(office.data.manager.insert(KeyRecoveryApproval, recovery)).rejects.toThrow(/nobody decides/);
      expect((await desk.atWindow('supervisor', id, 'key-recovery')).body).toEqual({ approvals: 1 });
    }, 120_000);
  });
});
