import { mustBe, plainOptions, requireOneOf, requireSeed } from '../base/checks.js';
import { guard, invalid, translate } from '../base/errors.js';
import type { Matrix } from '../base/matrix.js';
import { abortable, atOnce, inTurns, pause } from '../base/pause.js';
import { checkSignal } from '../base/signal.js';
import type { FileSource } from '../base/source.js';
import { disposeSymbol } from '../core/handle.js';
import { loadCore } from '../core/load.js';
import type { SkippedRows } from './bad-rows.js';
import { ChosenIds } from './chosen-ids.js';
import { countInto, countMarks, pickRows, SLICE_ROWS, type Table } from './columns.js';
import { checkDuplicates, type Duplicates, resolveDuplicates } from './duplicates.js';
import { checkedFilter, coreMarks, type FilterOptions } from './filter.js';
import type { Id } from './ids.js';
import type { RatingsSource } from './ratings-source.js';
import type { ReadOptions } from './read-options.js';
import { type RatingColumns, type RatingRow, tableFromColumns, tableFromRows } from './rows.js';
import { SPLIT_OPTIONS, type SplitAsyncOptions, type SplitOptions, testPart } from './split.js';
import type { Statistics } from './stored/stored-parts.js';

/** Of `Ratings.from` and `Ratings.fromColumns`. */
export interface RatingsOptions {
  /** What happens to repeated pairs of user and item; default `last`. */
  duplicates?: Duplicates;
}

/** One rating with the caller's ids. */
export interface Rating {
  user: Id;
  item: Id;
  rating: number;
  timestamp?: number;
}

/** The size of synthetic ratings: that of the named MovieLens data set, or 100 users and 120 items. */
export type SampleSize = (typeof SAMPLE_SIZES)[number];
const SAMPLE_SIZES = ['tiny', 'ml100k', 'ml1m', 'ml10m', 'ml20m'] as const;

/** For the library itself: the dense columns of ratings. @internal */
export let tableOf: (ratings: Ratings) => Table;

/** For the library itself: the rows with this mark and the ids that they use; null for none. @internal */
export let partOf: (ratings: Ratings, marks: Uint8Array, mark: number) => Generator<void, Ratings | null>;

/**
 * Ratings: checked, immutable, with each pair of user and item once. Every user and item has at least one rating. They are in
 * memory, or with the option `storage` of `fromFile` in a file.
 */
