/** Models in float16 and int8: their error, their size, and every kind of model complete. */
import { type Dtype, evaluate, Model, Ratings, type TrainOptions, train } from 'matfac';
import { beforeAll, describe, expect, test } from 'vitest';
import { fromFloat16, toFloat16 } from '../../bindings/js/base/float16.js';
import { decodeTensors } from '../../bindings/js/base/safetensors.js';
import { decodeModel, encodeModel } from '../../bindings/js/model/file/model-file.js';
import { dequantize, type Quantized, quantize } from '../../bindings/js/model/file/quantize.js';
import { GrowingIds } from '../../bindings/js/ratings/ids.js';
import { failure } from './support/failure.js';

let ratings: Ratings;
beforeAll(async () => {
  ratings = await Ratings.sample('tiny');
});

describe('float16', () => {
  test('each of its numbers is read and written exactly', () => {
    const halves = Uint16Array.from({ length: 1 << 16 }, (_, half) => half);
    const values = fromFloat16(halves);
    for (const half of halves) {
      // Independently: sign · 2^(exponent − 15) · 1.fraction by strings of bits.
      const bits = half.toString(2).padStart(16, '0');
      const exponent = Number.parseInt(bits.slice(1, 6), 2);
      const fraction = Number.parseInt(bits.slice(6), 2) / 1024;
      const magnitude = exponent === 0 ? fraction * 2 ** -14 : (1 + fraction) * 2 ** (exponent - 15);
      if (exponent < 31) expect(Math.abs(values[half]!)).toBe(magnitude);
    }
    const back = toFloat16(values);
    for (const half of halves) if (!Number.isNaN(values[half])) expect(back[half]).toBe(half);
    expect(Number.isNaN(fromFloat16(toFloat16(Float32Array.of(Number.NaN)))[0])).toBe(true);
  });

  test('every other number is rounded to the nearest of its neighbours, ties to even', () => {
    const finite = fromFloat16(Uint16Array.from({ length: 0x7c00 }, (_, half) => half));
    for (let half = 0; half + 1 < finite.length; half += 7) {
      const [low, high] = [finite[half]!, finite[half + 1]!];
      const middle = (low + high) / 2;
      const [below, above] = [middle - (high - low) / 64, middle + (high - low) / 64];
      expect([...toFloat16(Float32Array.of(below, middle, above, -below))]).toEqual([
        half,
        half + (half % 2),
        half + 1,
        half | 0x8000,
      ]);
    }
    expect([...fromFloat16(toFloat16(Float32Array.of(65_519, 65_520, -1e9)))]).toEqual([65_504, Infinity, -Infinity]);
  });
});

const KINDS: [name: string, options: TrainOptions][] = [
  ['variational', {}],
  ['als', { solver: 'als' }],
  ['als without preference', { solver: 'als', preference: false }],
  ['sgd', { solver: 'sgd' }],
  ['nmf', { solver: 'nmf' }],
  ['svd++', { solver: 'svd++' }],
  ['bayesian', { solver: 'bayesian', implicitTerms: 'both', samples: 3 }],
  ['implicit-als', { solver: 'implicit-als' }],
  ['bpr', { solver: 'bpr' }],
  ['popularity', { solver: 'popularity' }],
];

const ARRAYS = ['userFactors', 'itemFactors', 'itemImplicit', 'userBias', 'itemBias'] as const;
const LAYER = ['takenItems', 'likedUsers', 'likedItems'] as const;
const POSTERIOR = ['posteriorUserBias', 'posteriorItemBias', 'posteriorItemImplicitBias'] as const;

/** Each array of a file and the same of the float32 file, with the length of its rows. */
function pairs(
  model: Model,
  bytes: Uint8Array,
): [name: string, exact: Float32Array, kept: Float32Array, row: number][] {
  const [exact, kept] = [decodeModel(model.save()).tensors, decodeModel(bytes).tensors];
  const { columns } = exact;
  const own = ARRAYS.map((name) => {
    const row = name.endsWith('Bias') ? exact[name].length : columns;
    return [name, exact[name], kept[name], row] as [string, Float32Array, Float32Array, number];
  });
  const { samples, preferenceFactors } = model.options;
  for (const name of exact.preferenceTerms.length > 0 ? LAYER : []) {
    own.push([name, exact[name], kept[name], preferenceFactors]);
  }
  for (const name of exact.posteriorPriors.length > 0 ? POSTERIOR : []) {
    own.push([name, exact[name], kept[name], samples]);
  }
  return own;
}

