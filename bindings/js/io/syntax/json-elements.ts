import { MatfacError } from '../../base/errors.js';
import { countLines } from './text.js';

/** A longer row is taken for one that is never closed. */
const LONGEST_ROW = 1 << 20;

/** Divides the text of a JSON array, which comes in pieces, into the texts of its elements. */
export class JsonElements {
  #text = '';
  /** How far the text was scanned, and where the element begins. */
  #at = 0;
  #start = 0;
  #depth = 0;
  #inString = false;
  #isDone = false;
  #elements = 0;
  #line: number;

  constructor(
    readonly take: (text: string, line: number) => void,
    firstLine = 1,
  ) {
    this.#line = firstLine;
  }

  /** @throws MatfacError `parse-error` for an element without an end, or text after the array. */
  push(piece: string): void {
    this.#text = this.#text.slice(this.#start) + piece;
    this.#at -= this.#start;
    this.#start = 0;
    if (this.#isDone) this.#refuseMore(piece);
    this.#scan();
    if (this.#text.length - this.#start > LONGEST_ROW && !this.#isDone) {
      throw this.#fault('the row that begins here does not end within a megabyte');
    }
  }

  end(): void {
    if (!this.#isDone) throw this.#fault('the JSON is cut off: its array is not closed');
  }

  #scan(): void {
    const outside = /["{}[\],]/g;
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
    else if (mark === '[' || mark === '{') {
      if (this.#depth++ === 0) this.#begin();
    } else if (mark === ',') {
      if (this.#depth === 1) this.#element(true);
    } else if (mark !== '\\' && --this.#depth === 0) {
      this.#element(this.#elements > 0);
      this.#isDone = true;
      this.#refuseMore(this.#text.slice(this.#at));
    }
  }

  /** Begins an element after the current bracket or comma. */
  #begin(): void {
    this.#line += countLines(this.#text, '\n', this.#start, this.#at);
    this.#start = this.#at;
  }

  #element(isNeeded: boolean): void {
    const text = this.#text.slice(this.#start, this.#at - 1);
    if (text.trim() !== '' || isNeeded) {
      this.#elements++;
      this.take(text, this.#lineOf(text));
    }
    this.#begin();
  }

  #refuseMore(text: string): void {
    if (text.trim() !== '') throw this.#fault('something follows the end of the array');
  }

  #fault(reason: string): MatfacError {
    const line = this.#lineOf(this.#text.slice(this.#start));
    return new MatfacError('parse-error', `Line ${line}: ${reason}`, { line, column: 1 });
  }

  /** The line where an element begins, after the blank lines before it. */
  #lineOf(element: string): number {
    return this.#line + countLines(element.slice(0, element.length - element.trimStart().length));
  }
}
