/**
 * Where everything stands in a seal, in millimetres from its centre. Each letter keeps its own shape: it is narrowed, set upright on its
 * stand and never bent. Neighbours cannot overlap, because a letter is no wider than its share of the arc its feet stand on and heads
 * point outwards; they cannot leave the ring, because the arc lies a whole letter and a gap inside it.
 */
import { fitName, innerRail } from './fit.js';
import { characterOutline, sealCharacters } from './name.js';
import type { Stand, Vector } from './rail.js';
import { lettering, type SealShape } from './shapes.js';
import type { Outline, OutlineStep } from './typeface.js';

export interface PlacedLetter {
  readonly character: string;
  readonly steps: readonly OutlineStep[];
}

export interface SealLayout {
  /** Horizontal size of an em of the name; Han characters fill it. */
  readonly letterWidthMm: number;
  readonly letterHeightMm: number;
  readonly name: readonly PlacedLetter[];
  readonly code: readonly PlacedLetter[];
  /** The ten corners of the star, tips first at the top; empty where the shape has none. */
  readonly star: readonly Vector[];
}

/** The em square of the typeface reaches from 120 below the baseline to 880 above it. */
const EM = { bottom: -120, top: 880, size: 1000 } as const;
const HAN = /^\p{Script=Han}$/u;

export function layoutSeal(name: string, code: string, shape: SealShape): SealLayout {
  const letters = sealCharacters(name).map(letterCell);
  const { letterWidth, letterHeight, pitch, line } = fitName(total(letters), shape);
  return {
    letterWidthMm: letterWidth,
    letterHeightMm: letterHeight,
    name: centres(letters).map(({ cell, centre }) => place(cell, line.at(centre * pitch), letterWidth, letterHeight)),
    code: placeCode(code, shape),
    star: shape.starDiameterMm === null ? [] : starCorners(shape.starDiameterMm / 2),
  };
}

interface LetterCell {
  readonly character: string;
  readonly outline: Outline;
  /** Width of its share of the line, in em. */
  readonly ems: number;
  /** The x that stands over the middle of its share. */
  readonly middle: number;
}

/** Han characters stand in equal squares, which makes the rhythm of a seal; anything else takes the room of its ink. */
function letterCell(character: string): LetterCell {
  const outline = characterOutline(character);
  const { minX, maxX } = outline.ink;
  if (HAN.test(character)) {
    const reach = Math.max(EM.size / 2 - minX, maxX - EM.size / 2);
    return { character, outline, ems: Math.max(1, (2 * reach) / EM.size), middle: EM.size / 2 };
  }
  const ems = outline.steps.length === 0 ? Math.min(outline.advance / EM.size, 0.4) : (maxX - minX) / EM.size + 2 * lettering.sideBearingEm;
  return { character, outline, ems, middle: (minX + maxX) / 2 };
}

const total = (cells: readonly LetterCell[]) => cells.reduce((sum, { ems }) => sum + ems, 0);

/** The middle of each cell in em from the middle of the name. */
function centres(cells: readonly LetterCell[]): { cell: LetterCell; centre: number }[] {
  let edge = -total(cells) / 2;
  return cells.map((cell) => {
    const centre = edge + cell.ems / 2;
    edge += cell.ems;
    return { cell, centre };
  });
}

function place({ character, outline, middle }: LetterCell, { point, outward }: Stand, width: number, height: number): PlacedLetter {
  // Accents and tails beyond the em square are pressed back into it: the ring is stronger than the proportion.
  const bottom = Math.min(EM.bottom, outline.ink.minY);
  const top = Math.max(EM.top, outline.ink.maxY);
  const along = { x: -outward.y, y: outward.x };
  const move = (x: number, y: number): readonly [number, number] => {
    const right = ((x - middle) / EM.size) * width;
    const up = ((y - bottom) / (top - bottom)) * height;
    return [point.x + right * along.x + up * outward.x, point.y + right * along.y + up * outward.y];
  };
  return { character, steps: outline.steps.map((step) => moveStep(step, move)) };
}

function moveStep(step: OutlineStep, move: (x: number, y: number) => readonly [number, number]): OutlineStep {
  switch (step[0]) {
    case 'M':
    case 'L':
      return [step[0], ...move(step[1], step[2])];
    case 'Q':
      return ['Q', ...move(step[1], step[2]), ...move(step[3], step[4])];
    case 'C':
      return ['C', ...move(step[1], step[2]), ...move(step[3], step[4]), ...move(step[5], step[6])];
    case 'Z':
      return step;
  }
}

/** The digits stand with their feet to the ring, so that they read from left to right at the bottom. */
function placeCode(code: string, shape: SealShape): PlacedLetter[] {
  const { heightMm, widthMm, pitchMm, gapMm } = lettering.code;
  const line = innerRail(shape, gapMm);
  const characters = [...code];
  return characters.map((character, index) => {
    const fromBottom = (index - (characters.length - 1) / 2) * pitchMm;
    // Left of the bottom is the end of the counter-clockwise half, right of it the end of the clockwise half.
    const { point, outward } = line.at(fromBottom <= 0 ? -line.length / 2 - fromBottom : line.length / 2 - fromBottom);
    const inward = { x: -outward.x, y: -outward.y };
    const cell = letterCell(character);
    // An M is wider than a digit: it is narrowed to its share instead of touching its neighbours.
    return place(cell, { point, outward: inward }, Math.min(widthMm, pitchMm / cell.ems), heightMm);
  });
}

/** A regular five-pointed star: the inner corners lie where the sides of the pentagram cross, at sin 18° / sin 54° of the tips. */
function starCorners(radius: number): Vector[] {
  const inner = (radius * Math.sin(Math.PI / 10)) / Math.sin((3 * Math.PI) / 10);
  return Array.from({ length: 10 }, (_, corner) => {
    const reach = corner % 2 === 0 ? radius : inner;
    return { x: reach * Math.sin((Math.PI * corner) / 5), y: -reach * Math.cos((Math.PI * corner) / 5) };
  });
}
