// The speed-up of threads in wasm and natively, and the cost of their build on one thread.
import { barChart } from '../lib/chart.mjs';
import { comparison } from '../lib/comparison.mjs';
import { rounded, rowsOf } from '../lib/figure.mjs';

/** @type {import('../lib/figure.mjs').Run} */
export async function run({ full, limits, log }) {
  const size = full ? 'ml10m' : 'ml1m';
  const rows = [];
  const bars = [];
  for (const solver of ['als', 'implicit-als', 'bayesian', 'sgd']) {
    log(solver);
    const names = ['wasm', 'threads:1', 'threads:2', 'native:1', 'native:2'];
    const measured = await comparison({ size, solver, factors: 64, names, epochs: full ? 2 : 3 });
    rows.push(...rowsOf(measured, limits));
    const cost = (/** @type {string} */ name) =>
      measured.sides.find((side) => side.name === name)?.nanosecondsPerRating ?? Number.NaN;
    bars.push(
      { group: solver, bar: 'wasm', y: rounded(cost('threads:1') / cost('threads:2')) },
      { group: solver, bar: 'native', y: rounded(cost('native:1') / cost('native:2')) },
    );
  }
  return {
    title: `Two threads against one (${size}, 64 factors)`,
    notes: bars.map(({ group, bar, y }) => `${group}, ${bar}: ${y} times as fast on two threads as on one.`),
    rows,
    charts: { threads: barChart({ title: `Times as fast on two threads, ${size}, 64 factors`, bars }) },
  };
}
