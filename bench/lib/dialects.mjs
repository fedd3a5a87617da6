// The same ratings as text, written in several ways.
import { gzipSync } from 'node:zlib';

/** @typedef {{ user: number, item: number, rating: number }} Row */

/** @type {Record<string, (rows: Row[]) => string>} */
const WRITERS = {
  CSV: (rows) => `user,item,rating\n${rows.map(({ user, item, rating }) => `${user},${item},${rating}\n`).join('')}`,
  'JSON of rows': (rows) => JSON.stringify(rows),
  'JSON of lines': (rows) => rows.map((row) => `${JSON.stringify(row)}\n`).join(''),
  'JSON of columns': (rows) =>
    JSON.stringify({
      user: rows.map(({ user }) => user),
      item: rows.map(({ item }) => item),
      rating: rows.map(({ rating }) => rating),
    }),
};

/** Files of this many rows. @param {number} count @returns {{ what: string, file: Blob }[]} */
export function filesOf(count) {
  const rows = Array.from({ length: count }, (_, row) => ({
    user: Math.floor(row / 100),
    item: (Math.imul(row, 0x9e3779b1) >>> 0) % 10_000,
    rating: 1 + (row % 5),
  }));
  const files = Object.entries(WRITERS).map(([what, write]) => ({ what, file: new Blob([write(rows)]) }));
  const [csv] = Object.values(WRITERS).map((write) => write(rows));
  return [...files, { what: 'CSV, gzipped', file: new Blob([gzipSync(csv ?? '')]) }];
}
