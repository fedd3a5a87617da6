// The speed-up of threads in wasm and natively, and the cost of their build on one thread.
import { barChart } from '../lib/chart.mjs';
import { comparison } from '../lib/comparison.mjs';
import { rounded, rowsOf } from '../lib/figure.mjs';

/** The solvers by the size they are measured on with --full; sgd also where its threads have least to share. */
const FULL = [
  { size: 'ml10m', solvers: ['als', 'implicit-als', 'bayesian', 'bpr', 'sgd'] },
  { size: 'ml1m', solvers: ['sgd', 'variational', 'svd++', 'nmf', 'gradient-descent'] },
];
const QUICK = [{ size: 'ml1m', solvers: [...new Set(FULL.flatMap(({ solvers }) => solvers))] }];

/** @type {import('../lib/figure.mjs').Run} */
export async function run({ full, limits, log }) {
  const rows = [];
  const notes = [];
  /** @type {Record<string, string>} */
  const charts = {};
  for (const { size, solvers } of full ? FULL : QUICK) {
    const bars = [];
    for (const solver of solvers) {
      log(`${solver}, ${size}`);
      const names = ['wasm', 'threads:1', 'threads:2', 'native:1', 'native:2'];
      const measured = await comparison({ size, solver, factors: 64, names, epochs: 3 });
      rows.push(...rowsOf(measured, limits));
      const cost = (/** @type {string} */ name) =>
        measured.sides.find((side) => side.name === name)?.nanosecondsPerRating ?? Number.NaN;
      bars.push(
        { group: solver, bar: 'wasm', y: rounded(cost('threads:1') / cost('threads:2')) },
        { group: solver, bar: 'native', y: rounded(cost('native:1') / cost('native:2')) },
      );
    }
    charts[`threads-${size}`] = barChart({ title: `Times as fast on two threads, ${size}, 64 factors`, bars });
    for (const { group, bar, y } of bars)
      notes.push(`${group}, ${size}, ${bar}: ${y} times as fast on two threads as on one.`);
  }
  return { title: 'Two threads against one (64 factors)', notes, rows, charts };
}
