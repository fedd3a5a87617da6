// The public data sets of implicit feedback, split as the papers that report on them split them, and how each is judged.
import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { evaluateAsync, Ratings } from 'matfac';
import { folder, read } from './movielens.mjs';

/**
 * @typedef {{name: string, train: Ratings, judge: (model: import('matfac').Model) => Promise<Record<string, number>>, effort?: import('matfac').TrainOptions}} RankingSet
 *   The first figure of `judge` is the one to compare by. `effort`: the best setting that we know, whatever it costs.
 */

/** NDCG@k and recall@k over all items but those trained on. @param {Ratings} test @param {number} k */
const overAllItems = (test, k) => async (/** @type {import('matfac').Model} */ model) => {
  const { ndcg, recall } = await evaluateAsync(model, test, { k, metrics: ['ndcg', 'recall'] });
  return { [`NDCG@${k}`]: ndcg, [`Recall@${k}`]: recall };
};

/** MovieLens 1M as He et al. 2017 split it: each user's last item, among about 99 others. @returns {Promise<RankingSet | null>} */
async function movielens1m() {
  const train = await read('ml-1m-ncf.train.csv.gz');
  const path = `${folder}/ml-1m-ncf.test.csv.gz`;
  if (!train || !existsSync(path)) return null;
  const lines = gunzipSync(readFileSync(path)).toString().trim().split('\n').slice(1);
  const cases = lines.map((line) => {
    const [user, item, candidates = ''] = line.split(',');
    return { user: Number(user), item: Number(item), candidates: candidates.split(' ').map(Number) };
  });
  const judge = async (/** @type {import('matfac').Model} */ model) => {
    let hits = 0;
    let gain = 0;
    for (const { user, item, candidates } of cases) {
      const include = [...new Set([...candidates, item])];
      const place = model.recommend(user, { include, exclude: 'none', n: 10 }).findIndex((each) => each.item === item);
      if (place < 0) continue;
      hits++;
      gain += 1 / Math.log2(place + 2);
    }
    return { 'NDCG@10': gain / cases.length, 'HR@10': hits / cases.length };
  };
  return { name: 'MovieLens 1M (He et al. 2017)', train, judge };
}

/** LightGCN's split. @returns {Promise<RankingSet | null>} */
async function gowalla() {
  const [train, test] = [await read('gowalla.train.csv.gz'), await read('gowalla.test.csv.gz')];
  /** @type {import('matfac').TrainOptions} */
  const effort = { factors: 512, confidence: 40, regularization: 0.003, discount: 0.3, epochs: 7, threads: 2 };
  return train && test && { name: 'Gowalla (He et al. 2020)', train, judge: overAllItems(test, 20), effort };
}

/** Plays by user and artist; a seeded fifth is held out. @returns {Promise<RankingSet | null>} */
async function lastfm() {
  const plays = await read('lastfm-hetrec.user_artists.dat.gz');
  if (!plays) return null;
  const { train, test } = plays.split({ test: 0.2, by: 'random', seed: 1 });
  return { name: 'Last.fm HetRec, a fifth', train, judge: overAllItems(test, 10) };
}

/** Ratings of 4 and more, the last of each user held out. @returns {Promise<RankingSet | null>} */
async function movielens100k() {
  const parts = await Promise.all(['ml-100k.u1.base.gz', 'ml-100k.u1.test.gz'].map(read));
  const rows = parts.flatMap((part) => (part ? [...part].filter(({ rating }) => rating >= 4) : []));
  if (rows.length === 0) return null;
  const { train, test } = Ratings.from(rows).split({ by: 'leave-last-out' });
  return { name: 'MovieLens 100K, last of 4 and more', train, judge: overAllItems(test, 10) };
}

/** In the order in which they are reported; null where the files are missing. */
export const rankingSets = [movielens100k, lastfm, movielens1m, gowalla];
