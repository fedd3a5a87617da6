// The generator's ratings as a CSV file.
import { existsSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { readColumns } from './columns-file.mjs';
import { columnsFile } from './comparison.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Its path. The columns are those of MovieLens: user,item,rating,timestamp. @param {string} size */
export async function csvFile(size) {
  const file = `${root}build/bench/${size}.csv`;
  if (existsSync(file)) return file;
  mkdirSync(`${root}build/bench`, { recursive: true });
  const { users, items, values } = readColumns(await columnsFile(size));
  const out = openSync(file, 'w');
  writeSync(out, 'userId,movieId,rating,timestamp\n');
  for (let begin = 0; begin < values.length; begin += 100_000) {
    let text = '';
    for (let row = begin; row < Math.min(values.length, begin + 100_000); ++row) {
      text += `${users[row]},${items[row]},${values[row]},${1_112_486_027 + row}\n`;
    }
    writeSync(out, text);
  }
  return file;
}
