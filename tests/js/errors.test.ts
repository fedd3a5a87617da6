/** The histogram of errors on the page. */
import { evaluate, Ratings, train } from 'matfac';
import { expect, test } from 'vitest';
import { binned, histogramOf } from '../../web/compute/error-histogram.js';

test('every error is in its bin; errors beyond the ends are in the first or last', () => {
  const { counts, middles } = binned([-9, -0.9, 0, 0.1, 0.9, 1], 1, 5);
  expect(counts).toEqual([2, 0, 2, 0, 2]);
  expect(middles.map((middle) => Math.round(middle * 10) / 10)).toEqual([-0.8, -0.4, 0, 0.4, 0.8]);
});

test('its root mean square equals the RMSE of evaluate', async () => {
  const ratings = await Ratings.sample('tiny');
  const model = await train(ratings, { epochs: 3 });
  const { rmse, size, counts } = (await histogramOf(model, ratings))!;
  expect(size).toBe(ratings.size);
  expect(counts.reduce((a, b) => a + b)).toBe(size);
  expect(rmse).toBeCloseTo(evaluate(model, ratings, { metrics: ['rmse'] }).rmse, 5);
});

test('there is none for a disposed model', async () => {
  const ratings = await Ratings.sample('tiny');
  const model = await train(ratings, { epochs: 1 });
  model.dispose();
  expect(await histogramOf(model, ratings, () => false)).toBeNull();
});
