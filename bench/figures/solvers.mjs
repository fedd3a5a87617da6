// An epoch of every solver: wasm against native, and two threads against one.
import { settings } from '../lib/cases.mjs';
import { barChart } from '../lib/chart.mjs';
import { comparison } from '../lib/comparison.mjs';
import { rowsOf } from '../lib/figure.mjs';

/** @type {import('../lib/figure.mjs').Run} */
export async function run({ full, limits, log }) {
  const size = full ? 'ml1m' : 'ml100k';
  const comparisons = [];
  for (const solver of Object.keys(settings)) {
    log(solver);
    const names = ['wasm', 'threads:2', 'native', 'native:2'];
    comparisons.push(await comparison({ size, solver, factors: 64, names, epochs: full ? 5 : 3 }));
  }
  const bars = comparisons.flatMap(({ solver, sides }) =>
    sides.map(({ name, nanosecondsPerRating }) => ({ group: solver, bar: name, y: nanosecondsPerRating })),
  );
  return {
    title: `An epoch of each solver (${size}, 64 factors)`,
    notes: [],
    rows: comparisons.flatMap((each) => rowsOf(each, limits)),
    charts: { solvers: barChart({ title: `Nanoseconds per rating, ${size}, 64 factors`, bars }) },
  };
}
