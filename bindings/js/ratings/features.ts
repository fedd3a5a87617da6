import { translate } from '../base/errors.js';
import type { FileSource } from '../base/source.js';
import type { FeatureFileOptions, FeatureOptions } from './features/feature-options.js';
import type { FeatureColumns, FeatureRow } from './features/field-table.js';
import type { MadeFeatures } from './features/make-features.js';
import type { Id } from './ids.js';
import type { Note } from './notes.js';

/**
 * For the library itself: `table` has the sparse rows and their ids, `encoding` tells as JSON how rows become features, and
 * `encoder` encodes those that come later. @internal
 */
export let madeOf: (features: Features) => MadeFeatures;

/**
 * Features of users or of items, by id: numbers are standardized, each value of a category is a feature, and lists have several.
 * Missing values are allowed. Immutable.
 */
export class Features {
  readonly #made: MadeFeatures;

  static {
    madeOf = (features) => features.#made;
  }

  private constructor(made: MadeFeatures) {
    this.#made = made;
  }

  /**
   * Features from rows: objects with an id, `{ id: 7, age: 24, genres: ['Drama', 'War'] }`; or a Map of ids and such objects, as
   * `Titles.fromFile` and `ratings.source.itemTitles` give: their genres and years are features.
   * @throws MatfacError `invalid-argument` that names the row (1 for the first), or when no field is a feature.
   */
  static async from(rows: Iterable<FeatureRow>, options: FeatureOptions = {}): Promise<Features> {
    const { featuresOfRows } = await import('./features/make-features.js');
    return new Features(await featuresOfRows(rows, options));
  }

  /**
   * Features from columns of equal length, by name: `{ id: […], age: […] }`.
   * @throws MatfacError `invalid-argument` that names the column, or when no column is a feature.
   */
  static async fromColumns(columns: FeatureColumns, options: FeatureOptions = {}): Promise<Features> {
    const { featuresOfColumns } = await import('./features/make-features.js');
    return new Features(await featuresOfColumns(columns, options));
  }

  /**
   * Features from a file: CSV or TSV with a header, JSON, NDJSON, Parquet, an Excel workbook, RecBole's `.user` and `.item`, or
   * MovieLens's `u.user`, `u.item`, `users.dat` and `movies.dat`; gzipped or not, or in a zip archive, where `file` names it.
   * @throws MatfacError `parse-error` with line and column, `unsupported`, `aborted`, `out-of-memory` or `invalid-argument`.
   */
  static async fromFile(source: FileSource, options: FeatureFileOptions = {}): Promise<Features> {
    const { featuresOfFile } = await import('../io/read-features.js');
    try {
      return new Features(await featuresOfFile(source, options));
    } catch (failure) {
      throw translate(failure);
    }
  }

  /** How many ids have features. */
  get size(): number {
    return this.#made.table.ids.size;
  }

  /** The ids, in order of first appearance. */
  get ids(): readonly Id[] {
    return this.#made.table.ids.list;
  }

  /** The features: `age`, `genre: Drama`. */
  get names(): readonly string[] {
    return this.#made.table.names;
  }

  /** What was guessed, pooled and left out. */
  get notes(): readonly Note[] {
    return [...this.#made.notes];
  }
}
