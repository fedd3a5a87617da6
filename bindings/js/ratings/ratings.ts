import { checkNames } from '../base/checks.js';
import { guard, invalid, translate } from '../base/errors.js';
import type { Matrix } from '../base/matrix.js';
import { atOnce, heeding, inTurns, pause } from '../base/pause.js';
import { show } from '../base/show.js';
import { checkSignal } from '../base/signal.js';
import type { FileSource } from '../base/source.js';
import { loadCore } from '../core/load.js';
import type { SkippedRows } from './bad-rows.js';
import { ChosenIds } from './chosen-ids.js';
import { countMarks, pickRows, SLICE_ROWS, type Table } from './columns.js';
import { checkDuplicates, type Duplicates, resolveDuplicates } from './duplicates.js';
import type { Id } from './ids.js';
import type { RatingsSource } from './ratings-source.js';
import type { ReadOptions } from './read-options.js';
import { type RatingColumns, type RatingRow, tableFromColumns, tableFromRows } from './rows.js';
import { checkSeed, SPLIT_OPTIONS, type SplitAsyncOptions, type SplitOptions, testPart } from './split.js';

/** Of `Ratings.from` and `Ratings.fromColumns`. */
export interface RatingsOptions {
  /** What becomes of a user and item that come twice: the last one stays (default), they add up, or it is an error. */
  duplicates?: Duplicates;
}

/** One rating with the caller's ids. */
export interface Rating {
  user: Id;
  item: Id;
  rating: number;
  timestamp?: number;
}

/** How large the made-up ratings are: those of the MovieLens data set that is named, or 100 users and 120 items. */
export type SampleSize = (typeof SAMPLE_SIZES)[number];
const SAMPLE_SIZES = ['tiny', 'ml100k', 'ml1m', 'ml10m', 'ml20m'] as const;

/** Of the library itself: the dense columns of ratings. @internal */
export let tableOf: (ratings: Ratings) => Table;

/** Of the library itself: the rows that are marked so, with the ids that they use; null for none. @internal */
export let partOf: (ratings: Ratings, marks: Uint8Array, mark: number) => Generator<void, Ratings | null>;

/**
 * Ratings in memory, checked, each user and item pair once. Every user and item of it has at least one rating.
 * Nothing changes them once they are made.
 */
export class Ratings {
  readonly #table: Table;
  #statistics: Statistics | undefined;
  /** What was understood of the file that these were read from; undefined when they come from memory. */
  readonly source: RatingsSource | undefined;
  /** The rows that `badRows: 'skip'` left out of a file. */
  readonly skipped: SkippedRows;

  static {
    tableOf = (ratings) => ratings.#table;
    partOf = (ratings, marks, mark) => ratings.#part(marks, mark);
  }

  private constructor(table: Table, source?: RatingsSource, skipped: SkippedRows = { count: 0, first: [] }) {
    table.users.seal();
    table.items.seal();
    this.#table = table;
    this.source = source;
    this.skipped = skipped;
  }

  /**
   * Ratings of rows: objects or tuples of user, item, rating and timestamp. Without any rating it is implicit feedback.
   * @throws MatfacError `invalid-argument` that names the row (1 for the first) and the value.
   */
  static from(rows: Iterable<RatingRow>, options: RatingsOptions = {}): Ratings {
    return Ratings.#of(tableFromRows(rows), options);
  }

  /**
   * Ratings of columns of equal length, arrays or typed arrays: the quickest way in.
   * @throws MatfacError `invalid-argument` that names the column, the index and the value.
   */
  static fromColumns(columns: RatingColumns, options: RatingsOptions = {}): Ratings {
    return Ratings.#of(tableFromColumns(columns), options);
  }

  /**
   * Ratings of a file: CSV, TSV, MovieLens, JSON, NDJSON or Parquet, gzipped or not, or a zip archive with one of these,
   * MovieLens's own with the titles beside it. Delimiter, header and columns are guessed; `ratings.source` says what was
   * understood. A text is read as a stream, Parquet by ranges; in a page a worker reads what is not small, and elsewhere other
   * tasks have their turn. A string is the text itself; in Node, `openAsBlob` of `node:fs` makes a Blob of a path.
   * @throws MatfacError `parse-error` with line and column, `unsupported`, `aborted`, `out-of-memory` or `invalid-argument`.
   */
  static async fromFile(source: FileSource, options: ReadOptions = {}): Promise<Ratings> {
    const { readFile } = await import('../io/read-file.js');
    try {
      const { table, understood, skipped } = await readFile(source, options);
      const ratings = new Ratings(table, understood, skipped);
      ratings.#statistics = await inTurns(statisticsOf(table));
      return ratings;
    } catch (failure) {
      throw translate(failure);
    }
  }

  /** Made-up ratings of MovieLens's shape; ids are numbers from 1. */
  static async sample(size: SampleSize = 'ml100k', options: { seed?: number } = {}): Promise<Ratings> {
    const seed = checkSample(size, options);
    const core = await loadCore();
    const made = guard(() => core.generate(size, seed));
    await pause();
    const table = tableFromColumns({
      user: made.users.map((index) => index + 1),
      item: made.items.map((index) => index + 1),
      rating: made.values,
    });
    return new Ratings({ ...table, columns: await inTurns(resolveDuplicates(table, 'last')) });
  }

