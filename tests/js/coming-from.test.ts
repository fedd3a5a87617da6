/** Our side of the figures in docs/coming-from, with the settings of the code there, on MovieLens 100K, split u1. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { evaluate, Model, Ratings, type TrainOptions, train } from 'matfac';
import { beforeAll, describe, expect, test } from 'vitest';
import { hasRealData, realData } from './support/data.js';

const U1 = ['ml-100k.u1.base.gz', 'ml-100k.u1.test.gz'] as const;

/** The last cell of the row of a page's table that begins with these words. */
function told(page: string, row: string): string {
  const path = fileURLToPath(new URL(`../../docs/coming-from/${page}.md`, import.meta.url));
  const found = readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line.startsWith(`| ${row}`));
  expect(found, row).toHaveLength(1);
  return found[0]!.split('|').at(-2)!.trim();
}

/** The median of three, and the lowest and the highest. */
function ofSeeds(figures: readonly number[]): string {
  const [low, median, high] = figures.toSorted((a, b) => a - b).map((figure) => figure.toFixed(4));
  return `${median} (${low} to ${high})`;
}

async function figures(ratings: Ratings, options: TrainOptions, figure: (model: Model) => number): Promise<number[]> {
  const found: number[] = [];
  for (const seed of [1, 2, 3]) {
    const model = await train(ratings, { ...options, seed });
    found.push(figure(model));
    model.dispose();
  }
  return found;
}

describe.skipIf(!hasRealData(...U1))('with ratings', () => {
  let known: Ratings;
  let held: Ratings;
  let deviation: number;
  const rmse = (model: Model) => evaluate(model, held, { metrics: ['rmse'] }).rmse;
  beforeAll(async () => {
    [known, held] = (await Promise.all(U1.map(async (name) => Ratings.fromFile(await realData(name))))) as [
      Ratings,
      Ratings,
    ];
    const values = [...known].map(({ rating }) => rating);
    const mean = values.reduce((sum, value) => sum + value) / values.length;
    deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
  });

  const svd = (factors: number, epochs: number, rate: number, regularization: number): TrainOptions => ({
    solver: 'sgd',
    biases: true,
    factors,
    epochs,
    learningRate: rate,
    biasLearningRate: rate,
    regularization,
    initialScale: 0.1 * Math.sqrt(factors),
  });

  const rows: [page: string, row: string, options: () => TrainOptions][] = [
    [
      'surprise',
      '`NMF`, 15 factors',
      () => ({ solver: 'nmf', factors: 15, epochs: 200, regularization: 0.06 / deviation }),
    ],
    [
      'surprise',
      '`SVDpp`, its defaults',
      () => ({
        solver: 'svd++',
        factors: 20,
        epochs: 20,
        learningRate: 0.007 * deviation,
        learningRateDecay: 1,
        biasLearningRate: 0.007,
        regularization: 0.02 / deviation,
        biasRegularization: 0.02,
        initialScale: 0.1 * Math.sqrt(20 / deviation),
      }),
    ],
    ['surprise', '`SVD`, 20 factors', () => svd(20, 30, 0.01, 0.05)],
    ['surprise', '`SVD`, its defaults', () => svd(100, 20, 0.005, 0.02)],
    [
      'cmfrec',
      'RMSE: `CMF`, 10 factors',
      () => ({ solver: 'gradient-descent', biases: true, factors: 10, epochs: 500, regularization: 10 }),
    ],
    [
      'cmfrec',
      'RMSE: `CMF`, `nonneg`',
      () => ({ solver: 'nmf', factors: 15, epochs: 200, regularization: 0.06 / deviation }),
    ],
    ['cmfrec', 'RMSE: `CMF`, 40 factors', () => ({ solver: 'als', factors: 40 })],
    [
      'spark',
      '`ALS`, nonnegative',
      () => ({ solver: 'nmf', factors: 10, epochs: 200, regularization: 0.1 / deviation }),
    ],
    [
      'spark',
      '`ALS`, rank 10, λ 0.1, 50',
      () => ({
        solver: 'sgd',
        factors: 10,
        epochs: 200,
        regularization: 0.1,
        learningRate: 0.02,
        learningRateDecay: 0.98,
      }),
    ],
    ['spark', '`ALS`, rank 10, λ 0.1, 10', () => ({ solver: 'als', factors: 10 })],
  ];

  test.each(rows)('%s: %s', async (page, row, options) => {
    expect(ofSeeds(await figures(known, { ...options(), preference: false }, rmse))).toBe(told(page, row));
  });

  test('surprise: BaselineOnly to seven digits, and the default', async () => {
    const bias = rmse(await train(known, { solver: 'bias', epochs: 15, regularization: 5 }));
    // What Surprise 1.1.5 has.
    expect(bias).toBeCloseTo(0.9548258267875289, 7);
    expect(bias.toFixed(4)).toBe(told('surprise', '`BaselineOnly`, by ALS'));
    expect(rmse(await train(known)).toFixed(4)).toBe(told('surprise', 'what `train(ratings)` chooses'));
  });
});

