/**
 * The two type families of every document, from npm, never from the machine: a form looks the same on any computer, and a character that
 * the families lack is known before printing instead of vanishing from it.
 *
 * A family comes as one file of the 7,947 usual characters and 101 slices for the rest. The big file is declared for exactly what it
 * holds, so that ordinary text needs one file and one embedded font a weight; a rare character fetches its slice.
 */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { create } from 'fontkit';

const FAMILIES = [
  { name: 'Noto Serif SC', slug: 'noto-serif-sc' },
  { name: 'Noto Sans SC', slug: 'noto-sans-sc' },
] as const;
const WEIGHTS = [400, 700] as const;

/** Control and format characters, spaces and variation selectors: rightly without a picture. */
const UNPICTURED = /[\p{Cc}\p{Cf}\p{Z}\p{Variation_Selector}]/u;

/** Characters that turn the direction of text could show another name than the one that was checked: they are marked like lacking ones. */
const TURNING = /\p{Bidi_Control}/u;

interface Slice {
  readonly file: string;
  readonly ranges: string;
}

export interface FontLibrary {
  /** The @font-face rules, with addresses under `/fonts/`. */
  readonly css: string;
  /** The bytes of `/fonts/<name>`, or null for a name that is not one of ours. */
  file(name: string): Promise<Buffer | null>;
  /** The characters of `text` that neither family can draw, each once. */
  absent(text: string): Promise<string[]>;
}

export async function openFonts(): Promise<FontLibrary> {
  const require = createRequire(import.meta.url);
  const folders = new Map<string, string>();
  const rules: string[] = [];
  const slicesOfRegular: Slice[] = [];
  const usual = new Set<number>();

  for (const { name, slug } of FAMILIES) {
    const folder = dirname(require.resolve(`@fontsource/${slug}/package.json`));
    const held = await codePoints(join(folder, 'files', wholeFile(slug, 400)));
    held.forEach((point) => usual.add(point));
    for (const weight of WEIGHTS) {
      const slices = readSlices(await readFile(join(folder, `${weight}.css`), 'utf8'));
      if (weight === 400) slicesOfRegular.push(...slices);
      // Among rules that claim the same character the last one wins (CSS Fonts 4, 5.2), hence the big file last.
      for (const { file, ranges } of [...slices, { file: wholeFile(slug, weight), ranges: asRanges(held) }]) {
        folders.set(file, folder);
        rules.push(fontFace(name, weight, file, ranges));
      }
    }
  }

  const drawn = new Map<number, Promise<boolean>>();
  const path = (file: string) => join(folders.get(file) ?? '', 'files', file);
  const inSlices = async (point: number): Promise<boolean> => {
    for (const { file } of slicesOfRegular.filter(({ ranges }) => declares(ranges, point))) {
      if ((await codePoints(path(file))).has(point)) return true;
    }
    return false;
  };
  return {
    css: rules.join('\n'),
    file: async (name) => (folders.has(name) ? readFile(path(name)) : null),
    absent: async (text) => {
      const missing: string[] = [];
      for (const character of new Set(text)) {
        const point = character.codePointAt(0) ?? 0;
        if (TURNING.test(character)) missing.push(character);
        if (TURNING.test(character) || usual.has(point) || UNPICTURED.test(character)) continue;
        const known = drawn.get(point) ?? inSlices(point);
        drawn.set(point, known);
        if (!(await known)) missing.push(character);
      }
      return missing;
    },
  };
}

function wholeFile(slug: string, weight: number): string {
  return `${slug}-chinese-simplified-${weight}-normal.woff2`;
}

function fontFace(family: string, weight: number, file: string, ranges: string): string {
  return `@font-face{font-family:'${family}';font-weight:${weight};font-display:block;src:url(/fonts/${file}) format('woff2');unicode-range:${ranges}}`;
}

function readSlices(css: string): Slice[] {
  const slices: Slice[] = [];
  for (const [, file, ranges] of css.matchAll(/url\(\.\/files\/([\w-]+\.woff2)\)[^}]*?unicode-range:\s*([^;]+);/g)) {
    if (file && ranges) slices.push({ file, ranges });
  }
  return slices;
}

async function codePoints(file: string): Promise<Set<number>> {
  const font = create(await readFile(file));
  if (!('characterSet' in font)) throw new Error(`${file} is a collection, not one font`);
  return new Set(font.characterSet);
}

function declares(ranges: string, point: number): boolean {
  return ranges.split(',').some((range) => {
    const [from = 0, to = from] = range
      .trim()
      .slice(2)
      .split('-')
      .map((hex) => parseInt(hex, 16));
    return from <= point && point <= to;
  });
}

function asRanges(points: ReadonlySet<number>): string {
  const runs: [number, number][] = [];
  for (const point of [...points].sort((a, b) => a - b)) {
    const last = runs.at(-1);
    if (last && last[1] === point - 1) last[1] = point;
    else runs.push([point, point]);
  }
  return runs.map(([from, to]) => (from === to ? `U+${from.toString(16)}` : `U+${from.toString(16)}-${to.toString(16)}`)).join(',');
}
