/**
 * A thousand damaged files of each kind. The property: a damaged file is refused with one place and a reason of the table, and nothing else
 * is thrown; or what is read has the amounts that were written, each with its sign, in their order, and no more of them: the file's own sums
 * and balances say so. A table that was cut between two lines, and so lost its total, is a shorter statement: the rest comes when it is
 * brought whole. What may differ is a text or a day where the damage fell, which no sum covers; then the entry has another payer or
 * another reference, and matching holds it. Fewer of them go through the whole import in test/integration/damaged-statements.spec.ts.
 */
import { XinyinError, errorTable } from '#domain';
import { readStatement } from './index.js';
import { damaged, fileKinds, moneyOf, moneyTold, twelveSamples } from './damaged-samples.js';

const NOW = new Date('2026-03-31T00:00:00Z');
const FILES = 1_000;
const SAMPLES = twelveSamples();

describe.each(fileKinds)('$kind', ({ write, framed }) => {
  it(`damaged in ${FILES} ways is refused with a place, or tells no other money`, async () => {
    const whole = write(SAMPLES);
    const written = moneyOf(SAMPLES);
    expect(moneyOf((await readStatement(whole, { now: NOW })).entries)).toEqual(written);
    let refused = 0;
    for (let seed = 1; seed <= FILES; seed += 1) {
      const file = damaged(whole, seed);
      try {
        const { entries } = await readStatement(file, { now: NOW });
        const told = moneyTold(file, whole, { framed, entries: entries.length }, written);
        expect({ seed, money: moneyOf(entries) }).toEqual({ seed, money: told });
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
