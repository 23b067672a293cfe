/** What the bank tells, damaged at random: each is refused with its reason or held for a person; none is half applied, none is a failure of ours. */
import { randomUUID } from 'node:crypto';
import { jest } from '@jest/globals';
import * as fc from 'fast-check';
import { casesOf } from '../../world/cases.js';
import { openOffice, type Office } from '../../world/office.js';
import { bankSignature, type Signing } from '../bank-signature.js';
import { expectWellFormed, rowsOf, type Answer } from '../refusal.js';

jest.setTimeout(300_000);

const SEED = 20_260_306;
/** A thousand: `XINYIN_DAMAGED_CALLBACKS=1000 npm test -- test/e2e/damaged/callbacks`. */
const CALLBACKS = Number(process.env['XINYIN_DAMAGED_CALLBACKS'] ?? 150);
const BANK = '/api/v1/callbacks/bank';
const PAYMENTS = '/api/v1/callbacks/bank-payments';

/** `roll` says which of its kind it is. */
interface Damage {
  kind: keyof typeof outcomes;
  roll: number;
}

/** What each comes to. Where the damage may leave a message that can be read, it is refused or held. */
const outcomes = {
  'wrong signature': /^401 SIGNATURE_INVALID$/,
  'another path’s signature': /^401 SIGNATURE_INVALID$/,
  'changed after it was signed': /^401 SIGNATURE_INVALID$/,
  old: /^401 SIGNATURE_EXPIRED$/,
  'from the future': /^401 SIGNATURE_EXPIRED$/,
  replayed: /^409 SIGNATURE_REPLAYED$/,
  'unknown order': /^held no-order$/,
  'negative amount': /^422 INPUT_INVALID amountFen/,
  'huge amount': /^held no-order$/,
  'more than can be counted': /^422 INPUT_INVALID amountFen/,
  'other currency': /^422 INPUT_INVALID currency/,
  'told again with another amount': /^held contradicted$/,
  'changed before it was signed': /^(held (no-order|personal-account)|4\d\d (INPUT_INVALID|BODY_MALFORMED).*)$/,
  'payment of no refund': /^404 NOT_FOUND$/,
  'payment with an unknown end': /^422 INPUT_INVALID status/,
} as const;

const damages = fc.record<Damage>({
  kind: fc.constantFrom(...(Object.keys(outcomes) as Damage['kind'][])),
  roll: fc.nat({ max: 2 ** 31 - 1 }),
});

