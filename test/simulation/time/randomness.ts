/** Chance from a seed: the same seed tells the same year, on every machine. Each thing draws from a stream of its own, named by what it is. */

export interface Randomness {
  /** In [0, 1). */
  unit(): number;
  chance(probability: number): boolean;
  between(least: number, most: number): number;
  /** A whole number, both ends included. */
  whole(least: number, most: number): number;
  /** Mostly short, now and then long: how people take their time. */
  waiting(mean: number): number;
  /** One of them, by their weights. */
  weighted<T>(choices: readonly (readonly [weight: number, choice: T])[]): T;
  /** Shaped like a UUID of version 4. */
  uuid(): string;
  /** A stream that what is drawn elsewhere does not move. */
  stream(name: string): Randomness;
}

export function randomness(seed: string): Randomness {
  const next = sfc32(seed);
  const unit = () => next() / 2 ** 32;
  return {
    unit,
    chance: (probability) => unit() < probability,
    between: (least, most) => least + unit() * (most - least),
    whole: (least, most) => least + Math.floor(unit() * (most - least + 1)),
    waiting: (mean) => -mean * Math.log(1 - unit()),
    weighted: (choices) => {
      let left = unit() * choices.reduce((sum, [weight]) => sum + weight, 0);
      const found = choices.find(([weight]) => (left -= weight) < 0) ?? choices.at(-1);
      if (!found) throw new RangeError('nothing to choose from');
      return found[1];
    },
    uuid: () => {
      const hex = Array.from({ length: 4 }, () => next().toString(16).padStart(8, '0')).join('');
      return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20)}`;
    },
    stream: (name) => randomness(`${seed}/${name}`),
  };
}

/** Chris Doty-Humphrey's small fast counter: whole numbers of 32 bits. */
function sfc32(seed: string): () => number {
  let [a, b, c, counter] = [hashOf(`${seed}/a`), hashOf(`${seed}/b`), hashOf(`${seed}/c`), 1];
  const next = () => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return sum >>> 0;
  };
  for (let round = 0; round < 15; round += 1) next();
  return next;
}

/** FNV-1a, mixed once more at its end, so that seeds that differ by one are far apart. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (const character of text) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
