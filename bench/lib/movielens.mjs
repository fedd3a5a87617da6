// MovieLens if it is available (MATFAC_DATA, by default ../shared/data), otherwise the generator's ratings of its shape.
import { existsSync, openAsBlob } from 'node:fs';
import { Ratings } from 'matfac';

/** Of the data sets. */
export const folder = process.env.MATFAC_DATA ?? new URL('../../../shared/data', import.meta.url).pathname;

/** @param {string} name @returns {Promise<Ratings | null>} */
export async function read(name) {
  const file = `${folder}/${name}`;
  return existsSync(file) ? Ratings.fromFile(await openAsBlob(file)) : null;
}

/** A training and a test part. */
export async function split() {
  const [train, test] = [await read('ml-100k.u1.base.gz'), await read('ml-100k.u1.test.gz')];
  if (train && test) return { name: 'MovieLens 100K, split u1', train, test };
  const generated = (await Ratings.sample('ml100k')).split({ test: 0.2, by: 'random', seed: 1 });
  return { name: "the generator's ml100k, a fifth held out", ...generated };
}

/** All ratings. */
export async function whole() {
  const [train, test] = [await read('ml-100k.u1.base.gz'), await read('ml-100k.u1.test.gz')];
  if (!train || !test) return { name: "the generator's ml100k", ratings: await Ratings.sample('ml100k') };
  return { name: 'MovieLens 100K', ratings: Ratings.from([...train, ...test]) };
}
