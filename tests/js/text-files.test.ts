import { readFileSync } from 'node:fs';
import { Ratings, type ReadOptions } from 'matfac';
import { describe, expect, test } from 'vitest';

interface Understood {
  file: string;
  options?: ReadOptions;
  delimiter: string;
  /** Null without a header. */
  titles: string[] | null;
  columns: { user?: number; item: number; rating: number };
  size: number;
  first: [user: string | number, item: string | number, rating: number];
  last: [user: string | number, item: string | number, rating: number];
  notes: string[];
}

const folder = new URL('../golden/files/', import.meta.url);
const table: Understood[] = JSON.parse(readFileSync(new URL('text.json', folder), 'utf8'));

/** The notes about the text itself; those about the meaning of columns have tests of their own. */
const TEXT_NOTES = ['lines-skipped', 'encoding-guessed', 'numbers-guessed', 'rows-skipped'];

describe('the texts that people have', () => {
  test.each(table)('$file', async ({ file, options = {}, ...understood }) => {
    const bytes = new Uint8Array(readFileSync(new URL(`text/${file}`, folder)));
    const ratings = await Ratings.fromFile(new Blob([bytes]), options);
    const { delimiter, titles = null, columns, notes } = ratings.source!;
    const rows = [...ratings].map(({ user, item, rating }) => [user, item, rating]);
    const codes = notes.map(({ code }) => code).filter((code) => TEXT_NOTES.includes(code));
    const found = { delimiter, titles, columns, size: ratings.size, first: rows[0], last: rows.at(-1), notes: codes };
    expect(found).toEqual(understood);
  });
});
