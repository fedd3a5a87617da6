// Defaults against the best of a grid around them, with the time that each takes on one thread.
import { MatfacError, train } from 'matfac';
import { rounded } from '../lib/figure.mjs';
import { rankingSets } from '../lib/ranking-sets.mjs';
import { ratingSets } from '../lib/rating-sets.mjs';

/**
 * What each option of the grid is multiplied by. Without --full one option at a time leaves its default.
 * @type {Record<string, Record<string, number[]>>}
 */
const GRIDS = {
  'implicit-als': { confidence: [0.5, 2], regularization: [0.4, 2.5], factors: [0.5, 1.5] },
  bpr: { learningRate: [0.5, 2], regularization: [0.3, 3], factors: [0.5, 2] },
};

/** On ratings, the numbers themselves. */
const VARIATIONAL_GRID = { factors: [4, 8, 16], preferenceFactors: [16, 32, 64] };

/** What the default of ratings is compared with, by name. @type {Record<string, import('matfac').TrainOptions>} */
const OTHERS = {
  als: { solver: 'als' },
  'als, preference: false': { solver: 'als', preference: false },
  "bayesian, implicitTerms: 'both'": { solver: 'bayesian', implicitTerms: 'both' },
  bias: { solver: 'bias' },
  popularity: { solver: 'popularity' },
};

/** @typedef {Record<string, number>} Numbers */
/** @typedef {import('../lib/figure.mjs').Figure['rows']} Rows */
/** @typedef {{full: boolean, log: (line: string) => void}} Asked */
/**
 * @template {{name: string}} Set
 * @param {(() => Promise<Set | null>)[]} loaders @param {Asked['log']} log
 */
async function* loaded(loaders, log) {
  for (const load of loaders) {
    const set = await load();
    if (set) yield set;
    else log(`a data set is missing: ${load.name}; MATFAC_DATA names its folder`);
  }
}

/** The settings of a grid around the options that a training with the defaults resolved. @param {Numbers} defaults
 * @param {Record<string, number[]>} grid @param {boolean} full @returns {Numbers[]} */
function settingsAround(defaults, grid, full) {
  const scaled = (/** @type {string} */ name, /** @type {number} */ times) => {
    const value = (defaults[name] ?? 0) * times;
    return name === 'factors' ? Math.max(1, Math.round(value)) : value;
  };
  const names = Object.keys(grid);
  if (!full) return names.flatMap((name) => (grid[name] ?? []).map((times) => ({ [name]: scaled(name, times) })));
  /** @type {Numbers[]} */
  let settings = [{}];
  for (const name of names) {
    const values = [1, ...(grid[name] ?? [])].map((times) => scaled(name, times));
    settings = settings.flatMap((setting) => values.map((value) => ({ ...setting, [name]: value })));
  }
  return settings;
}

/** @param {import('../lib/ranking-sets.mjs').RankingSet} set @param {import('matfac').TrainOptions} options */
async function trained(set, options) {
  const model = await train(set.train, { threads: 1, ...options });
  const figures = await set.judge(model);
  const seconds = model.history.at(-1)?.seconds ?? 0;
  const resolved = /** @type {Numbers} */ (/** @type {unknown} */ (model.options));
  model.dispose();
  return { figures, seconds, resolved };
}

/** Null where a setting of the grid makes the training diverge. @param {import('../lib/ranking-sets.mjs').RankingSet} set
 * @param {import('matfac').TrainOptions} options */
async function trainedOrDiverged(set, options) {
  try {
    return await trained(set, options);
  } catch (failure) {
    if (failure instanceof MatfacError && failure.message.includes('diverges')) return null;
    throw failure;
  }
}

const shown = (/** @type {Numbers} */ options) =>
  Object.entries(options)
    .map(([name, value]) => `${name} ${rounded(value)}`)
    .join(', ');

const roundedAll = (/** @type {Numbers} */ figures) =>
  Object.fromEntries(Object.entries(figures).map(([name, figure]) => [name, rounded(figure, 4)]));

