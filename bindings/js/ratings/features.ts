import { mustBe, nearest, plainOptions, reading, requireCount } from '../base/checks.js';
import { invalid, translate } from '../base/errors.js';
import type { ReadLimits } from '../base/limits.js';
import { atOnce } from '../base/pause.js';
import { show } from '../base/show.js';
import type { FileSource } from '../base/source.js';
import { type EncodedRow, type FeatureEncoding, namesOf, RowEncoder } from './features/encoding.js';
import {
  type FeatureColumns,
  type FeatureRow,
  type FieldTable,
  tableOfColumns,
  tableOfRows,
} from './features/field-table.js';
import { learnEncoding } from './features/learn.js';
import type { Id, Ids } from './ids.js';
import { type Note, Notes } from './notes.js';

/** How fields become features; what is left out is guessed from their values and names. */
export interface FeatureOptions {
  /** The field of the ids. Default: `id`, else `user` or `item`, else the first that ends with id, such as movieId. */
  id?: string;
  /** Fields of numbers, which are standardized. */
  numbers?: readonly string[];
  /** Fields of categories: each value is a feature. So are numbers that are codes. */
  categories?: readonly string[];
  /** Fields with several values: lists, or texts that bars, or else commas, divide. */
  lists?: readonly string[];
  /** Fields that are no features. */
  ignore?: readonly string[];
  /** Values that fewer rows have are pooled as `other`. Default: one row in a hundred, but at least 1 and at most 5. */
  minCount?: number;
  /** The most features; the rarest values are pooled. 1 to 4096, default 256. */
  maxColumns?: number;
}

/** How `Features.fromFile` reads a file. */
export interface FeatureFileOptions extends FeatureOptions {
  /** The name or path of the file in a zip archive. */
  file?: string;
  /** What the file may take at most. */
  limits?: Pick<ReadLimits, 'bytes' | 'rows'>;
  /** Cancels the reading. */
  signal?: AbortSignal;
}

/** Features as sparse rows: the columns of row r are those from `offsets[r]` to `offsets[r + 1]` − 1. @internal */
export interface FeatureRows {
  offsets: Int32Array;
  columns: Int32Array;
  values: Float32Array;
}

/** One row per id. @internal */
export interface FeatureTable extends FeatureRows {
  ids: Ids;
  names: readonly string[];
}

/** For the library itself: the rows of features and their ids. @internal */
export let featureTableOf: (features: Features) => FeatureTable;

/** For the library itself: how rows become features, as JSON. @internal */
export let encodingOf: (features: Features) => FeatureEncoding;

const KINDS = ['numbers', 'categories', 'lists', 'ignore'] as const;
const OPTION_NAMES = ['id', ...KINDS, 'minCount', 'maxColumns'];
const MOST_COLUMNS = 4096;

/**
 * Features of users or of items, by id: numbers are standardized, each value of a category is a feature, lists have several. Missing
 * values are allowed. Immutable.
 */
export class Features {
  readonly #table: FeatureTable;
  readonly #encoding: FeatureEncoding;
  /** What was guessed, pooled and left out. */
  readonly notes: readonly Note[];

  static {
    featureTableOf = (features) => features.#table;
    encodingOf = (features) => features.#encoding;
  }

