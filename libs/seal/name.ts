/** What name a seal can carry: a limited number of characters, each of which the typeface can show. */
import { XinyinError, type FieldError } from '#domain';
import { fitName } from './fit.js';
import { lettering, sealShapes, type SealShapeName } from './shapes.js';
import { outlineOf, type Outline } from './typeface.js';

const NAME_FIELD = 'organisation/certificateName';
const graphemes = new Intl.Segmenter('zh', { granularity: 'grapheme' });

/** What a person counts as one character; composed where Unicode has one code point for it. */
export function sealCharacters(name: string): string[] {
  return Array.from(graphemes.segment(name.normalize('NFC')), ({ segment }) => segment);
}

const limits = new Map<SealShapeName, number>();

/** The longest name in Han characters, each at least `minLetterWidthMm` wide at the lowest letter height of the shape. */
export function sealNameLimit(shape: SealShapeName = 'limited-company'): number {
  const known = limits.get(shape);
  if (known) return known;
  let length = 1;
  while (fitName(length + 1, sealShapes[shape]).letterWidth >= lettering.minLetterWidthMm) length++;
  limits.set(shape, length);
  return length;
}

/** Everything that keeps this name off a seal; empty when it can be drawn. */
export function checkSealName(name: string, shape: SealShapeName = 'limited-company'): FieldError[] {
  const characters = sealCharacters(name);
  if (characters.every((character) => character.trim() === '')) return [{ field: NAME_FIELD, code: 'FIELD_REQUIRED' }];
  const limit = sealNameLimit(shape);
  const missing = [...new Set(characters.filter((character) => findCharacter(character) === null))];
  return [
    ...(characters.length > limit
      ? [{ field: NAME_FIELD, code: 'SEAL_NAME_TOO_LONG' as const, params: { length: characters.length, limit } }]
      : []),
    ...missing.map((character) => ({ field: NAME_FIELD, code: 'SEAL_GLYPH_MISSING' as const, params: { character } })),
  ];
}

/** @throws XinyinError SEAL_GLYPH_MISSING */
export function characterOutline(character: string): Outline {
  const outline = findCharacter(character);
  if (!outline) throw new XinyinError('SEAL_GLYPH_MISSING', { params: { character } });
  return outline;
}

/** A cluster that stays several code points (a variation sequence, a stacked accent) is not what one glyph of the typeface shows. */
function findCharacter(character: string): Outline | null {
  const [first, ...rest] = [...character];
  return first === undefined || rest.length > 0 ? null : outlineOf(first.codePointAt(0) ?? 0);
}