describe.skipIf(!hasRealData(...U1))('with what was liked', () => {
  let known: Ratings;
  let held: Ratings;
  const ndcg = (model: Model) => evaluate(model, held, { k: 10, metrics: ['ndcg'] }).ndcg;
  beforeAll(async () => {
    const liked = async (name: string) => {
      const ratings = await Ratings.fromFile(await realData(name));
      return Ratings.from([...ratings].filter(({ rating }) => rating >= 4).map(({ user, item }) => ({ user, item })));
    };
    [known, held] = (await Promise.all(U1.map(liked))) as [Ratings, Ratings];
  });

  /** A pair of weight α against 1, and one λ for all rows, in the options of implicit-als. */
  function als(alpha: number, lambda: number) {
    const { userCount, itemCount, size } = known;
    const confidence = alpha - 1;
    const observed = confidence * size;
    const weight = Math.sqrt((itemCount + observed / userCount) * (userCount + observed / itemCount));
    const regularization = (lambda * confidence) / alpha / weight;
    return { solver: 'implicit-als', weights: 'none', confidence, regularization, epochs: 15, sweep: 'exact' } as const;
  }

  function start(rows: number, columns: number) {
    const value = (_: unknown, i: number) => 0.1 * Math.sin((1 + Math.floor(i / columns)) ** 2 * (1 + (i % columns)));
    return { rows, columns, data: Float32Array.from({ length: rows * columns }, value) };
  }

  test('implicit: ALS from the same factors', async () => {
    const { epochs, sweep, weights, ...shared } = als(2, 0.01);
    const warmStart = await Model.fromFactors({
      ...shared,
      users: known.users,
      items: known.items,
      userFactors: start(known.userCount, 16),
      itemFactors: start(known.itemCount, 16),
    });
    const figure = ndcg(await train(known, { ...shared, epochs, sweep, weights, warmStart }));
    // What implicit 0.7.3 has.
    expect(Math.abs(figure - 0.4077790281633216)).toBeLessThan(0.0002);
    expect(figure.toFixed(4)).toBe(told('implicit', 'ALS, 16 factors'));
  });

  const rows: [page: string, row: string, options: () => TrainOptions][] = [
    ['implicit', 'ALS, 64 factors', () => ({ ...als(2, 10), factors: 64 })],
    [
      'implicit',
      'BPR, 64 factors',
      () => ({
        solver: 'bpr',
        factors: 64,
        epochs: 100,
        learningRate: 0.01,
        learningRateDecay: 1,
        regularization: 0.01,
      }),
    ],
    ['cmfrec', 'NDCG@10: `CMF_implicit`', () => ({ ...als(2, 1), factors: 40, epochs: 30 })],
    ['lightfm', "`LightFM(loss='bpr', no", () => ({ solver: 'bpr', factors: 64, epochs: 60 })],
  ];

  test.each(rows)('%s: %s', async (page, row, options) => {
    expect(ofSeeds(await figures(known, options(), ndcg))).toBe(told(page, row));
  });
});