/** @param {Asked} asked */
async function implicitRows({ full, log }) {
  /** @type {Rows} */
  const rows = [];
  for await (const set of loaded(rankingSets, log)) {
    for (const [solver, grid] of /** @type {[import('matfac').Solver, typeof GRIDS[string]][]} */ (
      Object.entries(GRIDS)
    )) {
      const { figures, seconds, resolved } = await trained(set, { solver });
      log(`${set.name}, ${solver}: ${shown(figures)}, ${rounded(seconds)} s`);
      const [metric = '', value = 0] = Object.entries(figures)[0] ?? [];
      let best = { value, options: 'the defaults' };
      for (const options of settingsAround(resolved, grid, full)) {
        const other = (await trainedOrDiverged(set, { solver, ...options }))?.figures[metric] ?? 0;
        log(`  ${shown(options)}: ${metric} ${rounded(other, 4)}`);
        if (other > best.value) best = { value: other, options: shown(options) };
      }
      const used = Object.fromEntries(Object.keys(grid).map((name) => [name, resolved[name] ?? 0]));
      rows.push({
        data: set.name,
        solver,
        defaults: shown(used),
        ...roundedAll(figures),
        seconds: rounded(seconds),
        'best of the grid': `${metric} ${rounded(best.value, 4)}`,
        'its options': best.options,
        'default / best': rounded(value / best.value),
      });
    }
    if (!set.effort) continue;
    log(`${set.name}, the best that we know`);
    const { threads, ...options } = set.effort;
    const { figures, seconds } = await trained(set, { solver: 'implicit-als', ...options, threads: threads ?? 1 });
    rows.push({
      data: set.name,
      solver: `implicit-als, ${threads} threads`,
      'its options': shown(/** @type {Numbers} */ (options)),
      ...roundedAll(figures),
      seconds: rounded(seconds),
    });
  }
  return rows;
}

/** @param {Asked} asked */
async function ratingRows({ full, log }) {
  /** @type {Rows} */
  const rows = [];
  for await (const set of loaded(ratingSets, log)) {
    const { figures, seconds, resolved } = await trained(set, {});
    log(`${set.name}: ${shown(figures)}, ${rounded(seconds)} s`);
    const used = { factors: resolved.factors ?? 0, preferenceFactors: resolved.preferenceFactors ?? 0 };
    let best = { figures, options: 'the defaults' };
    for (const factors of VARIATIONAL_GRID.factors) {
      for (const preferenceFactors of VARIATIONAL_GRID.preferenceFactors) {
        const changed = Number(factors !== used.factors) + Number(preferenceFactors !== used.preferenceFactors);
        if (changed === 0 || (changed === 2 && !full)) continue;
        const options = { factors, preferenceFactors };
        const other = await trained(set, options);
        log(`  ${shown(options)}: ${shown(other.figures)}, ${rounded(other.seconds)} s`);
        if ((other.figures.RMSE ?? 0) < (best.figures.RMSE ?? 0))
          best = { figures: other.figures, options: shown(options) };
      }
    }
    rows.push({
      data: set.name,
      solver: 'variational',
      defaults: shown(used),
      ...roundedAll(figures),
      seconds: rounded(seconds),
      'best of the grid': `RMSE ${rounded(best.figures.RMSE ?? 0, 4)}`,
      'its options': best.options,
      'default / best': rounded((figures.RMSE ?? 0) / (best.figures.RMSE ?? 0), 4),
    });
    for (const [solver, options] of Object.entries(OTHERS)) {
      log(`  ${solver}`);
      const other = await trained(set, options);
      rows.push({ data: set.name, solver, ...roundedAll(other.figures), seconds: rounded(other.seconds) });
    }
  }
  return rows;
}

/** @type {import('../lib/figure.mjs').Run} */
export async function run(asked) {
  const rows = [...(await ratingRows(asked)), ...(await implicitRows(asked))];
  return {
    title: 'Defaults against the best of a grid around them',
    notes: [
      asked.full
        ? 'The grid has all combinations.'
        : 'The grid changes one option at a time; --full tries all combinations.',
      `variational: factors ${VARIATIONAL_GRID.factors.join(', ')}; preferenceFactors ${VARIATIONAL_GRID.preferenceFactors.join(', ')}.`,
      'NDCG@10 of ratings: relevant are those of 4 and more (FilmTrust, to 4: 3.5; YahooMusic, to 100: 80), among all items',
      'but those trained on.',
      'Node, one thread; seconds are those of training with the defaults. One seed.',
    ],
    rows,
    charts: {},
  };
}
