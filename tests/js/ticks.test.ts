/** The numbers along the axes of the page's chart. */
import { expect, test } from 'vitest';
import { ticksOf } from '../../web/compute/ticks.js';

test('ticks are round numbers within the range, with the decimals that they need', () => {
  expect(ticksOf([0.76, 0.96], 8)).toEqual({ values: [0.8, 0.85, 0.9, 0.95], decimals: 2 });
  expect(ticksOf([0, 0.6], 3)).toEqual({ values: [0, 0.2, 0.4, 0.6], decimals: 1 });
  expect(ticksOf([-3, 12], 4)).toEqual({ values: [0, 5, 10], decimals: 0 });
  expect(ticksOf([104_300, 251_000], 6)).toEqual({ values: [150_000, 200_000, 250_000], decimals: 0 });
});

test('epochs are whole numbers, also where there are few of them', () => {
  expect(ticksOf([1, 1], 9, 1)).toEqual({ values: [1], decimals: 0 });
  expect(ticksOf([1, 3], 9, 1)).toEqual({ values: [1, 2, 3], decimals: 0 });
  expect(ticksOf([1, 300], 5, 1)).toEqual({ values: [100, 200, 300], decimals: 0 });
});

test('there are never more than asked for and one', () => {
  for (let seed = 1; seed <= 200; seed++) {
    const low = Math.sin(seed) * 10 ** (seed % 7);
    const high = low + Math.abs(Math.cos(3 * seed)) * 10 ** ((seed % 9) - 4) + 1e-4;
    const { values } = ticksOf([low, high], 7);
    expect(values.length).toBeLessThanOrEqual(8);
    expect(values.length).toBeGreaterThanOrEqual(2);
    for (const value of values) {
      expect(value).toBeGreaterThanOrEqual(low - 1e-8 * Math.abs(low));
      expect(value).toBeLessThanOrEqual(high + 1e-8 * Math.abs(high));
    }
  }
});
