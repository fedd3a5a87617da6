import type { DecodedArray, SchemaElement } from 'hyparquet';
import { Allowance, checkRows, rowsLimit } from '../base/allowance.js';
import type { ReadLimits } from '../base/limits.js';
import { SLICE_ROWS } from '../ratings/columns.js';
import type { ColumnIndices, RowLayout } from '../ratings/ratings-source.js';
import { CellRows } from './cell-rows.js';
import { assignRoles } from './one-user.js';
import { ParquetFile } from './parquet/file.js';
import type { Reading } from './reading.js';
import type { RowSource } from './row-source.js';

/** Called every few thousand rows with the rows and the share of the file read; an error that it throws ends the reading. */
export type OnParquetRows = (rows: number, share: number) => Promise<void>;

/**
 * Reads ratings from Parquet by ranges: the end of the file, then the needed columns, one group of rows after another.
 * @throws MatfacError `parse-error` when the file is damaged or the columns are missing.
 */
export async function readParquet(blob: Blob, reading: Reading, onRows: OnParquetRows): Promise<RowSource> {
  const file = await ParquetFile.open(blob, new Allowance(reading.options.limits, blob.size));
  checkRows(file.rows, rowsLimit(reading.options.limits));
  const layout = layoutOf(file.columns, reading);
  reading.badRows.titles = layout.titles;
  reading.badRows.unit = 'Row';
  const rows = new ParquetRows(layout, reading);
  const nameOf = (column: number | undefined) => (column === undefined ? undefined : layout.titles[column]);
  const { user, item, rating, timestamp, event } = layout.columns;
  const names = [user, item, rating, timestamp, event].map(nameOf);
  let first = 0;
  for (const group of file.groups) {
    if (group.rows === 0) continue;
    const read = new Map<string, DecodedArray>();
    for (const column of names) {
      if (column !== undefined && !read.has(column)) read.set(column, await file.readColumn(group, column));
      await onRows(rows.size, first / file.rows);
    }
    const cells = names.map((column) => (column === undefined ? undefined : read.get(column)));
    for (let start = 0; start < group.rows; start += SLICE_ROWS / 4) {
      const end = Math.min(start + SLICE_ROWS / 4, group.rows);
      rows.addAll(cells, start, end, first + start);
      await onRows(rows.size, (first + end) / file.rows);
    }
    first += group.rows;
  }
  return rows;
}

/**
 * The rows of the columns that `choose` selects, as an array for each of these.
 * @throws MatfacError `parse-error`, `out-of-memory`.
 */
export async function readParquetColumns(
  blob: Blob,
  choose: (titles: string[]) => string[],
  limits?: ReadLimits,
): Promise<DecodedArray[]> {
  const file = await ParquetFile.open(blob, new Allowance(limits, blob.size));
  const names = choose(file.columns.map(({ name }) => name));
  const columns: unknown[][] = names.map(() => []);
  for (const group of file.groups) {
    for (const [index, name] of names.entries()) {
      for (const value of await file.readColumn(group, name)) columns[index]!.push(value);
    }
  }
  return columns;
}

class ParquetRows extends CellRows implements RowSource {
  constructor(
    readonly layout: RowLayout,
    reading: Reading,
  ) {
    super(layout.columns, reading);
  }

  /** Adds the rows `from` … `to` − 1 of a group; the first of them is row `first` of the file, counted from 0. */
  addAll(
    [users, items, ratings, times, events]: (DecodedArray | undefined)[],
    from: number,
    to: number,
    first: number,
  ): void {
    for (let row = from; row < to; row++) {
      this.add(users![row], items![row], ratings?.[row], times?.[row], first + row - from + 1, events?.[row]);
    }
  }
}

/** Assigns the columns by their names, or else by their types. */
function layoutOf(fields: SchemaElement[], reading: Reading): RowLayout & { titles: string[] } {
  const titles = fields.map(({ name }) => name);
  const columns: ColumnIndices = assignRoles(titles, [fields.map(exampleOf)], titles, reading, 'The Parquet file');
  return { format: 'parquet', delimiter: '', titles, columns };
}

/** An example of a cell in a column of this type. */
function exampleOf({ type, converted_type, logical_type }: SchemaElement): string {
  const kind = `${converted_type ?? ''} ${logical_type?.type ?? ''}`;
  if (/TIMESTAMP|DATE/.test(kind) || type === 'INT96') return '2000-01-01';
  if (type === 'BOOLEAN') return 'true';
  return type === 'BYTE_ARRAY' || type === undefined ? 'text' : '1';
}
