import { GrowingIds } from '../ratings/ids.js';

/** A plain whole number, without leading zeros, that is small enough to be exact. */
const PLAIN = /^(?:0|[1-9]\d{0,15})$/;

function plainInteger(text: string): number {
  if (!PLAIN.test(text)) return -1;
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : -1;
}

/**
 * A column of ids in a text. They are numbers as long as every one is a plain whole number; the first other id converts all
 * of them to strings, so that '7' and '007' stay two ids.
 */
export class IdColumn {
  ids = new GrowingIds();
  #numeric = true;

  addText(text: string): number {
    if (!this.#numeric) return this.ids.add(text);
    const value = plainInteger(text);
    if (value >= 0) return this.ids.add(value);
    this.#numeric = false;
    this.ids = GrowingIds.from(this.ids.list.map(String));
    return this.ids.add(text);
  }

  addNumber(value: number): number {
    return this.ids.add(this.#numeric ? value : String(value));
  }
}
