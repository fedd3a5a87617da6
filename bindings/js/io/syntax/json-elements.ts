import { JsonScanner } from './json-scanner.js';

/** A longer row is taken for one that is never closed. */
const LONGEST_ROW = 1 << 20;
const WORDS = { container: 'array', tooLong: 'the row that begins here does not end within a megabyte' } as const;

/** Divides the text of a JSON array, which comes in pieces, into the texts of its elements. */
export class JsonElements extends JsonScanner {
  #count = 0;

  constructor(
    readonly take: (text: string, line: number) => void,
    firstLine = 1,
  ) {
    super(WORDS, LONGEST_ROW, firstLine);
  }

  protected comma(): void {
    if (this.depth === 1) this.#element(true);
  }

  protected close(): void {
    this.#element(this.#count > 0);
  }

  #element(isNeeded: boolean): void {
    const text = this.part();
    if (text.trim() !== '' || isNeeded) {
      this.#count++;
      this.take(text, this.line);
    }
    this.begin();
  }
}
