import { openAsBlob } from 'node:fs';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { Readable } from 'node:stream';
import { defined } from '../base/checks.js';
import { type FileSource, MatfacError, Model, Ratings, type ReadOptions } from '../index.js';
import { type Flag, type Given, STANDARD_INPUT, UsageError } from './command.js';
import type { ProgressLine } from './terminal.js';

/** The flags for reading files of ratings. */
export const READ_FLAGS: readonly Flag[] = [
  {
    name: 'format',
    value: 'NAME',
    help: 'of the ratings: auto (default), csv, tsv, movielens, parquet, json, xlsx, matrix-market, npz, npy, libsvm, adjacency, netflix, recbole',
  },
  {
    name: 'layout',
    value: 'NAME',
    help: 'of a table: list (a rating per row) or matrix (a user per row); default: guessed',
  },
  { name: 'columns', value: 'LIST', help: 'user=TITLE,item=TITLE,rating=TITLE,timestamp=TITLE; numbers count from 0' },
  { name: 'unrated', help: 'ignore the rating values: only the pairs of user and item count' },
  { name: 'skipBadRows', help: 'leave out rows that cannot be read, and count them' },
  {
    name: 'duplicates',
    value: 'POLICY',
    help: 'of repeated pairs of user and item: first, last (default), latest (by timestamp), sum, mean, max, error',
  },
];

/** The flags that select among the ratings that a command is about. */
export const FILTER_FLAGS: readonly Flag[] = [
  { name: 'minPerUser', value: 'N', help: 'leave out users with fewer ratings, until all that is left has enough' },
  { name: 'minPerItem', value: 'N', help: 'leave out items with fewer ratings, until all that is left has enough' },
];

/** The ratings of the users and items with enough of them. */
export function filtered(ratings: Ratings, given: Given): Ratings {
  const options = defined({ minPerUser: given.number('minPerUser'), minPerItem: given.number('minPerItem') });
  return Object.keys(options).length > 0 ? ratings.filter(options) : ratings;
}

const ROLES = ['user', 'item', 'rating', 'timestamp'] as const;

/** Reads ratings from a file, as a stream. */
export async function readRatings(
  path: string,
  given: Given,
  line: ProgressLine,
  signal: AbortSignal,
): Promise<Ratings> {
  const options: ReadOptions = { signal, columns: columnsOf(given) };
  const format = given.text('format');
  if (format !== undefined) options.format = format as NonNullable<ReadOptions['format']>;
  const layout = given.text('layout');
  if (layout !== undefined) options.layout = layout as NonNullable<ReadOptions['layout']>;
  if (given.has('skipBadRows')) options.badRows = 'skip';
  const duplicates = given.text('duplicates');
  if (duplicates !== undefined) options.duplicates = duplicates as NonNullable<ReadOptions['duplicates']>;
  options.onProgress = ({ bytes, totalBytes, rows }) =>
    line.show(totalBytes ? bytes / totalBytes : undefined, `${basename(path)}: ${rows.toLocaleString('en')} ratings`);
  try {
    return await Ratings.fromFile(await sourceOf(path), options);
  } catch (failure) {
    throw inFile(path, failure);
  } finally {
    line.clear();
  }
}

async function sourceOf(path: string): Promise<FileSource> {
  if (path === STANDARD_INPUT) return Readable.toWeb(process.stdin) as ReadableStream<Uint8Array>;
  return fileAt(path);
}

/** A file on the disk, which is read when it is needed. */
export async function fileAt(path: string): Promise<File> {
  try {
    // The name distinguishes formats that the bytes do not.
    return new File([await openAsBlob(path)], basename(path));
  } catch (cause) {
    throw unreadable(path, cause);
  }
}

/** Adds the name of the file to an error about its contents. */
export function inFile(path: string, failure: unknown): unknown {
  if (!(failure instanceof MatfacError && (failure.code === 'parse-error' || failure.code === 'corrupt-model'))) {
    return failure;
  }
  const { code, message, line, column } = failure;
  const position = { ...(line === undefined ? {} : { line }), ...(column === undefined ? {} : { column }) };
  return new MatfacError(code, `${path}: ${message}`, position);
}

function columnsOf(given: Given): NonNullable<ReadOptions['columns']> {
  const columns: NonNullable<ReadOptions['columns']> = {};
  for (const entry of given.text('columns')?.split(',') ?? []) {
    const [role, title] = entry.split('=');
    if (!title || !ROLES.includes(role as (typeof ROLES)[number])) {
      throw new UsageError(`--columns must be of the form user=TITLE,item=TITLE,rating=TITLE; it has '${entry}'`);
    }
    columns[role as (typeof ROLES)[number]] = /^\d+$/.test(title) ? Number(title) : title;
  }
  if (given.has('unrated')) columns.rating = null;
  return columns;
}

export async function readModel(path: string): Promise<Model> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(path);
  } catch (cause) {
    throw unreadable(path, cause);
  }
  try {
    return await Model.load(bytes);
  } catch (failure) {
    throw inFile(path, failure);
  }
}

/** Replaces a file atomically: an interruption leaves the old one as it was. */
export async function writeModel(path: string, bytes: Uint8Array): Promise<void> {
  const part = `${path}.${process.pid}.part`;
  try {
    await writeFile(part, bytes);
    await rename(part, path);
  } catch (cause) {
    await rm(part, { force: true });
    throw new Error(`${path} could not be written (${(cause as Error).message})`, { cause });
  }
}

export function unreadable(path: string, cause: unknown): Error {
  return new Error(`${path} could not be read (${(cause as Error).message})`, { cause });
}
