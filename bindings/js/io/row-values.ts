import { show } from '../base/show.js';
import type { Columns } from '../ratings/columns.js';
import type { ColumnIndices } from '../ratings/ratings-source.js';
import type { SpilledColumns } from '../ratings/stored/spill.js';
import type { Reading } from './reading.js';
import { Times, turned } from './syntax/time.js';

/** More kinds of events are not listed. */
const MOST_KINDS = 12;
/** More kinds are not counted: a column of so many different values has no events. */
const MOST_COUNTED = 1000;

/** The events, flags and times of the rows of a file, and the rows that events and flags leave out. */
export class RowValues {
  readonly times: Times;
  /** Whether the ratings say that somebody took something, or how often. */
  readonly isImplicit: boolean;
  readonly areFlags: boolean;
  readonly #weights: Map<string, number> | undefined;
  readonly #kinds = new Map<string, number>();
  readonly #otherEvents = new Map<string, number>();
  #falseRows = 0;
  /** As many rows at the beginning have day and month exchanged. */
  #turned = 0;

  /** `size` tells how many rows there are so far. */
  constructor(
    readonly columns: ColumnIndices,
    readonly reading: Reading,
    size: () => number,
  ) {
    const { events, timeFormat } = reading.options;
    this.times = new Times(timeFormat, () => {
      this.#turned = size();
    });
    this.times.isCompact = timeFormat === undefined && reading.values?.areCompactDates === true;
    this.areFlags = columns.rating !== undefined && reading.values?.areFlags === true;
    this.isImplicit = columns.rating === undefined || this.areFlags;
    if (events !== undefined && columns.event !== undefined) {
      this.#weights = new Map(Object.entries(typeof events === 'string' ? { [events]: 1 } : events));
    }
  }

  /** Whether numbers can be taken as they are, and without the events of their rows. */
  get areNumbers(): boolean {
    return !this.#weights && !this.areFlags && !this.times.isCompact && this.times.pattern === undefined;
  }

  /** What a rating must be. */
  get ratingWords(): string {
    return this.areFlags ? 'true or false' : 'a finite number';
  }

  /** What a timestamp must be. */
  get timeWords(): string {
    return this.times.pattern ?? 'a number or a date';
  }

  /** The weight of a row with this event; 0 leaves it out. */
  weightOf(event: string): number {
    if (!this.#weights) {
      count(this.#kinds, event);
      return 1;
    }
    const weight = this.#weights.get(event) ?? 0;
    if (weight === 0) count(this.#otherEvents, event);
    return weight;
  }

  /** Counts a row with false, which is left out. */
  leaveFalse(): undefined {
    this.#falseRows++;
  }

  /** Ends the rows: exchanges day and month of those before the one that showed their order, and notes what they have. */
  finish(columns: Columns | SpilledColumns): void {
    if ('spill' in columns) columns.turned = this.#turned;
    const { timestamps } = columns;
    for (let row = 0; timestamps && row < this.#turned; row++) timestamps[row] = turned(timestamps[row]!);
    this.#note();
  }

  #note(): void {
    const { notes } = this.reading;
    if (this.#kinds.size > 1) {
      const [first = ''] = this.#kinds.keys();
      const kinds = listOf(this.#kinds);
      const choice = `events: ${show(first)} reads one of them`;
      notes.add('events', `Rows have several events, ${kinds}, and all of them count the same: ${choice}`);
    }
    const others = [...this.#otherEvents.values()].reduce((sum, rows) => sum + rows, 0);
    if (others > 0) {
      notes.add('rows-skipped', `${rowsOf(others)} with other events left out: ${listOf(this.#otherEvents)}`);
    }
    if (this.#falseRows > 0) notes.add('rows-skipped', `${rowsOf(this.#falseRows)} with false or 0 left out`);
    this.#noteOrder();
  }

  #noteOrder(): void {
    const { order } = this.times;
    if (!order?.isDoubtful || this.reading.options.timeFormat !== undefined) return;
    const { first, isShown, example } = order;
    const [taken, other] = first === 'day' ? ['day/month', 'MM/DD/YYYY'] : ['month/day', 'DD/MM/YYYY'];
    const reason = isShown ? `as ${show(example)} shows` : `a guess from dates such as ${show(example)}`;
    this.reading.notes.add(
      'date-order',
      `Dates are read as ${taken}/year, ${reason}: timeFormat: '${other}' reads the other order`,
    );
  }
}

function count(kinds: Map<string, number>, kind: string): void {
  if (kinds.size < MOST_COUNTED || kinds.has(kind)) kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
}

function rowsOf(rows: number): string {
  return rows === 1 ? '1 row' : `${rows} rows`;
}

function listOf(kinds: Map<string, number>): string {
  const names = [...kinds.keys()].slice(0, MOST_KINDS).map((kind) => show(kind));
  const more = kinds.size - names.length;
  return `${names.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
