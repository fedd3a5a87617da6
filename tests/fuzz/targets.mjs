// What is fuzzed: a reader, its files, and what is done with what it read. A new reader is one more row.
import { Features, Model, Ratings, Titles, train } from 'matfac';
import { Model as ServedModel } from 'matfac/serve';
import * as corpus from './corpus.mjs';

/** @typedef {{ files: () => Promise<readonly Uint8Array[]> | readonly Uint8Array[], read: (bytes: Uint8Array) => Promise<unknown> }} Target */

const LIMITS = { bytes: 1 << 24, rows: 1 << 20, ids: 1 << 20 };
/** @param {Uint8Array} bytes */
const blobOf = (bytes) => new Blob([/** @type {Uint8Array<ArrayBuffer>} */ (bytes)]);

/** Parquet inside an archive too is read in this process, whose memory is measured. @param {Uint8Array} bytes @param {object} [options] */
async function readRatings(bytes, options) {
  const ratings = await Ratings.fromFile(blobOf(bytes), { limits: LIMITS, worker: false, ...options });
  let sum = 0;
  for (const { rating } of ratings) sum += rating;
  if (!Number.isFinite(sum / ratings.size)) throw new Error('a rating that was read is not finite');
}

/** @param {Uint8Array} bytes */
const readTitles = (bytes) => Titles.fromFile(blobOf(bytes), { limits: { bytes: LIMITS.bytes, rows: LIMITS.rows } });

/** @param {Uint8Array} bytes */
const readFeatures = (bytes) =>
  Features.fromFile(blobOf(bytes), { limits: { bytes: LIMITS.bytes, rows: LIMITS.rows } });

/** Uses a model as a page does. @param {Model | ServedModel} model */
function use(model) {
  const { users, items } = model;
  if (items.length > 0) {
    const [item] = items;
    const scored = [...model.similarItems(/** @type {string} */ (item), { n: 3 })];
    if (users.length > 0) scored.push(...model.recommend(/** @type {string} */ (users[0]), { n: 3 }));
    if (scored.some(({ score }) => !Number.isFinite(score))) throw new Error('a score is not finite');
  }
  model.dispose();
}

/** @param {'spark' | 'implicit' | 'libmf' | 'safetensors' | 'csv'} format */
const importer = (format) => async (/** @type {Uint8Array} */ bytes) => {
  const source = format === 'spark' || format === 'csv' ? { items: bytes } : bytes;
  use(await Model.fromFile(/** @type {Uint8Array} */ (source), { format }));
};

/** Damage behind a checksum that is right again: what somebody who knows the format makes. */
const repaired =
  (/** @type {(bytes: Uint8Array) => Promise<Model | ServedModel>} */ load) =>
  async (/** @type {Uint8Array} */ bytes) => {
    try {
      return use(await load(bytes));
    } catch (failure) {
      const sums = /its checksum is (\S+), and its contents have (\S+)$/.exec(/** @type {Error} */ (failure).message);
      if (!sums?.[1] || !sums[2] || sums[1].length !== sums[2].length) throw failure;
      const text = Buffer.from(bytes).toString('latin1').replace(sums[1], sums[2]);
      return use(await load(Uint8Array.from(Buffer.from(text, 'latin1'))));
    }
  };

/** A small model of every kind, saved in every way. */
async function models() {
  const ratings = Ratings.from(corpus.ratings);
  const files = [corpus.oldModel];
  for (const solver of /** @type {const} */ (['variational', 'als', 'implicit-als', 'bias'])) {
    const model = await train(ratings, { solver, epochs: 2, ...(solver === 'bias' ? {} : { factors: 3 }) });
    files.push(model.save(), model.save({ dtype: 'int8' }), model.save({ dtype: 'float16', users: false }));
    model.dispose();
  }
  return files;
}

/** @type {{ [name: string]: Target }} */
export const targets = {
  csv: { files: () => corpus.texts.csv, read: readRatings },
  skip: { files: () => corpus.texts.csv, read: (bytes) => readRatings(bytes, { badRows: 'skip' }) },
  json: { files: () => corpus.texts.json, read: readRatings },
  ndjson: { files: () => corpus.texts.ndjson, read: readRatings },
  parquet: { files: () => corpus.parquet, read: readRatings },
  zip: { files: () => corpus.zip, read: readRatings },
  gz: { files: () => corpus.gz, read: readRatings },
  titles: { files: () => corpus.titleFiles, read: readTitles },
  features: { files: () => corpus.featureFiles, read: readFeatures },
  model: { files: models, read: repaired((bytes) => Model.load(bytes)) },
  serve: { files: models, read: repaired((bytes) => ServedModel.load(bytes)) },
  safetensors: { files: () => corpus.safetensors, read: importer('safetensors') },
  npz: { files: () => corpus.npz, read: importer('implicit') },
  libmf: { files: () => corpus.libmf, read: importer('libmf') },
  spark: { files: () => corpus.spark, read: importer('spark') },
  vectors: { files: () => corpus.vectors, read: importer('csv') },
};
