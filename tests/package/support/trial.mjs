// Prints as JSON the results that must be the same in every JavaScript runtime that the package supports.
import { MatfacError, Model, Ratings, train } from 'matfac';
import { Model as ServedModel } from 'matfac/serve';

/** @param {Float32Array[]} arrays */
async function digest(...arrays) {
  const bytes = new Uint8Array(await new Blob(arrays.map((array) => new Uint8Array(array))).arrayBuffer());
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return [...hash].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** @param {string} text */
const gzipped = (text) => new Response(new Blob([text]).stream().pipeThrough(new CompressionStream('gzip'))).blob();

const sample = await Ratings.sample('tiny');
/** @param {import('matfac').Solver} solver @param {number} threads */
async function trained(solver, threads) {
  const training = train(sample, { solver, threads, factors: 8, epochs: 3, seed: 7 });
  const model = await training;
  const { userFactors, itemFactors, userBias, itemBias } = model;
  return {
    model,
    engine: training.engine,
    digest: await digest(userFactors.data, itemFactors.data, userBias, itemBias),
  };
}

/** @type {Record<string, unknown>} */
const models = {};
for (const solver of /** @type {const} */ (['als', 'sgd', 'nmf', 'bayesian', 'implicit-als', 'svd++', 'bpr'])) {
  for (const threads of [1, 2]) {
    const { model, engine, digest } = await trained(solver, threads);
    models[`${solver}, ${threads} wished`] = {
      engine,
      digest,
      recommended: model.recommend(sample.users[0] ?? 1, { n: 5 }),
    };
  }
}

const { model } = await trained('als', 1);
const file = model.save({ dtype: 'int8' });
const visitor = [{ item: sample.items[0] ?? 1, rating: 5 }];
/** @param {{ foldIn: (ratings: typeof visitor) => { recommend: (options: { n: number }) => unknown } }} loaded */
const folded = (loaded) => loaded.foldIn(visitor).recommend({ n: 5 });
const rows = Array.from({ length: 600 }, (_, row) => `u${row % 31},"film ${(row * 7) % 53}",${1 + (row % 5)}`);
const read = await Ratings.fromFile(await gzipped(['user,item,rating', ...rows].join('\n')));
const error = await Model.load(new Uint8Array(100)).catch((/** @type {unknown} */ failure) => failure);

console.log(
  JSON.stringify({
    models,
    folded: folded(await Model.load(file)),
    served: folded(await ServedModel.load(file)),
    read: [read.userCount, read.itemCount, read.size, read.mean],
    code: error instanceof MatfacError && error.code,
  }),
);