describe('damaged callbacks of the bank', () => {
  let office: Office;
  beforeAll(async () => {
    office = await openOffice();
  }, 120_000);
  afterAll(() => office.close(), 60_000);

  const send = (path: string, body: Buffer, signing: Signing = {}, sent = body): Promise<Answer> => {
    const headers = bankSignature(body, { ...office.settings.secrets.bankPush, at: office.clock.now(), path, ...signing });
    return office.person().attempt('POST', path, { file: sent, headers: { 'Content-Type': 'application/json', ...headers } });
  };
  const away = (seconds: number) => ({ at: new Date(office.clock.now().getTime() + seconds * 1000) });
  let told = 0;
  const credit = (change: Record<string, unknown> = {}) => ({
    reference: `DMG-${String((told += 1)).padStart(8, '0')}`,
    bookedAt: new Date(office.clock.now().getTime() - 60_000).toISOString(),
    currency: 'CNY',
    amountFen: 25_000,
    payerName: '成都无人认领有限公司',
    payerAccount: '6222 0000',
    payerAccountType: 'corporate',
    remittance: '证书费 XB2099000001',
    ...change,
  });
  const json = (content: unknown) => Buffer.from(JSON.stringify(content));
  const flipped = (body: Buffer, roll: number) => {
    const copy = Buffer.from(body);
    const at = roll % body.length;
    copy[at] = (copy[at] ?? 0) ^ (1 << (roll % 7));
    return copy;
  };
  const report = (change: Record<string, unknown> = {}) =>
    json({
      idempotencyKey: `refund-${randomUUID()}-1`,
      reference: 'PAY-0000001',
      status: 'settled',
      at: office.clock.now().toISOString(),
      ...change,
    });

  const senders: Record<Damage['kind'], (roll: number) => Promise<Answer>> = {
    'wrong signature': (roll) => send(BANK, json(credit()), { secret: `${roll}`.padEnd(48, 'x') }),
    'another path’s signature': () => {
      const body = json(credit());
      return send(BANK, body, { path: PAYMENTS });
    },
    'changed after it was signed': (roll) => {
      const body = json(credit());
      return send(BANK, body, {}, flipped(body, roll));
    },
    old: (roll) => send(BANK, json(credit()), away(-310 - (roll % 1_000_000))),
    'from the future': (roll) => send(BANK, json(credit()), away(310 + (roll % 1_000_000))),
    replayed: (roll) => send(BANK, json(roll % 2 === 0 ? again : credit()), { nonce: NONCE }),
    'unknown order': (roll) => send(BANK, json(credit({ remittance: `XB2099${String(roll % 1_000_000).padStart(6, '0')}` }))),
    'negative amount': (roll) => send(BANK, json(credit({ amountFen: -(roll % 1_000_000) }))),
    'huge amount': (roll) => send(BANK, json(credit({ amountFen: Number.MAX_SAFE_INTEGER - roll }))),
    'more than can be counted': (roll) => send(BANK, json(credit({ amountFen: 2 ** 53 * (2 + (roll % 1000)) }))),
    'other currency': (roll) => send(BANK, json(credit({ currency: ['USD', 'cny', 'HKD', '', 'CNY '][roll % 5] }))),
    // Each time another: the same contradiction told twice is one.
    'told again with another amount': () => send(BANK, json({ ...again, amountFen: 30_000 + (told += 1) })),
    'changed before it was signed': (roll) => send(BANK, flipped(json(credit({ reference: randomUUID() })), roll)),
    'payment of no refund': () => send(PAYMENTS, report()),
    'payment with an unknown end': (roll) => send(PAYMENTS, report({ status: ['paid', 'accepted', '', 'SETTLED'][roll % 4] })),
  };
  /** A credit that was told rightly, once, under this nonce. */
  const NONCE = randomUUID();
  let again: ReturnType<typeof credit>;

  const decided = () =>
    office.until(async () => {
      const open: unknown[] = await office.data.query(`SELECT 1 FROM bank_credit WHERE state = 'recorded' LIMIT 1`);
      return open.length === 0 ? true : null;
    }, 'all to be decided');
  /** Rows of what a credit must not touch by mistake. */
  const untouched = async () =>
    Promise.all(['fee_order', 'application', 'refund', 'certificate', 'finance_case'].map((table) => rowsOf(office, table)));

  it(`${CALLBACKS} of them: each refused or held, and the money that came is where the ledger says`, async () => {
    const cases = casesOf(office);
    await cases.awaitingPayment({ name: '成都等待付款医药有限公司' });
    again = credit();
    expect((await send(BANK, json(again), { nonce: NONCE })).status).toBe(202);
    await decided();
    const before = await untouched();
    const [{ n: creditsBefore }] = (await office.data.query('SELECT count(*)::int AS n FROM bank_credit')) as [{ n: number }];

    const said: { kind: Damage['kind']; outcome: string }[] = [];
    const taken: Damage['kind'][] = [];
    for (const { kind, roll } of fc.sample(damages, { numRuns: CALLBACKS, seed: SEED })) {
      const answer = await senders[kind](roll);
      expect(answer.status).toBeLessThan(500);
      if (answer.status === 202) taken.push(kind);
      else {
        expectWellFormed(answer);
        const { code, errors } = answer.body as { code: string; errors: { field: string }[] };
        said.push({ kind, outcome: [answer.status, code, ...errors.map(({ field }) => field)].join(' ') });
      }
    }
    await decided();
    for (const { kind, outcome } of said) expect(`${kind}: ${outcome}`).toMatch(new RegExp(`^${kind}: ${outcomes[kind].source.slice(1)}`));

    // Taken, each is a credit of its own, held with its reason. A report that tells twice what was told is one.
    const rows: { reason: string; state: string; n: number }[] = await office.data.query(
      `SELECT state, held_reason AS reason, count(*)::int AS n FROM bank_credit GROUP BY 1, 2`,
    );
    expect([...new Set(rows.map(({ state }) => state))]).toEqual(['held']);
    const reasons = rows.map(({ reason }) => `held ${reason}`);
    for (const kind of new Set(taken)) expect(reasons.some((reason) => outcomes[kind].test(reason))).toBe(true);
    expect(rows.reduce((sum, { n }) => sum + n, 0)).toBe(creditsBefore + taken.length);
    expect(await untouched()).toEqual(before);
    const [ledger]: { received: string; held: string; money: string }[] = await office.data.query(
      `SELECT coalesce(sum(amount_fen) FILTER (WHERE account = 'received'), 0) AS received, coalesce(-sum(amount_fen) FILTER (WHERE account = 'held'), 0) AS held,
         (SELECT sum(amount_fen) FROM bank_credit WHERE held_reason <> 'contradicted') AS money FROM ledger_line`,
    );
    expect([ledger?.received, ledger?.held]).toEqual([ledger?.money, ledger?.money]);
  });
});
