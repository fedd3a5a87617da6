import { MatfacError } from '../../base/errors.js';
import { countLines } from './text.js';

const [QUOTE, BACKSLASH, COMMA, COLON] = [34, 92, 44, 58];
const [OPEN_ARRAY, CLOSE_ARRAY, OPEN_OBJECT, CLOSE_OBJECT] = [91, 93, 123, 125];

/** The reason for a text that is not JSON, with the message of the engine. */
export function noJson(failure: unknown): string {
  return `this is not JSON (${(failure as Error).message})`;
}

/** What a scanner divides, for its messages. */
interface Words {
  container: 'array' | 'object';
  /** What is wrong with a part that does not end. */
  tooLong: string;
}

/**
 * Walks the text of a JSON array or object, which comes in pieces, and keeps the part that is not complete. It knows strings and
 * depth; what is inside a part is left to `JSON.parse`.
 */
export abstract class JsonScanner {
  protected text = '';
  /** Behind the mark that was read last. */
  protected at = 0;
  /** Where the part begins. */
  protected start = 0;
  /** 1 inside the array or object itself. */
  protected depth = 0;
  protected isDone = false;
  #inString = false;
  #line: number;

  constructor(
    readonly words: Words,
    /** A longer part is taken for one that is never closed. */
    readonly longest: number,
    firstLine = 1,
  ) {
    this.#line = firstLine;
  }

  /** A comma at `depth`. */
  protected abstract comma(): void;
  /** A colon at depth 1. */
  protected colon(): void {}
  /** The end of the array or object. */
  protected abstract close(): void;
  /** The end of a piece. */
  protected pause(): void {}

  /** @throws MatfacError `parse-error` for a part without an end, or text after the array or object. */
  push(piece: string): void {
    if (this.isDone) {
      this.#refuseMore(piece);
      return;
    }
    this.text = this.text.slice(this.start) + piece;
    this.at -= this.start;
    this.start = 0;
    this.#scan();
    if (this.isDone) return;
    this.pause();
    if (this.text.length - this.start > this.longest) throw this.fault(this.words.tooLong);
  }

  end(): void {
    if (!this.isDone) throw this.fault(`the JSON is cut off: its ${this.words.container} is not closed`);
  }

  #scan(): void {
    const { text } = this;
    while (this.at < text.length && !this.isDone) {
      if (this.#inString && !this.#skipString()) return;
      const code = text.charCodeAt(this.at++);
      if (code === QUOTE) this.#inString = true;
      else if (code === OPEN_ARRAY || code === OPEN_OBJECT) {
        if (this.depth++ === 0) this.begin();
      } else if (code === COMMA) this.comma();
      else if (code === COLON) {
        if (this.depth === 1) this.colon();
      } else if ((code === CLOSE_ARRAY || code === CLOSE_OBJECT) && --this.depth === 0) {
        this.close();
        this.isDone = true;
        this.#refuseMore(text.slice(this.at));
      }
    }
  }

  /** Goes behind the end of a string; false if it is not there yet. */
  #skipString(): boolean {
    const { text } = this;
    for (let at = this.at; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (code === QUOTE) {
        this.at = at + 1;
        this.#inString = false;
        return this.at < text.length;
      }
      if (code !== BACKSLASH) continue;
      // A backslash may end a piece: what it escapes comes with the next one.
      if (++at < text.length) continue;
      this.at = at - 1;
      return false;
    }
    this.at = text.length;
    return false;
  }

  /** The part that ends before the current mark. */
  protected part(): string {
    return this.text.slice(this.start, this.at - 1);
  }

  /** Begins a part behind `at`. */
  protected begin(at = this.at): void {
    this.#line += countLines(this.text, '\n', this.start, at);
    this.start = at;
  }

  /** The line where the part begins, after the blank lines before it. */
  protected get line(): number {
    let first = this.start;
    while (first < this.at && this.text.charCodeAt(first) <= 32) first++;
    return this.#line + countLines(this.text, '\n', this.start, first);
  }

  protected fault(reason: string): MatfacError {
    const { line } = this;
    return new MatfacError('parse-error', `Line ${line}: ${reason}`, { line, column: 1 });
  }

  #refuseMore(text: string): void {
    if (text.trim() !== '') throw this.fault(`something follows the end of the ${this.words.container}`);
  }
}
