import { MatfacError } from '../../base/errors.js';
import { show } from '../../base/show.js';
import { ENTRY_TITLES, type EntrySink } from './entry-sink.js';
import { type NpyView, npyText, npyView } from './npy.js';
import type { OnEntries } from './npy-rows.js';

const SLICE = 1 << 16;

/** Whether the names are those of the arrays in a file of `scipy.sparse.save_npz`. */
export function isSparse(names: string[]): boolean {
  const has = (...needed: string[]) => needed.every((name) => names.includes(name));
  return has('data', 'shape') && (has('indices', 'indptr') || has('row', 'col') || has('offsets'));
}

interface Sparse {
  rows: number;
  columns: number;
  data: NpyView;
}

/** Reads a sparse matrix of SciPy: compressed by rows (csr) or columns (csc), or as coordinates (coo); ids from 0. */
export async function readSparse(arrays: Map<string, Uint8Array>, sink: EntrySink, rest: OnEntries): Promise<void> {
  const view = (name: string) => npyView(arrays.get(name) ?? new Uint8Array(), name);
  const shape = view('shape');
  const [rows, columns] = [
    shape.length === 2 ? shape.at(0) : Number.NaN,
    shape.length === 2 ? shape.at(1) : Number.NaN,
  ];
  const isSize = (size: number) => Number.isSafeInteger(size) && size >= 0;
  if (!isSize(rows) || !isSize(columns)) throw broken('its shape must be two whole numbers');
  const matrix: Sparse = { rows, columns, data: view('data') };
  const format = formatOf(arrays, matrix);
  if (matrix.data.shape.length !== 1)
    throw broken(`its data must have one dimension; it has ${matrix.data.shape.length}`);
  const hasRatings = matrix.data.type !== 'b1';
  const columnsOf = { user: 0, item: 1, ...(hasRatings ? { rating: 2 } : {}) };
  sink.begin({ format: 'npz', delimiter: '', titles: ENTRY_TITLES, columns: columnsOf });
  sink.note('matrix', 'The file is a matrix: each row is a user and each column is an item, both numbered from 0.');
  if (format === 'coo') return coordinates(matrix, view('row'), view('col'), sink, rest);
  return compressed(matrix, view('indptr'), view('indices'), format === 'csc', sink, rest);
}

/** Old versions of SciPy do not write the format of every kind: the length of `indptr` then tells rows from columns. */
function formatOf(arrays: Map<string, Uint8Array>, { rows, columns }: Sparse): string {
  const bytes = arrays.get('format');
  const format = bytes ? npyText(bytes, 'format') : undefined;
  if (format === 'csr' || format === 'csc' || format === 'coo') return format;
  if (format !== undefined || arrays.has('offsets')) {
    const needed = "The sparse matrix must be 'csr', 'csc' or 'coo'";
    throw new MatfacError('unsupported', `${needed}; it is ${show(format ?? 'dia')}: save matrix.tocsr()`);
  }
  if (arrays.has('row')) return 'coo';
  const lines = npyView(arrays.get('indptr')!, 'indptr').length - 1;
  return lines !== rows && lines === columns ? 'csc' : 'csr';
}

async function coordinates(matrix: Sparse, row: NpyView, column: NpyView, sink: EntrySink, rest: OnEntries) {
  const { data } = matrix;
  if (row.length !== data.length || column.length !== data.length)
    throw broken(`row and col must have ${data.length} numbers, as data; they have ${row.length} and ${column.length}`);
  for (let index = 0; index < data.length; index++) {
    if (index % SLICE === 0) await rest();
    add(matrix, row.at(index), column.at(index), index, sink);
  }
}

async function compressed(
  matrix: Sparse,
  starts: NpyView,
  indices: NpyView,
  areColumns: boolean,
  sink: EntrySink,
  rest: OnEntries,
): Promise<void> {
  const { rows, columns, data } = matrix;
  const lines = areColumns ? columns : rows;
  if (starts.length !== lines + 1) throw broken(`indptr must have ${lines + 1} numbers; it has ${starts.length}`);
  if (indices.length !== data.length)
    throw broken(`indices must have ${data.length} numbers, as data; it has ${indices.length}`);
  let index = 0;
  for (let line = 0; line < lines; line++) {
    const [from, end] = [starts.at(line), starts.at(line + 1)];
    if (from !== index || !(end >= from && end <= data.length))
      throw broken(`indptr must grow from 0 to ${data.length}; after ${from} it is ${end}`);
    if (line % SLICE === 0) await rest();
    for (; index < end; index++) {
      if (index % SLICE === 0) await rest();
      const other = indices.at(index);
      add(matrix, areColumns ? other : line, areColumns ? line : other, index, sink);
    }
  }
  if (index !== data.length) throw broken(`indptr must grow to ${data.length}; it ends with ${index}`);
}

function add({ rows, columns, data }: Sparse, row: number, column: number, index: number, sink: EntrySink): void {
  const isInside =
    Number.isInteger(row) && row >= 0 && row < rows && Number.isInteger(column) && column >= 0 && column < columns;
  if (!isInside) throw broken(`entry ${index} must be in ${rows} × ${columns}; it is (${row}, ${column})`);
  // NumPy's false is no entry.
  if (data.type === 'b1' && data.at(index) === 0) return;
  sink.add(row, column, data.at(index), [index + 1, 3]);
}

function broken(reason: string): MatfacError {
  return new MatfacError('parse-error', `The sparse matrix is damaged: ${reason}`);
}
