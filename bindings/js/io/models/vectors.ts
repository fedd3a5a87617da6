import { MatfacError } from '../../base/errors.js';
import { show } from '../../base/show.js';
import { bytesOf, type FileSource } from '../../base/source.js';
import type { Id } from '../../ratings/ids.js';
import { CsvReader } from '../syntax/csv.js';
import { parseDecimal } from '../syntax/number.js';
import { decodeHead } from '../syntax/text.js';

/** Ids and their vectors, row by row. */
export interface Vectors {
  ids: Id[];
  vectors: number[][];
}

/** Reads texts with one vector per line, the id first, file by file. @throws MatfacError `parse-error` with the line. */
export async function readVectors(files: readonly (FileSource | Uint8Array | ArrayBuffer)[]): Promise<Vectors> {
  const ids: string[] = [];
  const vectors: number[][] = [];
  for (const file of files) {
    const text = decodeHead(await bytesOf(file));
    const add = (fields: string[], line: number) => {
      if (fields.length === 1 && fields[0]!.trim() === '') return;
      const numbers = fields.slice(1).map((field) => parseDecimal(field.trim()));
      const bad = numbers.findIndex(Number.isNaN);
      if (bad >= 0 && line === 1) return;
      if (bad >= 0) throw broken(line, bad + 2, `a vector must have numbers; this field is ${show(fields[bad + 1])}`);
      const width = vectors[0]?.length ?? numbers.length;
      if (numbers.length === 0) throw broken(line, 1, 'a vector must follow the id');
      if (numbers.length !== width)
        throw broken(line, 1, `the vector must have ${width} numbers like those before; it has ${numbers.length}`);
      ids.push(fields[0]!.trim());
      vectors.push(numbers);
    };
    const delimiter = delimiterOf(text);
    const reader = new CsvReader(
      { delimiter, newline: '\n' },
      {
        plain: (all, start, end, line) => add(all.slice(start, end).split(delimiter), line),
        fields: add,
        bad: (line, column, reason) => {
          throw broken(line, column, reason);
        },
      },
    );
    await reader.push(text);
    await reader.end();
  }
  if (ids.length === 0) throw broken(1, 1, 'the file must have vectors');
  const isNumeric = ids.every((id) => /^(0|[1-9]\d*)$/.test(id) && Number.isSafeInteger(Number(id)));
  return { ids: isNumeric ? ids.map(Number) : ids, vectors };
}

/** The most frequent candidate in the first two lines. */
function delimiterOf(text: string): string {
  const head = text.split('\n', 2).join('\n');
  const counts = [',', '\t', ';', ' '].map((delimiter) => ({ delimiter, count: head.split(delimiter).length }));
  return counts.reduce((most, next) => (next.count > most.count ? next : most)).delimiter;
}

function broken(line: number, column: number, reason: string): MatfacError {
  return new MatfacError('parse-error', `Line ${line}, column ${column}: ${reason}`, { line, column });
}
