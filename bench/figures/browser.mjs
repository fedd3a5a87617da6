// The same epochs in Chromium, cross-origin isolated and not.
import { factorCounts } from '../lib/cases.mjs';
import { lineChart } from '../lib/chart.mjs';
import { comparisonInChromium } from '../lib/chromium.mjs';
import { readColumns } from '../lib/columns-file.mjs';
import { columnsFile } from '../lib/comparison.mjs';
import { rounded } from '../lib/figure.mjs';

/** @type {import('../lib/figure.mjs').Run} */
export async function run({ full, log }) {
  const size = 'ml1m';
  const ratings = readColumns(await columnsFile(size)).values.length;
  const rows = [];
  const points = [];
  for (const isolated of [true, false]) {
    for (const solver of ['sgd', 'als']) {
      for (const factors of factorCounts[full ? 'full' : 'quick']) {
        log(`${solver}, ${factors} factors, ${isolated ? '' : 'not '}isolated`);
        const plain = solver === 'sgd' ? ['javascript'] : [];
        const names = ['wasm', 'relaxed', ...plain, ...(isolated ? ['threads:2'] : [])];
        for (const side of await comparisonInChromium({ size, solver, factors, names, isolated })) {
          const cost = (side.seconds / ratings) * 1e9;
          const page = isolated ? 'isolated' : 'not isolated';
          rows.push({
            solver,
            factors,
            page,
            side: side.name,
            'ns a rating': rounded(cost),
            'ratio to first': rounded(side.ratioToFirst),
          });
          if (isolated && solver === 'sgd') points.push({ x: factors, y: cost, line: side.name });
        }
      }
    }
  }
  const title = 'sgd in Chromium: nanoseconds per rating by number of factors, ml1m';
  return {
    title: 'An epoch in Chromium (ml1m)',
    notes: ['Threads need a page that is cross-origin isolated; nothing else does.'],
    rows,
    charts: { browser: lineChart({ title, x: 'factors', logX: true, logY: true, points }) },
  };
}
