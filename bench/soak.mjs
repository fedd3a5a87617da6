// npm run soak [-- --minutes N | --rounds N] [--cycles N] [--cancellations N] [--seed N] [--page]: mixed work of that long, or of
// so many rounds, then cycles of train and dispose, then cancelled trainings; in this process, or in a page of Chromium. Prints
// latencies and memory, writes build/reports/soak, and fails where memory grows.
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { median } from './lib/statistics.mjs';
import { inNode, inPage } from './soak/side.mjs';

/** @typedef {import('./soak/side.mjs').Memory} Memory */

/** A third of them is the beginning, a third the middle, a third the end. */
const STRETCHES = 12;
/** What the end may have over the middle, in bytes and as a share: the ups and downs of the collectors and the allocator. */
const BYTES_MORE = { rss: 32e6, heap: 4e6, wasm: 4e6 };
const SHARE_MORE = 0.05;

const number = /** @type {const} */ ({ type: 'string' });
const { values } = parseArgs({
  options: {
    minutes: number,
    rounds: number,
    cycles: { ...number, default: '200' },
    cancellations: { ...number, default: '50' },
    seed: { ...number, default: '1' },
    page: { type: 'boolean', default: false },
  },
});
const seed = wholeOrMore('seed', values.seed, 0);
const minutes = values.minutes === undefined ? Number.POSITIVE_INFINITY : wholeOrMore('minutes', values.minutes, 1);
const everySoMany = values.minutes === undefined ? '1200' : `${Number.MAX_SAFE_INTEGER}`;
const plan = /** @type {const} */ ([
  ['mixed', wholeOrMore('rounds', values.rounds ?? everySoMany, STRETCHES), minutes],
  ['cycles', wholeOrMore('cycles', values.cycles, STRETCHES), Number.POSITIVE_INFINITY],
  ['cancellations', wholeOrMore('cancellations', values.cancellations, STRETCHES), Number.POSITIVE_INFINITY],
]);

/** @param {string} name @param {string} text @param {number} least */
function wholeOrMore(name, text, least) {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= least) return value;
  throw new Error(`--${name} must be a whole number from ${least} on; it is '${text}'`);
}

/** What has grown from the middle to the end. @param {Memory[]} memory after each stretch */
function grown(memory) {
  const third = memory.length / 3;
  return /** @type {(keyof Memory)[]} */ (['rss', 'heap', 'wasm']).filter((kind) => {
    const middle = median(memory.slice(third, 2 * third).map((each) => each[kind]));
    const end = median(memory.slice(2 * third).map((each) => each[kind]));
    return end > middle * (1 + SHARE_MORE) + BYTES_MORE[kind];
  });
}

const megabytes = (/** @type {Memory} */ memory) =>
  Object.fromEntries(Object.entries(memory).map(([kind, bytes]) => [`${kind}, MB`, Math.round(bytes / 1e5) / 10]));

/** @type {string[]} */
const failures = [];
const report = /** @type {Record<string, unknown>} */ ({ where: values.page ? 'Chromium' : `Node ${process.version}` });
await (values.page ? inPage : inNode)(async (side) => {
  for (const [work, rounds, most] of plan) {
    await side.begin(work, seed);
    const before = await side.memory();
    const memory = [];
    let done = 0;
    for (let stretch = 0; stretch < STRETCHES; ++stretch) {
      const left = Math.round(((stretch + 1) * rounds) / STRETCHES) - Math.round((stretch * rounds) / STRETCHES);
      done += await side.stretch(left, most / STRETCHES);
      memory.push(await side.memory());
    }
    const latencies = await side.latencies();
    const growth = grown(memory);
    failures.push(...growth.map((kind) => `${kind} grows in ${work}`));
    report[work] = { rounds: done, growth, latencies, memory: [before, ...memory].map(megabytes) };
    console.log(`${work}: ${done} rounds`);
    if (latencies.length > 0) console.table(latencies);
    console.table([before, ...memory].map(megabytes));
  }
});
const folder = fileURLToPath(new URL('../build/reports/', import.meta.url));
mkdirSync(folder, { recursive: true });
writeFileSync(`${folder}soak-${values.page ? 'page' : 'node'}.json`, `${JSON.stringify(report, null, 2)}\n`);
for (const failure of failures) console.error(failure);
process.exit(failures.length > 0 ? 1 : 0);
