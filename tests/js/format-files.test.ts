import { readFile } from 'node:fs/promises';
import { Ratings, type ReadOptions, Titles } from 'matfac';
import { describe, expect, test } from 'vitest';
import { failure } from './support/failure.js';

/** What must be understood of a file: rows are [user, item, rating, timestamp], titles [id, title, genres]. */
interface Case {
  file: string;
  options?: ReadOptions;
  format?: string;
  layout?: 'matrix';
  size?: number;
  first?: unknown[];
  last?: unknown[];
  implicit?: boolean;
  /** Implicit feedback that a column of true and false has. */
  hasRating?: boolean;
  notes?: string[];
  itemTitles?: [id: string | number, title: string][];
  titles?: [id: string | number, title: string, genres?: string[]][];
  error?: { code: string; line?: number; words: string };
}

const folder = new URL('../golden/files/', import.meta.url);
const cases: Case[] = JSON.parse(await readFile(new URL('formats.json', folder), 'utf8'));
const open = async (name: string) => new Blob([new Uint8Array(await readFile(new URL(`formats/${name}`, folder)))]);

describe('files of many formats', () => {
  test.each(cases.filter(({ format }) => format))('$file', async (expected) => {
    const ratings = await Ratings.fromFile(await open(expected.file), expected.options);
    const { source } = ratings;
    expect(source!.format).toBe(expected.format);
    expect(source!.layout).toBe(expected.layout);
    expect(ratings.size).toBe(expected.size);
    expect(ratings.implicit).toBe(expected.implicit ?? false);
    expect(source!.columns.rating === undefined).toBe(ratings.implicit && !expected.hasRating);
    const row = (index: number) => Object.values(ratings.at(index));
    const near = (cells: unknown[]) => cells.map((cell) => (typeof cell === 'number' ? expect.closeTo(cell, 5) : cell));
    if (expected.first) expect(row(0)).toEqual(near(expected.first));
    if (expected.last) expect(row(ratings.size - 1)).toEqual(near(expected.last));
    if (expected.notes) expect(source!.notes.map(({ code }) => code).sort()).toEqual([...expected.notes].sort());
    const titles = [...(source!.itemTitles ?? [])].map(([id, { title }]) => [id, title]);
    expect(titles).toEqual(expected.itemTitles ?? []);
  });

  test.each(cases.filter(({ titles }) => titles))('titles: $file', async ({ file, titles }) => {
    const found = await Titles.fromFile(await open(file));
    const rows = [...found].map(([id, { title, genres }]) => (genres ? [id, title, genres] : [id, title]));
    expect(rows).toEqual(titles);
  });

  test.each(cases.filter(({ error }) => error))('error: $file', async ({ file, options, error }) => {
    const found = await failure(async () => Ratings.fromFile(await open(file), options));
    expect(found.code).toBe(error!.code);
    expect(found.message).toContain(error!.words);
    if (error!.line !== undefined) expect(found.line).toBe(error!.line);
  });

  test('each file is tried once', () => {
    const kinds = cases.map(({ format, titles, error }) => [format, titles, error].filter((kind) => kind).length);
    expect(kinds.every((count) => count === 1)).toBe(true);
  });
});