export class Ratings {
  readonly #table: Table;
  #statistics: Statistics | undefined;
  /** How the file was read; undefined for ratings from memory. */
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
    this.#statistics = table.stored?.statistics;
    this.source = source;
    this.skipped = skipped;
  }

  /**
   * Ratings from rows: objects or tuples of user, item, rating and timestamp. Rows without ratings are implicit feedback.
   * @throws MatfacError `invalid-argument` that names the row (1 for the first) and the value.
   */
  static from(rows: Iterable<RatingRow>, options: RatingsOptions = {}): Ratings {
    return Ratings.#of(() => tableFromRows(rows), plainOptions('Ratings.from', options, ['duplicates']));
  }

  /**
   * Ratings from columns of equal length, arrays or typed arrays; faster than rows.
   * @throws MatfacError `invalid-argument` that names the column, the index and the value.
   */
  static fromColumns(columns: RatingColumns, options: RatingsOptions = {}): Ratings {
    return Ratings.#of(() => tableFromColumns(columns), plainOptions('Ratings.fromColumns', options, ['duplicates']));
  }

  /**
   * Ratings from a file: CSV, TSV, MovieLens, JSON, NDJSON, Parquet, an Excel workbook or any `FileFormat`, gzipped or not, or a
   * zip archive of one of these, such as MovieLens's archives with their titles. Delimiter, header and columns are guessed; `ratings.source` tells how the file
   * was read. A text is read as a stream, Parquet by ranges; in a page a worker reads files of a megabyte and more, and
   * elsewhere other tasks have their turn. A string is the text itself; in Node, `openAsBlob` of `node:fs` makes a Blob of a
   * path.
   * @throws MatfacError `parse-error` with line and column, `unsupported`, `aborted`, `out-of-memory` or `invalid-argument`.
   */
  static async fromFile(source: FileSource, options: ReadOptions = {}): Promise<Ratings> {
    const { readFile } = await import('../io/read-file.js');
    try {
      const { table, understood, skipped } = await readFile(source, options);
      const ratings = new Ratings(table, understood, skipped);
      ratings.#statistics ??= await inTurns(statisticsOf(table));
      return ratings;
    } catch (failure) {
      throw translate(failure);
    }
  }

  /** Synthetic ratings with the shape of a MovieLens data set; ids are numbers from 1. */
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
   * The item factors that the ratings of the sample are generated from, in decreasing order of weight: row `id − 1` is item
   * `id`. A model trained on the ratings recovers them up to a rotation; they can also name its items.
   */
  static async sampleItemFactors(size: SampleSize = 'ml100k', options: { seed?: number } = {}): Promise<Matrix> {
    const seed = checkSample(size, options);
    const core = await loadCore();
    const { columns, data } = guard(() => core.plantedItemFactors(size, seed));
    return { rows: data.length / columns, columns, data };
  }

  static #of(read: () => Table, options: RatingsOptions): Ratings {
    const duplicates = checkDuplicates(options.duplicates);
    return guard(() => {
      const table = read();
      return new Ratings({ ...table, columns: atOnce(resolveDuplicates(table, duplicates)) });
    });
  }

  /** How many ratings there are. */
  get size(): number {
    return this.#table.stored?.size ?? this.#table.columns.users.length;
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

  /** Whether the ratings have no values: each pair then tells only that the user chose the item. */
  get implicit(): boolean {
    return this.#table.implicit;
  }

  /** Whether the ratings have timestamps. */
  get hasTimestamps(): boolean {
    return this.#table.stored?.hasTimestamps ?? this.#table.columns.timestamps !== undefined;
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

  /** The rating of a row, 0 for the first. @throws MatfacError `invalid-argument` for a row that does not exist. */
  at(row: number): Rating {
    if (Number.isInteger(row) && row >= 0 && row < this.size) return this.#at(row);
    throw mustBe('at: row', `a whole number from 0 to ${this.size - 1}`, row);
  }

  /**
   * Two disjoint parts; each has only the users and items of its own ratings.
   * @throws MatfacError `invalid-argument` for a bad option, an empty part, or a split by time without timestamps.
   */
  split(options: SplitOptions = {}): { train: Ratings; test: Ratings } {
    return atOnce(this.#split(options));
  }

  /**
   * `split` in slices, so that other tasks have their turn. The parts are the same. Of stored ratings, the train part is stored
   * too and the test part is in memory, at most 8,388,608 ratings; rows count in the order of the users.
   * @throws as `split`, and `aborted`.
   */
  async splitAsync(options: SplitAsyncOptions = {}): Promise<{ train: Ratings; test: Ratings }> {
    const { signal, ...rest } = plainOptions('splitAsync', options, [...SPLIT_OPTIONS, 'signal']);
    checkSignal('splitAsync', signal);
    const { stored } = this.#table;
    if (stored) return stored.split(this.#table, rest, signal, (table) => new Ratings(table, this.source));
    return inTurns(abortable(signal, this.#split(rest)));
  }

  /**
   * Removes the file of stored ratings as soon as no training has it open; ratings in memory have none. Stored ratings
   * train `als`, `sgd` and `implicit-als` (the default is `als`, and `implicit-als` without values), tell their counts, ids, mean
   * and range, and `splitAsync`; what needs rows in memory throws `unsupported`. Models keep what users rated.
   */
  dispose(): void {
    this.#table.stored?.dispose();
  }

  /** `dispose()`, for `using`. */
  [disposeSymbol](): void {
    this.dispose();
  }

  *#split(options: SplitOptions): Generator<void, { train: Ratings; test: Ratings }> {
    const marks = yield* testPart(this.#table.columns, this.userCount, options);
    const train = yield* this.#part(marks, 0);
    const test = yield* this.#part(marks, 1);
    if (train && test) return { train, test };
    const none = `the ${train ? 'test' : 'train'} part would have none of the ${this.size} ratings`;
    throw invalid(`split: ${none}; choose another share`);
  }

  /**
   * The ratings of users and items that have enough of them: the largest part in which each user has at least `minPerUser`
   * ratings and each item at least `minPerItem` (the k-core), in linear time. The ratings keep their order, timestamps and
   * source; users and items without ratings are left out.
   * @throws MatfacError `invalid-argument` for a number below 1, or when no rating is left.
   */
  filter(options: FilterOptions): Ratings {
    const least = checkedFilter(options);
    const { columns, users, items } = this.#table;
    const left = atOnce(this.#part(atOnce(coreMarks(columns, users.size, items.size, least)), 1, this.skipped));
    if (left) return left;
    const given = `minPerUser ${least.minPerUser} and minPerItem ${least.minPerItem}`;
    throw invalid(`filter: minPerUser and minPerItem must leave ratings; ${given} leave none of ${this.size}`);
  }

  /** The ratings in their order, with the caller's ids. */
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

  *#part(marks: Uint8Array, mark: number, skipped?: SkippedRows): Generator<void, Ratings | null> {
    const size = countMarks(marks, mark);
    if (size === 0) return null;
    const { columns, users, items, implicit } = this.#table;
    const picked = yield* pickRows(columns, marks, mark, size);
    const itsUsers = yield* ChosenIds.of(users, picked.users);
    const itsItems = yield* ChosenIds.of(items, picked.items);
    yield* itsUsers.renumber(picked.users);
    yield* itsItems.renumber(picked.items);
    return new Ratings({ columns: picked, users: itsUsers, items: itsItems, implicit }, this.source, skipped);
  }
}

function* statisticsOf({ columns: { values, items: ofRow }, items }: Table): Generator<void, Statistics> {
  let sum = 0;
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  const itemCounts = new Int32Array(items.size);
  for (let start = 0; start < values.length; start += SLICE_ROWS) {
    yield;
    countInto(itemCounts, ofRow.subarray(start, start + SLICE_ROWS));
    const slice = summaryOf(values.subarray(start, start + SLICE_ROWS), sum);
    sum = slice.sum;
    min = Math.min(min, slice.min);
    max = Math.max(max, slice.max);
  }
  return { mean: sum / values.length, range: [min, max], itemCounts };
}

/** `sum` is that of the values before. */
function summaryOf(values: Float32Array, sum: number): { sum: number; min: number; max: number } {
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  for (let row = 0; row < values.length; row++) {
    const value = values[row]!;
    sum += value;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  return { sum, min, max };
}

/** Checks the options of a sample; returns the seed. */
function checkSample(size: unknown, options: { seed?: number }): number {
  requireOneOf('sample: size', size, SAMPLE_SIZES);
  return requireSeed('sample: seed', plainOptions('sample', options, ['seed']).seed ?? 1);
}
