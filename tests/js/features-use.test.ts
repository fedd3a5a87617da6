/** Features from the caller's rows to what is recommended, and through a model file. */
import { Features, Model, Ratings, train } from 'matfac';
import { beforeAll, describe, expect, test } from 'vitest';
import { failure } from './support/failure.js';

const genres = ['Drama', 'War', 'Comedy'];
const genreOf = (item: number) => genres[item % 3]!;
/** Young users like dramas and old ones war; nobody has an opinion about comedies. */
const ratingOf = (user: number, item: number) =>
  3 + (genreOf(item) === 'Drama' ? 1.5 : genreOf(item) === 'War' ? -1.5 : 0) * (user % 2 ? 1 : -1);

const ratings = Ratings.from(
  Array.from({ length: 60 }, (_, user) =>
    Array.from({ length: 45 }, (_, item) => ({ user, item, rating: ratingOf(user, item) })).filter(
      ({ item }) => (user * 7 + item * 11) % 4 < 2,
    ),
  ).flat(),
);
let userFeatures: Features;
let itemFeatures: Features;
let model: Model;

beforeAll(async () => {
  userFeatures = await Features.from(ratings.users.map((id) => ({ id, age: Number(id) % 2 ? 'young' : 'old' })));
  itemFeatures = await Features.from(ratings.items.map((id) => ({ id, genres: [genreOf(Number(id))] })));
  model = await train(ratings, { solver: 'als', userFeatures, itemFeatures, seed: 1 });
});

describe('a model trained with features', () => {
  test('knows a visitor by features alone, and an item by its genre alone', async () => {
    const young = model.foldIn([], { features: { age: 'young' } });
    const old = model.foldIn([], { features: { age: 'old' } });
    expect(young.predict(0)).toBeGreaterThan(4);
    expect(old.predict(0)).toBeLessThan(2);
    const grown = await model.withItems([
      { id: 'drama', features: { genres: ['Drama'] } },
      { id: 'war', features: { genres: 'War' } },
    ]);
    expect(grown.predict(1, 'drama')).toBeGreaterThan(4);
    expect(grown.predict(1, 'war')).toBeLessThan(2);
    expect(grown.predict(0, 'war')).toBeGreaterThan(4);
  });

  test('tells which values it does not know, and refuses fields', async () => {
    const visitor = model.foldIn([], { features: { age: 'middle' } });
    expect(visitor.unknownFeatures).toEqual(['age: middle']);
    expect(visitor.recommend()).toEqual(model.foldIn([]).recommend());
    const { message } = await failure(() => model.foldIn([], { features: { aeg: 'young' } }));
    expect(message).toBe("foldIn: features must be among those trained with; 'aeg' is not");
  });

  test.each([{}, { share: true }])('is the same after save and load: %j', async (options) => {
    const loaded = await Model.load(model.save(options));
    const features = { age: 'young' };
    const rated = [{ item: 4, rating: 2 }];
    // A file to share has its items in another order, and sums over them have other last bits.
    const scores = (each: Model) =>
      each
        .foldIn(rated, { features })
        .recommend({ n: 5 })
        .map(({ score }) => Number(score.toFixed(5)));
    expect(scores(loaded)).toEqual(scores(model));
    const grown = await loaded.withItems([{ id: 'drama', features: { genres: ['Drama'] } }]);
    expect(grown.foldIn([], { features }).predict('drama')).toBeGreaterThan(4);
    const again = await Model.load(grown.save(options));
    expect(again.items).toContain('drama');
    expect(again.foldIn([], { features }).predict('drama')).toBe(grown.foldIn([], { features }).predict('drama'));
  });
});

describe('what is wrong', () => {
  test.each(['sgd', 'svd++'] as const)(
    '%s reads no features, and its error names the solvers that do',
    async (solver) => {
      const { code, message } = await failure(() => train(ratings, { solver, itemFeatures }));
      expect(code).toBe('invalid-argument');
      expect(message).toMatch(
        /^itemFeatures must be left out with the solver '.+'; the solvers that read features are '/,
      );
    },
  );

  test('rows are no features', async () => {
    const { message } = await failure(() => train(ratings, { userFeatures: [{ id: 1, age: 2 }] as never }));
    expect(message).toBe(
      'userFeatures must be Features, made by Features.from, fromColumns or fromFile; it is an array of length 1',
    );
    const { message: late } = await failure(() =>
      train(ratings, {
        userFeatures: Features.from([
          { id: 1, age: 2 },
          { id: 2, age: 3 },
          { id: 3, age: 9 },
        ]) as never,
      }),
    );
    expect(late).toContain('a promise (await it)');
  });

  test('a model without features takes none', async () => {
    const plain = await train(ratings, { solver: 'als', epochs: 2 });
    const { code } = await failure(() => plain.foldIn([], { features: { age: 'young' } }));
    expect(code).toBe('invalid-argument');
  });
});
