import { Model, Ratings, train } from 'matfac';
import { Model as ServeModel } from 'matfac/serve';
import { beforeAll, describe, expect, test } from 'vitest';
import { failure } from './support/failure.js';

let ratings: Ratings;
let model: Model;
beforeAll(async () => {
  ratings = await Ratings.sample('tiny');
  model = await train(ratings, { factors: 6, epochs: 8 });
});

describe('a rating of a visitor', () => {
  const ofItem = (rating: number) => () => model.foldIn([{ item: model.items[3]!, rating }]);

  test.each([0.499, 5.0001, 50, -1])('of %s is outside the range', async (rating) => {
    const error = await failure(ofItem(rating));
    expect(error.code).toBe('invalid-argument');
    expect(error.message).toBe(`The rating of item ${model.items[3]} must be from 0.5 to 5; it is ${rating}`);
    const profile = model.foldIn([]);
    await failure(() => profile.add({ item: model.items[3]!, rating }));
    expect(profile.ratings).toEqual([]);
  });

  test.each([0.5, 5, 2.25, 0.5 - 1e-9, 5 + 1e-9])('of %s is in it, to the precision of float32', (rating) => {
    expect(ofItem(rating)().ratings).toHaveLength(1);
  });

  test('may be an end of the range that is not a float32 number', async () => {
    const tenths = Ratings.from([...ratings].map(({ user, item, rating }) => ({ user, item, rating: rating / 10 })));
    const small = await train(tenths, { epochs: 1 });
    for (const model of [small, await Model.load(small.save()), await ServeModel.load(small.save())]) {
      const ends = [0.05, 0.5].map((rating) => model.foldIn([{ item: small.items[0]!, rating }]).ratings[0]!.rating);
      expect(ends).toEqual([0.05, 0.5]);
      expect(() => model.foldIn([{ item: small.items[0]!, rating: 0.6 }])).toThrow(
        /must be from 0\.05 to 0\.5; it is 0\.6/,
      );
    }
  });

  test('is any number in a model of observed pairs, and where the range is unknown', async () => {
    const implicit = await train(ratings, { solver: 'implicit-als', epochs: 1 });
    expect(implicit.foldIn([{ item: model.items[3]!, rating: 50 }]).ratings[0]!.rating).toBe(50);
    const factors = { itemFactors: [[1, 0]], items: ['a'] };
    const open = await Model.fromFactors(factors);
    expect(open.foldIn([{ item: 'a', rating: -50 }]).ratings[0]!.rating).toBe(-50);
    const closed = await Model.fromFactors({ ...factors, range: [0.1, 3] });
    expect(closed.foldIn([{ item: 'a', rating: 0.1 }]).ratings[0]!.rating).toBe(0.1);
    expect((await failure(() => closed.foldIn([{ item: 'a', rating: 4 }]))).message).toMatch(/from 0\.1 to 3; it is 4/);
  });
});
