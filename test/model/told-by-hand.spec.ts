/** Stories that are told every time: the plain ones that rules name, and those in which office and model once did not agree. */
import { jest } from '@jest/globals';
import { openOffice, type Office } from '../world/office.js';
import { after, begin, type Beginning, type Case, type Happening, type Story } from './index.js';
import { openTelling } from './telling.js';

jest.setTimeout(120_000);

const story = (beginning: Partial<Beginning> & Pick<Beginning, 'way'>, ...happenings: Happening[]): Story => ({
  beginning: { count: 1, years: 1, colleague: false, cause: 'lost', ...beginning },
  happenings,
});
const ended = ({ beginning, happenings }: Story): Case =>
  happenings.reduce((now, happening) => after(now, happening).now, begin(beginning));

const approved: Happening = { kind: 'review', outcome: 'approved', by: 'reviewer', what: 'paper' };
const transferred: Happening = { kind: 'transfer', amount: 'exact', payer: 'own', account: 'corporate' };
const paidAtWindow: Happening = { kind: 'slip', amount: 'exact', by: 'clerk' };
const handedOver: Happening = { kind: 'hand-over', by: 'clerk' };
const installed: Happening = { kind: 'install', whole: true };
const setAt = (fen: number): Happening => ({ kind: 'fee', fen, by: 'supervisor' });
const recovered: Happening[] = [
  { kind: 'recover', by: 'reviewer' },
  { kind: 'recover', by: 'supervisor' },
];

describe('stories told by hand', () => {
  let office: Office;
  let tell: (story: Story) => Promise<void>;
  beforeAll(async () => {
    office = await openOffice({ engine: 'time-skipping' });
    tell = await openTelling(office);
  }, 120_000);
  afterAll(() => office.close(), 60_000);

  it('G invoice: each business that was paid for sends its link once it is complete; what cost nothing sends none', async () => {
    const paid = [
      story({ way: 'new-online' }, approved, transferred),
      story({ way: 'renewal-expired-online' }, approved, transferred, installed),
      story({ way: 'renewal-valid-window' }, paidAtWindow, approved, handedOver),
      story({ way: 'change-window' }, setAt(3_000), paidAtWindow, approved, handedOver),
      story({ way: 'reissue-window' }, paidAtWindow, approved, ...recovered, handedOver),
    ];
    const free = [story({ way: 'change-window' }, setAt(0), approved, handedOver), story({ way: 'revocation-window' }, approved)];
    const links = (all: Story[]) => all.map((each) => ended(each).told.filter((template) => template === 'invoice').length);
    expect([links(paid), links(free)]).toEqual([
      [1, 1, 1, 1, 1],
      [0, 0],
    ]);
    for (const each of [...paid, ...free]) await tell(each);
  });

  it('G messages: online, the review that passed and the payment that came are told', async () => {
    const expired = story({ way: 'renewal-expired-online' }, approved, transferred);
    expect(ended(expired).told).toEqual(['renewal-approved', 'payment-confirmed', 'install-ready']);
    await tell(expired);
    const first = story({ way: 'new-online' }, approved, transferred);
    expect(ended(first).told).toEqual(['review-approved', 'payment-confirmed', 'completed', 'invoice']);
    await tell(first);
  });
  const credit = (amount: 'exact' | 'short' | 'over', payer: 'own' | 'other' = 'own'): Happening => ({
    kind: 'transfer',
    amount,
    payer,
    account: 'corporate',
  });

  it('money: too little is asked for, a wrong payer is held, too much is on record, and a second payment is held untold', async () => {
    const paid = story({ way: 'new-online' }, approved, credit('short'), credit('exact', 'other'), credit('over'), credit('exact'));
    expect(ended(paid)).toMatchObject({
      order: { due: 25_000, got: 26_000, status: 'paid' },
      surplus: 1_000,
      owed: 1_000,
      held: ['wrong-payer', 'paid-twice'],
      told: ['review-approved', 'payment-short', 'payment-held', 'payment-confirmed', 'completed', 'invoice'],
    });
    await tell(paid);
  });

  it('D window: whoever corrects a case does not review it; who has had nothing in hand does', async () => {
    const returned: Happening = { kind: 'review', outcome: 'returned', by: 'reviewer', what: 'paper' };
    const corrected: Happening = { kind: 'correct', whole: true, by: 'second-clerk' };
    const byCorrector: Happening = { kind: 'review', outcome: 'approved', by: 'second-clerk', what: 'paper' };
    const told = story({ way: 'reissue-window' }, paidAtWindow, returned, corrected, byCorrector, approved);
    expect([after(ended({ ...told, happenings: told.happenings.slice(0, 3) }), byCorrector).taken, ended(told).at]).toEqual([
      false,
      'key-recovery',
    ]);
    await tell(told);
  });

  it('renewal: what came during the review is told at the payment, and owed back when the rest never comes', async () => {
    const unpaid = story({ way: 'renewal-valid-online' }, credit('short'), approved, { kind: 'wait', hours: 745 });
    expect(ended(unpaid)).toMatchObject({
      outcome: 'order-expired',
      order: { due: 20_000, got: 500, status: 'expired' },
      owed: 500,
      told: ['renewal-approved', 'payment-short', 'expired'],
    });
    await tell(unpaid);
  });
});
