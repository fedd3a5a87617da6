// How long a caller waits for the end of cancelled work, at several moments: Node, median and worst.
import { crossValidate, evaluateAsync, Ratings, search, train } from 'matfac';
import { filesOf } from '../lib/dialects.mjs';
import { rounded } from '../lib/figure.mjs';
import { median } from '../lib/statistics.mjs';

const MOMENTS = [10, 50, 200, 500, 1200];
const FOR_EVER = 10_000;
const SOLVERS = /** @type {const} */ ([
  'als',
  'sgd',
  'gradient-descent',
  'svd++',
  'nmf',
  'bayesian',
  'implicit-als',
  'bpr',
]);

/** Milliseconds from the signal to the rejection, for each moment before the end. @param {(signal: AbortSignal) => Promise<unknown>} begin */
async function waits(begin) {
  const found = [];
  for (const moment of MOMENTS) {
    const stop = new AbortController();
    let aborted = Number.NaN;
    setTimeout(() => {
      aborted = performance.now();
      stop.abort();
    }, moment);
    try {
      await begin(stop.signal);
      return found;
    } catch (error) {
      if (/** @type {{code?: string}} */ (error).code !== 'aborted') throw error;
      found.push(performance.now() - aborted);
    }
  }
  return found;
}

/** The same of a bayesian model that has all its samples, 64 of 64 factors, which it hands over: on ml1m, three times. */
async function waitsWithSamples() {
  const ratings = await Ratings.sample('ml1m');
  const found = /** @type {number[]} */ ([]);
  for (let run = 0; run < 3; ++run) {
    const stop = new AbortController();
    let aborted = Number.NaN;
    const onEpoch = (/** @type {{epoch: number}} */ { epoch }) => {
      if (epoch !== 90) return;
      aborted = performance.now();
      stop.abort();
    };
    const options = { factors: 64, epochs: FOR_EVER, samples: 64, preference: false, signal: stop.signal, onEpoch };
    await train(ratings, { ...options, solver: 'bayesian' }).catch((error) => {
      if (error.code !== 'aborted') throw error;
      found.push(performance.now() - aborted);
      error.model?.dispose();
    });
  }
  return found;
}

/** @type {import('../lib/figure.mjs').Run} */
export async function run({ full, log }) {
  const ratings = await Ratings.sample(full ? 'ml10m' : 'ml1m');
  const options = { factors: 64, epochs: FOR_EVER };
  const model = await train(ratings, { factors: 64, epochs: 1 });
  /** @type {[string, (signal: AbortSignal) => Promise<unknown>][]} */
  const jobs = [
    ...SOLVERS.map((solver) => {
      // Numbers that stay finite however long it runs.
      const rates = solver === 'gradient-descent' ? { learningRate: 1e-6 } : {};
      const begin = (/** @type {AbortSignal} */ signal) => train(ratings, { ...options, ...rates, solver, signal });
      return /** @type {[string, typeof begin]} */ ([solver, begin]);
    }),
    ['crossValidate', (signal) => crossValidate(ratings, options, { signal })],
    ['search', (signal) => search(ratings, { factors: [32, 64], epochs: FOR_EVER }, { signal })],
    ['evaluateAsync', (signal) => evaluateAsync(model, ratings, { exclude: 'none', signal })],
    ...filesOf(full ? 5_000_000 : 500_000).map(({ what, file }) => {
      const read = (/** @type {AbortSignal} */ signal) => Ratings.fromFile(file, { signal });
      return /** @type {[string, typeof read]} */ ([`reading ${what}`, read]);
    }),
  ];
  const rows = [];
  /** @type {[string, () => Promise<number[]>][]} */
  const measured = [
    ...jobs.map(([what, begin]) => /** @type {[string, () => Promise<number[]>]} */ ([what, () => waits(begin)])),
    ['bayesian with 64 samples of ml1m', waitsWithSamples],
  ];
  for (const [what, measure] of measured) {
    log(what);
    const found = await measure();
    rows.push({ what, 'ms, median': rounded(median(found)), 'ms, worst': rounded(Math.max(...found)) });
  }
  return {
    title: `Cancelling: milliseconds from the signal to the rejection (${full ? 'ml10m' : 'ml1m'}, 64 factors)`,
    notes: [`Cancelled ${MOMENTS.join(', ')} ms after the start, unless it was complete by then.`],
    rows,
    charts: {},
  };
}
