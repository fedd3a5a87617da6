/** The geometry of the page's map. */
import { describe, expect, test } from 'vitest';
import {
  aligned,
  nearestTo,
  onCanvas,
  type Point,
  type Positions,
  pointAt,
  positionsBetween,
  spotsOf,
  viewBetween,
  viewOfAll,
  zoomed,
} from '../../web/compute/map-geometry.js';
import { type Dots, drawDots } from '../../web/views/map/dots.js';

const points: Point[] = Array.from({ length: 40 }, (_, i) => ({ x: Math.sin(i * 7.3) * 3, y: Math.cos(i * 2.1) - 5 }));
const placesOf = (all: readonly Point[]): Positions => Float64Array.from(all.flatMap(({ x, y }) => [x, y]));
const pointsOf = (places: Positions): Point[] => points.map((_, i) => pointAt(places, i));
const places = placesOf(points);

test('all points are on the canvas, and y points up', () => {
  const view = viewOfAll(places, 400, 300);
  for (const point of points) {
    const { x, y } = onCanvas(view, point);
    expect(x).toBeGreaterThanOrEqual(0);
    expect(x).toBeLessThanOrEqual(400);
    expect(y).toBeGreaterThanOrEqual(0);
    expect(y).toBeLessThanOrEqual(300);
  }
  expect(onCanvas(view, { x: 0, y: 1 }).y).toBeLessThan(onCanvas(view, { x: 0, y: 0 }).y);
});

test('zooming keeps the point under the pointer', () => {
  const view = viewOfAll(places, 400, 300);
  const at = onCanvas(view, points[7]!);
  const near = zoomed(view, 2.5, at);
  expect(onCanvas(near, points[7]!).x).toBeCloseTo(at.x);
  expect(onCanvas(near, points[7]!).y).toBeCloseTo(at.y);
  expect(near.scale).toBeCloseTo(2.5 * view.scale);
});

test('the nearest point within reach is found, as by a search over all points', () => {
  const view = viewOfAll(places, 400, 300);
  const at = { x: 210, y: 120 };
  const distances = points.map((point) => Math.hypot(onCanvas(view, point).x - at.x, onCanvas(view, point).y - at.y));
  const least = Math.min(...distances);
  expect(nearestTo(places, view, at, least + 1)).toBe(distances.indexOf(least));
  expect(nearestTo(places, view, at, least - 1)).toBe(-1);
});

test.each([
  ['turned', 0.8, 1],
  ['mirrored', -2.2, -1],
])('a map that was %s is fitted to the one before', (_, angle, sign) => {
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  const moved = points.map(({ x, y }) => ({ x: c * x - s * y * sign, y: s * x + c * y * sign }));
  for (const [i, { x, y }] of pointsOf(aligned(placesOf(moved), places)).entries()) {
    expect(x).toBeCloseTo(points[i]!.x);
    expect(y).toBeCloseTo(points[i]!.y);
  }
});

test('no other rotation or reflection fits better', () => {
  const before = points.map(({ x, y }, i) => ({ x: x + Math.sin(i), y: y - Math.cos(3 * i) }));
  const distance = (map: Point[]) =>
    map.reduce((sum, { x, y }, i) => sum + (x - before[i]!.x) ** 2 + (y - before[i]!.y) ** 2, 0);
  const best = distance(pointsOf(aligned(places, placesOf(before))));
  for (let angle = 0; angle < 6.3; angle += 0.05)
    for (const sign of [1, -1]) {
      const [c, s] = [Math.cos(angle), Math.sin(angle)];
      const turned = points.map(({ x, y }) => ({ x: c * x - s * y * sign, y: s * x + c * y * sign }));
      expect(best).toBeLessThanOrEqual(distance(turned) + 1e-9);
    }
});

test('points without an earlier position are moved with the rest', () => {
  const turned = placesOf(points.map(({ x, y }) => ({ x: -y, y: x })));
  const before = places.map((place, i) => (i < 10 ? Number.NaN : place));
  for (const [i, place] of aligned(turned, before).entries()) expect(place).toBeCloseTo(places[i]!);
});

