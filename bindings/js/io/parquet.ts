import type { SchemaElement } from 'hyparquet';
import {
  type AsyncBuffer,
  type DecodedArray,
  parquetMetadataAsync,
  parquetReadObjects,
  parquetScan,
  parquetSchema,
} from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { MatfacError, translate } from '../base/errors.js';
import { SLICE_ROWS } from '../ratings/columns.js';
import type { ColumnIndices, RowLayout } from '../ratings/ratings-source.js';
import { CellRows } from './cell-rows.js';
import { assignColumns } from './column-roles.js';
import type { Reading } from './reading.js';
import type { RowSource } from './row-source.js';

/** Called every few thousand rows with the rows and the share of the file read; an error that it throws ends the reading. */
export type OnParquetRows = (rows: number, share: number) => Promise<void>;

/**
 * Reads ratings from Parquet by ranges: the end of the file, then the needed columns, one group of rows after another.
 * @throws MatfacError `parse-error` when the file is damaged or the columns are missing.
 */
export async function readParquet(blob: Blob, reading: Reading, onRows: OnParquetRows): Promise<RowSource> {
  const file = bufferOf(blob);
  const metadata = await undamaged(() => parquetMetadataAsync(file));
  const layout = await undamaged(() =>
    layoutOf(
      parquetSchema(metadata).children.map(({ element }) => element),
      reading,
    ),
  );
  reading.badRows.titles = layout.titles;
  reading.badRows.unit = 'Row';
  const rows = new ParquetRows(layout, reading);
  const nameOf = (column: number | undefined) => (column === undefined ? undefined : layout.titles[column]);
  const { user, item, rating, timestamp, event } = layout.columns;
  const names = [user, item, rating, timestamp, event].map(nameOf);
  const columns = [...new Set(names.filter((name) => name !== undefined))];
  const scan = await undamaged(() => parquetScan({ file, metadata, compressors, columns }));
  const total = Number(metadata.num_rows);
  for (const { rowStart, rowEnd } of scan.ranges) {
    const cells: (DecodedArray | undefined)[] = [];
    for (const column of names) {
      cells.push(column ? await undamaged(() => scan.readColumn({ column, rowStart, rowEnd })) : undefined);
      await onRows(rows.size, rowStart / total);
    }
    for (let start = rowStart; start < rowEnd; start += SLICE_ROWS / 4) {
      const end = Math.min(start + SLICE_ROWS / 4, rowEnd);
      rows.addAll(cells, start - rowStart, end - rowStart, start);
      await onRows(rows.size, end / total);
    }
  }
  return rows;
}

/** The rows of the columns that `choose` selects. @throws MatfacError `parse-error`. */
export async function readParquetRows(
  blob: Blob,
  choose: (titles: string[]) => string[],
): Promise<{ [column: string]: unknown }[]> {
  const file = bufferOf(blob);
  return undamaged(async () => {
    const metadata = await parquetMetadataAsync(file);
    const columns = choose(parquetSchema(metadata).children.map(({ element }) => element.name));
    return parquetReadObjects({ file, metadata, columns, compressors });
  });
}

function bufferOf(blob: Blob): AsyncBuffer {
  return { byteLength: blob.size, slice: (start, end) => blob.slice(start, end).arrayBuffer() };
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
  const columns: ColumnIndices = assignColumns(titles, [fields.map(exampleOf)], titles, reading, 'The Parquet file');
  return { format: 'parquet', delimiter: '', titles, columns };
}

/** An example of a cell in a column of this type. */
function exampleOf({ type, converted_type, logical_type }: SchemaElement): string {
  const kind = `${converted_type ?? ''} ${logical_type?.type ?? ''}`;
  if (/TIMESTAMP|DATE/.test(kind) || type === 'INT96') return '2000-01-01';
  if (type === 'BOOLEAN') return 'true';
  return type === 'BYTE_ARRAY' || type === undefined ? 'text' : '1';
}

/** Converts errors of the Parquet reader, which mean a damaged file. */
async function undamaged<T>(read: () => Promise<T> | T): Promise<T> {
  try {
    return await read();
  } catch (cause) {
    const failure = translate(cause);
    if (failure instanceof MatfacError) throw failure;
    const reason = cause instanceof Error ? ` (${cause.message})` : '';
    throw new MatfacError('parse-error', `The Parquet file is damaged or cut off${reason}`, { cause });
  }
}
