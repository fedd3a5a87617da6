import { evaluate, Ratings, train } from 'matfac';
import { expect, test } from 'vitest';
import { failure } from './support/failure.js';

test('after dispose, every method is an error that says so', async () => {
  const ratings = await Ratings.sample('tiny');
  const gone = await train(ratings, { epochs: 1 });
  const profile = gone.foldIn([]);
  const { items } = gone;
  gone.dispose();
  gone.dispose();
  const uses: (() => unknown)[] = [
    () => gone.predict(1, 1),
    () => gone.predictMany([], []),
    () => gone.recommend(1),
    () => gone.similarItems(items[0]!),
    () => gone.similarUsers(1),
    () => gone.explain(1, items[0]!),
    () => gone.foldIn([]),
    () => gone.userFactors,
    () => gone.save(),
    () => evaluate(gone, ratings),
    () => profile.recommend(),
    () => profile.predict(items[0]!),
  ];
  for (const use of uses) expect((await failure(use)).code).toBe('disposed');
  const other = await train(ratings, { epochs: 1 });
  other[Symbol.dispose]();
  expect((await failure(() => other.mean)).code).toBe('disposed');
});
