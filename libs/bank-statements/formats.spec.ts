/** Properties that hold in every format, and of each against every other. */
import fc from 'fast-check';
import { readStatement, type StatementEntry } from './index.js';
import { camtOf, csvOf, mt940Of, xlsxOf, type Sample } from './samples.js';

const NOW = new Date('2026-03-31T00:00:00Z');
const writers = { csv: csvOf, xlsx: xlsxOf, 'camt.053': camtOf, mt940: mt940Of };
const formats = Object.keys(writers) as (keyof typeof writers)[];
const read = async (bytes: Buffer) => (await readStatement(bytes, { now: NOW })).entries;

const han = fc.constantFrom(...'成都信印科技医药有限责任公司绵阳某某（集团）(A2)药业');
const name = fc.array(han, { minLength: 1, maxLength: 60 }).map((characters) => characters.join(''));
const word = fc.constantFrom('货款', 'XB2026000001', 'XB-2026-000002', '证书,费', '"引号"', 'a/b', '<&>', '3月 6日');
const remittance = fc.array(word, { maxLength: 12 }).map((words) => words.join('；'));
const day = fc.integer({ min: 2, max: 28 }).map((number) => `2026-03-${String(number).padStart(2, '0')}`);
const sample: fc.Arbitrary<Sample> = fc.record({
  day,
  valueDay: fc.constant(''),
  amountFen: fc.integer({ min: 1, max: 99_999_999 }).chain((fen) => fc.constantFrom(fen, fen, -fen)),
  reversal: fc.boolean(),
  reference: fc.constant(null),
  name,
  account: fc.stringMatching(/^\d{6,20}$/),
  remittance,
});
/** The value day is the day of booking or the one before; references, where there are any, are the bank's own numbers. */
const samples = fc.tuple(fc.array(sample, { maxLength: 12 }), fc.boolean()).map(([drawn, named]) =>
  drawn.map((each, index) => ({
    ...each,
    valueDay: index % 3 === 0 ? each.day : `2026-03-${String(Number(each.day.slice(8)) - 1).padStart(2, '0')}`,
    reference: named ? `B${String(index).padStart(8, '0')}` : null,
  })),
);

/** All that every format can tell. */
const told = ({
  identity,
  reference,
  bookedDay,
  valueDay,
  amountFen,
  reversal,
  payerName,
  payerAccount,
  remittance,
  payerAccountType,
}: StatementEntry) => {
  return { identity, reference, bookedDay, valueDay, amountFen, reversal, payerName, payerAccount, remittance, payerAccountType };
};

describe('one statement in four formats', () => {
  it('reads the same in each of them, as it was written', async () => {
    await fc.assert(
      fc.asyncProperty(samples, async (drawn) => {
        const readings = await Promise.all(formats.map(async (format) => (await read(writers[format](drawn))).map(told)));
        const [first = []] = readings;
        for (const reading of readings) expect(reading).toEqual(first);
        expect(first).toMatchObject(
          drawn.map(({ day, valueDay, amountFen, reversal, name, account, remittance, reference }) => {
            return { bookedDay: day, valueDay, amountFen, reversal, payerName: name, payerAccount: account, remittance, reference };
          }),
        );
      }),
      { numRuns: 150 },
    );
  }, 120_000);

  it('overlaps itself: any whole days of it, in any other format, tell nothing that all of it does not', async () => {
    await fc.assert(
      fc.asyncProperty(samples, day, fc.constantFrom(...formats), fc.constantFrom(...formats), async (drawn, from, one, other) => {
        const all = new Set((await read(writers[one](drawn))).map(({ identity }) => identity));
        const later = await read(writers[other](drawn.filter((each) => each.day >= from)));
        for (const { identity } of later) expect(all).toContain(identity);
        expect(all.size).toBe(drawn.length);
      }),
      { numRuns: 150 },
    );
  }, 120_000);

  it('equal entries of one day are as many as they are, in any order', async () => {
    const one: Sample = {
      ...{ day: '2026-03-06', valueDay: '2026-03-06', amountFen: 25_000, reversal: false, reference: null },
      ...{ name: '成都甲医药有限公司', account: '6222001', remittance: 'XB2026000001' },
    };
    const other = { ...one, name: '成都乙医药有限公司' };
    const identities = async (drawn: Sample[]) => (await read(csvOf(drawn))).map(({ identity }) => identity).sort();
    expect(new Set(await identities([one, one, one])).size).toBe(3);
    expect(await identities([one, other, one])).toEqual(await identities([one, one, other]));
    // The wording differs, the orders named are the same: the same entry.
    expect(await identities([{ ...one, remittance: '证书费 xb-2026-000001', account: '' }])).toEqual(await identities([one]));
  });
});
