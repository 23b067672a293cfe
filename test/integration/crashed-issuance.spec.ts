/**
 * "Never two certificates": a worker is killed before or after every single write of every step of issuance. Afterwards each place has one
 * pair of certificates, one seal and one token whose keys are those of its certificates, and the case goes on by itself.
 */
import { casesOf, type Cases, type FiledCase } from '../world/cases.js';
import { issuedFor, issuedOnce, opensslAccepts } from '../world/issued.js';
import { killedWorkers, type Death } from '../world/killed-worker.js';
import { openOffice, type Office } from '../world/office.js';

/** What each step writes, worked out by hand from architecture.md: whoever adds a write adds its crashes here. */
const WRITES = {
  makeSigningKey: ['insert token'],
  issueCertificates: [
    'insert escrowed_key',
    'insert certificate',
    'insert certificate',
    'commit certificate',
    'commit certificate, audit_entry',
    'update token',
  ],
  makeSeal: ['commit audit_entry, seal'],
  writeToken: ['commit audit_entry, token'],
  printTokenLabel: ['insert document'],
} as const;

/** In words, for those that matter most. */
const MEANING: Partial<Record<string, string>> = {
  'makeSigningKey before 0': 'the key is on the token, no row knows it',
  'issueCertificates after 1': 'serial and bytes of the signing certificate are committed, nothing is signed',
  'issueCertificates before 3': 'both are committed, the first signature is made and not kept',
  'issueCertificates after 3': 'one of two is signed',
  'issueCertificates before 5': 'both are signed, the envelope is not kept',
  'makeSeal before 0': 'the seal is made, no row knows it',
  'writeToken before 0': 'the token is written, no row knows it',
};

const deaths: { name: string; death: Death }[] = Object.entries(WRITES).flatMap(([activity, writes]) =>
  writes.flatMap((_, write) => {
    const sides = write === 0 ? (['before', 'after'] as const) : (['after'] as const);
    // Signing lies between the second commit of bytes and the first commit of a signature.
    const more = activity === 'issueCertificates' && (write === 3 || write === 5) ? (['before'] as const) : [];
    return [...more, ...sides].map((when) => {
      const key = `${activity} ${when} ${write}`;
      return {
        name: `${activity}, ${when} “${writes[write]}”${MEANING[key] ? `: ${MEANING[key]}` : ''}`,
        death: { activity, write, when },
      };
    });
  }),
);

describe('issuance by workers that die', () => {
  const killed = killedWorkers();
  let office: Office;
  let cases: Cases;
  const filed = new Map<string, FiledCase>();
  const silent: Record<string, Death> = {
    'makeSigningKey, done but never reported': { activity: 'makeSigningKey', write: 0, when: 'after', how: 'silent' },
    'issueCertificates, one of two signed': { activity: 'issueCertificates', write: 3, when: 'after', how: 'silent' },
    'makeSeal, done but never reported': { activity: 'makeSeal', write: 0, when: 'after', how: 'silent' },
    'writeToken, done but never reported': { activity: 'writeToken', write: 0, when: 'after', how: 'silent' },
  };
  const late: Record<string, Death> = {
    'after its key is in escrow': { activity: 'issueCertificates', write: 0, when: 'after', how: 'late' },
    'after the bytes of the signing certificate were committed': { activity: 'issueCertificates', write: 1, when: 'after', how: 'late' },
    'after both were signed': { activity: 'issueCertificates', write: 4, when: 'after', how: 'late' },
    'before the token’s key is on record': { activity: 'makeSigningKey', write: 0, when: 'before', how: 'late' },
  };

  beforeAll(async () => {
    office = await openOffice({ activities: { pki: killed.queue, station: killed.queue, documents: killed.queue } });
    killed.watch(office.data);
    cases = casesOf(office);
    const all: [string, number, Death[]][] = [
      ['nobody dies', 1, []],
      ...deaths.map(({ name, death }): [string, number, Death[]] => [name, 1, [death]]),
      ...[...Object.entries(silent), ...Object.entries(late)].map(([name, death]): [string, number, Death[]] => [name, 1, [death]]),
      ['everything at once', 2, bothPlaces()],
    ];
    // Eight counters: mostly they wait for one another's answers.
    const waiting = all.map((each, at) => ({ each, at }));
    const counter = async () => {
      for (let next = waiting.shift(); next; next = waiting.shift()) {
        const [name, count, plan] = next.each;
        const one = await cases.awaitingPayment({ name: `成都第${next.at + 1}号医药有限公司`, count });
        filed.set(name, one);
        for (const death of plan) killed.plan(one.id, death);
        await cases.transfer(one);
      }
    };
    await Promise.all(Array.from({ length: 8 }, counter));
  }, 180_000);
  afterAll(async () => {
    await killed.release();
    await office.close();
  }, 60_000);

  const caseOf = (name: string) => filed.get(name)!;
  const issued = async (name: string) => {
    const one = caseOf(name);
    await cases.reach(one, 'dispatch');
    const { serials, ...rest } = await issuedFor(office, one);
    expect(serials.given).toBe(serials.different);
    return rest;
  };

  it.each(Object.entries(WRITES))(
    'the writes of %s are those whose crashes are tested below',
    async (activity, writes) => {
      await issued('nobody dies');
      expect(killed.writes(caseOf('nobody dies').id, activity)).toEqual(writes);
    },
    120_000,
  );

  it.each(deaths)(
    '$name',
    async ({ name }) => {
      expect(await issued(name)).toEqual(issuedOnce());
      expect(killed.happened(caseOf(name).id)).toBe(1);
    },
    120_000,
  );

  it('every step of both tokens of one case, and some steps more than once', async () => {
    expect(await issued('everything at once')).toEqual(issuedOnce(2));
    expect(killed.happened(caseOf('everything at once').id)).toBe(bothPlaces().length);
  }, 120_000);

  it.each(Object.keys(silent))(
    'nobody hears of it until the attempt times out: %s',
    async (name) => {
      expect(await issued(name)).toEqual(issuedOnce());
      expect(killed.happened(caseOf(name).id)).toBe(1);
    },
    120_000,
  );

  it.each(Object.keys(late))(
    'an attempt given up for dead wakes up when its successor is long done: %s',
    async (name) => {
      // All of them sleep until each successor has ended: whoever comes first here wakes them all.
      for (const each of Object.keys(late)) expect(await issued(each)).toEqual(issuedOnce());
      await killed.release();
      expect(await issued(name)).toEqual(issuedOnce());
      expect(killed.happened(caseOf(name).id)).toBe(1);
    },
    120_000,
  );

  it('and OpenSSL takes a signature of such a token', async () => {
    expect(await opensslAccepts(office, caseOf('everything at once'))).toBe('Signature Verified Successfully');
  });
});

function bothPlaces(): Death[] {
  const last = (activity: keyof typeof WRITES) => WRITES[activity].length - 1;
  const each = Object.keys(WRITES).flatMap((activity): Death[] =>
    [1, 2].map((index) => ({ activity, index, write: last(activity as keyof typeof WRITES), when: 'after' })),
  );
  const again: Death[] = [
    { activity: 'issueCertificates', index: 2, write: 0, when: 'before' },
    { activity: 'writeToken', index: 2, write: 0, when: 'before' },
  ];
  return [...again, ...each];
}
