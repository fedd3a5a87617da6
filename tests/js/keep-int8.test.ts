/** Models of int8 files whose vectors of items stay whole numbers in memory: the results are those of the same file. */
import { evaluate, evaluateAsync, Model, Ratings, type TrainOptions, train } from 'matfac';
import { Model as ServedModel } from 'matfac/serve';
import { beforeAll, describe, expect, test } from 'vitest';
import { noTensors } from '../../bindings/js/core/tensors.js';
import { decodeModel } from '../../bindings/js/model/file/model-file.js';
import { watchMemory } from '../../scripts/lib/wasm-memory.mjs';
import { failure } from './support/failure.js';
import { newCore } from './support/new-core.js';

const heapBytes = watchMemory();

let ratings: Ratings;
beforeAll(async () => {
  ratings = await Ratings.sample('tiny');
});

/** With factors that need padding, and that need none. */
const KINDS: [name: string, options: TrainOptions][] = [
  ['variational', { factors: 6, preferenceFactors: 10 }],
  ['als', { solver: 'als', factors: 8, preferenceFactors: 12 }],
  ['als without preference', { solver: 'als', factors: 7, preference: false }],
  ['sgd', { solver: 'sgd', factors: 5 }],
  ['nmf', { solver: 'nmf', factors: 6 }],
  ['svd++', { solver: 'svd++', factors: 6 }],
  ['bayesian', { solver: 'bayesian', factors: 5, implicitTerms: 'both', samples: 3 }],
  ['bayesian with ordered ratings', { solver: 'bayesian', factors: 4, likelihood: 'ordinal', samples: 2 }],
  ['implicit-als', { solver: 'implicit-als', factors: 9, discount: 0.5 }],
  ['bpr', { solver: 'bpr', factors: 6 }],
  ['bias', { solver: 'bias' }],
  ['popularity', { solver: 'popularity' }],
];

/** What serving gives too. */
function served(model: Omit<Model, never> | ServedModel) {
  const [first, second] = model.users;
  const [one, two, three] = model.items;
  const isImplicit = ['implicit-als', 'bpr', 'popularity'].includes(model.solver);
  const rated = (item: typeof one, rating: number) => ({ item: item!, ...(isImplicit ? {} : { rating }) });
  const visitor = model.foldIn([rated(one, 5), rated(two, 2), rated(three, 4)]);
  const newcomer = model.foldIn([]);
  return {
    predictions: [model.predict(first!, one!), model.predict('nobody', two!), model.predict(second!, 'nothing')],
    best: model.recommend(first!),
    byRating: model.recommend(first!, { by: 'rating' }),
    diverse: model.recommend(second!, { n: 5, diversity: 0.4, exclude: [three!] }),
    included: model.recommend(first!, { include: [one!, three!], exclude: 'none' }),
    approximate: [
      model.recommend(first!, { approximate: true }),
      model.recommend(first!, { approximate: true, by: 'rating' }),
    ],
    many: model.recommendMany(model.users.slice(0, 20), { n: 4 }),
    similar: model.similarItems(two!, { n: 6 }),
    among: model.similarItems(two!, { include: model.items.slice(0, 30), exclude: [three!] }),
    reasons: [model.explain(first!, two!), model.explain(first!, two!, { by: 'rating' })],
    visitor: [visitor.recommend(), visitor.predict(two!), visitor.explain(two!), visitor.recommend({ by: 'rating' })],
    newcomer: [newcomer.recommend(), newcomer.predict(one!)],
    plane: model.map(),
    space: model.map({ dimensions: 3 }),
  };
}

async function whole(model: Model) {
  const { users, items, options } = model;
  const bayesian = ['bayesian', 'variational'].includes(options.solver);
  const test = await Ratings.sample('tiny', { seed: 3 });
  return {
    ...served(model),
    predictions: model.predictMany(users.slice(0, 50), items.slice(0, 50)),
    async: await model.recommendManyAsync(users.slice(0, 30), { threads: 1 }),
    users: model.similarUsers(users[0]!, { n: 5 }),
    uncertainty: bayesian && [
      model.uncertainty(users[0]!, items[0]!),
      model.foldIn([{ item: items[1]!, rating: 3 }]).uncertainty(items[2]!),
    ],
    distribution: options.likelihood === 'ordinal' && [
      model.distribution(users[0]!, items[0]!),
      model.foldIn([{ item: items[1]!, rating: 3 }]).distribution(items[2]!),
    ],
    judged: evaluate(model, test, { exclude: 'none' }),
    judgedInSlices: await evaluateAsync(model, test, { exclude: 'none', threads: 1 }),
    factors: [model.userFactors, model.itemFactors, model.itemBias],
    files: (['float32', 'float16', 'int8'] as const).map((dtype) => model.save({ dtype })),
    shared: model.save({ share: true, dtype: 'int8' }),
  };
}

