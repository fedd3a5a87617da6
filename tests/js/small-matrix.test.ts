/** The little matrix of the first screen: it learns its known ratings, by the gradient of the loss. */
import { expect, test } from 'vitest';
import { items, pass, predictions, ratings, type SmallFactors, start, users } from '../../web/compute/small-matrix.js';

const isKnown = (at: number) => !Number.isNaN(ratings[at]);
const squares = (factors: SmallFactors) =>
  predictions(factors).reduce((sum, value, at) => sum + (isKnown(at) ? (value - ratings[at]!) ** 2 : 0), 0);

test('after the passes that the page shows, it is within half a step of every known rating', () => {
  let factors = start();
  const before = squares(factors);
  for (let i = 0; i < 120; i++) factors = pass(factors);
  expect(squares(factors)).toBeLessThan(before / 50);
  for (const [at, value] of predictions(factors).entries())
    if (isKnown(at)) expect(Math.abs(value - ratings[at]!), `pair ${at}`).toBeLessThan(0.5);
});

test('it predicts every gap, by the products of the factors', () => {
  const factors = pass(start());
  const { u, v } = factors;
  const found = predictions(factors);
  expect(found).toHaveLength(users * items);
  expect(ratings.filter(Number.isNaN).length).toBeGreaterThan(30);
  for (let user = 0; user < users; user++)
    for (let item = 0; item < items; item++)
      expect(found[user * items + item]).toBe(u[2 * user]! * v[2 * item]! + u[2 * user + 1]! * v[2 * item + 1]!);
});