  /**
   * The factors that the sample's ratings were made from, falling in weight from the first: row `id − 1` is the item `id`.
   * A model learned of the ratings should find them again, but for a rotation; they can also name its items.
   */
  static async sampleItemFactors(size: SampleSize = 'ml100k', options: { seed?: number } = {}): Promise<Matrix> {
    const seed = checkSample(size, options);
    const core = await loadCore();
    const { columns, data } = guard(() => core.plantedItemFactors(size, seed));
    return { rows: data.length / columns, columns, data };
  }

  static #of(table: Table, options: RatingsOptions): Ratings {
    const columns = atOnce(resolveDuplicates(table, checkDuplicates(options.duplicates)));
    return new Ratings({ ...table, columns });
  }

  /** How many ratings there are. */
  get size(): number {
    return this.#table.columns.users.length;
  }

  /** How many users there are. */
  get userCount(): number {
    return this.#table.users.size;
  }

  /** How many items there are. */
  get itemCount(): number {
    return this.#table.items.size;
  }

  /** The ids of the users, in order of first appearance. */
  get users(): readonly Id[] {
    return this.#table.users.list;
  }

  /** The ids of the items, in order of first appearance. */
  get items(): readonly Id[] {
    return this.#table.items.list;
  }

  /** No rating values were given: each pair says only that the user took the item. */
  get implicit(): boolean {
    return this.#table.implicit;
  }

  /** Whether each rating has a time. */
  get hasTimestamps(): boolean {
    return this.#table.columns.timestamps !== undefined;
  }

  /** The mean rating. */
  get mean(): number {
    return this.#count().mean;
  }

  /** The smallest and the largest rating. */
  get range(): [minimum: number, maximum: number] {
    return [...this.#count().range];
  }

  /** A copy: how many ratings each item has, in the order of `items`. */
  get itemCounts(): Int32Array {
    return this.#count().itemCounts.slice();
  }

  /** The rating of this row, 0 for the first. @throws MatfacError `invalid-argument` for a row that there is not. */
  at(row: number): Rating {
    if (Number.isInteger(row) && row >= 0 && row < this.size) return this.#at(row);
    throw invalid(`at: row is ${show(row)}; it must be a whole number from 0 to ${this.size - 1}`);
  }

  /**
   * Two parts with no rating in common; each has the users and items that it rates.
   * @throws MatfacError `invalid-argument` for a bad option, an empty part, or a split by time without timestamps.
   */
  split(options: SplitOptions = {}): { train: Ratings; test: Ratings } {
    return atOnce(this.#split(options));
  }

  /** `split` in slices, so that other tasks have their turn. The parts are the same. @throws as `split`, and `aborted`. */
  async splitAsync(options: SplitAsyncOptions = {}): Promise<{ train: Ratings; test: Ratings }> {
    checkNames('splitAsync', options, [...SPLIT_OPTIONS, 'signal']);
    const { signal, ...rest } = options;
    checkSignal('splitAsync', signal);
    return inTurns(heeding(signal, this.#split(rest)));
  }

  *#split(options: SplitOptions): Generator<void, { train: Ratings; test: Ratings }> {
    const marks = yield* testPart(this.#table.columns, this.userCount, options);
    const train = yield* this.#part(marks, 0);
    const test = yield* this.#part(marks, 1);
    if (train && test) return { train, test };
    const none = `the ${train ? 'test' : 'train'} part would have no rating at all (of ${this.size})`;
    throw invalid(`split: ${none}; choose another share`);
  }

  /** Rating by rating, with the caller's ids. */
  *[Symbol.iterator](): IterableIterator<Rating> {
    for (let row = 0; row < this.size; row++) yield this.#at(row);
  }

  #at(row: number): Rating {
    const { columns, users, items } = this.#table;
    const rating: Rating = {
      user: users.at(columns.users[row]!),
      item: items.at(columns.items[row]!),
      rating: columns.values[row]!,
    };
    if (columns.timestamps) rating.timestamp = columns.timestamps[row]!;
    return rating;
  }

  #count(): Statistics {
    this.#statistics ??= atOnce(statisticsOf(this.#table));
    return this.#statistics;
  }

  *#part(marks: Uint8Array, mark: number): Generator<void, Ratings | null> {
    const size = countMarks(marks, mark);
    if (size === 0) return null;
    const { columns, users, items, implicit } = this.#table;
    const picked = yield* pickRows(columns, marks, mark, size);
    const itsUsers = yield* ChosenIds.of(users, picked.users);
    const itsItems = yield* ChosenIds.of(items, picked.items);
    yield* itsUsers.renumber(picked.users);
    yield* itsItems.renumber(picked.items);
    return new Ratings({ columns: picked, users: itsUsers, items: itsItems, implicit }, this.source);
  }
}

interface Statistics {
  mean: number;
  range: [minimum: number, maximum: number];
  /** How many ratings each item has. */
  itemCounts: Int32Array;
}

function* statisticsOf({ columns: { values, items: ofRow }, items }: Table): Generator<void, Statistics> {
  let sum = 0;
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  const itemCounts = new Int32Array(items.size);
  for (let row = 0; row < values.length; row++) {
    if (row % SLICE_ROWS === 0) yield;
    const value = values[row]!;
    sum += value;
    if (value < min) min = value;
    if (value > max) max = value;
    itemCounts[ofRow[row]!]!++;
  }
  return { mean: sum / values.length, range: [min, max], itemCounts };
}

/** The seed. */
function checkSample(size: unknown, options: { seed?: number }): number {
  if (!SAMPLE_SIZES.includes(size as SampleSize)) {
    throw invalid(`sample: size is ${show(size)}; allowed are ${SAMPLE_SIZES.map((name) => `'${name}'`).join(', ')}`);
  }
  return checkSeed(options.seed ?? 1);
}
