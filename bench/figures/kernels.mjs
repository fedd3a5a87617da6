// One epoch of sgd and als by number of factors: plain JavaScript, wasm, wasm with fused multiply-add, native.
import { factorCounts } from '../lib/cases.mjs';
import { lineChart } from '../lib/chart.mjs';
import { comparison } from '../lib/comparison.mjs';
import { rowsOf } from '../lib/figure.mjs';
import { foreignNames } from '../lib/side.mjs';

/** @type {import('../lib/figure.mjs').Run} */
export async function run({ full, limits, log }) {
  /** @type {import('../lib/comparison.mjs').Comparison[]} */
  const comparisons = [];
  for (const factors of factorCounts[full ? 'full' : 'quick']) {
    for (const solver of ['sgd', 'als']) {
      const others = solver === 'sgd' ? ['javascript', ...foreignNames()] : [];
      log(`${solver}, ${factors} factors`);
      const names = ['wasm', 'native', 'relaxed', ...others];
      comparisons.push(await comparison({ size: 'ml1m', solver, factors, names, epochs: full ? 7 : 3 }));
    }
  }
  const charts = Object.fromEntries(
    ['sgd', 'als'].map((solver) => {
      const points = comparisons
        .filter((each) => each.solver === solver)
        .flatMap(({ factors, sides }) =>
          sides.map((side) => ({ x: factors, y: side.nanosecondsPerRating, line: side.name })),
        );
      const title = `${solver}: nanoseconds per rating by number of factors, ml1m, one thread`;
      return [`kernels-${solver}`, lineChart({ title, x: 'factors', logX: true, logY: true, points })];
    }),
  );
  return {
    title: 'An epoch by number of factors (ml1m, one thread)',
    notes: [
      'Operations are those of the formula, 8 k per rating for sgd; als uses conjugate gradient from 17 factors on.',
    ],
    rows: comparisons.flatMap((each) => rowsOf(each, limits)),
    charts,
  };
}
