import { mustBe } from '../base/checks.js';
import { invalid, MatfacError } from '../base/errors.js';
import { beyond } from '../base/limits.js';
import { show } from '../base/show.js';
import { IdMap } from './id-map.js';

/**
 * The caller's identifier of a user or an item. 7, '7' and '7.0' mean the same wherever only one of them is there, because files
 * and programs write numbers in different ways; where there are several, each is an id of its own.
 */
export type Id = string | number;

/** The indices of whole numbers below this are in a flat table, all others in a Map. */
const FLAT_LIMIT = 1 << 22;

/** How many ids are looked up between two yields: a few milliseconds. */
const IDS_AT_ONCE = 1 << 12;

/** Ids in an order; the position of an id is its dense index in the core. */
export abstract class Ids {
  abstract get size(): number;

  /** All of them, frozen. */
  abstract get list(): readonly Id[];

  abstract at(index: number): Id;

  /** The index of an id as it is, or −1. */
  abstract exact(id: Id): number;

  /** The index of an id, or of another form of it where this one is not there; or −1. */
  find(id: Id): number {
    const index = this.exact(id);
    if (index >= 0) return index;
    const others = formsOf(id).map((form) => this.exact(form));
    return others.find((other) => other >= 0) ?? -1;
  }

  findAll(ids: ArrayLike<Id>): Int32Array {
    return Int32Array.from({ length: ids.length }, (_, position) => this.find(ids[position]!));
  }

  /** For each of the other ids, in their order, the index of the same id here, or −1. */
  *indicesOf(others: Ids): Generator<void, Int32Array> {
    const indices = new Int32Array(others.size);
    for (let index = 0; index < indices.length; index++) {
      if (index % IDS_AT_ONCE === 0) yield;
      const id = others.at(index);
      const found = others === this ? index : this.find(id);
      // Of 7 and '7' among the others, only 7 is 7 here.
      const isOther = found >= 0 && this.at(found) !== id && others.exact(this.at(found)) >= 0;
      indices[index] = isOther ? -1 : found;
    }
    return indices;
  }

  /** Freezes the list, which callers get: a change of theirs must not shift the indices. */
  seal(): this {
    return this;
  }
}

/** Ids in order of first appearance, which grow as rows are read. */
export class GrowingIds extends Ids {
  readonly #list: Id[] = [];
  #flat = new Int32Array(1024);
  readonly #map = new IdMap();

  /** `most` is how many ids there may be. */
  constructor(readonly most = Number.POSITIVE_INFINITY) {
    super();
  }

  static from(ids: Iterable<Id>): GrowingIds {
    const table = new GrowingIds();
    for (const id of ids) table.add(id);
    return table;
  }

  get size(): number {
    return this.#list.length;
  }

  get list(): readonly Id[] {
    return this.#list;
  }

  override seal(): this {
    Object.freeze(this.#list);
    return this;
  }

  at(index: number): Id {
    return this.#list[index]!;
  }

  /** The index of an id, which is added if it is new. @throws MatfacError `out-of-memory` beyond `most`. */
  add(id: Id): number {
    if (isFlat(id)) {
      if (id >= this.#flat.length) this.#growFlat(id);
      const found = this.#flat[id]!;
      if (found > 0) return found - 1;
      this.#flat[id] = this.#push(id === 0 ? 0 : id) + 1;
      return this.#list.length - 1;
    }
    const known = this.#map.get(id);
    if (known !== undefined) return known;
    const index = this.#push(id);
    this.#map.set(id, index);
    return index;
  }

  exact(id: Id): number {
    if (isFlat(id)) return id < this.#flat.length ? this.#flat[id]! - 1 : -1;
    return this.#map.get(id) ?? -1;
  }

  #push(id: Id): number {
    if (this.#list.length >= this.most) throw beyond('ids', `at most ${this.most} users and ${this.most} items`);
    return this.#list.push(id) - 1;
  }

  #growFlat(id: number): void {
    const grown = new Int32Array(Math.min(FLAT_LIMIT, Math.max(id + 1, 2 * this.#flat.length)));
    grown.set(this.#flat);
    this.#flat = grown;
  }
}

function isFlat(id: Id): id is number {
  return typeof id === 'number' && id >= 0 && id < FLAT_LIMIT && Number.isInteger(id);
}

/** A plain whole number without leading zeros, alone or with `.0`, as pandas writes a column with missing values. */
const WHOLE = /^(?:0|[1-9]\d{0,15})(?:\.0)?$/;

/** The whole number that a text is, if it is small enough to be exact; else −1. */
export function wholeNumber(text: string): number {
  const value = WHOLE.test(text) ? Number(text) : -1;
  return Number.isSafeInteger(value) ? value : -1;
}

/** All forms of an id that is a whole number; none for any other id. */
function formsOf(id: Id): readonly Id[] {
  const number = typeof id === 'string' ? wholeNumber(id) : id;
  return isId(number) ? [number, `${number}`, `${number}.0`] : [];
}

/**
 * A map in which an id is found as in a table of ids. The methods are the map's own, so that it equals any other map and can be
 * cloned.
 */
export function byId<V>(map: Map<Id, V>): Map<Id, V> {
  const has = (id: Id) => Map.prototype.has.call(map, id);
  const keyOf = (id: Id) => (has(id) ? id : (formsOf(id).find(has) ?? id));
  return Object.defineProperties(map, {
    get: { value: (id: Id) => Map.prototype.get.call(map, keyOf(id)) },
    has: { value: (id: Id) => has(keyOf(id)) },
  });
}

/** What an id is, for messages. */
export const ID = 'a non-empty string or a whole number from 0 to 2^53 − 1';

/** Whether a value is an id. */
export function isId(value: unknown): value is Id {
  if (typeof value === 'number') return Number.isSafeInteger(value) && value >= 0;
  return typeof value === 'string' && value !== '';
}

/** The index of an id that must be known. @throws MatfacError `unknown-id`. */
export function findId(what: 'user' | 'item', ids: Ids, id: Id): number {
  const index = ids.find(id);
  if (index >= 0) return index;
  if (ids.size === 0) throw new MatfacError('unknown-id', `The model has no ${what}s: foldIn recommends to visitors`);
  throw new MatfacError('unknown-id', `There is no ${what} ${show(id)} in the model`);
}

/** The error for a value that is not an id. `what` names it: "user in row 3". */
export function badId(what: string, value: unknown): Error {
  if (value === undefined || value === null || value === '') return invalid(`The ${what} is missing`);
  return mustBe(`The ${what}`, ID, value);
}
