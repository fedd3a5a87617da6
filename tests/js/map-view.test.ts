/** The geometry of the page's map. */
import { expect, test } from 'vitest';
import { aligned, nearestTo, onCanvas, type Point, viewOfAll, zoomed } from '../../web/map.js';

const points: Point[] = Array.from({ length: 40 }, (_, i) => ({ x: Math.sin(i * 7.3) * 3, y: Math.cos(i * 2.1) - 5 }));

test('all points are on the canvas, and y points up', () => {
  const view = viewOfAll(points, 400, 300);
  for (const point of points) {
    const { x, y } = onCanvas(view, point);
    expect(x).toBeGreaterThanOrEqual(0);
    expect(x).toBeLessThanOrEqual(400);
    expect(y).toBeGreaterThanOrEqual(0);
    expect(y).toBeLessThanOrEqual(300);
  }
  expect(onCanvas(view, { x: 0, y: 1 }).y).toBeLessThan(onCanvas(view, { x: 0, y: 0 }).y);
});

test('zooming keeps what is under the pointer', () => {
  const view = viewOfAll(points, 400, 300);
  const at = onCanvas(view, points[7]!);
  const near = zoomed(view, 2.5, at);
  expect(onCanvas(near, points[7]!).x).toBeCloseTo(at.x);
  expect(onCanvas(near, points[7]!).y).toBeCloseTo(at.y);
  expect(near.scale).toBeCloseTo(2.5 * view.scale);
});

test('the nearest point is found within reach, as a search over all finds it', () => {
  const view = viewOfAll(points, 400, 300);
  const at = { x: 210, y: 120 };
  const distances = points.map((point) => Math.hypot(onCanvas(view, point).x - at.x, onCanvas(view, point).y - at.y));
  const least = Math.min(...distances);
  expect(nearestTo(points, view, at, least + 1)).toBe(distances.indexOf(least));
  expect(nearestTo(points, view, at, least - 1)).toBe(-1);
});

test.each([
  ['turned', 0.8, 1],
  ['mirrored', -2.2, -1],
])('a map that was %s is laid back on the one before', (_, angle, sign) => {
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  const moved = points.map(({ x, y }) => ({ x: c * x - s * y * sign, y: s * x + c * y * sign }));
  for (const [i, { x, y }] of aligned(moved, points).entries()) {
    expect(x).toBeCloseTo(points[i]!.x);
    expect(y).toBeCloseTo(points[i]!.y);
  }
});

test('no other turn lies nearer', () => {
  const before = points.map(({ x, y }, i) => ({ x: x + Math.sin(i), y: y - Math.cos(3 * i) }));
  const distance = (map: Point[]) =>
    map.reduce((sum, { x, y }, i) => sum + (x - before[i]!.x) ** 2 + (y - before[i]!.y) ** 2, 0);
  const best = distance(aligned(points, before));
  for (let angle = 0; angle < 6.3; angle += 0.05)
    for (const sign of [1, -1]) {
      const [c, s] = [Math.cos(angle), Math.sin(angle)];
      const turned = points.map(({ x, y }) => ({ x: c * x - s * y * sign, y: s * x + c * y * sign }));
      expect(best).toBeLessThanOrEqual(distance(turned) + 1e-9);
    }
});
