import { show } from '../../base/show.js';
import { parseDecimal } from '../syntax/number.js';
import { Times } from '../syntax/time.js';
import type { EntrySink } from './entry-sink.js';
import { itemsOf } from './json-shape.js';
import { roleOfTitle } from './words.js';

/** What each item of a user has. */
interface Cells {
  item: unknown;
  rating?: unknown;
  timestamp?: unknown;
}

const ITEM_KEYS = /^(id|title|name)$/i;

/**
 * Takes users with their items: `{item: rating}`, `[item, …]`, `[[item, rating], …]` or `[{item, rating}, …]`. Whether there are
 * ratings and times is known from the first user that has an item.
 */
export class JsonUsers {
  #has: { rating: boolean; timestamp: boolean } | undefined;
  readonly #times: Times;

  constructor(readonly sink: EntrySink) {
    this.#times = new Times(sink.options.timeFormat);
  }

  add(user: string, value: unknown, line: number): void {
    const items = itemsOf(value);
    if (typeof items !== 'object' || items === null) {
      this.sink.bad([line, 1], `the items of a user must be an object or an array; they are ${show(items)}`);
      return;
    }
    const all = Array.isArray(items) ? items.map(cellsOf) : Object.entries(items).map(entryOf);
    for (const cells of all) this.#take(user, cells, line);
  }

  end(): void {
    if (!this.#has) this.#begin({ item: '' });
  }

  #begin(first: Cells): { rating: boolean; timestamp: boolean } {
    const has = { rating: first.rating !== undefined, timestamp: first.timestamp !== undefined };
    const titles = ['user', 'item', ...(has.rating ? ['rating'] : []), ...(has.timestamp ? ['timestamp'] : [])];
    const columns = { user: 0, item: 1, ...(has.rating ? { rating: 2 } : {}) };
    const time = has.timestamp ? { timestamp: titles.length - 1 } : {};
    this.sink.begin({ format: 'json', delimiter: '', titles, columns: { ...columns, ...time } });
    this.sink.note('format-guessed', 'Each key of the JSON is a user, and its value has the items of the user.');
    return has;
  }

  #take(user: string, cells: Cells, line: number): void {
    // A pivot table has null, or false, for an item that the user did not take.
    if (cells.rating === null || cells.rating === false) {
      this.sink.note('missing-guessed', `Items with ${cells.rating} have no rating.`);
      return;
    }
    this.#has ??= this.#begin(cells);
    const { item, rating, timestamp } = cells;
    const isItem = (typeof item === 'string' && item !== '') || (Number.isSafeInteger(item) && (item as number) >= 0);
    const value = this.#has.rating ? numberOf(rating) : 1;
    const time = this.#has.timestamp ? timeOf(timestamp, this.#times) : 0;
    if (user === '') this.sink.bad([line, 1], 'the user is missing');
    else if (!isItem) this.sink.bad([line, 2], `the item must be a text or a whole number; it is ${show(item)}`);
    else if (Number.isNaN(value)) this.sink.bad([line, 3], `the rating must be a finite number; it is ${show(rating)}`);
    else if (!Number.isFinite(time))
      this.sink.bad([line, 4], `the timestamp must be a number or an ISO date; it is ${show(timestamp)}`);
    // Keys are always text in JSON, so that a whole number in it is read as in a table.
    else this.sink.add(user, String(item), value, [line, 3], time);
  }
}

/** An entry of `{item: rating}` or `{item: {rating, timestamp}}`. */
function entryOf([item, value]: [string, unknown]): Cells {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return { item, rating: value };
  const { rating, timestamp } = partsOf(value);
  return { item, rating, timestamp };
}

function cellsOf(value: unknown): Cells {
  if (Array.isArray(value)) return { item: value[0], rating: value[1], timestamp: value[2] };
  if (typeof value !== 'object' || value === null) return { item: value };
  const { item, ...others } = partsOf(value);
  return { item: item ?? Object.entries(value).find(([key]) => ITEM_KEYS.test(key))?.[1], ...others };
}

function partsOf(value: object): Cells {
  const parts: Cells = { item: undefined };
  for (const [key, cell] of Object.entries(value)) {
    const role = roleOfTitle(key);
    if (role !== undefined && role !== 'user' && role !== 'event' && parts[role] === undefined) parts[role] = cell;
  }
  return parts;
}

function numberOf(value: unknown): number {
  if (typeof value === 'boolean') return Number(value);
  if (typeof value === 'string') return parseDecimal(value.trim());
  return typeof value === 'number' ? value : Number.NaN;
}

function timeOf(value: unknown, times: Times): number {
  return typeof value === 'string' ? times.read(value.trim()) : times.ofNumber(numberOf(value));
}
