import { MatfacError } from '../../base/errors.js';
import { ENTRY_TITLES, type EntrySink } from './entry-sink.js';
import { guessMissing, Missing } from './matrix-cells.js';
import { type NpyView, npyView } from './npy.js';

/** How many cells what is missing is guessed from. */
const SAMPLE = 1 << 16;
/** A matrix of fewer columns is a list: users, items, ratings, times. */
const LEAST_COLUMNS = 5;

/** Called now and then with the number of entries so far. */
export type OnEntries = () => Promise<void>;

/** A dense array of NumPy: the text of a list, or undefined for a matrix, whose entries the sink then has. */
export async function readDense(bytes: Uint8Array, sink: EntrySink, rest: OnEntries): Promise<string[] | undefined> {
  const array = npyView(bytes, 'array');
  const [rows = 0, columns = 0] = array.shape;
  if (array.shape.length !== 2 || columns < 2) {
    const shape = `(${array.shape.join(', ')})`;
    throw new MatfacError('parse-error', `The array must have rows of at least two numbers; its shape is ${shape}`);
  }
  const { layout } = sink.options;
  if (layout === 'list' || (layout === undefined && columns < LEAST_COLUMNS)) return linesOf(array);
  sink.begin({
    ...{ format: 'npy', layout: 'matrix', delimiter: '', titles: ENTRY_TITLES },
    columns: { user: 0, item: 1, rating: 2 },
  });
  sink.note('matrix', 'The file is a matrix: each row is a user and each column is an item, both numbered from 0.');
  const cells = Array.from({ length: Math.min(SAMPLE, rows * columns) }, (_, index) => String(array.at(index)));
  const { missing: values } = sink.options;
  const { missing, note } = values ? { missing: new Missing(values), note: undefined } : guessMissing(cells);
  if (note) sink.note('missing-guessed', note);
  for (let index = 0; index < rows * columns; index++) {
    if (index % SAMPLE === 0) await rest();
    const value = array.at(index);
    if (Number.isNaN(value) || missing.has(String(value), value)) continue;
    const row = Math.floor(index / columns);
    sink.add(row, index % columns, value, [row + 1, (index % columns) + 1]);
  }
  return undefined;
}

function linesOf({ shape, at }: NpyView): string[] {
  const [rows = 0, columns = 0] = shape;
  const line = (row: number) => Array.from({ length: columns }, (_, column) => at(row * columns + column)).join(',');
  return Array.from({ length: rows }, (_, row) => line(row));
}