describe.each(KINDS)('a model of %s', (_, options) => {
  let model: Model;
  beforeAll(async () => {
    const sizes = options.solver === 'popularity' ? {} : { epochs: 4, factors: 6 };
    model = await train(ratings, { ...sizes, ...options });
  });

  test('in float16: each number is off by at most 2⁻¹¹ of it', () => {
    for (const [name, exact, kept] of pairs(model, model.save({ dtype: 'float16' }))) {
      expect(kept.length, name).toBe(exact.length);
      exact.forEach((value, place) => {
        const most = Math.max(Math.abs(value) * 2 ** -11, 2 ** -25);
        expect(Math.abs(kept[place]! - value), `${name} ${place}`).toBeLessThanOrEqual(most);
      });
    }
  });

  test('in int8: each number is off by at most half a step of its row', () => {
    for (const [name, exact, kept, row] of pairs(model, model.save({ dtype: 'int8' }))) {
      expect(kept.length, name).toBe(exact.length);
      for (let start = 0; start < exact.length; start += row) {
        const largest = exact.subarray(start, start + row).reduce((most, value) => Math.max(most, Math.abs(value)), 0);
        // The step itself is rounded up to float16.
        const most = (largest / 127 / 2) * (1 + 2 ** -10);
        for (let place = start; place < start + row; place++) {
          expect(Math.abs(kept[place]! - exact[place]!), `${name} ${place}`).toBeLessThanOrEqual(most + 1e-9);
        }
      }
    }
  });

  test.each(['float16', 'int8'] as const)('in %s it loads, works, and is saved unchanged', async (dtype) => {
    const bytes = model.save({ dtype });
    const again = await Model.load(bytes);
    expect(again.options).toEqual(model.options);
    expect(again.users).toEqual(model.users);
    expect(again.items).toEqual(model.items);
    expect(again.history).toEqual(model.history);
    const [user, item] = [model.users[3]!, model.items[4]!];
    expect(again.predict(user, item)).toBeCloseTo(model.predict(user, item), 0);
    const visitor = [{ item, rating: 4 }];
    expect(again.foldIn(visitor).recommend().length).toBe(10);
    for (const [place, { item, rating }] of again.recommend(user, { n: 3 }).entries()) {
      if (rating !== undefined) expect(rating).toBeCloseTo(again.predict(user, item), 5);
      const scores = [again, model].map((each) => each.recommend(user, { n: 3 })[place]!.score);
      expect(Math.abs(scores[0]! - scores[1]!)).toBeLessThan(0.05 * Math.max(1, Math.abs(scores[1]!)));
    }
    expect(again.save({ dtype })).toEqual(bytes);
    expect(bytes.length).toBeLessThan(model.save().length);
    const alone = await Model.load(model.save({ dtype, users: false }));
    expect(alone.items).toEqual(model.items);
    expect(alone.users).toEqual([]);
    expect(alone.foldIn(visitor).recommend()).toEqual(again.foldIn(visitor).recommend());
  });
});

