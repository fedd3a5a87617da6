import type { LineFormat } from './entry-sink.js';
import { MatrixMarketReader, matrixMarket } from './matrix-market.js';

const SIZE = /^\s*(\d{1,15})[ \t]+(\d{1,15})[ \t]+(\d{1,15})\s*$/;
const COMMENT = /^\s*%/;
/** Fewer entries do not show that the first line has their number. */
const LEAST_ENTRIES = 2;

/** Whether the first lines, or those after comments, may be the size of a matrix and its entries. */
export function beginsAsBareMatrix(lines: string[]): boolean {
  return !matrixMarket.recognizes(lines) && SIZE.test(lines.find((line) => !COMMENT.test(line)) ?? '');
}

/**
 * MatrixMarket without its banner: the first line has the rows, the columns and the number of entries, and as many entries
 * within them follow. Where not all lines are there, those that are must be fewer, and have smaller values than their number.
 */
export function bareMatrix(lines: readonly string[], isWhole: boolean): LineFormat | undefined {
  const [first = '', ...entries] = lines.filter((line) => !COMMENT.test(line));
  const [rows = 0, columns = 0, count = 0] = SIZE.exec(first)?.slice(1).map(Number) ?? [];
  const agrees = isWhole ? entries.length === count : entries.length < count;
  if (count < LEAST_ENTRIES || entries.length < LEAST_ENTRIES || !agrees) return undefined;
  const cells = entries.map((line) => line.trim().split(/\s+/).map(Number));
  const width = cells[0]!.length;
  if (width !== 2 && width !== 3) return undefined;
  const isWithin = ([row = -1, column = -1, value = 0]: number[]) =>
    isIndex(row, rows) && isIndex(column, columns) && !Number.isNaN(value) && (isWhole || value < count);
  if (!cells.every((numbers) => numbers.length === width && isWithin(numbers))) return undefined;
  const base = cells.some(([row, column]) => row === 0 || column === 0) ? 0 : 1;
  const isFull = cells.some(([row, column]) => row! >= rows + base || column! >= columns + base);
  if (isFull) return undefined;
  return {
    recognizes: () => true,
    reader: (sink) =>
      new MatrixMarketReader(sink, { isArray: false, isPattern: width === 2, symmetry: 'general', base }),
  };
}

function isIndex(value: number, most: number): boolean {
  return Number.isInteger(value) && value >= 0 && value <= most;
}
