/** How tall and how wide the letters of a name may be, and the line they stand on. */
import { rail, type Rail } from './rail.js';
import { lettering, type SealShape } from './shapes.js';

export interface Fit {
  readonly letterHeight: number;
  /** Width of an em. */
  readonly letterWidth: number;
  /** Distance from one em to the next, along the line as the line measures itself. */
  readonly pitch: number;
  readonly line: Rail;
}

/**
 * Where along their height letters are spread evenly. On an oval the feet crowd at the sharp ends: a third of the way up looks even, and
 * a long name needs the feet themselves. On a circle it makes no difference.
 */
const EVEN_AT = [1 / 3, 0] as const;
const HEIGHT_STEP_MM = 0.1;

/** How wide an em may be when the name is `ems` long: the tallest letters that still look like letters, or the lowest allowed. */
export function fitName(ems: number, shape: SealShape): Fit {
  const { min, max } = shape.letterHeightMm;
  const steps = Math.round((max - min) / HEIGHT_STEP_MM);
  for (const evenAt of EVEN_AT) {
    for (let step = 0; step <= steps; step++) {
      const fit = fitAt(ems, shape, max - step * HEIGHT_STEP_MM, evenAt);
      if (fit.letterWidth >= fit.letterHeight * lettering.wantedWidthToHeight) return fit;
    }
  }
  return fitAt(ems, shape, min, 0);
}

function fitAt(ems: number, shape: SealShape, letterHeight: number, evenAt: number): Fit {
  const feet = shape.letterGapMm + letterHeight;
  const measured = feet - evenAt * letterHeight;
  const line = innerRail(shape, feet, measured);
  const pitch = Math.min(shape.letterPitchMaxMm, (line.length * (shape.nameSweepDegrees / 360)) / ems);
  // The sharpest bend of the border, b²/a of an ellipse, is where the least of the measured pitch is left for the feet.
  const bend = (shape.heightMm / 2 - shape.borderMm) ** 2 / (shape.widthMm / 2 - shape.borderMm);
  const atFeet = pitch * ((bend - feet) / (bend - measured));
  return { letterHeight, letterWidth: Math.min(atFeet * lettering.fill, letterHeight * lettering.maxWidthToHeight), pitch, line };
}

const rails = new Map<string, Rail>();

/** Lines are kept: a name is fitted by trying letter heights, and they are the same few for every seal of a shape. */
export function innerRail(shape: SealShape, inset: number, measured = inset): Rail {
  const key = [shape.widthMm, shape.heightMm, shape.borderMm, inset.toFixed(3), measured.toFixed(3)].join(' ');
  const known = rails.get(key) ?? rail(shape.widthMm / 2 - shape.borderMm, shape.heightMm / 2 - shape.borderMm, inset, measured);
  rails.set(key, known);
  return known;
}
