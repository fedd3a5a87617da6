import type { Ids } from '../ids.js';
import type { RowEncoder } from './encoding.js';
import type { FieldTable } from './field-table.js';

/** Features as sparse rows: those of row r are at `offsets[r]` to `offsets[r + 1]` − 1. */
export interface FeatureRows {
  offsets: Int32Array;
  columns: Int32Array;
  values: Float32Array;
}

/** One row per id. */
export interface FeatureTable extends FeatureRows {
  ids: Ids;
  /** Of the columns. */
  names: readonly string[];
}

/** How many rows are encoded between two yields: a few milliseconds. */
const ROWS_AT_ONCE = 1 << 11;

/** Every row of a table encoded. */
export function* encodedRows({ ids, fields }: FieldTable, encoder: RowEncoder): Generator<void, FeatureRows> {
  const offsets = new Int32Array(ids.size + 1);
  const columns: number[] = [];
  const values: number[] = [];
  for (let row = 0; row < ids.size; row++) {
    if (row % ROWS_AT_ONCE === 0) yield;
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
