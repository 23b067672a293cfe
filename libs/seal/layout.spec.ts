import fc from 'fast-check';
import { layoutSeal, type PlacedLetter, type SealLayout } from './layout.js';
import { sealNameLimit } from './name.js';
import { lettering, sealShapes, type SealShapeName } from './shapes.js';

type Point = readonly [number, number];

const CODE = '91510100MA61RGJ9XP';
const DENSE = '鑫赢疆囊爨馨龘藏翼露霸耀繁镶鹰籍警疆礴蠢';
const AIR_TO_RING_MM = 0.3;
const shapeNames = Object.keys(sealShapes) as SealShapeName[];

/** The drawn outline as points: ends, and every eighth of each curve by its Bernstein polynomial. */
function outlinePoints({ steps }: PlacedLetter): Point[] {
  const points: Point[] = [];
  let at: Point = [0, 0];
  for (const [command, ...values] of steps) {
    if (command === 'Z') continue;
    const controls: Point[] = [at];
    for (let index = 0; index < values.length; index += 2) controls.push([values[index] ?? NaN, values[index + 1] ?? NaN]);
    at = controls.at(-1) ?? at;
    const parts = command === 'Q' || command === 'C' ? 8 : 1;
    for (let part = 1; part <= parts; part++) points.push(command === 'M' ? at : bezier(controls, part / parts));
  }
  return points;
}

function bezier(controls: readonly Point[], t: number): Point {
  if (controls.length === 1) return controls[0] ?? [0, 0];
  const mix = (a: number, b: number) => a + (b - a) * t;
  return bezier(
    controls.slice(1).map(([x, y], index): Point => {
      const [fromX, fromY] = controls[index] ?? [0, 0];
      return [mix(fromX, x), mix(fromY, y)];
    }),
    t,
  );
}

/** Andrew's monotone chain. */
function hull(points: readonly Point[]): Point[] {
  const sorted = [...points].sort(([ax, ay], [bx, by]) => ax - bx || ay - by);
  const chain = (ordered: readonly Point[]) => {
    const kept: Point[] = [];
    for (const point of ordered) {
      while (kept.length > 1 && turn(kept.at(-2) ?? point, kept.at(-1) ?? point, point) <= 0) kept.pop();
      kept.push(point);
    }
    return kept.slice(0, -1);
  };
  return [...chain(sorted), ...chain(sorted.reverse())];
}

const turn = (a: Point, b: Point, c: Point) => (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);

/** Separating axis theorem for two convex polygons. */
function apart(one: readonly Point[], other: readonly Point[]): boolean {
  return [one, other].some((polygon) =>
    polygon.some((from, index) => {
      const to = polygon[(index + 1) % polygon.length] ?? from;
      const axis: Point = [to[1] - from[1], from[0] - to[0]];
      const reach = (shape: readonly Point[]) => shape.map(([x, y]) => x * axis[0] + y * axis[1]);
      const [a, b] = [reach(one), reach(other)];
      return Math.max(...a) < Math.min(...b) || Math.max(...b) < Math.min(...a);
    }),
  );
}

/** Degrees clockwise from the top that the ink of a letter covers. */
function angularSpan(letter: PlacedLetter): [number, number] {
  const angles = outlinePoints(letter).map(([x, y]) => (Math.atan2(x, -y) * 180) / Math.PI);
  return [Math.min(...angles), Math.max(...angles)];
}

function overlaps(layout: SealLayout): string[] {
  const inked = [...layout.name, ...layout.code].filter(({ steps }) => steps.length > 0);
  const hulls = inked.map((letter) => hull(outlinePoints(letter)));
  return inked.flatMap(({ character }, index) =>
    hulls
      .slice(index + 1)
      .flatMap((other, offset) => (apart(hulls[index] ?? [], other) ? [] : [`${character} ${inked[index + 1 + offset]?.character}`])),
  );
}

function outsideRing(layout: SealLayout, shape: SealShapeName): string[] {
  const { widthMm, heightMm, borderMm } = sealShapes[shape];
  const [across, down] = [widthMm / 2 - borderMm - AIR_TO_RING_MM, heightMm / 2 - borderMm - AIR_TO_RING_MM];
  const letters = [...layout.name, ...layout.code];
  return letters
    .filter((letter) => outlinePoints(letter).some(([x, y]) => (x / across) ** 2 + (y / down) ** 2 > 1))
    .map(({ character }) => character);
}

const innermost = (layout: SealLayout) =>
  Math.min(...[...layout.name, ...layout.code].flatMap(outlinePoints).map(([x, y]) => Math.hypot(x, y)));

const nameOfLength = (length: number) => Array.from({ length }, (_, index) => DENSE[index % DENSE.length]).join('');