describe.each(KINDS)('a model of %s', (name, options) => {
  let bytes: Uint8Array<ArrayBuffer>;
  beforeAll(async () => {
    const epochs = name === 'bias' || name === 'popularity' ? {} : { epochs: 3 };
    using model = await train(ratings, { ...epochs, ...options });
    bytes = model.save({ dtype: 'int8' });
  });

  test('has the same results bit for bit', async () => {
    using plain = await Model.load(bytes);
    using kept = await Model.load(bytes, { keep: 'int8' });
    expect(await whole(kept)).toEqual(await whole(plain));
  });

  test('has them in matfac/serve', async () => {
    using plain = await ServedModel.load(bytes);
    using kept = await ServedModel.load(bytes, { keep: 'int8' });
    expect(served(kept)).toEqual(served(plain));
  });

  test('grows and trains on like any other', async () => {
    using plain = await Model.load(bytes);
    using kept = await Model.load(bytes, { keep: 'int8' });
    const more = (model: Model) => train(ratings, { warmStart: model, epochs: 1 });
    // The history has times.
    const learned = async (model: Model) => decodeModel((await more(model)).save()).tensors;
    expect(await learned(kept)).toEqual(await learned(plain));
    // These take no new rows by ratings.
    if (['bpr', 'popularity'].includes(plain.solver)) return;
    const item = { id: 'new', ratings: [{ user: plain.users[0]!, rating: 4 }] };
    expect((await kept.withItems([item])).save()).toEqual((await plain.withItems([item])).save());
    const user = { id: 'new', ratings: [{ item: plain.items[0]!, rating: 4 }] };
    expect((await kept.withUsers([user])).save()).toEqual((await plain.withUsers([user])).save());
  });
});

test('on threads, the results are the same', async () => {
  using model = await train(ratings, { epochs: 2 });
  const bytes = model.save({ dtype: 'int8' });
  using plain = await Model.load(bytes);
  using kept = await Model.load(bytes, { keep: 'int8' });
  const of = (each: Model) => each.recommendManyAsync(each.users, { n: 3, threads: 2 });
  expect(await of(kept)).toEqual(await of(plain));
});

describe('keep', () => {
  test.each(['float32', 'float16'] as const)('needs int8, and says what a file of %s has', async (dtype) => {
    using model = await train(ratings, { epochs: 1 });
    const file = model.save({ dtype });
    const found = dtype === 'float32' ? 'F32' : 'F16';
    const message = `keep: 'int8' needs a file saved with dtype: 'int8'; this one has item_factors in ${found}`;
    expect(await failure(() => Model.load(file, { keep: 'int8' }))).toMatchObject({
      code: 'invalid-argument',
      message,
    });
  });

  test('takes no other value', async () => {
    const error = await failure(() => Model.load(new Uint8Array(), { keep: 'int4' as 'int8' }));
    expect(error).toMatchObject({ code: 'invalid-argument', message: "keep must be 'int8'; it is 'int4'" });
  });
});

/** A model of so many items with 64 factors each, in a module of its own. */
async function itemsOnly(count: number) {
  const core = await newCore();
  const options = core.resolveOptions({ solver: 'als', factors: 64, preference: false });
  const numbers = { factors: 64, columns: 64, mean: 3, scale: 1, minimum: 1, maximum: 5 };
  const itemBias = Float32Array.from({ length: count }, (_, item) => Math.cos(item));
  const codes = Int8Array.from({ length: 64 * count }, (_, place) => ((place * 7) % 255) - 127);
  const scale = new Float32Array(count).fill(1 / 128);
  const tensors = { ...noTensors(), ...numbers, itemBias, codes: { itemFactors: { codes, scale } } };
  return () => core.createModel(tensors, options);
}

test('27,000 items with 64 factors take 2 MB of the WebAssembly memory', async () => {
  const make = await itemsOnly(27_000);
  const models = [make()];
  const before = heapBytes();
  while (models.length < 101) models.push(make());
  // The memory grows by up to a fifth more than is asked for.
  expect((heapBytes() - before) / 100).toBeLessThan(1.2 * 2e6);
  const task = { n: 10, byRating: false, excluded: new Int32Array(), included: null, diversity: 0, approximate: true };
  for (const model of models) {
    const visitor = model.foldIn(Int32Array.of(1), Float32Array.of(5), new Int32Array(), new Float32Array());
    model.profileRecommend(visitor, task);
  }
  expect((heapBytes() - before) / 100).toBeLessThan(1.2 * 2e6);
  for (const model of models) model.delete();
});

test('a model of codes is made, and recommends, without floats for all items', async () => {
  const before = heapBytes();
  const make = await itemsOnly(600_000);
  const model = make();
  const visitor = model.foldIn(Int32Array.of(1), Float32Array.of(5), new Int32Array(), new Float32Array());
  const task = { n: 10, byRating: false, excluded: new Int32Array(), included: null, diversity: 0, approximate: false };
  expect(model.profileRecommend(visitor, task).items.length).toBe(10);
  model.similarItems(3, 5, new Int32Array(), null, new Float32Array());
  // Codes, scales and biases are 43 MB, and the last two are copied once; floats would be 154 MB.
  expect(heapBytes() - before).toBeLessThan(80e6);
  model.delete();
});
