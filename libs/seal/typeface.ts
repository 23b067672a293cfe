/**
 * The outlines of the seal typeface, a simplified Song type. The package ships it in a hundred files by Unicode range; a file is opened
 * when a character first needs it and kept, because a name needs five or six of them and the process draws thousands of names.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { create, type Font } from 'fontkit';
import { plainFont } from './woff.js';

export type OutlineStep =
  | readonly ['M' | 'L', number, number]
  | readonly ['Q', number, number, number, number]
  | readonly ['C', number, number, number, number, number, number]
  | readonly ['Z'];

/** One character in units of 1000 to the em, y upwards from the baseline. */
export interface Outline {
  readonly steps: readonly OutlineStep[];
  readonly advance: number;
  readonly ink: { readonly minX: number; readonly maxX: number; readonly minY: number; readonly maxY: number };
}

const UNITS_PER_EM = 1000;
const WEIGHT = 700;
const BLANK = /^[ \u00a0\u3000]$/u;
const FAMILY = '@fontsource/noto-serif-sc';
const load = createRequire(import.meta.url);

interface Subset {
  readonly name: string;
  readonly ranges: readonly (readonly [number, number])[];
}

let subsets: readonly Subset[] | undefined;
const fonts = new Map<string, Font>();
const outlines = new Map<number, Outline | null>();

/** The outline of one code point, or null when the typeface cannot show it: an empty glyph that is no space shows nothing. */
export function outlineOf(codePoint: number): Outline | null {
  const known = outlines.get(codePoint);
  if (known !== undefined) return known;
  const found = findOutline(codePoint);
  outlines.set(codePoint, found);
  return found;
}

function findOutline(codePoint: number): Outline | null {
  subsets ??= readSubsets();
  for (const { name, ranges } of subsets) {
    if (!ranges.some(([first, last]) => first <= codePoint && codePoint <= last)) continue;
    const font = fontOf(name);
    // The published ranges promise more than the files hold (emoji, for one): only the file's own table decides.
    if (!font.hasGlyphForCodePoint(codePoint)) continue;
    const outline = readOutline(font, codePoint);
    if (outline.steps.length > 0 || BLANK.test(String.fromCodePoint(codePoint))) return outline;
  }
  return null;
}

function readOutline(font: Font, codePoint: number): Outline {
  const glyph = font.glyphForCodePoint(codePoint);
  const scale = UNITS_PER_EM / font.unitsPerEm;
  const steps = glyph.path.commands.map(({ command, args }) =>
    outlineStep(
      command,
      args.map((value) => value * scale),
    ),
  );
  if (steps.length === 0) return { steps, advance: glyph.advanceWidth * scale, ink: { minX: 0, maxX: 0, minY: 0, maxY: 0 } };
  const { minX, maxX, minY, maxY } = glyph.path.bbox;
  const ink = { minX: minX * scale, maxX: maxX * scale, minY: minY * scale, maxY: maxY * scale };
  return { steps, advance: glyph.advanceWidth * scale, ink };
}

function outlineStep(command: string, args: readonly number[]): OutlineStep {
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0] = args;
  if (command === 'moveTo') return ['M', a, b];
  if (command === 'lineTo') return ['L', a, b];
  if (command === 'quadraticCurveTo') return ['Q', a, b, c, d];
  if (command === 'bezierCurveTo') return ['C', a, b, c, d, e, f];
  return ['Z'];
}

function fontOf(subset: string): Font {
  const known = fonts.get(subset);
  if (known) return known;
  const opened = create(plainFont(readFileSync(load.resolve(`${FAMILY}/files/noto-serif-sc-${subset}-${WEIGHT}-normal.woff`))));
  if (!('glyphForCodePoint' in opened)) throw new TypeError(`not a single font: ${subset}`);
  fonts.set(subset, opened);
  return opened;
}

/** `{"[101]": "U+4e00-4e05,U+4e07"}`: the numbered names stand in brackets there and bare in the file names. */
function readSubsets(): readonly Subset[] {
  const table = JSON.parse(readFileSync(load.resolve(`${FAMILY}/unicode.json`), 'utf8')) as Record<string, string>;
  return Object.entries(table).map(([name, ranges]) => ({ name: name.replace(/[[\]]/g, ''), ranges: ranges.split(',').map(readRange) }));
}

function readRange(range: string): readonly [number, number] {
  const [first = '', last = first] = range.trim().replace(/^U\+/i, '').split('-');
  return [parseInt(first, 16), parseInt(last, 16)];
}
