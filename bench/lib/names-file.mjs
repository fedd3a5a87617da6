// A file of ratings by many users of many items whose ids are strings, as in a shop.
import { closeSync, existsSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Fourteen characters, different for each number. @param {number} number @param {string} first */
const nameOf = (number, first) =>
  first +
  (Math.imul(number + 1, 0x9e3779b1) >>> 0).toString(36).padStart(7, '0') +
  number.toString(36).padStart(6, '0');

/** The path of a file in which every user has a row, and a few items have most of the rows. @param {{rows: number, users: number, items: number}} counts */
export function namesFile({ rows, users, items }) {
  const file = `${root}build/bench/names-${users}-${items}-${rows}.csv`;
  if (existsSync(file)) return file;
  mkdirSync(`${root}build/bench`, { recursive: true });
  const out = openSync(file, 'w');
  writeSync(out, 'userId,itemId,rating,timestamp\n');
  for (let begin = 0; begin < rows; begin += 100_000) {
    let text = '';
    for (let row = begin; row < Math.min(rows, begin + 100_000); ++row) {
      const draw = (Math.imul(row + 1, 0x85ebca6b) >>> 0) / 2 ** 32;
      const item = Math.floor(items * draw ** 3);
      text += `${nameOf(row % users, 'U')},${nameOf(item, 'I')},${1 + (row % 5)},${1_112_486_027 + row}\n`;
    }
    writeSync(out, text);
  }
  closeSync(out);
  return file;
}
