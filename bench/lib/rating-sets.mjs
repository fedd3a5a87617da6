// The public data sets of ratings, split as the papers that report on them split them, and how a model of them is judged.
import { evaluateAsync } from 'matfac';
import { read } from './movielens.mjs';

/**
 * @typedef {import('matfac').Ratings} Ratings
 * @typedef {{name: string, train: Ratings, judge: (model: import('matfac').Model) => Promise<Record<string, number>>}} RatingSet
 */

/**
 * RMSE where the model predicts ratings, and NDCG@10 over all items but those trained on, of the ratings of `relevance` and more.
 * @param {string} name @param {{train: Ratings, test: Ratings} | null} parts @param {number} relevance @returns {RatingSet | null}
 */
function judged(name, parts, relevance) {
  if (!parts) return null;
  const judge = async (/** @type {import('matfac').Model} */ model) => {
    const { rmse, ndcg } = await evaluateAsync(model, parts.test, { k: 10, relevance, exclude: parts.train });
    return { ...(rmse !== undefined && { RMSE: rmse }), 'NDCG@10': ndcg };
  };
  return { name, train: parts.train, judge };
}

/** @param {string} training @param {string} testing */
async function given(training, testing) {
  const [train, test] = [await read(training), await read(testing)];
  return train && test && { train, test };
}

/** @param {string} file */
async function seededFifth(file) {
  const ratings = await read(file);
  return ratings?.split({ test: 0.2, by: 'random', seed: 1 }) ?? null;
}

const u1 = async () => judged('MovieLens 100K, split u1', await given('ml-100k.u1.base.gz', 'ml-100k.u1.test.gz'), 4);
const latestSmall = async () =>
  judged('MovieLens latest-small, a fifth', await seededFifth('ml-latest-small.ratings.csv.gz'), 4);
/** From 0.5 to 4. */
const filmTrust = async () => judged('FilmTrust, a fifth', await seededFifth('filmtrust.ratings.txt.gz'), 3.5);
const douban = async () =>
  judged('Douban (Monti et al. 2017)', await given('douban.train.csv.gz', 'douban.test.csv.gz'), 4);
/** From 1 to 100. */
const yahooMusic = async () =>
  judged('YahooMusic (Monti et al. 2017)', await given('yahoo-music.train.csv.gz', 'yahoo-music.test.csv.gz'), 80);

/** In the order in which they are reported; null where the files are missing. */
export const ratingSets = [u1, latestSmall, filmTrust, douban, yahooMusic];
