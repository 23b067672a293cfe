/**
 * The shapes of company seals as data. Sizes, border and star follow the police rules of several provinces as public web pages repeat
 * them (three pages agree on each number, none is the rule itself): low authority, so nothing in the code depends on a number here.
 */
export interface SealShape {
  readonly zh: string;
  /** Outer size over the border. */
  readonly widthMm: number;
  readonly heightMm: number;
  readonly borderMm: number;
  /** Point to opposite point, i.e. the diameter of the circle through the five tips; null where the rules ask for no star. */
  readonly starDiameterMm: number | null;
  /** From the inner edge of the border to the heads of the letters. */
  readonly letterGapMm: number;
  /** Letters are as tall as the name allows: long names get lower letters, whose feet stand on a longer arc. */
  readonly letterHeightMm: { readonly min: number; readonly max: number };
  /** The part of the whole turn that the longest names fill; what is left at the bottom holds the code. */
  readonly nameSweepDegrees: number;
  /** Centre to centre, along the feet of the letters: keeps a name of two characters from standing at opposite sides. */
  readonly letterPitchMaxMm: number;
}

const round = { letterGapMm: 0.75, nameSweepDegrees: 264, letterPitchMaxMm: 8.2 } as const;

export const sealShapes = {
  'limited-company': {
    ...round,
    zh: '有限责任公司',
    widthMm: 40,
    heightMm: 40,
    borderMm: 1.0,
    starDiameterMm: 14,
    letterHeightMm: { min: 4.2, max: 5.8 },
  },
  'joint-stock': {
    ...round,
    zh: '股份有限公司',
    widthMm: 42,
    heightMm: 42,
    borderMm: 1.2,
    starDiameterMm: 14,
    letterHeightMm: { min: 4.2, max: 6 },
  },
  'foreign-invested': {
    zh: '外商投资企业',
    widthMm: 45,
    heightMm: 30,
    borderMm: 1.0,
    starDiameterMm: null,
    letterGapMm: 0.75,
    letterHeightMm: { min: 3.8, max: 4.6 },
    nameSweepDegrees: 256,
    letterPitchMaxMm: 6.4,
  },
} as const satisfies Record<string, SealShape>;

export type SealShapeName = keyof typeof sealShapes;

/** How letters and the code are set, the same for every shape. */
export const lettering = {
  /** An em this wide is 18 dots at 300 dpi: below it the strokes of a Han character of twenty strokes run into each other. */
  minLetterWidthMm: 1.5,
  /** Letters of a company seal are tall; a wide one looks like print. */
  maxWidthToHeight: 0.74,
  /** A lower letter is taken when the tall one would be narrower than this share of its height. */
  wantedWidthToHeight: 0.44,
  /** The share of its pitch that a letter fills; the rest is the gap between neighbours. */
  fill: 0.95,
  /** Air on both sides of a letter that is not a full square (brackets, Latin letters, digits), in em. */
  sideBearingEm: 0.07,
  code: { heightMm: 1.5, widthMm: 1.75, pitchMm: 1.12, gapMm: 0.6 },
  red: '#d7000f',
  dotsPerInch: 300,
} as const;
