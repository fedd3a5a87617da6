// What is done round after round, in Node and in a page.

import { oneOf, randomOf } from './random.mjs';
import { cancelled, MixedWork } from './work.mjs';

/** @typedef {typeof import('matfac')} Matfac */

/** @typedef {(rounds: number, minutes: number) => Promise<number>} Stretch Runs so many rounds, or as long; returns the rounds. */

/** Mixed work, with what it measured. @param {Matfac} matfac @param {number} seed */
export async function mixed(matfac, seed) {
  const work = new MixedWork(matfac, seed);
  await work.begin();
  return { stretch: stretchOf(() => work.next()), latencies: () => rowsOf(work) };
}

/** Cycles of a training and its end, each of them disposed. @param {Matfac} matfac @param {number} seed */
export async function cycles(matfac, seed) {
  const ratings = await matfac.Ratings.sample('tiny');
  const random = randomOf(seed);
  const solvers = /** @type {(keyof Matfac['SOLVERS'])[]} */ (Object.keys(matfac.SOLVERS));
  return {
    stretch: stretchOf(async () => {
      const solver = oneOf(solvers, random);
      const size = matfac.SOLVERS[solver].hasFactors ? { factors: oneOf([2, 8, 24], random), epochs: 1 } : {};
      (await matfac.train(ratings, { solver, ...size })).dispose();
    }),
    latencies: () => [],
  };
}

/** Trainings that are cancelled after some epochs, or at once. @param {Matfac} matfac @param {number} seed */
export async function cancellations(matfac, seed) {
  const ratings = await matfac.Ratings.sample('tiny');
  const random = randomOf(seed);
  return {
    stretch: stretchOf(() => cancelled(matfac, ratings, Math.floor(6 * random()), true)),
    latencies: () => [],
  };
}

/** @param {() => Promise<void>} round @returns {Stretch} */
function stretchOf(round) {
  return async (rounds, minutes) => {
    const end = performance.now() + 60_000 * minutes;
    let done = 0;
    for (; done < rounds && performance.now() < end; ++done) {
      await round();
      // Other tasks, and the finalization of what was forgotten, come between the rounds.
      await new Promise((resolve) => setTimeout(resolve));
    }
    return done;
  };
}

/** @param {MixedWork} work */
function rowsOf(work) {
  return [...work.latencies].map(([kind, latencies]) => ({
    kind,
    times: latencies.count,
    'p50, ms': rounded(latencies.quantile(0.5)),
    'p99, ms': rounded(latencies.quantile(0.99)),
    'worst, ms': rounded(latencies.worst),
  }));
}

/** To three digits. @param {number} milliseconds */
const rounded = (milliseconds) => Number(milliseconds.toPrecision(3));
