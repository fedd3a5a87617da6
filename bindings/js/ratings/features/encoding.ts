import { flagOf, isMissing, numberOf, wordOf, wordsOf, yearInTitle, yearOf } from './cell.js';

/** How one field of a row becomes columns. */
export interface FieldEncoding {
  /** The name of the field in a row. */
  field: string;
  /** What the columns are called by: `age`, `genre: Drama`. */
  name: string;
  /**
   * `number` and `year`: one column, standardized. `flag`: one column, 1 for true. `category` and `decade`: one column per word,
   * 1 for the word of the row. `list`: the same, and the words of a row share the length 1.
   */
  kind: 'number' | 'year' | 'flag' | 'category' | 'decade' | 'list';
  /** Of numbers and years. */
  mean?: number;
  deviation?: number;
  /** Of categories, decades and lists, in the order of their columns. */
  words?: string[];
  /** Whether words that are not in the list count as the word `other`. */
  other?: boolean;
}

/** How rows become features: all that is needed to encode those that come later, as plain JSON. */
export interface FeatureEncoding {
  fields: FieldEncoding[];
}

/** The features of one row, in the order of the columns. */
export interface EncodedRow {
  columns: Int32Array;
  values: Float32Array;
  /** What was not encoded: fields that are not among the features, and words that were not learned. */
  unknown: string[];
}

/** The word of the rare words of a field. */
export const OTHER = 'other';

/** Standardized numbers end here, so that one that is far out does not outweigh all others. */
const FARTHEST = 5;

/** The names of the columns. */
export function namesOf({ fields }: FeatureEncoding): string[] {
  return fields.flatMap((field) =>
    field.words ? wordsWithOther(field).map((word) => `${field.name}: ${word}`) : field.name,
  );
}

function wordsWithOther({ words = [], other }: FieldEncoding): string[] {
  return other && !words.includes(OTHER) ? [...words, OTHER] : words;
}

/** Encodes rows, each in time linear in its cells. */
export class RowEncoder {
  readonly #fields: { field: FieldEncoding; first: number; words: Map<string, number> }[] = [];
  readonly #names: Set<string>;
  /** How many columns there are. */
  readonly width: number;

  constructor({ fields }: FeatureEncoding) {
    let first = 0;
    for (const field of fields) {
      const words = new Map(wordsWithOther(field).map((word, index) => [word, index]));
      this.#fields.push({ field, first, words });
      first += field.words ? words.size : 1;
    }
    this.width = first;
    this.#names = new Set(fields.map(({ field }) => field));
  }

  /** `cellOf` gives the cell of a field; `take` gets each column with its value, in order. Returns the words that were not learned. */
  encode(cellOf: (field: string) => unknown, take: (column: number, value: number) => void): string[] {
    const unknown: string[] = [];
    for (const { field, first, words } of this.#fields) {
      const cell = cellOf(field.field);
      if (isMissing(cell)) continue;
      if (field.words) encodeWords(field, cell, first, words, take, unknown);
      else {
        const value = columnValue(field, cell);
        if (Number.isNaN(value)) unknown.push(`${field.name}: ${wordOf(cell) ?? 'no value'}`);
        else if (value !== 0) take(first, value);
      }
    }
    return unknown;
  }

  /** A row by the names of its fields. */
  encodeRow(row: { readonly [field: string]: unknown }): EncodedRow {
    const columns: number[] = [];
    const values: number[] = [];
    const unknown = this.encode(
      (field) => (Object.hasOwn(row, field) ? row[field] : undefined),
      (column, value) => {
        columns.push(column);
        values.push(value);
      },
    );
    const others = Object.keys(row).filter((name) => !this.#names.has(name));
    return {
      columns: Int32Array.from(columns),
      values: Float32Array.from(values),
      unknown: [...others, ...unknown],
    };
  }
}

function columnValue({ kind, mean = 0, deviation = 1 }: FieldEncoding, cell: unknown): number {
  if (kind === 'flag') return Number(flagOf(cell) ?? Number.NaN);
  const value = kind === 'year' ? yearOfCell(cell) : numberOf(cell);
  return Math.max(-FARTHEST, Math.min(FARTHEST, (value - mean) / deviation));
}

/** The year of a date or of a title. */
export function yearOfCell(cell: unknown): number {
  const year = yearOf(cell);
  return Number.isNaN(year) ? yearInTitle(cell) : year;
}

/** The words that a field of this kind finds in a cell. */
export function cellWords(kind: FieldEncoding['kind'], cell: unknown): string[] {
  if (kind === 'list') return wordsOf(cell);
  if (kind === 'category') return [wordOf(cell)].filter((word) => word !== undefined);
  const year = yearOfCell(cell);
  return Number.isNaN(year) ? [] : [`${year - (year % 10)}`];
}

function encodeWords(
  { kind, name, other }: FieldEncoding,
  cell: unknown,
  first: number,
  words: Map<string, number>,
  take: (column: number, value: number) => void,
  unknown: string[],
): void {
  const columns = new Set<number>();
  for (const word of cellWords(kind, cell)) {
    const column = words.get(word) ?? (other ? words.get(OTHER) : undefined);
    if (column === undefined) unknown.push(`${name}: ${word}`);
    else columns.add(column);
  }
  const value = 1 / Math.sqrt(columns.size);
  for (const column of [...columns].sort((a, b) => a - b)) take(first + column, value);
}
