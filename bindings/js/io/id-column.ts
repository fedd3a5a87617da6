import { GrowingIds } from '../ratings/ids.js';

/** A number as it is written: 0 or a digit from 1 to 9 and more digits, small enough to be exact. */
const PLAIN = /^(?:0|[1-9]\d{0,15})$/;

function plainInteger(text: string): number {
  if (!PLAIN.test(text)) return -1;
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : -1;
}

/**
 * A column of ids in a text. They are numbers as long as every one is a plain whole number; the first other one makes
 * strings of all, so that '7' and '007' stay two ids.
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
