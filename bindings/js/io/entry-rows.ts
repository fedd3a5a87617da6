import { idsLimit } from '../base/allowance.js';
import { listed, mustBe } from '../base/checks.js';
import { show } from '../base/show.js';
import type { Table } from '../ratings/columns.js';
import type { NoteCode } from '../ratings/notes.js';
import type { ColumnIndices, Role, RowLayout } from '../ratings/ratings-source.js';
import type { ReadOptions } from '../ratings/read-options.js';
import { isRating } from '../ratings/rows.js';
import type { EntrySink, Place } from './formats/entry-sink.js';
import { IdColumn } from './id-column.js';
import { columnsFor, type Reading, type RowColumns } from './reading.js';
import type { RowSource } from './row-source.js';

/** Makes dense columns of the entries of a ratings matrix. */
export class EntryRows implements EntrySink, RowSource {
  readonly #users: IdColumn;
  readonly #items: IdColumn;
  /** Undefined before `begin`. */
  #columns: RowColumns | undefined;
  #layout: RowLayout | undefined;
  #isSwapped = false;
  #areOnes = true;

  constructor(readonly reading: Reading) {
    const most = idsLimit(reading.options.limits);
    this.#users = new IdColumn(most);
    this.#items = new IdColumn(most);
  }

  get options(): ReadOptions {
    return this.reading.options;
  }

  get size(): number {
    return this.#columns?.size ?? 0;
  }

  /** Values that are all 1 are no ratings. */
  get layout(): RowLayout {
    const { columns, ...rest } = this.#layout!;
    const { rating, ...others } = columns;
    return this.#areOnes || rating === undefined ? { ...rest, columns: others } : this.#layout!;
  }

  begin(layout: RowLayout): void {
    const columns = chosenColumns(layout, this.options);
    this.#layout = { ...layout, columns };
    this.#isSwapped = columns.user === layout.columns.item && columns.item === layout.columns.user;
    this.#columns = columnsFor(this.reading, columns.timestamp !== undefined);
    this.reading.badRows.titles = layout.titles;
  }

  add(user: string | number, item: string | number, value: number, place: Place, timestamp = 0): void {
    if (this.reading.missing.takesNumber(value)) return;
    if (!isRating(value)) {
      this.bad(place, `the rating must be a finite number; it is ${show(value)}`);
      return;
    }
    const [row, column] = this.#isSwapped ? [item, user] : [user, item];
    const rating = this.#layout!.columns.rating === undefined ? 1 : value;
    this.#areOnes &&= rating === 1;
    this.#columns!.push(indexOf(this.#users, row), indexOf(this.#items, column), rating, timestamp);
  }

  bad([line, column]: Place, reason: string): void {
    this.reading.badRows.add(line, column, reason);
  }

  note(code: NoteCode, message: string): void {
    this.reading.notes.add(code, message);
  }

  *finish(): Generator<void, Table> {
    const implicit = this.layout.columns.rating === undefined;
    if (implicit) this.note('implicit', 'The entries have no ratings: each says that somebody took something.');
    return { columns: yield* this.#columns!.finish(), users: this.#users.ids, items: this.#items.ids, implicit };
  }
}

function indexOf(ids: IdColumn, id: string | number): number {
  return typeof id === 'number' ? ids.addNumber(id) : ids.addText(id);
}

/** The columns of the layout; `columns` may swap users and items, or leave out ratings or times. */
function chosenColumns({ titles = [], columns }: RowLayout, { columns: choice = {} }: ReadOptions): ColumnIndices {
  const chosen = (role: Role, allowed: number[]) => {
    const given = choice[role];
    if (given === undefined || given === null) return undefined;
    const column = typeof given === 'number' ? given : titles.indexOf(given);
    if (allowed.includes(column)) return column;
    throw mustBe(`columns.${role}`, allowed.length > 0 ? listed(allowed.map((at) => titles[at])) : 'left out', given);
  };
  const optional = (role: 'rating' | 'timestamp') => {
    const own = columns[role];
    chosen(role, own === undefined ? [] : [own]);
    return own === undefined || choice[role] === null ? {} : { [role]: own };
  };
  const both = [columns.user, columns.item];
  const user = chosen('user', both);
  const item = chosen(
    'item',
    both.filter((column) => column !== user),
  );
  const isSwapped = user === columns.item || item === columns.user;
  const pair = isSwapped ? { user: columns.item, item: columns.user } : { user: columns.user, item: columns.item };
  return { ...pair, ...optional('rating'), ...optional('timestamp') };
}
