/**
 * A thousand damaged files of each kind. The property: a damaged file is refused with one place and a reason of the table, and nothing else
 * is thrown; or what is read has the amounts that were written, each with its sign, in their order, and no more of them: the file's own sums
 * and balances say so. A table that was cut between two lines, and so lost its total, is a shorter statement: the rest comes when it is
 * brought whole. What may differ is a text or a day where the damage fell, which no sum covers; then the entry has another payer or
 * another reference, and matching holds it.
 */
import { XinyinError, errorTable } from '#domain';
import { readStatement } from './index.js';
import { camtOf, csvOf, csvText, gb18030Of, mt940Of, xlsxOf, type Sample } from './samples.js';

const NOW = new Date('2026-03-31T00:00:00Z');
const FILES = 1_000;

const SAMPLES: Sample[] = Array.from({ length: 12 }, (_, index) => ({
  day: `2026-03-${String(5 + Math.floor(index / 4)).padStart(2, '0')}`,
  valueDay: '2026-03-05',
  amountFen: index === 5 ? -1_500 : index === 7 ? -30_007 : 25_000 + index * 1_001,
  reversal: index === 7,
  reference: `B${String(index + 1).padStart(8, '0')}`,
  name: ['成都信印科技（集团）有限公司', '绵阳某某医药有限责任公司', '四川甲药业有限公司'][index % 3] ?? '',
  account: `51001${index}`,
  remittance: `证书费 XB20260000${String(index).padStart(2, '0')}`,
}));

/** Numerical Recipes' generator: the same files on every machine. */
function dice(seed: number) {
  let state = seed;
  return (sides: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * sides);
  };
}

function damaged(bytes: Buffer, seed: number): Buffer {
  const roll = dice(seed);
  for (let skip = 0; skip < 8; skip += 1) roll(2);
  const at = roll(bytes.length);
  const width = 1 + roll(12);
  switch (roll(6)) {
    case 0: {
      const copy = Buffer.from(bytes);
      for (let index = at; index < Math.min(at + width, copy.length); index += 1) copy[index] = roll(256);
      return copy;
    }
    case 1: {
      const copy = Buffer.from(bytes);
      copy[at] = (copy[at] ?? 0) ^ (1 << roll(8));
      return copy;
    }
    case 2:
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + width)]);
    case 3:
      return bytes.subarray(0, at);
    case 4:
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at, at + width * 20), bytes.subarray(at)]);
    default: {
      const from = roll(bytes.length);
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(from, from + width * 10), bytes.subarray(at)]);
    }
  }
}

const moneyOf = (entries: readonly { amountFen: number }[]) => entries.map(({ amountFen }) => amountFen);

/** Only a table has no frame around it: a beginning of it is a statement too. */
const isBeginning = (file: Buffer, whole: Buffer) => file.length < whole.length && whole.subarray(0, file.length).equals(file);

describe.each([
  ['CSV in UTF-8', csvOf(SAMPLES), true],
  ['CSV in GB18030', gb18030Of(csvText(SAMPLES)), true],
  ['XLSX', xlsxOf(SAMPLES), false],
  ['camt.053', camtOf(SAMPLES), false],
  ['MT940', mt940Of(SAMPLES), false],
])('%s', (_, whole, table) => {
  it(`damaged in ${FILES} ways is refused with a place, or tells no other money`, async () => {
    const written = moneyOf(SAMPLES);
    expect(moneyOf((await readStatement(whole, { now: NOW })).entries)).toEqual(written);
    let refused = 0;
    for (let seed = 1; seed <= FILES; seed += 1) {
      const file = damaged(whole, seed);
      try {
        const { entries } = await readStatement(file, { now: NOW });
        const shorter = table && isBeginning(file, whole);
        expect({ seed, money: moneyOf(entries) }).toEqual({ seed, money: shorter ? written.slice(0, entries.length) : written });
      } catch (failure) {
        if (!(failure instanceof XinyinError)) throw failure;
        refused += 1;
        expect({ seed, code: failure.code, places: failure.fields.length }).toEqual({ seed, code: 'STATEMENT_REFUSED', places: 1 });
        expect(failure.fields[0]?.field).toMatch(/^line \d+\/.+/);
        expect(Object.keys(errorTable)).toContain(failure.fields[0]?.code);
      }
    }
    // Most damage is seen; were none, nothing was damaged.
    expect(refused).toBeGreaterThan(FILES / 2);
  }, 120_000);
});
