// Several sides do the same epochs in turn, A B C A B C …, so that a drift of the machine's speed meets all of them.
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
 * Medians over the epochs, and of the ratios to the first side, epoch by epoch; the first epoch of each is not counted.
 * A side is named as in cases.mjs, with `:2` behind it for two threads.
 * @param {{size: string, solver: string, factors: number, names: string[], epochs?: number}} task
 * @returns {Promise<Comparison>}
 */
export async function comparison({ size, solver, factors, names, epochs = 7 }) {
  const file = await columnsFile(size);
  const ratings = readColumns(file).values.length;
  const sides = names.map((name) => new Side(name));
  try {
    for (const side of sides) await side.start({ file, solver, factors });
    const seconds = sides.map(() => /** @type {number[]} */ ([]));
    for (let epoch = -1; epoch < epochs; ++epoch) {
      for (const [i, side] of sides.entries()) {
        const taken = await side.epoch();
        if (epoch >= 0) seconds[i]?.push(taken);
      }
    }
    const work = operations[solver]?.(factors) ?? Number.NaN;
    const first = seconds[0] ?? [];
    const figures = names.map((name, i) => {
      const taken = seconds[i] ?? [];
      return {
        name,
        nanosecondsPerRating: (median(taken) / ratings) * 1e9,
        gflops: (work * ratings) / median(taken) / 1e9,
        ratioToFirst: median(taken.map((time, epoch) => time / (first[epoch] ?? Number.NaN))),
      };
    });
    return { size, solver, factors, ratings, epochs, sides: figures };
  } finally {
    for (const side of sides) side.end();
  }
}
