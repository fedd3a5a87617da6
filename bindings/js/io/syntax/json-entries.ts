import { JsonScanner, noJson } from './json-scanner.js';

/** A longer value is taken for one that is never closed. */
const LONGEST_VALUE = 1 << 23;
const WORDS = { container: 'object', tooLong: 'the value that begins here must end within 8 MB' } as const;

/** The key of an entry, and the text of its value, or of a part of it. */
export interface JsonEntry {
  key: string;
  text: string;
  /** Where the text begins. */
  line: number;
  /** Whether it begins and ends the value. */
  isFirst: boolean;
  isLast: boolean;
  /** What the value begins with; empty for one that is no array and no object. */
  bracket: '[' | '{' | '';
}

/**
 * Divides the text of a JSON object, which comes in pieces, into its keys and the texts of their values. `inParts` gives values
 * that are long arrays or objects in parts, which are divided at commas between their elements.
 */
export class JsonEntries extends JsonScanner {
  #key: string | undefined;
  #isEmpty = true;
  #isFirst = true;
  #bracket: JsonEntry['bracket'] = '';
  /** The last comma between elements of the value. */
  #comma = 0;

  constructor(
    readonly take: (entry: JsonEntry) => void,
    firstLine = 1,
    readonly inParts = false,
  ) {
    super(WORDS, LONGEST_VALUE, firstLine);
  }

  /** The key whose value has begun, and the text of it so far. */
  get open(): { key: string; text: string } | undefined {
    return this.#key === undefined ? undefined : { key: this.#key, text: this.text.slice(this.start) };
  }

  protected comma(): void {
    if (this.depth === 1) this.#entry();
    else if (this.depth === 2) this.#comma = this.at;
  }

  protected override colon(): void {
    const text = this.part();
    let key: unknown;
    try {
      key = JSON.parse(text);
    } catch (failure) {
      throw this.fault(noJson(failure));
    }
    if (this.#key !== undefined || typeof key !== 'string') throw this.fault('a key must be a text and come first');
    this.begin();
    this.#key = key;
    this.#isFirst = true;
  }

  protected close(): void {
    if (!this.#isEmpty || this.#key !== undefined || this.part().trim() !== '') this.#entry();
  }

  protected override pause(): void {
    const comma = this.#comma;
    this.#comma = 0;
    if (!this.inParts || this.#key === undefined || comma <= this.start) return;
    this.#give(this.#key, this.text.slice(this.start, comma - 1), false);
    this.begin(comma);
  }

  #entry(): void {
    if (this.#key === undefined) throw this.fault('an entry must have a key and a value');
    this.#give(this.#key, this.part(), true);
    this.#key = undefined;
    this.#isEmpty = false;
    this.begin();
  }

  #give(key: string, text: string, isLast: boolean): void {
    const begins = text.trimStart()[0];
    if (this.#isFirst) this.#bracket = begins === '[' || begins === '{' ? begins : '';
    this.take({ key, text, line: this.line, isFirst: this.#isFirst, isLast, bracket: this.#bracket });
    this.#isFirst = false;
  }
}