  private constructor(fields: FieldTable, options: FeatureOptions, notes = new Notes()) {
    checkFields(fields, options);
    if (fields.replaced > 0) notes.add('rows-skipped', `${fields.replaced} rows replace earlier ones of the same id`);
    this.#encoding = learnEncoding(fields, options, notes);
    this.notes = Object.freeze(notes.list);
    if (this.#encoding.fields.length === 0) {
      throw invalid(
        `The rows must have a feature; they have none${notes.list.map(({ message }) => `; ${message}`).join('')}`,
      );
    }
    fields.ids.seal();
    const names = Object.freeze(namesOf(this.#encoding));
    this.#table = { ...rowsOf(fields, new RowEncoder(this.#encoding)), ids: fields.ids, names };
  }

  /**
   * Features from rows: objects with an id, `{ id: 7, age: 24, genres: ['Drama', 'War'] }`; or a Map of ids and such objects, as
   * `Titles.fromFile` and `ratings.source.itemTitles` give: their genres and years are features.
   * @throws MatfacError `invalid-argument` that names the row (1 for the first), or when no field is a feature.
   */
  static from(rows: Iterable<FeatureRow>, options: FeatureOptions = {}): Features {
    const checked = checkedOptions('Features.from', options);
    return reading('rows', () => new Features(tableOfRows(rows, checked.id), checked));
  }

  /**
   * Features from columns of equal length, by name: `{ id: […], age: […] }`.
   * @throws MatfacError `invalid-argument` that names the column, or when no column is a feature.
   */
  static fromColumns(columns: FeatureColumns, options: FeatureOptions = {}): Features {
    const checked = checkedOptions('Features.fromColumns', options);
    return reading('columns', () => new Features(tableOfColumns(columns, checked.id), checked));
  }

  /**
   * Features from a file: CSV or TSV with a header, JSON, NDJSON, Parquet, an Excel workbook, RecBole's `.user` and `.item`, or
   * MovieLens's `u.user`, `u.item`, `users.dat` and `movies.dat`; gzipped or not, or in a zip archive, where `file` names it.
   * @throws MatfacError `parse-error` with line and column, `unsupported`, `aborted`, `out-of-memory` or `invalid-argument`.
   */
  static async fromFile(source: FileSource, options: FeatureFileOptions = {}): Promise<Features> {
    const { file, limits, signal, ...rest } = plainOptions('Features.fromFile', options, [
      ...OPTION_NAMES,
      'file',
      'limits',
      'signal',
    ]);
    const checked = checkedOptions('Features.fromFile', rest);
    const { readFeatures } = await import('../io/read-features.js');
    try {
      const notes = new Notes();
      return new Features(await readFeatures(source, { id: checked.id, file, limits, signal }, notes), checked, notes);
    } catch (failure) {
      throw translate(failure);
    }
  }

  /** For the library itself: the features of a row that came later. @internal */
  static encode(encoding: FeatureEncoding, row: object): EncodedRow {
    if (typeof row !== 'object' || row === null) throw mustBe('features', 'an object of fields and their values', row);
    return reading('features', () => new RowEncoder(encoding).encodeRow({ ...row }));
  }

  /** How many ids have features. */
  get size(): number {
    return this.#table.ids.size;
  }

  /** The ids, in order of first appearance. */
  get ids(): readonly Id[] {
    return this.#table.ids.list;
  }

  /** The features: `age`, `genre: Drama`. */
  get names(): readonly string[] {
    return this.#table.names;
  }
}

/** The features of a row that came later. @internal */
export function encodeRow(features: Features, row: object): EncodedRow {
  return Features.encode(encodingOf(features), row);
}

/** The rows in the order of other ids; those without features have empty rows and are counted. @internal */
export function alignedTo({ ids, ...rows }: FeatureTable, others: Ids): FeatureRows & { missing: number } {
  const sources = atOnce(ids.indicesOf(others));
  const offsets = new Int32Array(sources.length + 1);
  let missing = 0;
  for (const [row, source] of sources.entries()) {
    if (source < 0) missing++;
    const length = source < 0 ? 0 : rows.offsets[source + 1]! - rows.offsets[source]!;
    offsets[row + 1] = offsets[row]! + length;
  }
  const columns = new Int32Array(offsets.at(-1)!);
  const values = new Float32Array(columns.length);
  for (const [row, source] of sources.entries()) {
    if (source < 0) continue;
    const [start, end] = [rows.offsets[source]!, rows.offsets[source + 1]!];
    columns.set(rows.columns.subarray(start, end), offsets[row]!);
    values.set(rows.values.subarray(start, end), offsets[row]!);
  }
  return { offsets, columns, values, missing };
}

function rowsOf({ ids, fields }: FieldTable, encoder: RowEncoder): FeatureRows {
  const offsets = new Int32Array(ids.size + 1);
  const columns: number[] = [];
  const values: number[] = [];
  for (let row = 0; row < ids.size; row++) {
    encoder.encode(
      (field) => fields.get(field)?.[row],
      (column, value) => {
        columns.push(column);
        values.push(value);
      },
    );
    offsets[row + 1] = columns.length;
  }
  return { offsets, columns: Int32Array.from(columns), values: Float32Array.from(values) };
}

function checkedOptions(what: string, given: FeatureOptions): FeatureOptions {
  const options = plainOptions(what, given, OPTION_NAMES);
  const { id, minCount, maxColumns } = options;
  if (id !== undefined && typeof id !== 'string') throw mustBe('id', 'the name of a field', id);
  for (const name of KINDS) {
    const fields: unknown = options[name];
    const areNames = Array.isArray(fields) && fields.every((field) => typeof field === 'string');
    if (fields !== undefined && !areNames) throw mustBe(name, 'an array of the names of fields', fields);
  }
  if (minCount !== undefined) requireCount('minCount', minCount);
  if (maxColumns !== undefined) requireCount('maxColumns', maxColumns, 1, MOST_COLUMNS);
  return options;
}

/** @throws MatfacError `invalid-argument` for an option that names a field that is not there. */
function checkFields({ fields }: FieldTable, options: FeatureOptions): void {
  const names = [...fields.keys()];
  for (const kind of KINDS) {
    const unknown = options[kind]?.find((name) => !fields.has(name));
    if (unknown === undefined) continue;
    const guess = names.length > 0 ? `; did you mean ${show(nearest(unknown, names))}?` : '';
    throw invalid(`${kind} must name fields of the rows; there is no ${show(unknown)}${guess}`);
  }
}
