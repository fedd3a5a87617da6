// Held-out error by time for each solver, and its mean over five random folds.
import { evaluate, Ratings, train } from 'matfac';
import { lineChart } from '../lib/chart.mjs';
import { rounded } from '../lib/figure.mjs';
import { split, whole } from '../lib/movielens.mjs';
import { mean } from '../lib/statistics.mjs';

/** Tuned on parts of the training file of u1. */
const tunedSgd = {
  solver: 'sgd',
  factors: 128,
  epochs: 80,
  biases: true,
  regularization: 0.08,
  biasRegularization: 0.015,
  learningRate: 0.035,
  learningRateDecay: 0.93,
  biasLearningRate: 0.0016,
  initialScale: 0.08,
};

/** @type {Record<string, import('matfac').TrainOptions>} */
const contestants = {
  variational: { solver: 'variational' },
  // Held-out ratings are predicted at their own times, to the second.
  'variational, mood': { solver: 'variational', time: 'mood' },
  als: { solver: 'als' },
  'svd++': { solver: 'svd++' },
  'sgd, tuned': /** @type {import('matfac').TrainOptions} */ (tunedSgd),
  nmf: { solver: 'nmf' },
  bayesian: { solver: 'bayesian' },
  'bayesian, user': { solver: 'bayesian', implicitTerms: 'user' },
  'bayesian, both': { solver: 'bayesian', implicitTerms: 'both' },
  sgd: { solver: 'sgd' },
  'gradient-descent': { solver: 'gradient-descent' },
};

const TARGET = 0.93;
const FOLDS = 5;

/** The ratings in folds, by a seeded shuffle. @param {Ratings} ratings */
function foldsOf(ratings) {
  const rows = [...ratings];
  let state = 1;
  for (let i = rows.length - 1; i > 0; --i) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    const j = Math.floor((state / 2 ** 32) * (i + 1));
    const [a, b] = [rows[i], rows[j]];
    if (a && b) [rows[i], rows[j]] = [b, a];
  }
  return Array.from({ length: FOLDS }, (_, fold) => ({
    train: Ratings.from(rows.filter((_row, place) => place % FOLDS !== fold)),
    test: Ratings.from(rows.filter((_row, place) => place % FOLDS === fold)),
  }));
}

/** @type {import('../lib/figure.mjs').Run} */
export async function run({ full, log }) {
  const held = await split();
  const all = await whole();
  const folds = foldsOf(all.ratings).slice(0, full ? FOLDS : 1);
  const rows = [];
  const points = [];
  for (const [name, options] of Object.entries(contestants)) {
    log(name);
    const began = performance.now();
    const model = await train(held.train, { ...options, threads: 1, validation: held.test });
    const seconds = model.history.at(-1)?.seconds ?? 0;
    const reached = model.history.find(({ validationRmse }) => (validationRmse ?? Number.POSITIVE_INFINITY) <= TARGET);
    for (const { seconds: at, validationRmse } of model.history) {
      if (validationRmse && validationRmse < 1.1) points.push({ x: at, y: validationRmse, line: name });
    }
    const scores = [];
    const times = [];
    for (const fold of folds) {
      const start = performance.now();
      const trained = await train(fold.train, { ...options, threads: 1 });
      times.push((performance.now() - start) / 1000);
      scores.push(evaluate(trained, fold.test));
    }
    rows.push({
      solver: name,
      'held-out RMSE': rounded(evaluate(model, held.test).rmse, 4),
      'seconds of training': rounded(seconds),
      'seconds with reports': rounded((performance.now() - began) / 1000 - times.reduce((sum, time) => sum + time, 0)),
      [`seconds to ${TARGET}`]: reached ? rounded(reached.seconds) : '–',
      [`RMSE, ${folds.length} folds`]: rounded(mean(scores.map(({ rmse }) => rmse)), 4),
      'MAE, folds': rounded(mean(scores.map(({ mae }) => mae)), 4),
      'seconds a fold': rounded(mean(times)),
    });
  }
  const title = `Held-out RMSE by seconds of training, ${held.name}`;
  return {
    title: `Error and time (${held.name}; folds of ${all.name}; Node, one thread)`,
    notes: ['Held-out ratings were used to report the error, not to choose options or to stop early.'],
    rows,
    charts: { accuracy: lineChart({ title, x: 'seconds', logX: true, logY: true, points }) },
  };
}
