/** The geometry of the map of items: where points are on the canvas, and how one map turns into the next. */
export interface Point {
  x: number;
  y: number;
}

/** Canvas pixels = coordinate · scale + offset; y points up on the map and down on the canvas. */
export interface View {
  scale: number;
  dx: number;
  dy: number;
}

/** x and y of each point, interleaved. */
export type Positions = Float64Array;

/** The view that shows all but the outermost hundredth of the points. */
export function viewOfAll(positions: Positions, width: number, height: number): View {
  const [left, right] = bulk(positions.filter((_, i) => i % 2 === 0));
  const [bottom, top] = bulk(positions.filter((_, i) => i % 2 === 1));
  const margin = 0.92;
  const scale = margin * Math.min(width / (right - left), height / (top - bottom));
  return { scale, dx: width / 2 - (scale * (left + right)) / 2, dy: height / 2 + (scale * (bottom + top)) / 2 };
}

function bulk(values: Float64Array): [number, number] {
  if (values.length === 0) return [-1, 1];
  const sorted = values.sort();
  const cut = Math.floor(sorted.length / 200);
  const [low, high] = [sorted[cut]!, sorted[sorted.length - 1 - cut]!];
  return high > low ? [low, high] : [low - 1, low + 1];
}

const mixed = (from: number, to: number, share: number): number => from + (to - from) * share;

/** Linear interpolation between equally many positions: `share` is 0 at `from` and 1 at `to`. */
export const positionsBetween = (from: Positions, to: Positions, share: number): Positions =>
  to.map((coordinate, i) => mixed(from[i]!, coordinate, share));

export const viewBetween = (from: View, to: View, share: number): View => ({
  scale: mixed(from.scale, to.scale, share),
  dx: mixed(from.dx, to.dx, share),
  dy: mixed(from.dy, to.dy, share),
});

export const pointAt = (positions: Positions, index: number): Point => ({
  x: positions[2 * index]!,
  y: positions[2 * index + 1]!,
});

export const onCanvas = ({ scale, dx, dy }: View, { x, y }: Point): Point => ({ x: scale * x + dx, y: dy - scale * y });

/** `onCanvas` for many points. */
export const spotsOf = ({ scale, dx, dy }: View, positions: Positions): Positions =>
  positions.map((coordinate, i) => (i % 2 === 0 ? scale * coordinate + dx : dy - scale * coordinate));

/** Larger by `factor`; the point under (x, y) stays there. */
export const zoomed = ({ scale, dx, dy }: View, factor: number, { x, y }: Point): View => ({
  scale: scale * factor,
  dx: x + (dx - x) * factor,
  dy: y + (dy - y) * factor,
});

/** The index of the point nearest to `at` on the canvas, within `reach` pixels; −1 for none. */
export function nearestTo(positions: Positions, view: View, at: Point, reach: number): number {
  const spots = spotsOf(view, positions);
  let best = -1;
  let least = reach ** 2;
  for (let i = 0; i < spots.length / 2; i++) {
    const distance = (spots[2 * i]! - at.x) ** 2 + (spots[2 * i + 1]! - at.y) ** 2;
    if (distance > least) continue;
    least = distance;
    best = i;
  }
  return best;
}

/**
 * Rotates or reflects a map to fit the one before it best: the sign and the order of principal axes are arbitrary and change
 * from one epoch to the next. Minimizes Σ ‖next − before‖² over rotations and reflections, in closed form (orthogonal
 * Procrustes). Points without a position before (NaN) are ignored.
 */
export function aligned(next: Positions, before: Positions): Positions {
  // Sums of before ⊗ next.
  let [xx, xy, yx, yy] = [0, 0, 0, 0];
  for (let i = 0; i < next.length; i += 2) {
    const [x, y, toX, toY] = [next[i]!, next[i + 1]!, before[i]!, before[i + 1]!];
    if (Number.isNaN(toX)) continue;
    xx += toX * x;
    xy += toX * y;
    yx += toY * x;
    yy += toY * y;
  }
  const turned = Math.hypot(xx + yy, yx - xy);
  const mirrored = Math.hypot(xx - yy, yx + xy);
  if (turned === 0 && mirrored === 0) return next;
  const mirror = mirrored > turned;
  const [c, s] = mirror ? [(xx - yy) / mirrored, (yx + xy) / mirrored] : [(xx + yy) / turned, (yx - xy) / turned];
  const fitted = new Float64Array(next.length);
  for (let i = 0; i < next.length; i += 2) {
    const [x, y] = [next[i]!, mirror ? -next[i + 1]! : next[i + 1]!];
    fitted[i] = c * x - s * y;
    fitted[i + 1] = s * x + c * y;
  }
  return fitted;
}
