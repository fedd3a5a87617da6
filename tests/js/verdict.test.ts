/** The sentence under Judge says what the figures are, better or worse. */
import { expect, test } from 'vitest';
import { AVERAGES, inSentence, POPULAR } from '../../web/compute/verdict.js';

const row = (name: string, rmse: number | undefined, ndcg: number) => ({
  name,
  words: '',
  seconds: 1,
  metrics: { ndcg, ...(rmse !== undefined && { rmse }) },
});

test.each([
  [
    0.9,
    0.36,
    'Your model’s stars are 10% closer than averages; its top ten is 1.8 times as good as the ten most popular.',
  ],
  [
    1.1,
    0.1,
    'Your model’s stars are 10% further off than averages; its top ten is only 50% as good as the ten most popular.',
  ],
  [undefined, 3, 'Your model’s top ten is 15 times as good as the ten most popular.'],
] as const)('RMSE %j, NDCG %j', (rmse, ndcg, words) => {
  expect(inSentence([row('Your model', rmse, ndcg), row(AVERAGES, 1, 0.05), row(POPULAR, undefined, 0.2)])).toBe(words);
});

test('without a baseline to compare with there is no sentence', () => {
  expect(inSentence([row('Your model', undefined, 0.3)])).toBe('');
  expect(inSentence([])).toBe('');
});
