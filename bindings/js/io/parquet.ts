import type { DecodedArray, SchemaElement } from 'hyparquet';
import { Allowance, checkRows, rowsLimit } from '../base/allowance.js';
import { MatfacError } from '../base/errors.js';
import type { ReadLimits } from '../base/limits.js';
import { SLICE_ROWS } from '../ratings/columns.js';
import type { ColumnIndices, RowLayout } from '../ratings/ratings-source.js';
import { CellRows } from './cell-rows.js';
import { meaningOf } from './columns/title-roles.js';
import { assignRoles } from './one-user.js';
import { ParquetFile } from './parquet/file.js';
import type { RowGroup } from './parquet/footer.js';
import type { Reading } from './reading.js';
import type { RowSource } from './row-source.js';

/** The columns are assigned by this many rows. */
const FIRST_ROWS = 1000;

/** Called every few thousand rows with the rows and the share of the file read; an error that it throws ends the reading. */
export type OnParquetRows = (rows: number, share: number) => Promise<void>;

/**
 * Reads ratings from Parquet by ranges: the end of the file, then the needed columns, one group of rows after another.
 * @throws MatfacError `parse-error` when the file is damaged or the columns are missing.
 */
export async function readParquet(blob: Blob, reading: Reading, onRows: OnParquetRows): Promise<RowSource> {
  const file = await ParquetFile.open(blob, new Allowance(reading.options.limits, blob.size));
  checkRows(file.rows, rowsLimit(reading.options.limits));
  const known = await firstValues(file);
  const layout = layoutOf(file.columns, known, reading);
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
      if (column !== undefined && !read.has(column)) {
        read.set(column, known.get(group)?.get(column) ?? (await file.readColumn(group, column)));
      }
      await onRows(rows.size, first / file.rows);
    }
    const cells = names.map((column) => (column === undefined ? undefined : read.get(column)));
    for (let start = 0; start < group.rows; start += SLICE_ROWS / 4) {
      const end = Math.min(start + SLICE_ROWS / 4, group.rows);
      rows.addAll(cells, start, end, first + start);
      await onRows(rows.size, (first + end) / file.rows);
    }
    known.delete(group);
    first += group.rows;
  }
  return rows;
}

/** The columns of each group that were read already. */
type KnownColumns = Map<RowGroup, Map<string, DecodedArray>>;

/** The columns of the first rows whose titles mean a rating, a time or an event: how they are written shows in their values. */
async function firstValues(file: ParquetFile): Promise<KnownColumns> {
  const group = file.groups.find(({ rows }) => rows > 0);
  if (!group) return new Map();
  const read = new Map<string, DecodedArray>();
  for (const { name, num_children: children } of file.columns) {
    const { role, flag } = meaningOf(name);
    if (children || !(role.rating || role.timestamp || role.event || flag)) continue;
    try {
      read.set(name, await file.readColumn(group, name));
    } catch (failure) {
      // A damaged column may not be needed.
      if (!(failure instanceof MatfacError && failure.code === 'parse-error')) throw failure;
    }
  }
  return new Map([[group, read]]);
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

/** Assigns the columns by their names and by their first values, or else by their types. */
function layoutOf(fields: SchemaElement[], known: KnownColumns, reading: Reading): RowLayout & { titles: string[] } {
  const titles = fields.map(({ name }) => name);
  const [read] = known.values();
  const samples = fields.map((field) => {
    const values = read?.get(field.name);
    return values ? Array.from(values.slice(0, FIRST_ROWS), textOf) : [exampleOf(field)];
  });
  const length = samples.reduce((most, { length }) => Math.max(most, length), 1);
  const rows = Array.from({ length }, (_, row) => samples.map((sample) => sample[row] ?? ''));
  const columns: ColumnIndices = assignRoles(titles, rows, titles, reading, 'The Parquet file');
  return { format: 'parquet', delimiter: '', titles, columns };
}

function textOf(value: unknown): string {
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? '' : value.toISOString();
  return ['string', 'number', 'bigint', 'boolean'].includes(typeof value) ? String(value) : '';
}

/** An example of a cell in a column of this type. */
function exampleOf({ type, converted_type, logical_type }: SchemaElement): string {
  const kind = `${converted_type ?? ''} ${logical_type?.type ?? ''}`;
  if (/TIMESTAMP|DATE/.test(kind) || type === 'INT96') return '2000-01-01';
  if (type === 'BOOLEAN') return 'true';
  return type === 'BYTE_ARRAY' || type === undefined ? 'text' : '1';
}