describe('what it costs', () => {
  test('predictions hardly differ, and neither do the first ten', async () => {
    const sample = await Ratings.sample('ml100k');
    const { train: known, test: unseen } = sample.split({ test: 0.1, seed: 2 });
    const model = await train(known, { factors: 32 });
    const { rmse } = evaluate(model, unseen);
    for (const [dtype, most, agree] of [
      ['float16', 1e-4, 0.99],
      ['int8', 1e-3, 0.9],
    ] as const) {
      const again = await Model.load(model.save({ dtype }));
      expect(Math.abs(evaluate(again, unseen).rmse - rmse)).toBeLessThan(most);
      let shared = 0;
      for (const user of model.users.slice(0, 200)) {
        const mine = new Set(model.recommend(user).map(({ item }) => item));
        shared += again.recommend(user).filter(({ item }) => mine.has(item)).length;
      }
      expect(shared / 2000, dtype).toBeGreaterThan(agree);
    }
  });

  const [items, columns] = [27_000, 64];
  const normal = new Float32Array(items * columns);
  for (let i = 0; i < normal.length; i++) normal[i] = ((i * 7919) % 2003) / 1001.5 - 1;
  const large = (withBias: boolean, dtype: Dtype, first = 1) => {
    const options = { ...decodedOptions, factors: columns, biases: withBias };
    const none = new Float32Array();
    const tensors = {
      ...decodedTensors,
      factors: columns,
      columns,
      userFactors: none,
      itemFactors: normal,
      userBias: none,
      itemBias: withBias ? normal.slice(0, items) : none,
    };
    const ids = GrowingIds.from(Array.from({ length: items }, (_, i) => first + i));
    const unknown = { history: [], rated: null, itemCounts: null, features: null };
    return encodeModel({ tensors, users: new GrowingIds(), items: ids, options, ...unknown }, dtype).length;
  };
  let decodedOptions: ReturnType<typeof decodeModel>['options'];
  let decodedTensors: ReturnType<typeof decodeModel>['tensors'];
  beforeAll(async () => {
    ({ options: decodedOptions, tensors: decodedTensors } = decodeModel(
      (await train(ratings, { solver: 'als', preference: false, epochs: 1 })).save(),
    ));
  });

  test('27,000 items × 64 for visitors: 1.8 MB in int8, half of float32 in float16', () => {
    expect(large(false, 'int8')).toBeLessThan(1.8e6);
    expect(large(true, 'int8')).toBeLessThan(1.82e6);
    expect(large(true, 'float16')).toBeLessThan(0.51 * large(true, 'float32'));
  });
});

describe('ids', () => {
  const few = (ids: (string | number)[]) =>
    train(Ratings.from(ids.map((id, place) => ['ann', id, 1 + (place % 5)])), { factors: 2, epochs: 1 });
  test.each([
    ['in a row', [7, 8, 9], undefined, '{"first":7,"count":3}'],
    ['small numbers', [7, 9, 8], 'U16', undefined],
    ['large numbers', [7, 2 ** 31 - 1, 65_536], 'I32', undefined],
    ['numbers that are larger', [1, 2 ** 31], undefined, '[1,2147483648]'],
    ['texts', [1, '2'], undefined, '[1,"2"]'],
  ] as const)('%s', async (_, ids, dtype, text) => {
    const model = await few([...ids]);
    const bytes = model.save({ dtype: 'int8' });
    const { tensors, metadata } = decodeTensors(bytes);
    expect(tensors.get('item_ids')?.dtype).toBe(dtype);
    expect(metadata.items).toBe(text);
    expect((await Model.load(bytes)).items).toEqual(ids);
    expect((await Model.load(model.save())).items).toEqual(ids);
  });
});

test('a file of int8 is read with its codes, too, in place of the numbers that they stand for', async () => {
  const model = await train(ratings, { epochs: 1 });
  const file = model.save({ dtype: 'int8' });
  const { tensors } = decodeModel(file);
  const { codes, itemFactors } = decodeModel(file, true).tensors;
  expect(itemFactors).toHaveLength(0);
  expect(Object.keys(codes!)).toEqual(['itemFactors', 'takenItems', 'likedItems']);
  expect(dequantize(codes!.itemFactors as Quantized)).toEqual(tensors.itemFactors);
});

test('rows of zeros, of tiny and of huge numbers', () => {
  const values = Float32Array.of(0, 0, 1e-30, -3e-30, 1e30, 2e30);
  const kept = dequantize(quantize(values, 3));
  values.forEach((value, place) => {
    const largest = Math.max(...[0, 1].map((column) => Math.abs(values[(place & ~1) + column]!)));
    expect(Math.abs(kept[place]! - value)).toBeLessThanOrEqual((largest / 127 / 2) * 1.000001);
  });
});

test('float16 refuses numbers that it cannot hold, and names the tensor', async () => {
  const ratings = Ratings.from([
    ['ann', 1, 1e6],
    ['ann', 2, -1e6],
    ['bob', 1, 1e6],
  ]);
  const model = await train(ratings, { solver: 'bias', regularization: 0.1 });
  const error = await failure(() => model.save({ dtype: 'float16' }));
  expect(error.code).toBe('unsupported');
  expect(error.message).toMatch(/_bias has values beyond 65504, which float16 does not hold/);
  expect((await Model.load(model.save({ dtype: 'int8' }))).predict('ann', 1)).toBeGreaterThan(0);
});