describe('every length of name that a seal takes', () => {
  const cases = shapeNames.flatMap((shape) => Array.from({ length: sealNameLimit(shape) - 1 }, (_, index) => [shape, index + 2] as const));

  it.each(cases)('%s, %i characters: inside the ring, outside the star, nothing touching', (shape, length) => {
    const layout = layoutSeal(nameOfLength(length), CODE, sealShapes[shape]);
    expect(layout.name).toHaveLength(length);
    expect(overlaps(layout)).toEqual([]);
    expect(outsideRing(layout, shape)).toEqual([]);
    expect(innermost(layout)).toBeGreaterThan((sealShapes[shape].starDiameterMm ?? 0) / 2 + 1);
    expect(layout.letterWidthMm).toBeGreaterThanOrEqual(lettering.minLetterWidthMm);
  });

  it.each(['limited-company', 'joint-stock'] as const)('%s: the angles of neighbours are disjoint, from left to right', (shape) => {
    for (const length of [2, 6, 12, 18, 26, sealNameLimit(shape)]) {
      const spans = layoutSeal(nameOfLength(length), CODE, sealShapes[shape]).name.map(angularSpan);
      const edges = spans.flat();
      expect(edges).toEqual([...edges].sort((a, b) => a - b));
    }
  });
});

it('property: any mix of Han, Latin, digits and brackets within the limit stays apart and inside', () => {
  const character = fc.constantFrom(...'信印鑫龘一丨卜（）()·WMgjy&Åijl 1234567890-.,ABC《》');
  const name = fc.array(character, { minLength: 1, maxLength: 36 }).map((characters) => characters.join(''));
  fc.assert(
    fc.property(name, fc.constantFrom(...shapeNames), (text, shape) => {
      const layout = layoutSeal(text, CODE, sealShapes[shape]);
      expect(overlaps(layout)).toEqual([]);
      expect(outsideRing(layout, shape)).toEqual([]);
    }),
    { numRuns: 150 },
  );
});

describe('how a seal looks', () => {
  const layout = layoutSeal('成都市锦江区蜀光信息技术服务有限公司', CODE, sealShapes['limited-company']);

  it('spreads eighteen characters over 240 to 280 degrees, as much to the left as to the right', () => {
    const first = angularSpan(layout.name[0]!)[0];
    const last = angularSpan(layout.name[17]!)[1];
    expect(last - first).toBeGreaterThan(240);
    expect(last - first).toBeLessThan(280);
    expect(Math.abs(first + last)).toBeLessThan(4);
  });

  it('sets tall letters, narrower the longer the name', () => {
    const widths = [4, 10, 18, 26, 40].map((length) => layoutSeal(nameOfLength(length), CODE, sealShapes['limited-company']));
    expect(widths.every(({ letterWidthMm, letterHeightMm }) => letterWidthMm < letterHeightMm * 0.75)).toBe(true);
    expect(widths[3]!.letterWidthMm).toBeLessThan(widths[2]!.letterWidthMm);
    expect(widths[4]!.letterWidthMm).toBeLessThan(widths[3]!.letterWidthMm);
  });

  it('keeps a two-character name together at the top', () => {
    const [left, right] = layoutSeal('信印', CODE, sealShapes['limited-company']).name.map(angularSpan);
    expect(left![0]).toBeGreaterThan(-45);
    expect(right![1]).toBeLessThan(45);
  });

  it('reads the code from left to right along the bottom', () => {
    const middles = layout.code.map((letter) => outlinePoints(letter).reduce((sum, [x]) => sum + x, 0) / outlinePoints(letter).length);
    expect(middles).toEqual([...middles].sort((a, b) => a - b));
    expect(layout.code.map(({ character }) => character).join('')).toBe(CODE);
    expect(layout.code.every((letter) => outlinePoints(letter).every(([, y]) => y > 10))).toBe(true);
  });

  it('stands the letters upright at the top: 丁 has its bar above and its hook below', () => {
    const points = outlinePoints(layoutSeal('丁', CODE, sealShapes['limited-company']).name[0]!);
    const ys = points.map(([, y]) => y);
    const middle = (Math.min(...ys) + Math.max(...ys)) / 2;
    const reach = (side: readonly Point[]) => Math.max(...side.map(([x]) => x)) - Math.min(...side.map(([x]) => x));
    expect(reach(points.filter(([, y]) => y < middle))).toBeGreaterThan(2 * reach(points.filter(([, y]) => y > middle)));
    // Between the border at 19 mm, less the gap, and the star.
    expect(Math.min(...ys)).toBeGreaterThan(-18.25);
    expect(Math.max(...ys)).toBeLessThan(-12);
  });

  it('puts a regular star of 14 mm in the middle, one tip up', () => {
    // tips at 7 mm: sin 72° = 0.9511, cos 72° = 0.3090; inner corners at 7 · sin 18° / sin 54° = 2.674
    expect(layout.star[0]).toEqual({ x: 0, y: -7 });
    expect(layout.star[2]!.x).toBeCloseTo(6.657, 3);
    expect(layout.star[2]!.y).toBeCloseTo(-2.163, 3);
    expect(Math.hypot(layout.star[5]!.x, layout.star[5]!.y)).toBeCloseTo(2.674, 3);
  });
});
