import { evaluate, Features, Model, Ratings, train } from 'matfac';
import { beforeAll, describe, expect, test } from 'vitest';
import { checksumOf } from '../../bindings/js/base/checksum.js';
import { decodeTensors, encodeTensors } from '../../bindings/js/base/safetensors.js';
import { failure } from './support/failure.js';

let ratings: Ratings;
beforeAll(async () => {
  ratings = await Ratings.sample('tiny');
});

const short = { solver: 'bayesian', factors: 4, epochs: 40, samples: 8 } as const;

describe.each(['none', 'user', 'both'] as const)('bayesian with implicit terms: %s', (implicitTerms) => {
  let model: Model;
  beforeAll(async () => {
    model = await train(ratings, { ...short, implicitTerms });
  });

  test('learns', () => {
    expect(evaluate(model, ratings).rmse).toBeLessThan(0.9);
    expect(model.options).toMatchObject({ implicitTerms, samples: 8, factors: 4 });
  });

  test('comes back from its file with its posterior', async () => {
    const again = await Model.load(model.save());
    const [user, item] = [model.users[3]!, model.items[5]!];
    expect(again.predict(user, item)).toBe(model.predict(user, item));
    expect(again.uncertainty(user, item)).toBe(model.uncertainty(user, item));
    expect(again.recommend(user)).toEqual(model.recommend(user));
    const visitor = [
      { item: model.items[0]!, rating: 5 },
      { item: model.items[9]!, rating: 1 },
    ];
    expect(again.foldIn(visitor).recommend()).toEqual(model.foldIn(visitor).recommend());
    expect(again.save()).toEqual(model.save());
  });

  test('folds visitors in without its users', async () => {
    const again = await Model.load(model.save({ users: false }));
    const visitor = [{ item: model.items[0]!, rating: 5 }];
    expect(again.foldIn(visitor).recommend()).toEqual(model.foldIn(visitor).recommend());
  });

  test('is more certain about a visitor with more ratings, for many items as for one', async () => {
    const [asked, other] = [model.items[5]!, model.items[6]!];
    const profile = model.foldIn([]);
    const unknown = profile.uncertainty(asked);
    profile.add(model.items.slice(10, 40).map((item, place) => ({ item, rating: 1 + (place % 5) })));
    expect(profile.uncertainty(asked)).toBeLessThan(unknown);
    expect(profile.uncertainty(asked)).toBeGreaterThan(0);
    expect([...profile.uncertaintyMany([other, asked])]).toEqual([
      profile.uncertainty(other),
      profile.uncertainty(asked),
    ]);
    expect(await failure(() => profile.uncertainty('nobody knows it'))).toMatchObject({ code: 'unknown-id' });
    expect(await failure(() => profile.uncertaintyMany('x' as never))).toMatchObject({ code: 'invalid-argument' });
  });

  test('explanations sum to the score less its biases', () => {
    const profile = model.foldIn([
      { item: model.items[2]!, rating: 5 },
      { item: model.items[7]!, rating: 2 },
    ]);
    const plain = model.foldIn([]);
    const item = model.items[11]!;
    const sum = profile.explain(item).reduce((total, { contribution }) => total + contribution, 0);
    expect(Number.isFinite(sum)).toBe(true);
    expect(profile.predict(item)).not.toBe(plain.predict(item));
  });
});

test('a rating of a user with few ratings is less certain', async () => {
  const rows: [number, number, number][] = [];
  for (let user = 0; user < 60; user++) {
    for (let item = 0; item < 30; item++) if ((user + item) % 3) rows.push([user, item, 1 + ((user * item) % 5)]);
  }
  rows.push([99, 0, 3]);
  const model = await train(Ratings.from(rows), { ...short, epochs: 100 });
  expect(model.uncertainty(99, 1)).toBeGreaterThan(0.3);
  expect((await failure(() => model.uncertainty(1, 'no such item'))).code).toBe('unknown-id');
});

test('only bayesian and variational have an uncertainty', async () => {
  const variational = await train(ratings, { epochs: 5 });
  expect(variational.solver).toBe('variational');
  expect(variational.uncertainty(variational.users[0]!, variational.items[0]!)).toBeGreaterThan(0);
  const model = await train(ratings, { solver: 'als', epochs: 1 });
  const error = await failure(() => model.uncertainty(model.users[0]!, model.items[0]!));
  expect(error.code).toBe('unsupported');
  expect(error.message).toMatch(/a trained model of the solver 'variational' or 'bayesian'; this one of 'als'/);
});

