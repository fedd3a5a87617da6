import { type Model, Ratings, train } from 'matfac';
import { beforeAll, describe, expect, test } from 'vitest';
import { decodeModel } from '../../bindings/js/model/file/model-file.js';
import { failure } from './support/failure.js';

/** What a map is of: the directions of the vectors of who takes what, or without preference of the factors. */
function vectorsOf(model: Model): { data: Float32Array; columns: number } {
  const { takenItems } = decodeModel(model.save()).tensors;
  const { data, columns } =
    takenItems.length > 0 ? { data: takenItems, columns: takenItems.length / model.itemCount } : model.itemFactors;
  const lengths = Array.from({ length: model.itemCount }, (_, row) =>
    Math.hypot(...data.subarray(row * columns, (row + 1) * columns)),
  );
  return { data: data.map((x, at) => (x === 0 ? 0 : x / lengths[Math.floor(at / columns)]!)), columns };
}

let model: Model;
let plain: Model;
beforeAll(async () => {
  model = await train(await Ratings.sample('tiny'), { factors: 6, epochs: 5, preferenceFactors: 5 });
  plain = await train(await Ratings.sample('tiny'), { solver: 'als', factors: 6, epochs: 5, preference: false });
});

const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const covariance = (a: number[], b: number[]) => mean(a.map((value, place) => value * b[place]!)) - mean(a) * mean(b);

describe('map', () => {
  test('gives every item a position, in the order of the items', () => {
    const points = model.map();
    expect(points.map(({ item }) => item)).toEqual(model.items);
    expect(Object.keys(points[0]!)).toEqual(['item', 'x', 'y']);
    expect(model.map({ dimensions: 2 })).toEqual(points);
    const inSpace = model.map({ dimensions: 3 });
    expect(inSpace.map(({ item, x, y }) => ({ item, x, y }))).toEqual(points);
    expect(inSpace.some(({ z }) => z !== 0)).toBe(true);
  });

  test.each([
    ['preference', () => model, 5],
    ['factors', () => plain, 6],
  ] as const)(
    'of %s: its axes are centred, uncorrelated and of decreasing variance, and the first has at least that of any factor',
    (_, mapped, width) => {
      const points = mapped().map({ dimensions: 3, shrinkage: 0 });
      const axes = (['x', 'y', 'z'] as const).map((axis) => points.map((point) => point[axis]));
      const { data, columns } = vectorsOf(mapped());
      expect(columns).toBe(width);
      const spreads = Array.from({ length: columns }, (_, factor) => {
        const column = [...data].filter((_, place) => place % columns === factor);
        return covariance(column, column);
      });
      const variances = axes.map((axis) => covariance(axis, axis));
      const largest = variances[0]!;
      expect(largest).toBeGreaterThanOrEqual(Math.max(...spreads) * (1 - 1e-5));
      expect(variances).toEqual(variances.toSorted((a, b) => b - a));
      const total = spreads.reduce((sum, spread) => sum + spread, 0);
      expect(variances.reduce((sum, variance) => sum + variance, 0)).toBeLessThanOrEqual(total * (1 + 1e-5));
      for (const [place, axis] of axes.entries()) {
        expect(mean(axis)).toBeCloseTo(0, 5);
        for (const other of axes.slice(0, place)) expect(covariance(axis, other) / largest).toBeCloseTo(0, 4);
      }
    },
  );

  test.each([
    ['factors', { factors: 2, preference: false }],
    ['preference', { factors: 3, preferenceFactors: 2 }],
  ])('keeps all distances of directions of %s in a plane', async (_, options) => {
    const plane = await train(await Ratings.sample('tiny'), { ...options, epochs: 5 });
    const { data } = vectorsOf(plane);
    const points = plane.map({ dimensions: 3, shrinkage: 0 });
    for (const [index, { x, y, z }] of points.entries()) {
      expect(z).toBe(0);
      const apart = Math.hypot(data[2 * index]! - data[0]!, data[2 * index + 1]! - data[1]!);
      expect(Math.hypot(x - points[0]!.x, y - points[0]!.y)).toBeCloseTo(apart, 4);
    }
  });

  test('items with few ratings are nearer to the middle', async () => {
    const distance = ({ x, y, z }: { x: number; y: number; z: number }) => Math.hypot(x, y, z);
    const plain = model.map({ dimensions: 3, shrinkage: 0 });
    const shrunk = model.map({ dimensions: 3, shrinkage: 1000 });
    expect(Math.max(...shrunk.map(distance))).toBeLessThan(0.3 * Math.max(...plain.map(distance)));
  });

  test('works for every solver, also without factors', async () => {
    const ratings = await Ratings.sample('tiny');
    for (const [solver, options] of [
      ['variational', {}],
      ['bayesian', {}],
      ['nmf', { preference: false }],
      ['bpr', {}],
      ['bias', {}],
      ['bias', { preference: false }],
    ] as const) {
      using other = await train(ratings, { solver, epochs: 3, ...options });
      const points = other.map();
      expect(points.every(({ x, y }) => Number.isFinite(x) && Number.isFinite(y))).toBe(true);
      expect(
        points.some(({ x, y }) => x !== 0 && y !== 0),
        solver,
      ).toBe(vectorsOf(other).data.some((number) => number !== 0));
    }
  });

  test('refuses other dimensions and names', async () => {
    const error = await failure(() => model.map({ dimensions: 4 as 3 }));
    expect(error).toMatchObject({ code: 'invalid-argument', message: 'map: dimensions must be 2 or 3; it is 4' });
    expect((await failure(() => model.map({ dimension: 2 } as object))).message).toMatch(/no option 'dimension'/);
  });

  test('of a disposed model is an error that says so', async () => {
    const gone = await train(await Ratings.sample('tiny'), { epochs: 1 });
    gone.dispose();
    expect((await failure(() => gone.map())).code).toBe('disposed');
  });
});
