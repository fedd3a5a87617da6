// The memory traffic of an epoch at its least, beside what a processor without caches would move.
import { rounded } from './figure.mjs';

const NUMBER = 4; // bytes

/**
 * What an epoch reads and writes: of each rating, and of each row of factors. sgd keeps pairs (user, item, rating) in
 * one list; bpr reads the items by user, and writes, sorts and reads its samples (user, item, other). The others read
 * the ratings by user and by item (index, rating), each row as one of the fixed side, and improve it in place; a visit
 * gathers one row of the fixed side.
 * @type {Record<string, {rating: number, row: number, visits: number}>}
 */
const accesses = {
  sgd: { rating: 3, row: 2, visits: 4 },
  bpr: { rating: 13, row: 2, visits: 6 },
  als: { rating: 4, row: 3, visits: 2 },
  'implicit-als': { rating: 4, row: 3, visits: 2 },
  bayesian: { rating: 4, row: 3, visits: 2 },
};

/**
 * Bytes per rating: at least, if each row came from memory once for each of its uses in an epoch, and of all rows that
 * ratings visit; and the share of the read bandwidth that the least of them would take in the time measured.
 * @param {{solver: string, factors: number, ratings: number, nanosecondsPerRating: number}} measured
 * @param {{userCount: number, itemCount: number}} shape @param {import('./limits.mjs').Limits} limits
 */
export function trafficOf({ solver, factors, ratings, nanosecondsPerRating }, { userCount, itemCount }, limits) {
  const of = accesses[solver];
  if (!of) return {};
  const rowBytes = factors * NUMBER;
  const least = of.rating * NUMBER + (of.row * (userCount + itemCount) * rowBytes) / ratings;
  return {
    'bytes a rating, at least': rounded(least),
    '% of bandwidth': rounded((100 * least) / nanosecondsPerRating / limits.gigabytesPerSecond),
    'bytes of rows visited': of.visits * rowBytes,
    'GB/s of rows visited': rounded((of.visits * rowBytes) / nanosecondsPerRating),
  };
}
