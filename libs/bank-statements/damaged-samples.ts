/** Twelve entries, their file of each kind, and damage to a file drawn from a seed: for specs. Not part of the library's face. */
import { camtOf, csvOf, csvText, gb18030Of, mt940Of, xlsxOf, type Sample } from './samples.js';

/** With references of their own: `first` is the number of the first. */
export function twelveSamples(letter = 'B', first = 1): Sample[] {
  return Array.from({ length: 12 }, (_, index) => ({
    day: `2026-03-${String(5 + Math.floor(index / 4)).padStart(2, '0')}`,
    valueDay: '2026-03-05',
    amountFen: index === 5 ? -1_500 : index === 7 ? -30_007 : 25_000 + index * 1_001,
    reversal: index === 7,
    reference: `${letter}${String(first + index).padStart(8, '0')}`,
    name: ['成都信印科技（集团）有限公司', '绵阳某某医药有限责任公司', '四川甲药业有限公司'][index % 3] ?? '',
    account: `51001${index}`,
    remittance: `证书费 XB20260000${String(index).padStart(2, '0')}`,
  }));
}

/** `framed`: something in it says where it ends. Only a table has no frame around it. */
export const fileKinds: readonly { kind: string; write: (samples: readonly Sample[]) => Buffer; framed: boolean }[] = [
  { kind: 'CSV in UTF-8', write: csvOf, framed: false },
  { kind: 'CSV in GB18030', write: (samples) => gb18030Of(csvText(samples)), framed: false },
  { kind: 'XLSX', write: xlsxOf, framed: true },
  { kind: 'camt.053', write: camtOf, framed: true },
  { kind: 'MT940', write: mt940Of, framed: true },
];

export const moneyOf = (entries: readonly { amountFen: number }[]) => entries.map(({ amountFen }) => amountFen);

/** A beginning of a table is a statement too: so many of its amounts are then all that is told. */
export function moneyTold(file: Buffer, whole: Buffer, { framed, entries }: { framed: boolean; entries: number }, written: number[]) {
  const isBeginning = file.length < whole.length && whole.subarray(0, file.length).equals(file);
  return !framed && isBeginning ? written.slice(0, entries) : written;
}

/** Numerical Recipes' generator: the same files on every machine. */
function dice(seed: number) {
  let state = seed;
  return (sides: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * sides);
  };
}

export function damaged(bytes: Buffer, seed: number): Buffer {
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
