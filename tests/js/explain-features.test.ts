/** What comes from features and what from ratings, and what a served model knows of features. */
import { type FeatureFields, Features, Model, Ratings, train } from 'matfac';
import { Model as ServedModel } from 'matfac/serve';
import { beforeAll, describe, expect, test } from 'vitest';
import { failure } from './support/failure.js';

const BY = ['preference', 'rating'] as const;
const total = (parts: { contribution: number }[]) => parts.reduce((sum, { contribution }) => sum + contribution, 0);

let ratings: Ratings;
let options: { userFeatures: Features; itemFeatures: Features };
const fieldsOf = (id: unknown): FeatureFields => ({
  age: 18 + ((Number(id) * 7) % 60),
  country: ['DE', 'FR'][Number(id) % 2],
});

beforeAll(async () => {
  ratings = await Ratings.sample('tiny');
  const people = ratings.users.map((id) => ({ id, ...fieldsOf(id) }));
  const shelf = ratings.items.map((id) => ({ id, genre: ['Drama', 'War', 'Comedy'][Number(id) % 3] }));
  options = { userFeatures: await Features.from(people), itemFeatures: await Features.from(shelf) };
});

const SOLVERS = ['variational', 'als', 'implicit-als', 'bayesian'] as const;

describe.each(SOLVERS)('%s', (solver) => {
  let model: Model;
  beforeAll(async () => {
    model = await train(ratings, { solver, epochs: 6, ...options });
  });

  /** The score of a visitor without biases, from the model's own numbers. */
  const scoreOf = (visitor: ReturnType<Model['foldIn']>, item: number | string, by: 'preference' | 'rating') =>
    visitor.recommend({ include: [item], exclude: 'none', by })[0]!.score;

  test('ratings and features together are the score of a visitor, and neither is without what it comes from', () => {
    const items = model.items.slice(0, 4);
    const rated = model.items.slice(10, 15).map((item, at) => ({ item, rating: 1 + (at % 5) }));
    const features = { age: 24, country: 'DE' };
    for (const by of BY) {
      const both = model.foldIn(rated, { features });
      const names = both.explainFeatures(items[0]!, { by }).map(({ feature }) => feature);
      expect(names).toContain('country: DE');
      expect(names).toContain('age');
      // Differences between items of the same visitor leave out the visitor's bias; the items' biases are in both visits.
      const bare = model.foldIn(rated);
      const gap = (item: string | number) => {
        const [more, less] = [both, bare].map((visitor) => {
          const parts =
            total(visitor.explain(item, { n: 100, by })) + total(visitor.explainFeatures(item, { n: 100, by }));
          return scoreOf(visitor, item, by) - parts;
        });
        return more! - less!;
      };
      for (const item of items.slice(1)) expect(gap(item)).toBeCloseTo(gap(items[0]!), 4);
      expect(bare.explainFeatures(items[0]!, { by })).toEqual([]);
      const unrated = model.foldIn([], { features });
      expect(unrated.explain(items[0]!, { by })).toEqual([]);
      expect(total(unrated.explainFeatures(items[0]!, { n: 1, by }))).not.toBe(0);
      expect(unrated.explainFeatures(items[0]!, { n: 1, by })).toHaveLength(1);
    }
  });

  test('the features of a user of the model, which the caller has, are told apart as those of a visitor', async () => {
    const [user] = model.users;
    const features = fieldsOf(user);
    const rated = [...ratings].filter((row) => row.user === user);
    const visitor = model.foldIn(rated, { features });
    const item = model.items[7]!;
    for (const by of BY) {
      expect(model.explain(user!, item, { by, features })).toEqual(visitor.explain(item, { by }));
      expect(model.explainFeatures(user!, item, { by, features })).toEqual(visitor.explainFeatures(item, { by }));
    }
    const error = await failure(() => model.explain(user!, item, { features: { aeg: 3 } }));
    expect(error.message).toBe("explain: features must be among those trained with; 'aeg' is not");
  });

  test('a served model folds in by features, ratings or both, bit for bit', async () => {
    const bytes = model.save();
    const [whole, served] = [await Model.load(bytes), await ServedModel.load(bytes)];
    const rated = [{ item: model.items[3]!, rating: 4 }];
    const features = { age: 33, country: 'FR' };
    for (const [given, known] of [
      [rated, {}],
      [[], { features }],
      [rated, { features }],
    ] as const) {
      const [one, other] = [whole.foldIn(given, known), served.foldIn(given, known)];
      expect(other.recommend()).toEqual(one.recommend());
      expect(other.predict(model.items[5]!)).toBe(one.predict(model.items[5]!));
      expect(other.explain(model.items[5]!)).toEqual(one.explain(model.items[5]!));
      expect(other.explainFeatures(model.items[5]!)).toEqual(one.explainFeatures(model.items[5]!));
    }
    expect(served.foldIn([], { features: { age: 33, country: 'UK' } }).unknownFeatures).toEqual(['country: UK']);
    expect(() => served.foldIn([], { features: { aeg: 1 } })).toThrow(
      "foldIn: features must be among those trained with; 'aeg' is not",
    );
  });
});
