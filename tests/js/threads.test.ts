import { Ratings, train } from 'matfac';
import { expect, test } from 'vitest';

test('the number of threads does not change a bit of the model', async () => {
  const ratings = await Ratings.sample('ml100k');
  for (const solver of ['als', 'implicit-als', 'sgd'] as const) {
    const [one, two] = [
      await train(ratings, { solver, factors: 20, epochs: 2, threads: 1 }),
      await train(ratings, { solver, factors: 20, epochs: 2, threads: 2 }),
    ];
    expect(two.userFactors).toEqual(one.userFactors);
    expect(two.itemFactors).toEqual(one.itemFactors);
    expect(two.options).toEqual(one.options);
  }
});

test('more threads than the machine has are as many as it has', async () => {
  const model = await train(await Ratings.sample('tiny'), { epochs: 1, threads: 64 });
  expect(model.history.length).toBe(1);
});
