/**
 * The line on which letters stand: the inner edge of the border moved inwards by `inset`, measured by arc length. A circle is the case of
 * equal axes, so the round and the oval seal share one geometry. Millimetres from the centre, y downwards, clockwise from the top.
 * Distances may be measured on another such line (`measured`), which matters on an oval only.
 */
export interface Vector {
  readonly x: number;
  readonly y: number;
}

/** A place to stand: the point, and the unit vector that leads away from the centre. */
export interface Stand {
  readonly point: Vector;
  readonly outward: Vector;
}

export interface Rail {
  readonly length: number;
  /** `distance` along the line from its top, clockwise; negative is counter-clockwise. */
  at(distance: number): Stand;
}

/** Half a turn in steps of a quarter degree: chords of 0.06 mm, a hundredth of which is lost against the arc. */
const STEPS = 720;

export function rail(halfWidth: number, halfHeight: number, inset: number, measured = inset): Rail {
  const stand = (turn: number, depth: number): Stand => {
    const across = halfHeight * Math.sin(turn);
    const up = -halfWidth * Math.cos(turn);
    const norm = Math.hypot(across, up);
    const outward = { x: across / norm, y: up / norm };
    return {
      point: { x: halfWidth * Math.sin(turn) - depth * outward.x, y: -halfHeight * Math.cos(turn) - depth * outward.y },
      outward,
    };
  };
  const travelled = halfTurn((turn) => stand(turn, measured).point);
  const half = travelled[STEPS] ?? 0;
  return {
    length: 2 * half,
    at(distance) {
      const turn = turnAt(travelled, Math.min(Math.abs(distance), half));
      return stand(Math.sign(distance) * turn, inset);
    },
  };
}

function halfTurn(pointAt: (turn: number) => Vector): readonly number[] {
  const travelled = [0];
  let previous = pointAt(0);
  for (let step = 1; step <= STEPS; step++) {
    const point = pointAt((Math.PI * step) / STEPS);
    travelled.push((travelled[step - 1] ?? 0) + Math.hypot(point.x - previous.x, point.y - previous.y));
    previous = point;
  }
  return travelled;
}

function turnAt(travelled: readonly number[], distance: number): number {
  let low = 0;
  let high = STEPS;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((travelled[middle] ?? 0) <= distance) low = middle;
    else high = middle;
  }
  const before = travelled[low] ?? 0;
  const after = travelled[high] ?? before;
  const part = after === before ? 0 : (distance - before) / (after - before);
  return (Math.PI * (low + part)) / STEPS;
}