test('a file of an earlier version, whose option is called implicit, loads as it did', async () => {
  const model = await train(ratings, { ...short, epochs: 10, implicitTerms: 'both' });
  const file = decodeTensors(model.save());
  file.metadata.options = file.metadata.options!.replace('"implicitTerms":', '"implicit":');
  file.metadata.checksum = checksumOf(file);
  const old = await Model.load(encodeTensors(file));
  expect(old.options).toEqual(model.options);
  expect(old.save()).toEqual(model.save());
  expect('implicit' in old.options).toBe(false);
});

describe('a model file whose posterior is wrong', () => {
  let bytes: Uint8Array;
  beforeAll(async () => {
    bytes = (await train(ratings, { ...short, epochs: 10, implicitTerms: 'user' })).save();
  });

  const damages: [name: string, tensor: string, change: (data: Float32Array) => void, message: RegExp][] = [
    ['a noise precision of 0', 'posterior_priors', (data) => data.fill(0, 1, 2), /precisions of noise/],
    [
      'a bias that is NaN',
      'posterior_user_bias',
      (data) => data.fill(Number.NaN, 0, 1),
      /posterior_user_bias has values that are not finite/,
    ],
    [
      'a negative noise',
      'posterior_user_noise',
      (data) => data.fill(-1, 0, 1),
      /posteriorUserNoise must hold finite numbers above 0; number 0 is -1/,
    ],
  ];
  test.each(damages)('%s', async (_name, tensor, change, message) => {
    const file = decodeTensors(bytes);
    change(file.tensors.get(tensor)!.data as Float32Array);
    file.metadata.checksum = checksumOf(file);
    const error = await failure(() => Model.load(encodeTensors(file)));
    expect(error.code).toBe('corrupt-model');
    expect(error.message).toMatch(message);
  });

  test.each(['posterior_user_bias', 'posterior_item_implicit_bias', 'posterior_user_noise'])(
    'without its %s',
    async (tensor) => {
      const file = decodeTensors(bytes);
      file.tensors.delete(tensor);
      file.metadata.checksum = checksumOf(file);
      expect((await failure(() => Model.load(encodeTensors(file)))).code).toBe('corrupt-model');
    },
  );
});

describe('bayesian with days and features', () => {
  // Each user has a mood on each of three days, and each item a kind.
  const mood = (user: number, day: number) => Math.sin(3 * user + 7 * day);
  const kind = (item: number) => ['comedy', 'drama', 'western'][item % 3]!;
  const rows = Array.from({ length: 40 * 30 }, (_, n) => {
    const [user, item] = [n % 40, Math.floor(n / 40)];
    const day = (Math.imul(n + 1, 2_654_435_761) >>> 16) % 3;
    const rating = 3 + mood(user, day) + (item % 3) / 2;
    return { user: `u${user}`, item: `i${item}`, rating, timestamp: 1e9 + 86_400 * day };
  });
  const options = { ...short, time: 'days' } as const;

  test('predicts at the time of a rating, also from its file', async () => {
    const model = await train(Ratings.from(rows), options);
    const plain = await train(Ratings.from(rows), short);
    const error = (of: Model) => evaluate(of, Ratings.from(rows)).rmse;
    expect(error(model)).toBeLessThan(0.5 * error(plain));
    const again = await Model.load(model.save());
    const days = [0, 1, 2].map((day) => 1e9 + 86_400 * day);
    const at = (of: Model) => days.map((time) => of.predict('u3', 'i0', { at: time }));
    expect(at(again)).toEqual(at(model));
    expect(new Set(at(model)).size).toBe(3);
  });

  test('learns from features, and tells that it has no mood', async () => {
    const itemFeatures = await Features.from(
      Array.from({ length: 30 }, (_, item) => ({ id: `i${item}`, kind: kind(item) })),
    );
    const model = await train(Ratings.from(rows), { ...options, itemFeatures });
    expect(evaluate(model, Ratings.from(rows)).rmse).toBeLessThan(0.3);
    expect(await failure(() => train(Ratings.from(rows), { ...short, time: 'mood' }))).toMatchObject({
      code: 'invalid-argument',
      message: expect.stringContaining("time must be 'none', 'days' or 'all' with the solver 'bayesian'"),
    });
  });
});
