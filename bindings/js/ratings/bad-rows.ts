import { MatfacError } from '../base/errors.js';

/** A row of a file that is not a rating, and why. */
export interface BadRow {
  /** The line, 1 for the first; in Parquet, which has no lines, the row. */
  line: number;
  /** The field, 1 for the first. */
  column: number;
  reason: string;
}

/** The rows that `badRows: 'skip'` left out. */
export interface SkippedRows {
  count: number;
  /** The first ten. */
  first: BadRow[];
}

const FIRST = 10;

/** Counts the rows that are not ratings, or throws at the first. */
export class BadRows {
  readonly skipped: SkippedRows = { count: 0, first: [] };
  /** The titles of the columns, for messages. */
  titles: readonly string[] | undefined;
  unit: 'Line' | 'Row' = 'Line';

  constructor(readonly policy: 'error' | 'skip') {}

  /** @throws MatfacError `parse-error` unless such rows are skipped. */
  add(line: number, column: number, reason: string): void {
    if (this.policy === 'error') {
      const title = this.titles?.[column - 1];
      const where = `${this.unit} ${line}, column ${column}${title ? ` (${title})` : ''}`;
      throw new MatfacError('parse-error', `${where}: ${reason}`, { line, column });
    }
    this.skipped.count++;
    if (this.skipped.first.length < FIRST) this.skipped.first.push({ line, column, reason });
  }
}

/** The error for a file in which no row is a rating. */
export function noRatings({ skipped: { count } }: BadRows): MatfacError {
  const skipped = count > 0 ? `, and ${count} bad rows were skipped` : '';
  return new MatfacError('parse-error', `The file must have ratings; it has none${skipped}`, { line: 1, column: 1 });
}
