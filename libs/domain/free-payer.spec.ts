/** Credits for orders that anybody may pay, that are paid at a window, and the text that a holder's key signs. */
import { fen } from './brand.js';
import { matchCredit, type Credit, type PayableOrder, type Payer } from './credit-matching.js';
import { CHALLENGE_LIFE_MS, proofText } from './key-proof.js';

const OWN = '成都信印医药有限公司';
const order = (payer: Payer, reference: string, more: Partial<PayableOrder> = {}): PayableOrder => ({
  id: reference,
  reference,
  certificateName: OWN,
  uscc: '91510100MA62000110',
  payer,
  amountFen: fen(20_000),
  receivedFen: fen(0),
  expiresAt: new Date('2026-04-01T00:00:00Z'),
  status: 'open',
  ...more,
});
const credit = (more: Partial<Credit>): Credit => ({
  amountFen: fen(20_000),
  payerName: '某某代付有限公司',
  payerAccountType: 'corporate',
  remittance: 'GX2026000001',
  bookedAt: new Date('2026-03-05T00:00:00Z'),
  ...more,
});
const FREE = 'GX2026000001';
const STRICT = 'GQ2026000002';
const matched = (orderId: string) => ({ kind: 'matched', shares: [{ orderId, result: 'exact' }] });
const held = (reason: string) => ({ kind: 'held', reason });

describe('an order that anybody may pay', () => {
  it.each(['corporate', 'personal'] as const)('D renewal, valid: named by its reference, any %s account pays it', (payerAccountType) => {
    expect(matchCredit(credit({ payerAccountType }), [order('anybody', FREE)])).toMatchObject(matched(FREE));
  });

  it('is not guessed: without its reference a stranger’s money pays nothing, the organisation’s own does', () => {
    expect(matchCredit(credit({ remittance: '' }), [order('anybody', FREE)])).toMatchObject(held('no-order'));
    expect(matchCredit(credit({ remittance: '', payerName: OWN }), [order('anybody', FREE)])).toMatchObject(matched(FREE));
  });

  it('G: beside it a personal account still pays no order whose transfer is the proof', () => {
    const orders = [order('anybody', FREE, { status: 'paid' }), order('organisation', STRICT)];
    const both = credit({ payerName: OWN, payerAccountType: 'personal', remittance: `${FREE} ${STRICT}` });
    expect(matchCredit(both, orders)).toMatchObject({ kind: 'held' });
  });

  it('G: nor does a stranger’s transfer that names both', () => {
    const orders = [order('anybody', FREE, { status: 'cancelled' }), order('organisation', STRICT)];
    expect(matchCredit(credit({ remittance: `${FREE} ${STRICT}` }), orders)).toMatchObject({ kind: 'held' });
  });

  it('late, or paid already, it is held', () => {
    expect(matchCredit(credit({ bookedAt: new Date('2026-04-01T00:00:01Z') }), [order('anybody', FREE)])).toMatchObject(held('late'));
    expect(matchCredit(credit({}), [order('anybody', FREE, { status: 'paid' })])).toMatchObject(held('paid-twice'));
  });
});

describe('an order that is paid at a window', () => {
  it('is paid by its slip: no transfer pays it, not even the organisation’s own that names it', () => {
    expect(matchCredit(credit({ payerName: OWN }), [order('on-the-spot', FREE)])).toEqual({ ...held('at-window'), orderId: FREE });
  });

  it.each([
    ['the organisation’s own transfer', { payerName: OWN }],
    ['another’s', {}],
    ['a person’s', { payerAccountType: 'personal' }],
  ] as const)('D money: %s that names it pays no other order, though one is open', (_, change) => {
    const orders = [order('organisation', STRICT), order('on-the-spot', FREE, { status: 'paid', receivedFen: fen(20_000) })];
    expect(matchCredit(credit(change), orders)).toEqual({ ...held('at-window'), orderId: FREE });
    const both = credit({ ...change, amountFen: fen(40_000), remittance: `${STRICT} ${FREE}` });
    expect(matchCredit(both, orders)).toEqual({ ...held('at-window'), orderId: FREE });
  });

  it('D money: a credit that bears the number of a slip is what the window took, and pays no other order', () => {
    const told = credit({ payerName: OWN, remittance: '', takenFor: FREE });
    expect(matchCredit(told, [order('organisation', STRICT)])).toEqual({ ...held('at-window'), orderId: FREE });
    expect(matchCredit({ ...told, remittance: STRICT }, [order('organisation', STRICT)])).toMatchObject(held('at-window'));
  });

  it('stands in no other order’s way', () => {
    const orders = [order('on-the-spot', FREE), order('organisation', STRICT)];
    expect(matchCredit(credit({ payerName: OWN, remittance: '' }), orders)).toMatchObject(matched(STRICT));
  });
});

describe('the text that a key signs', () => {
  it('D: names its purpose, the certificate, the nonce and the content, one a line; it lives five minutes', () => {
    const facts = { purpose: 'renewal', serial: '4a', nonce: '00ff', digest: 'abcd' } as const;
    expect(proofText(facts)).toBe('xinyin-proof/1\nrenewal\n4a\n00ff\nabcd\n');
    expect(CHALLENGE_LIFE_MS).toBe(300_000);
  });

  it('of one purpose is never that of another', () => {
    const of = (purpose: 'renewal' | 'installation' | 'installed') => proofText({ purpose, serial: '4a', nonce: '00', digest: 'ab' });
    expect(new Set([of('renewal'), of('installation'), of('installed')]).size).toBe(3);
  });
});
