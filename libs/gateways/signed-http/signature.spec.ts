import { isAnswerGenuine, signAnswer, signRequest, verifySignedRequest, type ReceivedRequest, type Verification } from './index.js';

const SECRET = 's3cret-for-the-spec';
const NONCE = 'nonce-0123456789abcdef';
const NOON = new Date('2026-03-06T04:00:00Z');
const BODY = '{"phone":"13800138000","text":"你好"}';
// printf 'POST\n/sms/messages?x=1\n1772769600\n<nonce>\n<sha256 of body>' | openssl dgst -sha256 -hmac <secret> (OpenSSL 3.0.19)
const POST_SIGNATURE = 'a0b95e738a13424849f20916c07ebf0db093b630166a3631fb8047a2c000ee6c';
const GET_SIGNATURE = '1deb55adae2badbbc8f4ab98468cc7b0ff1930dd939b965f53ea691ed3d3d9c6';
// printf 'answer\n200\n<nonce>\n<sha256 of {"messageId":"M1"}>' | openssl dgst …
const ANSWER_SIGNATURE = '4f9a824c8c7a2c4390ce47b9858c26ec9d798cb775c262f64da74ffcfe196e06';

const received = (change: Partial<ReceivedRequest> = {}, headers: Record<string, string | string[] | undefined> = {}): ReceivedRequest => ({
  method: 'POST',
  path: '/sms/messages?x=1',
  rawBody: Buffer.from(BODY, 'utf8'),
  headers: {
    'x-xinyin-key': 'xinyin',
    'x-xinyin-timestamp': '1772769600',
    'x-xinyin-nonce': NONCE,
    'x-xinyin-signature': POST_SIGNATURE,
    ...headers,
  },
  ...change,
});

function verification(change: Partial<Verification> = {}) {
  const seen = new Map<string, Date>();
  const rules: Verification = {
    secretFor: (keyId) => (keyId === 'xinyin' ? SECRET : undefined),
    now: () => NOON,
    rememberNonce: (keyId, nonce, expiresAt) => {
      if (seen.has(`${keyId} ${nonce}`)) return Promise.resolve(false);
      seen.set(`${keyId} ${nonce}`, expiresAt);
      return Promise.resolve(true);
    },
    ...change,
  };
  return { rules, seen };
}
const outcome = (request: ReceivedRequest, rules: Verification) =>
  verifySignedRequest(request, rules).then(
    () => 'accepted',
    (failure: { code: string }) => failure.code,
  );

describe('signing a request', () => {
  it('gives the signature that openssl gives over the documented text, UTF-8 body and query included', () => {
    const headers = signRequest({
      method: 'post',
      path: '/sms/messages?x=1',
      body: BODY,
      keyId: 'xinyin',
      secret: SECRET,
      timestamp: NOON,
      nonce: NONCE,
    });
    expect(headers).toEqual({
      'X-Xinyin-Key': 'xinyin',
      'X-Xinyin-Timestamp': '1772769600',
      'X-Xinyin-Nonce': NONCE,
      'X-Xinyin-Signature': POST_SIGNATURE,
    });
  });

  it('signs an empty body too', () => {
    const path = '/bank/statements/2026-03-06';
    const headers = signRequest({ method: 'GET', path, body: '', keyId: 'bank', secret: SECRET, timestamp: NOON, nonce: NONCE });
    expect(headers['X-Xinyin-Signature']).toBe(GET_SIGNATURE);
  });
});

describe('checking a request', () => {
  it('accepts what the other side signed', async () => {
    expect(await outcome(received(), verification().rules)).toBe('accepted');
  });

  it.each([
    ['another body', received({ rawBody: Buffer.from(BODY.replace('13800138000', '13800138001')) })],
    ['another path', received({ path: '/sms/messages?x=2' })],
    ['another method', received({ method: 'PUT' })],
    ['another time', received({}, { 'x-xinyin-timestamp': '1772769601' })],
    ['another nonce', received({}, { 'x-xinyin-nonce': 'nonce-0123456789abcdeg' })],
    ['a signature with one digit changed', received({}, { 'x-xinyin-signature': POST_SIGNATURE.replace(/c$/, 'd') })],
    ['a short signature', received({}, { 'x-xinyin-signature': POST_SIGNATURE.slice(2) })],
    ['no signature', received({}, { 'x-xinyin-signature': undefined })],
    ['a signature sent twice', received({}, { 'x-xinyin-signature': [POST_SIGNATURE, POST_SIGNATURE] })],
    ['an unknown key', received({}, { 'x-xinyin-key': 'stranger' })],
    ['a key named like a property of objects', received({}, { 'x-xinyin-key': '__proto__' })],
    ['a nonce of one letter', received({}, { 'x-xinyin-nonce': 'n' })],
  ])('refuses %s', async (_, request) => {
    expect(await outcome(request, verification().rules)).toBe('SIGNATURE_INVALID');
  });

  it.each([
    [300, 'accepted'],
    [301, 'SIGNATURE_EXPIRED'],
    [-300, 'accepted'],
    [-301, 'SIGNATURE_EXPIRED'],
  ])('with a clock %d seconds later: %s', async (seconds, expected) => {
    const { rules } = verification({ now: () => new Date(NOON.getTime() + seconds * 1000) });
    expect(await outcome(received(), rules)).toBe(expected);
  });

  it('accepts a nonce once', async () => {
    const { rules } = verification();
    expect(await outcome(received(), rules)).toBe('accepted');
    expect(await outcome(received(), rules)).toBe('SIGNATURE_REPLAYED');
  });

  it('remembers a nonce until its timestamp is refused anyway', async () => {
    const { rules, seen } = verification();
    await outcome(received(), rules);
    expect([...seen.values()].map((expiry) => expiry.toISOString())).toEqual(['2026-03-06T04:05:01.000Z']);
  });

  it('lets nobody without the secret use a nonce up', async () => {
    const { rules, seen } = verification();
    await outcome(received({}, { 'x-xinyin-signature': '0'.repeat(64) }), rules);
    expect(seen.size).toBe(0);
  });
});

describe('an answer', () => {
  const answer = { status: 200, nonce: NONCE, body: Buffer.from('{"messageId":"M1"}'), secret: SECRET };

  it('is signed over status, nonce and body as openssl does it', () => {
    expect(signAnswer(answer)).toBe(ANSWER_SIGNATURE);
    expect(isAnswerGenuine(answer, ANSWER_SIGNATURE)).toBe(true);
  });

  it.each([
    ['another status', { ...answer, status: 201 }],
    ['the answer to another request', { ...answer, nonce: 'nonce-0123456789abcdeg' }],
    ['another body', { ...answer, body: Buffer.from('{"messageId":"M2"}') }],
    ['another secret', { ...answer, secret: 'another secret' }],
  ])('is not genuine with %s', (_, changed) => {
    expect(isAnswerGenuine(changed, ANSWER_SIGNATURE)).toBe(false);
  });

  it.each([null, '', 'zz', POST_SIGNATURE])('is not genuine with the signature %p', (signature) => {
    expect(isAnswerGenuine(answer, signature)).toBe(false);
  });
});
