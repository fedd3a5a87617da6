// The task of a side, in Node and in a browser.

/**
 * @typedef {{columns: import('./columns-file.mjs').Columns, solver: string, factors: number, threads: number,
 *   biases: boolean, regularization: number, learningRate: number}} Task
 */

const none = { users: new Int32Array(0), items: new Int32Array(0), values: new Float32Array(0) };

/**
 * A training by a WebAssembly module, through the same calls as the package makes.
 * @param {import('../../bindings/js/core/core.js').CoreModule} core
 * @param {Task} task
 * @returns {() => number} runs an epoch and returns its seconds
 */
export function startTraining(core, { columns, learningRate, ...task }) {
  const { users, items, values, userCount, itemCount } = columns;
  const ratings = core.createRatings(users, items, values, new Float64Array(), userCount, itemCount);
  const { solver, factors, threads, biases, regularization } = task;
  const rate = learningRate > 0 ? { learningRate } : {};
  // The solver alone: the preference layer is the same work beside every one of them, and is not spread over epochs.
  const preference = solver === 'variational';
  const options = { solver, factors, threads, biases, regularization, preference, epochs: 1_000_000, ...rate };
  const trainer = core.createTrainer(ratings, options, none.users, none.items, none.values, new Float64Array(), null, {
    userFeatures: null,
    itemFeatures: null,
  });
  return () => {
    let report = null;
    while (!report) report = trainer.advance(3600);
    return report.seconds;
  };
}
