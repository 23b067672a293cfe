/** What the platform tells us about an account: who it is, what it may say, and that it is said once, however often it is told. */
import { randomUUID } from 'node:crypto';
import { jest } from '@jest/globals';
import { kindOf } from '../../apps/launcher/src/demo/bindings.js';
import type { Holder } from '../../apps/launcher/src/demo/holder.js';
import { openOffice, type Office } from '../world/office.js';
import { bankSignature, type Signing } from './bank-signature.js';
import { holderOf, stands, takeBack, waiting } from './bindings-world.js';
import { expectRefusal, expectUntouched, invalid, notFound, rowsOf, type Answer, type Refusal } from './refusal.js';

jest.setTimeout(60_000);

const PATH = '/api/v1/callbacks/platform';
const KIND = 'drug-production';

describe('callbacks of the platform', () => {
  let office: Office;
  let holder: Holder;
  let pending: Awaited<ReturnType<typeof waiting>>;
  beforeAll(async () => {
    office = await openOffice();
    holder = await holderOf(office, '成都回调医药有限公司');
    pending = await waiting(office, holder, KIND);
  }, 180_000);
  afterAll(async () => office.close(), 60_000);

  /** The same way of signing as the bank's, with a key of the platform's own. */
  const signed = (body: string | Buffer, signing: Signing = {}) =>
    bankSignature(body, { ...office.settings.secrets.platformPush, at: office.clock.now(), path: PATH, ...signing });
  const send = (body: string | Buffer, headers: Record<string, string>): Promise<Answer> =>
    office.person().attempt('POST', PATH, { file: Buffer.from(body), headers: { 'Content-Type': 'application/json', ...headers } });
  const decision = (change: Record<string, unknown> = {}) => ({
    decisionId: 'D-of-the-spec-1',
    submissionId: pending.submissionId,
    reference: pending.id,
    decision: 'approved',
    reason: '',
    decidedAt: '2026-03-02T02:00:00.000Z',
    ...change,
  });
  const push = (content: unknown, signing?: Signing) => {
    const body = JSON.stringify(content);
    return send(body, signed(body, signing));
  };
  /** Refused; no decision is kept, and the account waits as before. */
  async function expectUnheard(attempt: () => Promise<Answer>, refusal: Refusal) {
    const decisions = await rowsOf(office, 'platform_decision');
    await expectUntouched(office, attempt, refusal);
    expect(await rowsOf(office, 'platform_decision')).toEqual(decisions);
  }

  const signatureInvalid = { status: 401, code: 'SIGNATURE_INVALID' };
  it.each<[string, () => Signing]>([
    ['by another secret', () => ({ secret: 'x'.repeat(48) })],
    ['by an unknown key', () => ({ keyId: 'nobody' })],
    ['by the key of the bank', () => office.settings.secrets.bankPush],
    ['by our own key at the platform', () => office.settings.secrets.platform],
    ['over the path of another system', () => ({ path: '/api/v1/callbacks/bank' })],
  ])('%s is refused', async (_, signing) => {
    await expectUnheard(() => push(decision(), signing()), signatureInvalid);
  });

  it('over another body is refused: nobody turns a refusal into an approval', async () => {
    const refusal = JSON.stringify(decision({ decision: 'refused', reason: '不符' }));
    await expectUnheard(() => send(JSON.stringify(decision()), signed(refusal)), signatureInvalid);
  });

  it('signed too long ago is refused', async () => {
    const at = new Date(office.clock.now().getTime() - 310_000);
    await expectUnheard(() => push(decision(), { at }), { status: 401, code: 'SIGNATURE_EXPIRED' });
  });

  it.each<[string, unknown, Record<string, string>]>([
    ['decision', 'maybe', { decision: 'FIELD_CHOICE' }],
    ['decision', undefined, { decision: 'FIELD_REQUIRED' }],
    ['decision', 'refused', { reason: 'FIELD_REQUIRED' }],
    ['reason', '与此无关', { reason: 'FIELD_UNKNOWN' }],
    ['reason', 'x'.repeat(301), { reason: 'FIELD_TOO_LONG' }],
    ['reason', '不\u0000符', { reason: 'FIELD_FORMAT' }],
    ['reference', 'BD-2026-000001', { reference: 'FIELD_FORMAT' }],
    ['decisionId', 'a b', { decisionId: 'FIELD_FORMAT' }],
    ['decidedAt', 'yesterday', { decidedAt: 'FIELD_FORMAT' }],
    ['hurry', true, { hurry: 'FIELD_UNKNOWN' }],
  ])('with %s: %j is refused, naming the field', async (field, value, fields) => {
    expectRefusal(await push(decision({ [field]: value })), invalid(fields));
    expect(await rowsOf(office, 'platform_decision')).toEqual([]);
  });

  it.each(['', '{', 'null', '[]', Buffer.from('{"reason":"caf\xe9"}', 'latin1')])('the body %j is no message', async (body) => {
    const { status } = await send(body, signed(body));
    expect([400, 422]).toContain(status);
    expect(await rowsOf(office, 'platform_decision')).toEqual([]);
  });

  it('about a case that does not exist, is of another business, or has another submission, there is nothing', async () => {
    await expectUnheard(() => push(decision({ reference: randomUUID() })), notFound);
    await expectUnheard(() => push(decision({ reference: holder.id })), notFound);
    await expectUnheard(() => push(decision({ submissionId: 'S-of-somebody-else' })), notFound);
  });

  it('told five times at once it takes effect once; what contradicts it is refused', async () => {
    const answers = await Promise.all(Array.from({ length: 5 }, () => push(decision())));
    expect(answers.map(({ status }) => status)).toEqual([202, 202, 202, 202, 202]);
    await stands(office, holder, KIND, 'approved');
    await office.until(async () => {
      const { outcome } = await holder.agent.get<{ outcome: { code: string } | null }>(`/api/v1/applications/${pending.id}`);
      return outcome?.code === 'bound' ? true : null;
    }, 'the end of the case');
    expect((await push(decision())).status).toBe(202);
    expectRefusal(await push(decision({ decision: 'refused', reason: '改判' })), { status: 409, code: 'IDEMPOTENCY_KEY_REUSED' });
    expectRefusal(await push(decision({ decisionId: 'D-of-the-spec-2' })), { status: 409, code: 'ALREADY_DECIDED' });
    expect(await rowsOf(office, 'platform_decision')).toHaveLength(1);
    expect((await kindOf(holder, KIND)).state.code).toBe('approved');
  });

  it('about a case that was withdrawn meanwhile it is taken, so that nobody repeats it, and changes nothing', async () => {
    const kind = 'reagents-overseas';
    const withdrawn = await waiting(office, holder, kind);
    expect((await takeBack(holder, kind)).status).toBe(202);
    await stands(office, holder, kind, 'unbound');
    await office.until(async () => {
      const { outcome } = await holder.agent.get<{ outcome: { code: string } | null }>(`/api/v1/applications/${withdrawn.id}`);
      return outcome?.code === 'withdrawn' ? true : null;
    }, 'the withdrawal');
    const late = decision({ decisionId: 'D-of-the-spec-3', reference: withdrawn.id, submissionId: withdrawn.submissionId });
    expect((await push(late)).status).toBe(202);
    expect((await kindOf(holder, kind)).state.code).toBe('unbound');
  });
});
