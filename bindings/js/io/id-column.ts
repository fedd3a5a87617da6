import { GrowingIds, type Id, wholeNumber } from '../ratings/ids.js';

/** How the ids of a column are written: as 7, as 7.0, or as any text. */
type Form = 'whole' | 'decimal' | 'text';

/**
 * A column of ids in a text. They are numbers as long as every one is a plain whole number, or every one is such a number with
 * `.0`; the first other id converts all of them to strings as they were written, so that '7', '7.0' and '007' stay three ids.
 */
export class IdColumn {
  ids: GrowingIds;
  #form: Form | undefined;

  /** `most` is how many ids there may be. */
  constructor(readonly most = Number.POSITIVE_INFINITY) {
    this.ids = new GrowingIds(most);
  }

  addText(text: string): number {
    if (this.#form === 'text') return this.ids.add(text);
    const value = wholeNumber(text);
    if (value < 0) return this.#add(text, text, 'text');
    return this.#add(value, text, text.endsWith('.0') ? 'decimal' : 'whole');
  }

  /** Adds ids that are written as plain whole numbers; `indices` receives theirs. */
  addNumbers(values: Float64Array, indices: Int32Array): void {
    for (let row = 0; row < values.length; row++) indices[row] = this.addNumber(values[row]!);
  }

  addNumber(value: number): number {
    return this.#form === 'whole' ? this.ids.add(value) : this.#add(value, String(value), 'whole');
  }

  /** Adds an id in a form: its value while all have this form, else the text. */
  #add(value: Id, text: string, form: Form): number {
    this.#form ??= form;
    if (this.#form === form) return this.ids.add(value);
    if (this.#form !== 'text') {
      const point = this.#form === 'decimal' ? '.0' : '';
      const texts = new GrowingIds(this.most);
      for (const id of this.ids.list) texts.add(`${id}${point}`);
      this.ids = texts;
      this.#form = 'text';
    }
    return this.ids.add(text);
  }
}
