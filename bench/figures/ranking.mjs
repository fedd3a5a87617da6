// Implicit feedback: ratings of 4 and more of MovieLens are positives, the last of each user is held out, and each solver
// ranks all items but those trained on.
import { evaluateAsync, Ratings, train } from 'matfac';
import { barChart } from '../lib/chart.mjs';
import { rounded } from '../lib/figure.mjs';
import { read } from '../lib/movielens.mjs';
import { median } from '../lib/statistics.mjs';

const SETS = {
  'MovieLens 100K': ['ml-100k.u1.base.gz', 'ml-100k.u1.test.gz'],
  'MovieLens latest-small': ['ml-latest-small.ratings.csv.gz'],
};
const SOLVERS = /** @type {const} */ (['popularity', 'implicit-als', 'bpr']);
const METRICS = /** @type {const} */ (['ndcg', 'recall', 'auc', 'coverage', 'novelty']);
const SEEDS = [1, 2, 3];

/** @param {string[]} files */
async function positives(files) {
  const parts = await Promise.all(files.map(read));
  const rows = parts.flatMap((part) => (part ? [...part].filter(({ rating }) => rating >= 4) : []));
  return rows.length > 0 ? Ratings.from(rows) : null;
}

/** @param {Ratings} seen @param {Ratings} test @param {typeof SOLVERS[number]} solver */
async function judged(seen, test, solver) {
  /** @type {(Partial<Record<typeof METRICS[number] | 'seconds', number>>)[]} */
  const runs = [];
  for (const seed of solver === 'popularity' ? [1] : SEEDS) {
    const began = performance.now();
    const model = await train(seen, { solver, seed });
    const seconds = (performance.now() - began) / 1000;
    runs.push({ ...(await evaluateAsync(model, test)), seconds });
    model.dispose();
  }
  const of = (/** @type {typeof METRICS[number] | 'seconds'} */ metric) =>
    median(runs.map((run) => run[metric] ?? Number.NaN));
  return {
    ...Object.fromEntries(METRICS.map((metric) => [metric, of(metric)])),
    ndcg: of('ndcg'),
    seconds: of('seconds'),
  };
}

/** @type {import('../lib/figure.mjs').Run} */
export async function run({ log }) {
  const rows = [];
  const bars = [];
  for (const [data, files] of Object.entries(SETS)) {
    const all = await positives(files);
    if (!all) {
      log(`${data} is missing: MATFAC_DATA names its folder`);
      continue;
    }
    const { train: seen, test } = all.split({ by: 'leave-last-out' });
    let popularity = Number.NaN;
    for (const solver of SOLVERS) {
      log(`${solver}, ${data}`);
      const figures = await judged(seen, test, solver);
      if (solver === 'popularity') popularity = figures.ndcg;
      const shown = Object.entries(figures).map(([metric, value]) => [metric, rounded(value)]);
      rows.push({ data, solver, ...Object.fromEntries(shown), '× popularity': rounded(figures.ndcg / popularity) });
      bars.push({ group: data, bar: solver, y: figures.ndcg });
    }
  }
  return {
    title: 'NDCG at 10 over the full ranking, leave-last-out, ratings of 4 and more',
    notes: ['Medians of three seeds. Settings are the defaults.'],
    rows,
    charts: { ranking: barChart({ title: 'NDCG at 10, leave-last-out', bars }) },
  };
}
