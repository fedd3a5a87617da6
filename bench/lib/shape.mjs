// The shape of ratings: how popularity, activity and values are spread, and how far models get on a held-out fifth.
import { evaluateAsync, Ratings, train } from 'matfac';

/** The shares of popularity are those of the most rated 1 %, 5 %, … of the items. */
const PERCENTS = [1, 5, 10, 20];

/** How many ratings each row has, the most first. @param {Iterable<import('matfac').Id>} rows */
function countsOf(rows) {
  /** @type {Map<import('matfac').Id, number>} */
  const counts = new Map();
  for (const row of rows) counts.set(row, (counts.get(row) ?? 0) + 1);
  return Float64Array.from(counts.values()).sort().reverse();
}

/** The share of the largest part in the total. @param {Float64Array} sorted @param {number} part */
function shareOf(sorted, part) {
  const total = sorted.reduce((sum, count) => sum + count, 0);
  return sorted.subarray(0, Math.round(part * sorted.length)).reduce((sum, count) => sum + count, 0) / total;
}

/** Popularity and activity. @param {Ratings} ratings @returns {Record<string, number>} */
export function spreadOf(ratings) {
  const rows = [...ratings];
  const items = countsOf(rows.map(({ item }) => item));
  const users = countsOf(rows.map(({ user }) => user));
  const shares = PERCENTS.map((percent) => [`top ${percent}% of items`, shareOf(items, percent / 100)]);
  return {
    ...Object.fromEntries(shares),
    'top 10% of users': shareOf(users, 0.1),
    'median user / mean': ((users[users.length >> 1] ?? 0) * users.length) / ratings.size,
  };
}

/** @param {Ratings} known @param {Ratings} test @param {import('matfac').TrainOptions} options */
async function ndcgOf(known, test, options) {
  const model = await train(known, { seed: 1, ...options });
  const { ndcg } = await evaluateAsync(model, test, { k: 10, exclude: known, metrics: ['ndcg'] });
  model.dispose();
  return ndcg;
}

/** @param {Ratings} known @param {Ratings} test @param {import('matfac').Solver} solver */
async function rmseOf(known, test, solver) {
  const model = await train(known, { seed: 1, solver, preference: false });
  const { rmse } = await evaluateAsync(model, test, { metrics: ['rmse'] });
  model.dispose();
  return rmse;
}

/** NDCG@10 over all items but those trained on; every held-out pair is relevant. @param {Ratings} ratings */
export async function rankingOf(ratings) {
  const { train: known, test } = ratings.split({ test: 0.2, by: 'random', seed: 1 });
  return {
    'NDCG popularity': await ndcgOf(known, test, { solver: 'popularity' }),
    'NDCG implicit-als': await ndcgOf(known, test, { solver: 'implicit-als' }),
  };
}

/** RMSE, in units of the RMSE of the mean, and the NDCG@10 of biases. @param {Ratings} ratings */
export async function errorsOf(ratings) {
  const { train: known, test } = ratings.split({ test: 0.2, by: 'random', seed: 1 });
  const mean = rmseOfMean(known, test);
  return {
    'RMSE of the mean': mean,
    'bias / mean': (await rmseOf(known, test, 'bias')) / mean,
    'als / mean': (await rmseOf(known, test, 'als')) / mean,
    'bayesian / mean': (await rmseOf(known, test, 'bayesian')) / mean,
    'NDCG bias': await ndcgOf(known, test, { solver: 'bias', preference: false }),
  };
}

/** @param {Ratings} known @param {Ratings} test */
function rmseOfMean(known, test) {
  let squares = 0;
  for (const { rating } of test) squares += (rating - known.mean) ** 2;
  return Math.sqrt(squares / test.size);
}
