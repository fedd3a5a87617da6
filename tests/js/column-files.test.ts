/** Small files in the shapes that people have, and what must be understood of each. */
import { readdirSync, readFileSync } from 'node:fs';
import { type ColumnIndices, type NoteCode, Ratings, type ReadOptions } from 'matfac';
import { describe, expect, test } from 'vitest';
import { failure } from './support/failure.js';

interface Understood {
  options?: ReadOptions;
  columns: ColumnIndices;
  size: number;
  first: (string | number)[];
  last: (string | number)[];
  notes: NoteCode[];
  /** A part of the message of the error, for a file that must not be guessed. */
  error?: string;
}

const folder = new URL('../golden/files/', import.meta.url);
const table: { [file: string]: Understood } = JSON.parse(readFileSync(new URL('columns.json', folder), 'utf8'));

test('every file is in the table', () => {
  expect(readdirSync(new URL('columns/', folder)).sort()).toEqual(Object.keys(table).sort());
  expect(Object.keys(table).length).toBeGreaterThanOrEqual(35);
});

describe('the columns of', () => {
  test.each(Object.entries(table))('%s', async (file, { options, error, ...expected }) => {
    const bytes = new Uint8Array(readFileSync(new URL(`columns/${file}`, folder)));
    const read = () => Ratings.fromFile(new Blob([bytes]), options);
    if (error !== undefined) {
      expect((await failure(read)).message).toContain(error);
      return;
    }
    const ratings = await read();
    const rows = [...ratings].map((row) => Object.values(row).filter((cell) => cell !== undefined));
    expect({
      columns: ratings.source!.columns,
      size: ratings.size,
      first: rows[0],
      last: rows.at(-1),
      notes: [...new Set(ratings.source!.notes.map(({ code }) => code))].sort(),
    }).toEqual({ ...expected, first: float32(expected.first), last: float32(expected.last) });
  });
});

/** Ratings are kept as float32, times as float64. */
function float32(row: (string | number)[]): (string | number)[] {
  return row.map((cell, index) => (index === 2 ? Math.fround(cell as number) : cell));
}