test('positions and views between one map and the next', () => {
  const other = placesOf(points.map(({ x, y }) => ({ x: y, y: x })));
  const [from, to] = [viewOfAll(places, 400, 300), viewOfAll(other, 400, 300)];
  for (const share of [0, 0.25, 1]) {
    const { x, y } = pointAt(positionsBetween(places, other, share), 7);
    expect(x).toBeCloseTo((1 - share) * points[7]!.x + share * points[7]!.y);
    expect(y).toBeCloseTo((1 - share) * points[7]!.y + share * points[7]!.x);
    expect(viewBetween(from, to, share).dx).toBeCloseTo((1 - share) * from.dx + share * to.dx);
  }
  const spots = spotsOf(from, places);
  for (const [i, point] of points.entries()) expect(pointAt(spots, i)).toEqual(onCanvas(from, point));
});

describe('discs in pixels', () => {
  const [width, height] = [40, 30];
  const drawn = (dots: Partial<Dots>) => {
    const data = new Uint8ClampedArray(4 * width * height);
    const plain = { colours: new Uint8Array(9), sizes: new Uint8Array(9), radii: [4, 2] };
    const all = { ...plain, palette: [0xff8000, 0x0000ff], ground: 0xffffff, opacity: 1 };
    drawDots({ data, width, height } as ImageData, { spots: new Float64Array(), ...all, ...dots });
    return { data, at: (x: number, y: number) => [...data.subarray(4 * (y * width + x), 4 * (y * width + x) + 4)] };
  };

  test('cover their area in their colour, and nothing else', () => {
    const { data, at } = drawn({ spots: Float64Array.of(20, 15) });
    expect(at(20, 15)).toEqual([255, 128, 0, 255]);
    expect(at(20, 20)).toEqual([0, 0, 0, 0]);
    // How much of the blue of the background is covered, pixel by pixel.
    let area = 0;
    for (let i = 0; i < data.length; i += 4) if (data[i + 3] === 255) area += (255 - data[i + 2]!) / 255;
    expect(area).toBeGreaterThan(0.98 * Math.PI * 16);
    expect(area).toBeLessThan(1.02 * Math.PI * 16);
  });

  test('have the radius of their size', () => {
    const { at } = drawn({ spots: Float64Array.of(10, 15, 30, 15), sizes: Uint8Array.of(0, 1) });
    expect([at(13, 15), at(27, 15)].map((pixel) => pixel[3])).toEqual([255, 0]);
    expect(at(31, 15)[3]).toBe(255);
  });

  test('the first disc is on top and as transparent as its opacity says', () => {
    const { at } = drawn({ spots: Float64Array.of(20, 15, 22, 15), colours: Uint8Array.of(0, 1), opacity: 0.75 });
    const over = (colour: number[], under: number[]) => colour.map((c, i) => 0.75 * c + 0.25 * under[i]!);
    const blue = over([0, 0, 255], [255, 255, 255]);
    const isAbout = (found: number[], wanted: number[]) => {
      for (const [i, value] of [...wanted, 255].entries()) expect(Math.abs(found[i]! - value)).toBeLessThanOrEqual(1);
    };
    isAbout(at(24, 15), blue);
    isAbout(at(21, 15), over([255, 128, 0], blue));
  });

  test('discs at the edge or beyond it are clipped', () => {
    const { at } = drawn({ spots: Float64Array.of(0, 0, width, height, -50, 10, 10, 500) });
    expect(at(0, 0)).toEqual([255, 128, 0, 255]);
    expect(at(width - 1, height - 1)).toEqual([255, 128, 0, 255]);
    expect(at(0, 10)).toEqual([0, 0, 0, 0]);
    expect(at(10, height - 1)).toEqual([0, 0, 0, 0]);
  });
});
