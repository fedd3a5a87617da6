// The cost of the cheap sweeps of als and implicit-als relative to the exact one, and how far they lower the objective. The
// trainers, one per sweep, run the same epochs in turn in one WebAssembly module.
import { lineChart } from '../lib/chart.mjs';
import { readColumns } from '../lib/columns-file.mjs';
import { columnsFile } from '../lib/comparison.mjs';
import { rounded } from '../lib/figure.mjs';
import { median } from '../lib/statistics.mjs';

const SWEEPS = ['exact', 'conjugate-gradient', 'blocks'];
const none = { users: new Int32Array(0), items: new Int32Array(0), values: new Float32Array(0) };

/** @type {import('../lib/figure.mjs').Run} */
export async function run({ full, log }) {
  const { default: create } = await import(new URL('../../build/wasm/matfac.js', import.meta.url).href);
  /** @type {import('../../bindings/js/core/core.js').CoreModule} */
  const core = await create({ threads: 1 });
  const { users, items, values, userCount, itemCount } = readColumns(await columnsFile('ml1m'));
  const ratings = core.createRatings(users, items, values, new Float64Array(), userCount, itemCount);
  const rows = [];
  const points = [];
  const epochs = full ? 7 : 3;
  for (const solver of ['als', 'implicit-als']) {
    for (const factors of full ? [16, 32, 64, 128] : [16, 64]) {
      log(`${solver}, ${factors} factors`);
      const trainings = SWEEPS.map((sweep) => {
        // More epochs than are run, because the last one solves the users exactly in any case.
        const options = {
          solver,
          factors,
          sweep: /** @type {'exact'} */ (sweep),
          ...(solver === 'als' && { preference: false }),
          epochs: epochs + 2,
        };
        const trainer = core.createTrainer(
          ratings,
          options,
          none.users,
          none.items,
          none.values,
          new Float64Array(),
          null,
          { userFeatures: null, itemFeatures: null },
        );
        return { sweep, trainer, seconds: /** @type {number[]} */ ([]), loss: 0 };
      });
      for (let epoch = 0; epoch <= epochs; ++epoch) {
        for (const training of trainings) {
          let report = null;
          while (!report) report = training.trainer.advance(3600);
          training.loss = report.loss;
          if (epoch > 0) training.seconds.push(report.seconds); // the first is slower: the engine still compiles
        }
      }
      const exact = trainings[0];
      for (const { sweep, trainer, seconds, loss } of trainings) {
        const ratio = median(seconds.map((time, epoch) => time / (exact?.seconds[epoch] ?? Number.NaN)));
        const cost = (median(seconds) / values.length) * 1e9;
        rows.push({
          solver,
          factors,
          sweep,
          'ns a rating': rounded(cost),
          'ratio to exact': rounded(ratio),
          'loss by that of exact': rounded(loss / (exact?.loss ?? 1), 4),
        });
        if (solver === 'als') points.push({ x: factors, y: cost, line: sweep });
        trainer.delete();
      }
    }
  }
  const title = 'als: nanoseconds per rating by number of factors and sweep, ml1m, wasm';
  return {
    title: 'Sweeps of als and implicit-als (ml1m, wasm, one thread)',
    notes: [`The objective is that after ${epochs + 1} epochs.`],
    rows,
    charts: { sweeps: lineChart({ title, x: 'factors', logX: true, logY: true, points }) },
  };
}
