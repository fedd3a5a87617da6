import { show } from '../base/show.js';
import type { Notes } from '../ratings/notes.js';

/** What programs write where there is no value. */
const WELL_KNOWN = /^(?:|#?n\/a|na|nan|null|none|nil|missing|\.|\\n)$/i;

/** The ratings that `missing` lists; their rows are left out and counted. */
export class MissingRatings {
  readonly #texts: ReadonlySet<string>;
  readonly #numbers: ReadonlySet<number>;
  readonly #counts = new Map<string | number, number>();

  constructor(values: readonly (string | number)[] = []) {
    this.#texts = new Set(values.map(String));
    this.#numbers = new Set(values.filter((value) => typeof value === 'number'));
  }

  /** Whether the caller listed any. */
  get isUsed(): boolean {
    return this.#texts.size > 0;
  }

  /** Whether a row with this rating is left out; then it is counted. */
  takesNumber(value: number): boolean {
    return this.#numbers.has(value) && this.#count(value);
  }

  /** The same for a cell of a text; `value` is the number that it is read as, or NaN. */
  takesText(cell: string, value: number): boolean {
    return this.takesNumber(value) || (this.#texts.has(cell) && this.#count(cell));
  }

  /** A typed cell, of JSON or Parquet; one that is null is also listed as '' or 'null'. */
  takesCell(cell: unknown, value: number): boolean {
    if (!this.isUsed) return false;
    if (cell !== undefined && cell !== null) return this.takesText(String(cell).trim(), value);
    return this.takesText('', value) || this.takesText('null', value);
  }

  addNote(notes: Notes): void {
    if (this.#counts.size === 0) return;
    const total = [...this.#counts.values()].reduce((sum, count) => sum + count, 0);
    const list = [...this.#counts].map(([value, count]) => `${show(value)} (${count})`).join(', ');
    notes.add('rows-skipped', `${total} ${total === 1 ? 'row' : 'rows'} without a rating left out: ${list}`);
  }

  #count(value: string | number): true {
    this.#counts.set(value, (this.#counts.get(value) ?? 0) + 1);
    return true;
  }
}

/** Whether a cell says that there is no value. */
export function saysMissing(cell: string): boolean {
  return WELL_KNOWN.test(cell);
}

/** What to do about a cell that says so, for the end of a message. */
export function leaveOut(cell: string): string {
  return `: missing: [${show(cell)}] leaves such rows out`;
}
