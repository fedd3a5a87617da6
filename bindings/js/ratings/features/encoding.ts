import { flagOf, isMissing, numberOf, wordOf, wordsOf, yearInTitle, yearOf } from './cell.js';

/** How one field of a row becomes columns. */
export interface FieldEncoding {
  /** The name of the field in a row. */
  field: string;
  /** What the columns are called by: `age`, `genre: Drama`. */
  name: string;
  /**
   * `number`: one column, standardized. `ranges`: one column per range of numbers, 1 for that of the row. `flag`: one column, 1 for
   * true. `category`: one column per word, 1 for that of the row. `list`: the same, and the words of a row share the length 1.
   */
  kind: 'number' | 'ranges' | 'flag' | 'category' | 'list';
  /** Whether numbers are years, which dates and titles have too. */
  isYear?: boolean;
  /** Of a number. */
  mean?: number;
  deviation?: number;
  /** Of ranges: where each range after the first begins. */
  edges?: number[];
  /** Of categories and lists, in the order of their columns. */
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
  /** Of the columns: `age`, `genre: Drama`. */
  names: string[];
  /** Fields that are not among the features. */
  unknownFields: string[];
  /** Values that were not learned: `country: FR`. */
  unknown: string[];
}

/** The word of the rare words of a field. */
export const OTHER = 'other';

/** Standardized numbers end here, so that one that is far out does not outweigh all others. */
const FARTHEST = 5;

/** The names of the columns. */
export function namesOf({ fields }: FeatureEncoding): string[] {
  return fields.flatMap((field) => valuesOf(field)?.map((value) => `${field.name}: ${value}`) ?? field.name);
}

/** What the columns of a field with several stand for; undefined for a field of one column. */
function valuesOf({ edges, words, other }: FieldEncoding): string[] | undefined {
  if (edges) return rangesOf(edges);
  return words && other && !words.includes(OTHER) ? [...words, OTHER] : words;
}

/** under 18, 18 to 24, 25 and over; with fractions: 1.5 to 2.5, which is in the next range. */
function rangesOf(edges: readonly number[]): string[] {
  const isWhole = edges.every(Number.isInteger);
  const inner = edges.slice(1).map((end, index) => {
    const last = isWhole ? end - 1 : end;
    return last === edges[index] ? `${last}` : `${edges[index]} to ${last}`;
  });
  return [`under ${edges[0]}`, ...inner, `${edges.at(-1)} and over`];
}

/** Encodes rows, each in time linear in its cells. */
export class RowEncoder {
  readonly #fields: { field: FieldEncoding; first: number; words: Map<string, number> }[] = [];
  readonly #names: Set<string>;
  readonly #columnNames: readonly string[];
  /** How many columns there are. */
  readonly width: number;

  constructor({ fields }: FeatureEncoding) {
    let first = 0;
    for (const field of fields) {
      const values = valuesOf(field);
      const words = new Map(values?.map((word, index) => [word, index]));
      this.#fields.push({ field, first, words });
      first += values?.length ?? 1;
    }
    this.width = first;
    this.#names = new Set(fields.map(({ field }) => field));
    this.#columnNames = namesOf({ fields });
  }

  /** `cellOf` gives the cell of a field; `take` gets each column with its value, in order. Returns the words that were not learned. */
  encode(cellOf: (field: string) => unknown, take: (column: number, value: number) => void): string[] {
    const unknown: string[] = [];
    for (const { field, first, words } of this.#fields) {
      const cell = cellOf(field.field);
      if (isMissing(cell)) continue;
      if (field.words) encodeWords(field, cell, first, words, take, unknown);
      else if (field.edges) encodeRange(field, cell, first, take);
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
      names: columns.map((column) => this.#columnNames[column]!),
      unknownFields: others,
      unknown,
    };
  }
}

function columnValue(field: FieldEncoding, cell: unknown): number {
  const { kind, mean = 0, deviation = 1 } = field;
  if (kind === 'flag') return Number(flagOf(cell) ?? Number.NaN);
  return Math.max(-FARTHEST, Math.min(FARTHEST, (numberIn(field, cell) - mean) / deviation));
}

/** The number or the year of a cell; or NaN. */
export function numberIn({ isYear }: Pick<FieldEncoding, 'isYear'>, cell: unknown): number {
  if (!isYear) return numberOf(cell);
  const year = yearOf(cell);
  return Number.isNaN(year) ? yearInTitle(cell) : year;
}

/** The words that a field of this kind finds in a cell. */
export function cellWords(kind: FieldEncoding['kind'], cell: unknown): string[] {
  return kind === 'list' ? wordsOf(cell) : [wordOf(cell)].filter((word) => word !== undefined);
}

function encodeRange(
  field: FieldEncoding,
  cell: unknown,
  first: number,
  take: (column: number, value: number) => void,
): void {
  const value = numberIn(field, cell);
  if (!Number.isNaN(value)) take(first + field.edges!.filter((edge) => edge <= value).length, 1);
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
