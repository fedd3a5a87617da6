// Several sides run the same epochs in turn, A B C A B C …, so that a drift of the machine's speed affects all of them.
import { existsSync, mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { operations } from './cases.mjs';
import { readColumns, writeColumns } from './columns-file.mjs';
import { Side } from './side.mjs';
import { median } from './statistics.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** The generator's ratings of this size, or a columns file itself. @param {string} size */
export async function columnsFile(size) {
  if (existsSync(size)) return size;
  const folder = `${root}build/bench/`;
  const file = `${folder}${size}.columns`;
  if (!existsSync(file)) {
    mkdirSync(folder, { recursive: true });
    const { default: create } = await import(`${root}build/wasm/matfac.js`);
    writeColumns(file, (await create()).generate(size, 1));
  }
  return file;
}

/**
 * @typedef {{name: string, nanosecondsPerRating: number, gflops: number, ratioToFirst: number}} SideFigures
 * @typedef {{size: string, solver: string, factors: number, ratings: number, epochs: number, sides: SideFigures[]}} Comparison
 */

/**
 * Seconds of each epoch of each side, the sides in turn; the first epoch of each is not counted.
 * @param {{name: string, file: string}[]} tasks
 * @param {{solver: string, factors: number, epochs: number}} training
 */
async function epochsInTurn(tasks, { solver, factors, epochs }) {
  const sides = tasks.map(({ name }) => new Side(name));
  try {
    for (const [i, side] of sides.entries()) await side.start({ file: tasks[i]?.file ?? '', solver, factors });
    const seconds = sides.map(() => /** @type {number[]} */ ([]));
    for (let epoch = -1; epoch < epochs; ++epoch) {
      for (const [i, side] of sides.entries()) {
        const taken = await side.epoch();
        if (epoch >= 0) seconds[i]?.push(taken);
      }
    }
    return seconds;
  } finally {
    for (const side of sides) side.end();
  }
}

/**
 * Medians over the epochs, and of the ratios to the first side, epoch by epoch. A side is named as in cases.mjs, with `:2`
 * behind it for two threads.
 * @param {{size: string, solver: string, factors: number, names: string[], epochs?: number}} task
 * @returns {Promise<Comparison>}
 */
export async function comparison({ size, solver, factors, names, epochs = 7 }) {
  const file = await columnsFile(size);
  const ratings = readColumns(file).values.length;
  const tasks = names.map((name) => ({ name, file }));
  const seconds = await epochsInTurn(tasks, { solver, factors, epochs });
  const sides = names.map((name, i) =>
    figuresOf(name, { solver, factors, ratings }, seconds[i] ?? [], ratioOf(i, seconds)),
  );
  return { size, solver, factors, ratings, epochs, sides };
}

/**
 * The same side on several data sets in turn: one comparison each, whose ratio is that of the cost per rating to the first.
 * @param {{sizes: string[], solver: string, factors: number, name: string, epochs?: number}} task
 * @returns {Promise<Comparison[]>}
 */
export async function comparisonOfSizes({ sizes, solver, factors, name, epochs = 7 }) {
  const files = [];
  for (const size of sizes) files.push(await columnsFile(size));
  const counts = files.map((file) => readColumns(file).values.length);
  const tasks = files.map((file) => ({ name, file }));
  const seconds = await epochsInTurn(tasks, { solver, factors, epochs });
  return sizes.map((size, i) => {
    const ratings = counts[i] ?? Number.NaN;
    const ratio = (ratioOf(i, seconds) * (counts[0] ?? Number.NaN)) / ratings;
    return {
      size,
      solver,
      factors,
      ratings,
      epochs,
      sides: [figuresOf(name, { solver, factors, ratings }, seconds[i] ?? [], ratio)],
    };
  });
}

/** @param {number} i @param {number[][]} seconds */
function ratioOf(i, seconds) {
  return median((seconds[i] ?? []).map((time, epoch) => time / (seconds[0]?.[epoch] ?? Number.NaN)));
}

/**
 * @param {string} name
 * @param {{solver: string, factors: number, ratings: number}} training
 * @param {number[]} seconds
 * @param {number} ratioToFirst
 * @returns {SideFigures}
 */
function figuresOf(name, { solver, factors, ratings }, seconds, ratioToFirst) {
  const work = operations[solver]?.(factors) ?? Number.NaN;
  const taken = median(seconds);
  return {
    name,
    nanosecondsPerRating: (taken / ratings) * 1e9,
    gflops: (work * ratings) / taken / 1e9,
    ratioToFirst,
  };
}
