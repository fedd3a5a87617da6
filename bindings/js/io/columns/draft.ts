import type { Notes } from '../../ratings/notes.js';
import type { ColumnIndices, Role } from '../../ratings/ratings-source.js';
import type { ReadOptions } from '../../ratings/read-options.js';
import { type Cells, cellsOf } from './cells.js';

/** How the values of a row are written, as far as the first rows show it. */
export interface ValueForms {
  /** The ratings are true and false: a row with false is left out. */
  areFlags: boolean;
  /** The times are numbers such as 20140407. */
  areCompactDates: boolean;
}

/** What assigning columns reads and writes of a reading. */
export interface ColumnReading {
  readonly options: ReadOptions;
  readonly notes: Notes;
  /** Undefined while no columns were assigned. */
  values?: ValueForms;
}

export const ROLES: readonly Role[] = ['user', 'item', 'rating', 'timestamp', 'event'];

/** The roles of the columns as far as they are known, and what the first rows have in each column. */
export class Draft {
  readonly cells: Cells[];
  readonly #columns = new Map<Role, number>();
  areFlags = false;

  constructor(
    readonly width: number,
    readonly rows: string[][],
    readonly titles: readonly string[] | undefined,
    readonly reading: ColumnReading,
  ) {
    this.cells = Array.from({ length: width }, (_, column) => cellsOf(rows.map((row) => row[column] ?? '')));
  }

  assign(role: Role, column: number): void {
    this.#columns.set(role, column);
  }

  columnOf(role: Role): number | undefined {
    return this.#columns.get(role);
  }

  isFree(column: number): boolean {
    return ![...this.#columns.values()].includes(column);
  }

  /** Whether the caller left the role to be guessed and no column has it yet. */
  isOpen(role: Role): boolean {
    return this.reading.options.columns?.[role] === undefined && !this.#columns.has(role);
  }

  /** The columns without a role. */
  get free(): number[] {
    return Array.from({ length: this.width }, (_, column) => column).filter((column) => this.isFree(column));
  }

  get indices(): Partial<ColumnIndices> {
    return Object.fromEntries(
      ROLES.flatMap((role) => (this.#columns.has(role) ? [[role, this.#columns.get(role)]] : [])),
    );
  }
}
