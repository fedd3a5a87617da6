// @ts-nocheck: a plain loop over typed arrays, as in plain JavaScript
// Stochastic gradient descent as a good developer writes it by hand: typed arrays, plain loops, four sums at a time.

/** @param {number} length @param {number} scale */
function random(length, scale) {
  return Float32Array.from({ length }, () => (Math.random() - 0.5) * scale);
}

/**
 * @param {import('./columns-file.mjs').Columns} columns
 * @param {{mean: number, userFactors: Float32Array, itemFactors: Float32Array, userBias: Float32Array, itemBias: Float32Array}} model
 * @param {number} factors @param {number} rate @param {number} regularization
 */
function sgdEpoch({ users, items, values }, model, factors, rate, regularization) {
  const { mean, userFactors, itemFactors, userBias, itemBias } = model;
  const keep = 1 - rate * regularization;
  for (let t = 0; t < values.length; ++t) {
    const user = users[t];
    const item = items[t];
    const p = user * factors;
    const q = item * factors;
    let [a, b, c, d] = [0, 0, 0, 0];
    for (let k = 0; k < factors; k += 4) {
      a += userFactors[p + k] * itemFactors[q + k];
      b += userFactors[p + k + 1] * itemFactors[q + k + 1];
      c += userFactors[p + k + 2] * itemFactors[q + k + 2];
      d += userFactors[p + k + 3] * itemFactors[q + k + 3];
    }
    const error = values[t] - mean - userBias[user] - itemBias[item] - (a + b + c + d);
    const step = rate * error;
    userBias[user] = keep * userBias[user] + step;
    itemBias[item] = keep * itemBias[item] + step;
    for (let k = 0; k < factors; ++k) {
      const u = userFactors[p + k];
      const v = itemFactors[q + k];
      userFactors[p + k] = keep * u + step * v;
      itemFactors[q + k] = keep * v + step * u;
    }
  }
}

/** @param {import('./columns-file.mjs').Columns} columns */
function shuffle({ users, items, values }) {
  for (let i = values.length - 1; i > 0; --i) {
    const j = Math.floor(Math.random() * (i + 1));
    for (const column of [users, items, values]) [column[i], column[j]] = [column[j], column[i]];
  }
}

/** @param {import('./side-task.mjs').Task} task @returns {() => number} runs an epoch and returns its seconds */
export function startPlainSgd({ columns, solver, factors, regularization, learningRate }) {
  if (solver !== 'sgd') throw new Error(`there is no plain JavaScript loop for ${solver}`);
  shuffle(columns);
  const model = {
    mean: columns.values.reduce((sum, value) => sum + value, 0) / columns.values.length,
    userFactors: random(columns.userCount * factors, 0.2),
    itemFactors: random(columns.itemCount * factors, 0.2),
    userBias: new Float32Array(columns.userCount),
    itemBias: new Float32Array(columns.itemCount),
  };
  return () => {
    const start = performance.now();
    sgdEpoch(columns, model, factors, learningRate, regularization);
    return (performance.now() - start) / 1000;
  };
}
