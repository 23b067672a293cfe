/** What the bank tells us: who it is, when it said so, that it says it once, and what it may say. */
import { randomUUID } from 'node:crypto';
import { jest } from '@jest/globals';
import { openOffice, type Office } from '../world/office.js';
import { bankSignature, type Signing } from './bank-signature.js';
import { claim, decide, inReview, reach, readCase, type Submitted } from './applicants.js';
import { countOf, expectRefusal, expectUntouched, invalid, rowsOf, type Answer } from './refusal.js';

jest.setTimeout(60_000);

const PATH = '/api/v1/callbacks/bank';
const signatureInvalid = { status: 401, code: 'SIGNATURE_INVALID' };
const signatureExpired = { status: 401, code: 'SIGNATURE_EXPIRED' };
const replayed = { status: 409, code: 'SIGNATURE_REPLAYED' };

describe('callbacks of the bank', () => {
  let office: Office;
  beforeAll(async () => {
    office = await openOffice();
  }, 120_000);
  afterAll(async () => office.close(), 60_000);

  const signed = (body: string | Buffer, signing: Signing = {}) =>
    bankSignature(body, { ...office.settings.secrets.bankPush, at: office.clock.now(), path: PATH, ...signing });
  const send = (body: string | Buffer, headers: Record<string, string>, path = PATH): Promise<Answer> =>
    office.person().attempt('POST', path, { file: Buffer.from(body), headers: { 'Content-Type': 'application/json', ...headers } });

  let references = 0;
  const credit = (change: Record<string, unknown> = {}) => ({
    reference: `T2026-${String((references += 1)).padStart(6, '0')}`,
    bookedAt: '2026-03-02T02:00:00.000Z',
    currency: 'CNY',
    amountFen: 45_000,
    payerName: '成都无人认领有限公司',
    payerAccount: '6222 0000',
    payerAccountType: 'corporate',
    remittance: '货款',
    ...change,
  });
  const push = (content: unknown, signing?: Signing) => {
    const body = JSON.stringify(content);
    return send(body, signed(body, signing));
  };
  const recorded = async (reference: unknown) =>
    (await office.data.query('SELECT amount_fen, source FROM bank_credit WHERE bank_reference = $1', [reference])) as unknown[];
  /** Refused, and neither a credit nor a nonce is kept. */
  async function expectUnheard(attempt: () => Promise<Answer>, refusal: Parameters<typeof expectRefusal>[1]) {
    const nonces = await rowsOf(office, 'seen_nonce');
    await expectUntouched(office, attempt, refusal);
    expect(await rowsOf(office, 'seen_nonce')).toEqual(nonces);
  }

  /** What was taken before has been matched: nothing but the test moves a row. */
  beforeEach(async () => {
    const open = async () => ((await office.data.query("SELECT 1 FROM bank_credit WHERE state = 'recorded'")) as unknown[]).length;
    await office.until(async () => ((await open()) === 0 ? true : null), 'matching');
  });

  it('a credit that is rightly signed is taken, and recorded once', async () => {
    const content = credit();
    expect((await push(content)).status).toBe(202);
    expect(await recorded(content.reference)).toHaveLength(1);
  });

  it('told again with another amount, both stay: the second is held for finance, and the first counts as it was', async () => {
    const content = credit();
    expect((await push(content)).status).toBe(202);
    expect((await push({ ...content, amountFen: 4_500_000 })).status).toBe(202);
    expect((await push({ ...content, amountFen: 4_500_000 })).status).toBe(202);
    const rows: unknown[] = await office.data.query(
      `SELECT amount_fen, state, held_reason FROM bank_credit WHERE bank_reference LIKE $1 ORDER BY recorded_at`,
      [`${content.reference}%`],
    );
    expect(rows).toHaveLength(2);
    expect(rows[0]).toMatchObject({ amount_fen: '45000' });
    expect(rows[1]).toEqual({ amount_fen: '4500000', state: 'held', held_reason: 'contradicted' });
  });

  describe('signature', () => {
    const body = JSON.stringify({ reference: 'T2026-999999' });

    it.each<[string, (headers: Record<string, string>) => Record<string, string>]>([
      ['by another secret', () => signed(body, { secret: 'x'.repeat(48) })],
      ['by an unknown key', () => signed(body, { keyId: 'nobody' })],
      ['by an unknown key with a name of the language', () => signed(body, { keyId: '__proto__' })],
      ['by the key of another system', () => signed(body, office.settings.secrets.bank)],
      ['over another path', () => signed(body, { path: '/api/v1/callbacks/sms' })],
      ['with a changed nonce', (headers) => ({ ...headers, 'X-Xinyin-Nonce': randomUUID() })],
      ['with a changed time', (headers) => ({ ...headers, 'X-Xinyin-Timestamp': String(Number(headers['X-Xinyin-Timestamp']) + 1) })],
      ['in capitals', (headers) => ({ ...headers, 'X-Xinyin-Signature': headers['X-Xinyin-Signature']?.toUpperCase() ?? '' })],
      ['cut short', (headers) => ({ ...headers, 'X-Xinyin-Signature': headers['X-Xinyin-Signature']?.slice(0, 62) ?? '' })],
      ['empty', (headers) => ({ ...headers, 'X-Xinyin-Signature': '' })],
      ['with a nonce too short to be one', () => signed(body, { nonce: 'short' })],
      ['with a time that is no number', (headers) => ({ ...headers, 'X-Xinyin-Timestamp': 'now' })],
    ])('%s is refused', async (_, change) => {
      await expectUnheard(() => send(body, change(signed(body))), signatureInvalid);
    });

    it.each(['X-Xinyin-Key', 'X-Xinyin-Timestamp', 'X-Xinyin-Nonce', 'X-Xinyin-Signature'])('without %s is refused', async (name) => {
      const { [name]: _, ...rest } = signed(body);
      await expectUnheard(() => send(body, rest), signatureInvalid);
    });

    it('over another body, or the same with one byte more, is refused', async () => {
      await expectUnheard(() => send(`${body} `, signed(body)), signatureInvalid);
      await expectUnheard(() => send('', signed(body)), signatureInvalid);
    });

    it('over the path, sent to the path with a query, is refused', async () => {
      await expectUnheard(() => send(body, signed(body), `${PATH}?x=1`), signatureInvalid);
    });

    it('an unknown key and a wrong signature get the same answer: nobody can list keys', async () => {
      const one = expectRefusal(await send(body, signed(body, { keyId: 'nobody' })), signatureInvalid);
      const other = expectRefusal(await send(body, signed(body, { secret: 'wrong'.repeat(5) })), signatureInvalid);
      expect({ ...one, requestId: '' }).toEqual({ ...other, requestId: '' });
    });
  });

  describe('time', () => {
    const away = (seconds: number) => new Date(office.clock.now().getTime() + seconds * 1000);

    it.each([-310, -86_400, 310, 86_400, -1e9])('signed %i seconds from now is refused', async (seconds) => {
      await expectUnheard(() => push(credit(), { at: away(seconds) }), signatureExpired);
    });

    it.each([-290, 290])('signed %i seconds from now is taken: clocks differ', async (seconds) => {
      expect((await push(credit(), { at: away(seconds) })).status).toBe(202);
    });
  });

  describe('nonce', () => {
    it('used before is refused, with the same credit or with another', async () => {
      const nonce = randomUUID();
      const content = credit();
      expect((await push(content, { nonce })).status).toBe(202);
      await office.until(
        async () => ((await rowsOf(office, 'bank_credit')).every((row) => !row.includes('recorded,')) ? true : null),
        'matching',
      );
      await expectUnheard(() => push(content, { nonce }), replayed);
      await expectUnheard(() => push(credit(), { nonce }), replayed);
    });

    it('used ten times at once is taken once', async () => {
      const nonce = randomUUID();
      const before = await countOf(office, 'bank_credit');
      const answers = await Promise.all(Array.from({ length: 10 }, () => push(credit(), { nonce })));
      expect(answers.filter(({ status }) => status === 202)).toHaveLength(1);
      for (const answer of answers.filter(({ status }) => status !== 202)) expectRefusal(answer, replayed);
      expect(await countOf(office, 'bank_credit')).toBe(before + 1);
    });

    it('is not used up by a request that was not signed rightly', async () => {
      const nonce = randomUUID();
      const content = credit();
      expectRefusal(await push(content, { nonce, secret: 'x'.repeat(48) }), signatureInvalid);
      expect((await push(content, { nonce })).status).toBe(202);
    });
  });

  describe('content', () => {
    it.each<[string, unknown, string]>([
      ['amountFen', -1, 'negative'],
      ['amountFen', 0, 'nothing'],
      ['amountFen', 450.5, 'parts of a fen'],
      ['amountFen', 0.1 + 0.2, 'a floating figure'],
      ['amountFen', 1e21, 'more than there is'],
      ['amountFen', 9_007_199_254_740_992, 'more than can be counted exactly'],
      ['amountFen', '45000', 'a text'],
      ['amountFen', null, 'null'],
      ['amountFen', undefined, 'left out'],
      ['currency', 'USD', 'another currency'],
      ['currency', 'cny', 'small letters'],
      ['currency', undefined, 'left out'],
      ['reference', '', 'empty'],
      ['reference', 'a b c d e f', 'spaces'],
      ['reference', '\u0000'.repeat(8), 'control characters'],
      ['reference', 'x'.repeat(65), 'too long'],
      ['bookedAt', 'yesterday', 'no time'],
      ['bookedAt', '2026-02-30T00:00:00Z', 'no day of the calendar'],
      ['payerAccountType', 'secret', 'no kind of account'],
      ['payerName', '成都\u0000公司', 'control characters'],
      ['payerName', '成都\ud800公司', 'half a character'],
      ['payerName', 'x'.repeat(201), 'too long'],
      ['remittance', 7, 'a number'],
      ['hurry', true, 'an unknown field'],
    ])('%s: %j (%s) is refused, naming the field, and no credit is recorded', async (field, value) => {
      const problem = await expectUntouchedBy({ [field]: value });
      expect(problem.errors.map((each) => each.field)).toEqual([field]);
    });

    async function expectUntouchedBy(change: Record<string, unknown>) {
      const credits = await rowsOf(office, 'bank_credit');
      const answer = await push(credit(change));
      const { errors } = answer.body as { errors: { field: string; code: string }[] };
      const problem = expectRefusal(answer, invalid(Object.fromEntries((errors ?? []).map(({ field, code }) => [field, code]))));
      expect(await rowsOf(office, 'bank_credit')).toEqual(credits);
      return problem;
    }

    it.each(['', '{', 'null', '[]', '"x"', '\ufeff{}', Buffer.from('{"payerName":"caf\xe9"}', 'latin1')])(
      'the body %j is no message',
      async (body) => {
        const credits = await rowsOf(office, 'bank_credit');
        const answer = await send(body, signed(body));
        expect([400, 422]).toContain(answer.status);
        expectRefusal(answer, {
          status: answer.status,
          code: answer.status === 400 ? 'BODY_MALFORMED' : 'INPUT_INVALID',
          fields: fieldsOf(answer),
        });
        expect(await rowsOf(office, 'bank_credit')).toEqual(credits);
      },
    );
    const fieldsOf = ({ body }: Answer) =>
      Object.fromEntries((body as { errors: { field: string; code: string }[] }).errors.map(({ field, code }) => [field, code]));

    it('a body over 64 kB is refused', async () => {
      const body = JSON.stringify(credit({ remittance: 'x'.repeat(70_000) }));
      await expectUnheard(() => send(body, signed(body)), { status: 413, code: 'BODY_TOO_LARGE' });
    });
  });

  describe('the same credit, told in two ways, is one', () => {
    async function inPayment(): Promise<Submitted & { amountFen: number; reference: string }> {
      const application = await inReview(office);
      const reviewer = await office.staff('reviewer');
      await claim(reviewer, application.id);
      expect((await decide(reviewer, application.id, { outcome: 'approved' })).status).toBe(204);
      await reach(office, application.person, application.id, 'payment');
      const order = await application.person.get<{ amountFen: number; reference: string }>(`/api/v1/applications/${application.id}/order`);
      return { ...application, ...order };
    }
    /** Booked at the bank without a push: it stands in the statement of its day. */
    async function booked({ form, amountFen, reference }: Awaited<ReturnType<typeof inPayment>>) {
      const response = await fetch(`${office.sandbox.base}/bank/transfers`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', Accept: 'application/json' },
        body: JSON.stringify({
          payerName: form.organisation.certificateName,
          payerAccount: '6222 0000',
          payerAccountType: 'corporate',
          amountFen,
          remittance: reference,
          bookedAt: '2026-03-02T02:00:00.000Z',
          push: false,
        }),
      });
      return (await response.json()) as { reference: string };
    }
    const importDay = async () =>
      (await office.staff('finance')).post<{ lines: number; added: number }>('/api/v1/credits/statements/2026-03-02');
    async function expectPaidOnce({ id, person, amountFen }: Awaited<ReturnType<typeof inPayment>>, reference: string) {
      await office.until(async () => ((await readCase(person, id)).stage.code === 'dispatch' ? true : null), 'issuance');
      expect(await recorded(reference)).toHaveLength(1);
      const order = await person.get<{ receivedFen: number; status: string }>(`/api/v1/applications/${id}/order`);
      expect(order).toMatchObject({ receivedFen: amountFen, status: 'paid' });
      expect(await countOf(office, 'certificate')).toBe(await expectedCertificates());
    }
    let issued = 0;
    const expectedCertificates = () => Promise.resolve((issued += 1) * 2);

    it('by push, then by statement', async () => {
      const application = await inPayment();
      const entry = await booked(application);
      expect((await push({ ...entry, currency: 'CNY' })).status).toBe(202);
      await importDay();
      await importDay();
      await expectPaidOnce(application, entry.reference);
    });

    it('by statement, then by push', async () => {
      const application = await inPayment();
      const entry = await booked(application);
      await importDay();
      expect((await push({ ...entry, currency: 'CNY' })).status).toBe(202);
      expect((await push({ ...entry, currency: 'CNY' })).status).toBe(202);
      await expectPaidOnce(application, entry.reference);
    });

    it('by push five times and by statement, all at once', async () => {
      const application = await inPayment();
      const entry = await booked(application);
      const pushes = Array.from({ length: 5 }, () => push({ ...entry, currency: 'CNY' }));
      const answers = await Promise.all([importDay(), ...pushes]);
      for (const answer of answers.slice(1)) expect((answer as Answer).status).toBe(202);
      await expectPaidOnce(application, entry.reference);
    });
  });
});
