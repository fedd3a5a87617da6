// Defaults against the best of a grid around them, with the time that each takes on one thread.
import { train } from 'matfac';
import { rounded } from '../lib/figure.mjs';
import { rankingSets } from '../lib/ranking-sets.mjs';

/**
 * What each option of the grid is multiplied by. Without --full one option at a time leaves its default.
 * @type {Record<string, Record<string, number[]>>}
 */
const GRIDS = {
  'implicit-als': { confidence: [0.5, 2], regularization: [0.4, 2.5], factors: [0.5, 1.5] },
  bpr: { learningRate: [0.5, 2], regularization: [0.3, 3], factors: [0.5, 2] },
};

/** @typedef {Record<string, number>} Numbers */

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

/** @param {import('../lib/ranking-sets.mjs').RankingSet} set @param {import('matfac').Solver} solver @param {Numbers} options */
async function trained(set, solver, options) {
  const model = await train(set.train, { solver, threads: 1, ...options });
  const figures = await set.judge(model);
  const seconds = model.history.at(-1)?.seconds ?? 0;
  const resolved = /** @type {Numbers} */ (/** @type {unknown} */ (model.options));
  model.dispose();
  return { figures, seconds, resolved };
}

const shown = (/** @type {Numbers} */ options) =>
  Object.entries(options)
    .map(([name, value]) => `${name} ${rounded(value)}`)
    .join(', ');

/** @type {import('../lib/figure.mjs').Run} */
export async function run({ full, log }) {
  const rows = [];
  for (const load of rankingSets) {
    const set = await load();
    if (!set) {
      log(`a data set is missing: ${load.name}; MATFAC_DATA names its folder`);
      continue;
    }
    for (const [solver, grid] of /** @type {[import('matfac').Solver, typeof GRIDS[string]][]} */ (
      Object.entries(GRIDS)
    )) {
      log(`${set.name}, ${solver}`);
      const { figures, seconds, resolved } = await trained(set, solver, {});
      const [metric = '', value = 0] = Object.entries(figures)[0] ?? [];
      let best = { value, options: 'the defaults' };
      for (const options of settingsAround(resolved, grid, full)) {
        const other = (await trained(set, solver, options)).figures[metric] ?? 0;
        log(`  ${shown(options)}: ${metric} ${rounded(other, 4)}`);
        if (other > best.value) best = { value: other, options: shown(options) };
      }
      const used = Object.fromEntries(Object.keys(grid).map((name) => [name, resolved[name] ?? 0]));
      rows.push({
        data: set.name,
        solver,
        defaults: shown(used),
        ...Object.fromEntries(Object.entries(figures).map(([name, figure]) => [name, rounded(figure, 4)])),
        seconds: rounded(seconds),
        'best of the grid': `${metric} ${rounded(best.value, 4)}`,
        'its options': best.options,
        'default / best': rounded(value / best.value),
      });
    }
  }
  return {
    title: 'Defaults against the best of a grid around them',
    notes: [
      full ? 'The grid has all combinations.' : 'The grid changes one option at a time; --full tries all combinations.',
      'Node, one thread; seconds are those of training with the defaults. One seed.',
    ],
    rows,
    charts: {},
  };
}
