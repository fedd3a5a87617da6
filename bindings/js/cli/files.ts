import { basename } from 'node:path';
import { Readable } from 'node:stream';
import { defined } from '../base/checks.js';
import { type FileSource, Ratings, type ReadOptions } from '../index.js';
import { type Flag, type Given, STANDARD_INPUT, UsageError } from './command.js';
import { fileAt, inFile } from './input.js';
import { note, type ProgressLine } from './terminal.js';

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
  {
    name: 'columns',
    value: 'LIST',
    help: 'user=TITLE,item=TITLE,rating=TITLE,timestamp=TITLE,event=TITLE; numbers count from 0',
  },
  { name: 'unrated', help: 'ignore the rating values: only the pairs of user and item count' },
  {
    name: 'events',
    value: 'NAME|LIST',
    help: 'the event whose rows count, or weights of several: view=1,cart=3,buy=5',
  },
  { name: 'timeFormat', value: 'PATTERN', help: 'how times are written, such as DD/MM/YYYY; default: guessed' },
  { name: 'encoding', value: 'NAME', help: 'of a text, such as windows-1252; default: UTF-8, or what its mark says' },
  { name: 'skipLines', value: 'N', help: 'lines at the beginning that are no part of the table' },
  { name: 'missing', value: 'LIST', help: 'ratings that mean that there is none, such as -1,99,NA' },
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

const ROLES = ['user', 'item', 'rating', 'timestamp', 'event'] as const;

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
  Object.assign(options, textOptions(given));
  if (given.has('skipBadRows')) options.badRows = 'skip';
  const duplicates = given.text('duplicates');
  if (duplicates !== undefined) options.duplicates = duplicates as NonNullable<ReadOptions['duplicates']>;
  options.onProgress = ({ bytes, totalBytes, rows }) =>
    line.show(totalBytes ? bytes / totalBytes : undefined, `${basename(path)}: ${rows.toLocaleString('en')} ratings`);
  try {
    const ratings = await Ratings.fromFile(await sourceOf(path), options);
    line.clear();
    for (const { message } of ratings.source!.notes) note(given, `${path}: ${message}`);
    return ratings;
  } catch (failure) {
    throw inFile(path, failure);
  } finally {
    line.clear();
  }
}

function textOptions(given: Given): ReadOptions {
  const missing = given.text('missing')?.split(',');
  return defined({
    events: eventsOf(given.text('events')),
    timeFormat: given.text('timeFormat'),
    encoding: given.text('encoding'),
    skipLines: given.number('skipLines'),
    missing: missing?.map((value) => (value.trim() !== '' && Number.isFinite(Number(value)) ? Number(value) : value)),
  });
}

/** An event, or the weights of several: view=1,cart=3,buy=5. */
function eventsOf(text: string | undefined): ReadOptions['events'] {
  if (!text?.includes('=')) return text;
  const weights = text.split(',').map((entry) => entry.split('='));
  return Object.fromEntries(weights.map(([event = '', weight]) => [event, weight ? Number(weight) : Number.NaN]));
}

async function sourceOf(path: string): Promise<FileSource> {
  if (path === STANDARD_INPUT) return Readable.toWeb(process.stdin) as ReadableStream<Uint8Array>;
  return fileAt(path);
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
