import { MatfacError } from '../../base/errors.js';
import { noJson } from '../syntax/json-reader.js';
import { countLines } from '../syntax/text.js';

/** A longer value is taken for one that is never closed. */
const LONGEST_VALUE = 1 << 23;

/** Divides the text of a JSON object, which comes in pieces, into its keys and the texts of their values. */
export class JsonEntries {
  #text = '';
  /** How far the text was scanned, and where the key or the value begins. */
  #at = 0;
  #start = 0;
  #depth = 0;
  #inString = false;
  #key: string | undefined;
  #isDone = false;
  #isEmpty = true;
  #line = 1;

  constructor(readonly take: (key: string, text: string, line: number) => void) {}

  /** The key whose value has begun, and the text of it so far. */
  get open(): { key: string; text: string } | undefined {
    return this.#key === undefined ? undefined : { key: this.#key, text: this.#text.slice(this.#start) };
  }

  /** @throws MatfacError `parse-error` for a value without an end, or text after the object. */
  push(piece: string): void {
    this.#text = this.#text.slice(this.#start) + piece;
    this.#at -= this.#start;
    this.#start = 0;
    if (this.#isDone) this.#refuseMore(this.#text);
    this.#scan();
    if (this.#text.length - this.#start > LONGEST_VALUE && !this.#isDone)
      throw this.#fault('the value that begins here must end within 8 MB');
  }

  end(): void {
    if (!this.#isDone) throw this.#fault('the JSON is cut off: its object is not closed');
  }

  #scan(): void {
    const outside = /["{}[\],:]/g;
    const inside = /["\\]/g;
    while (!this.#isDone) {
      const pattern = this.#inString ? inside : outside;
      pattern.lastIndex = this.#at;
      const mark = pattern.exec(this.#text)?.[0];
      if (mark === undefined) {
        this.#at = this.#text.length;
        return;
      }
      // A backslash may end a piece: what it escapes comes with the next one.
      if (mark === '\\' && pattern.lastIndex === this.#text.length) {
        this.#at = pattern.lastIndex - 1;
        return;
      }
      this.#at = mark === '\\' ? pattern.lastIndex + 1 : pattern.lastIndex;
      this.#mark(mark);
    }
  }

  #mark(mark: string): void {
    if (mark === '"') this.#inString = !this.#inString;
    else if (mark === '{' || mark === '[') {
      if (this.#depth++ === 0) this.#begin();
    } else if (mark === ':') {
      if (this.#depth === 1) this.#takeKey();
    } else if (mark === ',') {
      if (this.#depth === 1) this.#entry();
    } else if (mark !== '\\' && --this.#depth === 0) {
      if (!this.#isEmpty || this.#key !== undefined || this.#text.slice(this.#start, this.#at - 1).trim() !== '')
        this.#entry();
      this.#isDone = true;
      this.#refuseMore(this.#text.slice(this.#at));
    }
  }

  /** Begins a key or a value after the current mark. */
  #begin(): void {
    this.#line += countLines(this.#text, '\n', this.#start, this.#at);
    this.#start = this.#at;
  }

  #takeKey(): void {
    const text = this.#text.slice(this.#start, this.#at - 1);
    let key: unknown;
    try {
      key = JSON.parse(text);
    } catch (failure) {
      throw this.#fault(noJson(failure));
    }
    if (this.#key !== undefined || typeof key !== 'string') throw this.#fault('a key must be a text and come first');
    this.#begin();
    this.#key = key;
  }

  #entry(): void {
    if (this.#key === undefined) throw this.#fault('an entry must have a key and a value');
    const text = this.#text.slice(this.#start, this.#at - 1);
    this.take(this.#key, text, this.#line);
    this.#key = undefined;
    this.#isEmpty = false;
    this.#begin();
  }

  #refuseMore(text: string): void {
    if (text.trim() !== '') throw this.#fault('something follows the end of the object');
  }

  #fault(reason: string): MatfacError {
    return new MatfacError('parse-error', `Line ${this.#line}: ${reason}`, { line: this.#line, column: 1 });
  }
}
