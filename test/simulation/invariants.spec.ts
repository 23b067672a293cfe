import { invariants, type InvariantName, type YearFacts } from './invariants.js';

const at = (shanghai: string) => Date.parse(`${shanghai}+08:00`);
const isHoliday = (day: string) => day === '2026-05-01';

/** A sound year of three cases: one sent, one carried and sent, one that waits for its transfer. */
const sound = (): YearFacts => ({
  end: at('2026-06-01T00:00:00'),
  money: [
    { name: 'SIM1', amountFen: 25_000, ledger: { received: 25_000, earned: 25_000 }, expected: { earned: 25_000 }, reversed: false },
    {
      name: 'SIM2',
      amountFen: 30_000,
      ledger: { received: 30_000, earned: 25_000, refunded: 5_000 },
      expected: { earned: 25_000, refunded: 5_000 },
      reversed: false,
    },
    {
      name: 'SIM3',
      amountFen: 25_000,
      ledger: { held: -5_000, refunded: 5_000 },
      expected: { held: -5_000, refunded: 5_000 },
      reversed: true,
    },
  ],
  certificates: [
    { number: 'XB-2026-000001', index: 1, kind: 'signing', serial: 'a1', count: 1 },
    { number: 'XB-2026-000001', index: 1, kind: 'encryption', serial: 'a2', count: 1 },
    { number: 'XB-2026-000002', index: 1, kind: 'signing', serial: 'b1', count: 1 },
  ],
  cases: [
    { ...aCase('XB-2026-000001'), stage: 'closed', waitingFor: 'nobody', outcome: 'dispatched', issued: 1 },
    { ...aCase('XB-2026-000003'), dueAt: at('2026-06-20T00:00:00') },
  ].map((each) => ({ ...each, expected: { stage: each.stage, waitingFor: each.waitingFor, outcome: each.outcome, issued: each.issued } })),
  letters: [
    {
      number: 'XB-2026-000001',
      completedAt: at('2026-04-29T10:00:00'),
      day: '2026-05-08',
      handedOverAt: at('2026-05-08T17:00:00'),
      outcomes: [{ day: '2026-05-08', carried: null, to: null, at: at('2026-05-08T17:00:00') }],
    },
    {
      number: 'XB-2026-000002',
      completedAt: at('2026-05-12T10:00:00'),
      day: '2026-05-29',
      handedOverAt: at('2026-05-29T17:00:00'),
      outcomes: [
        { day: '2026-05-15', carried: 'uncertified', to: '2026-05-22', at: at('2026-05-15T09:00:00') },
        // The outage was over on the Sunday.
        { day: '2026-05-22', carried: 'missed', to: '2026-05-29', at: at('2026-05-24T12:00:00') },
        { day: '2026-05-29', carried: null, to: null, at: at('2026-05-29T17:00:00') },
      ],
    },
  ],
});

function aCase(number: string) {
  const open = { stage: 'payment', waitingFor: 'bank', outcome: null as string | null, parked: false, issued: 0 };
  return { number, ...open, dueAt: null as number | null, since: at('2026-05-20T10:00:00') };
}

const credits: InvariantName = 'every credit accounted for';
const certificates: InvariantName = 'no certificate twice';
const ends: InvariantName = 'no case without an end or a named waiter';
const fridays: InvariantName = 'every completion dispatched on the right Friday';

/** What each does to a sound year. */
const broken: [name: InvariantName, what: string, spoil: (facts: YearFacts) => void][] = [
  [credits, 'a credit that is nowhere', ({ money: [first] }) => void (first!.ledger = { received: 25_000 })],
  [credits, 'a credit that was never posted', ({ money: [first] }) => void (first!.ledger = {})],
  [credits, 'a fen too much', ({ money: [first] }) => void (first!.ledger.earned = 25_001)],
  [
    credits,
    'money in another account than it should be',
    ({ money: [first] }) => void (first!.ledger = { received: 25_000, held: 25_000 }),
  ],
  [credits, 'a surplus that was paid back twice', ({ money: [, second] }) => void (second!.ledger.refunded = 10_000)],
  [credits, 'a credit received again after the bank took it back', ({ money: [, , third] }) => void (third!.ledger.received = 25_000)],
  [certificates, 'a serial given twice', ({ certificates: [first, , third] }) => void (third!.serial = first!.serial)],
  [
    certificates,
    'a second certificate for one place',
    (facts) => void facts.certificates.push({ ...facts.certificates[0]!, serial: 'c1' }),
  ],
  [certificates, 'more than were bought', (facts) => void facts.certificates.push({ ...facts.certificates[0]!, index: 2, serial: 'c2' })],
  [ends, 'nobody is waited for', ({ cases: [, open] }) => void Object.assign(open!, { waitingFor: 'nobody' })],
  [
    ends,
    'the system has had it for weeks',
    ({ cases: [, open] }) => void Object.assign(open!, { waitingFor: 'system', since: at('2026-05-01T00:00:00') }),
  ],
  [ends, 'its time has run off', ({ cases: [, open] }) => void Object.assign(open!, { dueAt: at('2026-05-25T00:00:00') })],
  [ends, 'closed without an outcome', ({ cases: [first] }) => void Object.assign(first!, { outcome: null })],
  [ends, 'another outcome than the simulation’s', ({ cases: [first] }) => void Object.assign(first!, { outcome: 'rejected' })],
  [ends, 'a certificate fewer than the simulation’s', ({ cases: [first] }) => void Object.assign(first!, { issued: 0 })],
  [fridays, 'sent on a holiday', ({ letters: [first] }) => void Object.assign(first!.outcomes[0]!, { day: '2026-05-01' })],
  [fridays, 'sent a week late', ({ letters: [first] }) => void Object.assign(first!.outcomes[0]!, { day: '2026-05-15' })],
  [fridays, 'carried past a Friday', ({ letters: [, second] }) => void Object.assign(second!.outcomes[0]!, { to: '2026-05-29' })],
  [fridays, 'on a list of another day', ({ letters: [first] }) => void (first!.day = '2026-05-15')],
  [fridays, 'sent twice', ({ letters: [first] }) => void first!.outcomes.push(first!.outcomes[0]!)],
  [fridays, 'handed over days later', ({ letters: [first] }) => void (first!.handedOverAt = at('2026-05-14T09:00:00'))],
  [fridays, 'left where it was', ({ letters: [first] }) => void Object.assign(first!, { handedOverAt: null, outcomes: [] })],
];

describe('the invariants of a year', () => {
  it.each(Object.keys(invariants) as InvariantName[])('%s: nothing is found in a sound year', (name) => {
    expect(invariants[name](sound(), isHoliday)).toEqual([]);
  });

  it.each(broken)('%s: found, %s', (name, _, spoil) => {
    const facts = sound();
    spoil(facts);
    const found = (Object.keys(invariants) as InvariantName[]).filter((each) => invariants[each](facts, isHoliday).length > 0);
    expect(found).toEqual([name]);
  });
});
