/** What SMS operators report: who it is, when it said so, and that whatever it reports in the right form is taken, and ends in one state. */
import { randomUUID } from 'node:crypto';
import { jest } from '@jest/globals';
import type { SmsProvider } from '#domain';
import { recordTaken, SmsHandOver, SmsMessage } from '#persistence';
import { openOffice, type Office } from '../world/office.js';
import { bankSignature, type Signing } from './bank-signature.js';
import { expectRefusal, invalid, rowsOf, type Answer } from './refusal.js';

jest.setTimeout(60_000);

const signatureInvalid = { status: 401, code: 'SIGNATURE_INVALID' };
const MINUTE = 60_000;

describe('receipts of SMS operators', () => {
  let office: Office;
  beforeAll(async () => {
    office = await openOffice({ workers: false });
  }, 120_000);
  afterAll(async () => office.close(), 60_000);

  const pathOf = (provider: SmsProvider) => `/api/v1/callbacks/${provider}`;
  const keyOf = (provider: SmsProvider) => office.settings.secrets[`${provider}Receipts`];
  const send = (provider: SmsProvider, content: unknown, signing: Signing = {}): Promise<Answer> => {
    const body = Buffer.isBuffer(content) ? content : JSON.stringify(content);
    const headers = bankSignature(body, { ...keyOf(provider), at: office.clock.now(), path: pathOf(provider), ...signing });
    return office.person().attempt('POST', pathOf(provider), {
      file: Buffer.from(body),
      headers: { 'Content-Type': 'application/json', ...headers },
    });
  };
  const status = async (provider: SmsProvider, content: unknown, signing?: Signing) => (await send(provider, content, signing)).status;

  let count = 0;
  const take = (message: { id: string; onceKey: string }, provider: SmsProvider, providerId: string) =>
    office.data.transaction((tx) =>
      recordTaken(
        tx,
        { ...message, applicationId: null, template: 'draft-reminder', values: {}, phone: '17200000001' },
        { provider, providerId, at: office.clock.now() },
      ),
    );
  /** A message that the operator has taken under this number. */
  async function taken(provider: SmsProvider = 'sms') {
    const [id, providerId] = [randomUUID(), `R${(count += 1)}`];
    await take({ id, onceKey: `draft/${id}` }, provider, providerId);
    return { id, providerId };
  }
  const delivered = (messageId: string) => ({ messageId, status: 'delivered', at: '2026-03-02T02:00:05.000Z' });
  const failed = (messageId: string, reason: string | undefined = 'number-unknown') => ({
    ...{ messageId, status: 'failed', at: '2026-03-02T02:00:07.000Z' },
    ...(reason === undefined ? {} : { reason }),
  });
  const stands = async (messageId: string) => {
    const { state, code, settledAt } = await office.data.manager.findOneByOrFail(SmsHandOver, { messageId });
    return [state, code, settledAt?.toISOString() ?? null];
  };
  const DELIVERED = ['delivered', null, '2026-03-02T02:00:05.000Z'];
  const counted = async (finding: string) => {
    const text = await (await fetch(`${office.api}/metrics`)).text();
    return Number(new RegExp(`xinyin_sms_receipts_total\\{provider="sms",finding="${finding}"\\} (\\d+)`).exec(text)?.[1] ?? 0);
  };

  it('delivered: the message needs no following', async () => {
    const { id, providerId } = await taken();
    expect((await office.data.manager.findOneByOrFail(SmsMessage, { id })).followAt).not.toBeNull();
    expect(await status('sms', delivered(providerId))).toBe(202);
    expect(await stands(id)).toEqual(DELIVERED);
    expect(await office.data.manager.findOneByOrFail(SmsMessage, { id })).toMatchObject({ state: 'delivered', followAt: null });
  });

  it.each(['sms', 'sms2'] as const)(
    '%s: a number that no row can hold is refused by its field, rightly signed as it is',
    async (provider) => {
      expectRefusal(await send(provider, delivered('R\0')), invalid({ messageId: 'FIELD_FORMAT' }));
      expectRefusal(await send(provider, delivered('R\ud800')), invalid({ messageId: 'FIELD_FORMAT' }));
    },
  );

  it('failed, with the operator’s reason or without one: it is followed at once', async () => {
    const [one, other] = [await taken(), await taken()];
    expect(await status('sms', failed(one.providerId))).toBe(202);
    expect(await status('sms', { messageId: other.providerId, status: 'failed', at: '2026-03-02T02:00:07.000Z' })).toBe(202);
    expect(await stands(one.id)).toEqual(['failed', 'number-unknown', '2026-03-02T02:00:07.000Z']);
    expect((await stands(other.id))[1]).toBe('other');
    const { followAt } = await office.data.manager.findOneByOrFail(SmsMessage, { id: one.id });
    expect(followAt?.getTime()).toBeLessThanOrEqual(office.clock.now().getTime());
  });

  it('told ten times at once it is one, and counted as repeated', async () => {
    const { id, providerId } = await taken();
    const before = await counted('repeated');
    const answers = await Promise.all(Array.from({ length: 10 }, () => status('sms', delivered(providerId))));
    expect(answers).toEqual(Array(10).fill(202));
    expect(await stands(id)).toEqual(DELIVERED);
    expect((await counted('repeated')) - before).toBe(9);
  });

  it('contradictory, in either order and late: taken, and the phone that has it keeps it', async () => {
    const [one, other] = [await taken(), await taken()];
    const before = await counted('contradicts');
    expect([await status('sms', delivered(one.providerId)), await status('sms', failed(one.providerId))]).toEqual([202, 202]);
    expect(await status('sms', failed(other.providerId))).toBe(202);
    office.clock.forward(60 * MINUTE);
    expect(await status('sms', delivered(other.providerId))).toBe(202);
    expect([await stands(one.id), await stands(other.id)]).toEqual([DELIVERED, DELIVERED]);
    expect((await counted('contradicts')) - before).toBe(2);
  });

  it('about a message that is not known it is taken; noted afterwards, the message finds its receipt', async () => {
    const providerId = 'R-early';
    const before = await counted('unknown');
    expect([await status('sms', failed(providerId)), await status('sms', delivered(providerId))]).toEqual([202, 202]);
    expect((await counted('unknown')) - before).toBe(2);
    const id = randomUUID();
    await take({ id, onceKey: `draft/${id}` }, 'sms', providerId);
    expect(await stands(id)).toEqual(DELIVERED);
  });

  it('that crosses our own note of the message in the same moment is never lost', async () => {
    const ids = Array.from({ length: 25 }, () => randomUUID());
    const notes = ids.map((id, index) => take({ id, onceKey: `draft/${id}` }, 'sms', `R-crossing-${index}`));
    const receipts = ids.map((_, index) => status('sms', delivered(`R-crossing-${index}`)));
    await Promise.all(notes);
    expect(await Promise.all(receipts)).toEqual(Array(25).fill(202));
    expect(await Promise.all(ids.map(stands))).toEqual(Array(25).fill(DELIVERED));
  });

  it('two operators may use the same number: each reports of its own message', async () => {
    const [one, other] = [randomUUID(), randomUUID()];
    await take({ id: one, onceKey: `draft/${one}` }, 'sms', 'R-same');
    await take({ id: other, onceKey: `draft/${other}` }, 'sms2', 'R-same');
    expect(await status('sms2', delivered('R-same'))).toBe(202);
    expect([(await stands(one))[0], (await stands(other))[0]]).toEqual(['taken', 'delivered']);
  });

  describe('that are not the operator’s, or not of now', () => {
    it.each<[string, () => Signing]>([
      ['by another secret', () => ({ secret: 'x'.repeat(48) })],
      ['by an unknown key', () => ({ keyId: 'nobody' })],
      ['by the key of the other operator', () => keyOf('sms2')],
      ['by our own key at the operator', () => office.settings.secrets.sms],
      ['over the path of the other operator', () => ({ path: pathOf('sms2') })],
    ])('%s are refused, and change nothing', async (_, signing) => {
      const { id, providerId } = await taken();
      expectRefusal(await send('sms', delivered(providerId), signing()), signatureInvalid);
      expect((await stands(id))[0]).toBe('taken');
    });

    it('signed five minutes ago, or with a nonce that was seen: refused', async () => {
      const { id, providerId } = await taken();
      const at = new Date(office.clock.now().getTime() - 310_000);
      expectRefusal(await send('sms', delivered(providerId), { at }), { status: 401, code: 'SIGNATURE_EXPIRED' });
      const nonce = randomUUID();
      expect(await status('sms', delivered(providerId), { nonce })).toBe(202);
      expectRefusal(await send('sms', failed(providerId), { nonce }), { status: 409, code: 'SIGNATURE_REPLAYED' });
      expect(await stands(id)).toEqual(DELIVERED);
    });
  });

  it.each<[string, unknown, Record<string, string>]>([
    ['status', 'read', { status: 'FIELD_CHOICE' }],
    ['status', undefined, { status: 'FIELD_REQUIRED' }],
    ['messageId', '', { messageId: 'FIELD_REQUIRED' }],
    ['messageId', 'x'.repeat(65), { messageId: 'FIELD_TOO_LONG' }],
    ['at', 'now', { at: 'FIELD_FORMAT' }],
    ['reason', '号码\u0000不存在', { reason: 'FIELD_FORMAT' }],
    ['hurry', true, { hurry: 'FIELD_UNKNOWN' }],
  ])('with %s: %j is refused, naming the field', async (field, value, fields) => {
    const before = await rowsOf(office, 'sms_early_receipt');
    expectRefusal(await send('sms', { ...failed('R-malformed'), [field]: value }), invalid(fields));
    expect(await rowsOf(office, 'sms_early_receipt')).toEqual(before);
  });
});
