/** The geometry of the map of items: what is where on the canvas, and how one map turns into the next. */
export interface Point {
  x: number;
  y: number;
}

/** Canvas pixels = place · scale + offset; y points up on the map and down on the canvas. */
export interface View {
  scale: number;
  dx: number;
  dy: number;
}

/** The view that shows all but the outermost hundredth of the points. */
export function viewOfAll(points: readonly Point[], width: number, height: number): View {
  const [left, right] = bulk(points.map(({ x }) => x));
  const [bottom, top] = bulk(points.map(({ y }) => y));
  const margin = 0.92;
  const scale = margin * Math.min(width / (right - left), height / (top - bottom));
  return { scale, dx: width / 2 - (scale * (left + right)) / 2, dy: height / 2 + (scale * (bottom + top)) / 2 };
}

function bulk(values: number[]): [number, number] {
  if (values.length === 0) return [-1, 1];
  const sorted = values.sort((a, b) => a - b);
  const cut = Math.floor(sorted.length / 200);
  const [low, high] = [sorted[cut]!, sorted[sorted.length - 1 - cut]!];
  return high > low ? [low, high] : [low - 1, low + 1];
}

export const onCanvas = ({ scale, dx, dy }: View, { x, y }: Point): Point => ({ x: scale * x + dx, y: dy - scale * y });

/** Nearer by `factor`, with what is under (x, y) staying there. */
export const zoomed = ({ scale, dx, dy }: View, factor: number, { x, y }: Point): View => ({
  scale: scale * factor,
  dx: x + (dx - x) * factor,
  dy: y + (dy - y) * factor,
});

/** The index of the point that is nearest to a place on the canvas, within `reach` pixels; −1 for none. */
export function nearestTo(points: readonly Point[], view: View, at: Point, reach: number): number {
  let best = -1;
  let least = reach ** 2;
  for (let i = 0; i < points.length; i++) {
    const { x, y } = onCanvas(view, points[i]!);
    const distance = (x - at.x) ** 2 + (y - at.y) ** 2;
    if (distance > least) continue;
    least = distance;
    best = i;
  }
  return best;
}

/**
 * Turns and mirrors a map so that it lies on the one before as well as it can: principal axes have no sign of their own,
 * and change places from one epoch to the next. Minimizes Σ ‖next − before‖² over rotations and reflections, in closed form.
 */
export function aligned<T extends Point>(next: readonly T[], before: readonly (Point | undefined)[]): T[] {
  // Sums of before ⊗ next.
  let [xx, xy, yx, yy] = [0, 0, 0, 0];
  for (const [i, { x, y }] of next.entries()) {
    const to = before[i];
    if (!to) continue;
    xx += to.x * x;
    xy += to.x * y;
    yx += to.y * x;
    yy += to.y * y;
  }
  const turned = Math.hypot(xx + yy, yx - xy);
  const mirrored = Math.hypot(xx - yy, yx + xy);
  if (turned === 0 && mirrored === 0) return [...next];
  const mirror = mirrored > turned;
  const [c, s] = mirror ? [(xx - yy) / mirrored, (yx + xy) / mirrored] : [(xx + yy) / turned, (yx - xy) / turned];
  return next.map((point) => {
    const y = mirror ? -point.y : point.y;
    return { ...point, x: c * point.x - s * y, y: s * point.x + c * y };
  });
}
