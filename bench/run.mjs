// npm run bench [-- --full] [--browser] [FIGURE …]: measures the figures named, or all, and writes bench/results.
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { markdownTable } from './lib/figure.mjs';
import { measureLimits } from './lib/limits.mjs';

const results = fileURLToPath(new URL('results/', import.meta.url));
const all = readdirSync(new URL('figures/', import.meta.url)).map((file) => file.replace('.mjs', ''));

const usage = `npm run bench [-- --full] [--browser] [FIGURE …]
Measures the figures named, or all, and writes bench/results. --full: in all sizes; --browser: those of a page.
The figures: ${all.join(', ')}`;

function readArguments() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        full: { type: 'boolean', default: false },
        browser: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error}\n\n${usage}`);
    process.exit(2);
  }
}

const { values, positionals } = readArguments();
if (values.help) {
  console.log(usage);
  process.exit(0);
}
const unknown = positionals.filter((name) => !all.includes(name));
if (unknown.length > 0) {
  console.error(`A figure must be one of ${all.join(', ')}; it is ${unknown.join(', ')}`);
  process.exit(2);
}
const inBrowser = ['browser', 'page'];
const byDefault = values.browser ? inBrowser : all.filter((name) => !inBrowser.includes(name));

mkdirSync(results, { recursive: true });
for (const name of positionals.length > 0 ? positionals : byDefault) {
  const began = performance.now();
  console.log(`• ${name} …`);
  const { run } = await import(`./figures/${name}.mjs`);
  // For each figure, because the machine's speed drifts.
  const limits = measureLimits();
  /** @type {import('./lib/figure.mjs').Figure} */
  const figure = await run({
    full: values.full,
    limits,
    log: (/** @type {string} */ line) => console.log(`  ${line}`),
  });
  const machine = { processor: cpus()[0]?.model, processors: cpus().length, node: process.version, limits };
  const { charts, ...data } = figure;
  writeFileSync(`${results}${name}.json`, `${JSON.stringify({ ...data, full: values.full, machine }, null, 2)}\n`);
  for (const [chart, svg] of Object.entries(charts)) writeFileSync(`${results}${chart}.svg`, `${svg}\n`);
  const peak = `The machine's limits in wasm: ${limits.wasm.gflops} GFLOP/s, ${limits.wasm.gigabytesPerSecond} GB/s.`;
  const pictures = Object.keys(charts).map((chart) => `![${chart}](${chart}.svg)`);
  const parts = [`# ${figure.title}`, [peak, ...figure.notes].join('\n'), markdownTable(figure.rows), ...pictures];
  writeFileSync(`${results}${name}.md`, `${parts.join('\n\n')}\n`);
  console.table(figure.rows);
  console.log(`  ${((performance.now() - began) / 1000).toFixed(0)} s`);
}
