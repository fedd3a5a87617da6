import { MatfacError } from '../../base/errors.js';
import { Turn } from '../../base/pause.js';
import { show } from '../../base/show.js';
import { JsonElements } from './json-elements.js';
import { badEncoding, countLines, linesBeforeFault, refuseUtf16 } from './text.js';

/** The shape is guessed from this many characters. */
const HEAD = 1 << 16;

/** Receives the rows of JSON. */
export interface JsonSink {
  /** Adds a row by its text. */
  addText(text: string, line: number): void;
  add(row: unknown, line: number): void;
}

/**
 * Reads rows from the bytes of JSON, in pieces: one row per line (NDJSON), an array of rows, an object with an array for each
 * column, or an object with one array of rows. A row is an object or an array. Only an object is read as a whole before its
 * rows are taken.
 */
export class JsonReader {
  readonly #decoder = new TextDecoder('utf-8', { fatal: true });
  #head = '';
  #reader: ShapeReader | undefined;
  #isFirst = true;
  #line = 1;

  constructor(readonly rows: JsonSink) {}

  async push(piece: Uint8Array): Promise<void> {
    if (this.#isFirst) refuseUtf16(piece);
    this.#isFirst = false;
    await this.#take(this.#decode(piece));
  }

  async end(): Promise<void> {
    await this.#take(this.#decode());
    if (!this.#reader) await this.#begin();
    await this.#reader!.end();
  }

  async #take(text: string): Promise<void> {
    if (this.#reader) return this.#reader.push(text);
    this.#head += text;
    if (this.#head.length >= HEAD) await this.#begin();
  }

  async #begin(): Promise<void> {
    const readers = { lines: LineReader, array: ArrayReader, object: ObjectReader };
    this.#reader = new readers[shapeOf(this.#head)](this.rows);
    await this.#reader.push(this.#head);
    this.#head = '';
  }

  #decode(piece?: Uint8Array): string {
    try {
      const text = piece ? this.#decoder.decode(piece, { stream: true }) : this.#decoder.decode();
      this.#line += countLines(text);
      return text;
    } catch {
      throw badEncoding(this.#line + (piece ? linesBeforeFault(piece) : 0));
    }
  }
}

/** A byte-order mark, white space, and the beginning of JSON. */
const JSON_BEGINS = /^(\xef\xbb\xbf)?\s*[[{]/;

/** Whether the first bytes of a text are those of JSON. */
export function beginsAsJson(head: Uint8Array): boolean {
  return JSON_BEGINS.test(String.fromCharCode(...head.subarray(0, 1 << 10)));
}

/** The reason for a text that is not JSON, with the message of the engine. */
export function noJson(failure: unknown): string {
  return `this is not JSON (${(failure as Error).message})`;
}

/** Reads a text that comes in pieces. */
interface ShapeReader {
  push(text: string): Promise<void>;
  end(): Promise<void>;
}

function shapeOf(head: string): 'lines' | 'array' | 'object' {
  const [first, ...others] = head.split('\n').filter((line) => line.trim() !== '');
  const begins = first?.trimStart()[0];
  if (begins !== '[' && begins !== '{') {
    throw new MatfacError(
      'parse-error',
      `Line 1: JSON must begin with [ or {; it begins with ${show(first?.slice(0, 20) ?? '')}`,
      {
        line: 1,
        column: 1,
      },
    );
  }
  const value = parsed(first!);
  const isColumn = (cell: unknown) => Array.isArray(cell);
  if (begins === '[') return Array.isArray(value) && value.length > 0 && !value.some(isObject) ? 'lines' : 'array';
  if (isObject(value)) return Object.values(value).some(isColumn) && others.length === 0 ? 'object' : 'lines';
  // A line that is not JSON by itself, with an object after it, is a bad row of NDJSON.
  return others.some((line) => isObject(parsed(line))) ? 'lines' : 'object';
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** NDJSON, where a bad line does not affect the others. */
class LineReader implements ShapeReader {
  #rest = '';
  #line = 1;

  constructor(readonly rows: JsonSink) {}

  async push(text: string): Promise<void> {
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop()!;
    for (const line of lines) this.#take(line);
  }

  async end(): Promise<void> {
    this.#take(this.#rest);
  }

  #take(text: string): void {
    if (text.trim() !== '') this.rows.addText(text, this.#line);
    this.#line++;
  }
}

class ArrayReader implements ShapeReader {
  readonly #elements: JsonElements;

  constructor(readonly rows: JsonSink) {
    this.#elements = new JsonElements((text, line) => rows.addText(text, line));
  }

  async push(text: string): Promise<void> {
    this.#elements.push(text);
  }

  async end(): Promise<void> {
    this.#elements.end();
  }
}

class ObjectReader implements ShapeReader {
  readonly #texts: string[] = [];

  constructor(readonly rows: JsonSink) {}

  async push(text: string): Promise<void> {
    this.#texts.push(text);
  }

  async end(): Promise<void> {
    let value: object;
    try {
      value = JSON.parse(this.#texts.join(''));
    } catch (failure) {
      throw new MatfacError('parse-error', `Line 1: ${noJson(failure)}`, { line: 1, column: 1, cause: failure });
    }
    const turn = new Turn();
    const columns = Object.entries(value).filter(([, column]) => Array.isArray(column)) as [string, unknown[]][];
    for (const row of columns.length === 1 ? columns[0]![1] : rowsOf(columns)) {
      this.rows.add(row, 1);
      await turn.rest();
    }
  }
}

/** The rows of an object of columns. */
function* rowsOf(columns: [name: string, cells: unknown[]][]): Generator<object> {
  const [first] = columns;
  if (!first) {
    const message = 'Line 1: a JSON object must have an array for each column, or an array of rows; it has no array';
    throw new MatfacError('parse-error', message, { line: 1, column: 1 });
  }
  const other = columns.find(([, cells]) => cells.length !== first[1].length);
  if (other) {
    const lengths = `'${first[0]}' has ${first[1].length} entries and '${other[0]}' ${other[1].length}`;
    const message = `Line 1: the columns must have equal lengths; ${lengths}`;
    throw new MatfacError('parse-error', message, { line: 1, column: columns.indexOf(other) + 1 });
  }
  for (let row = 0; row < first[1].length; row++) {
    yield Object.fromEntries(columns.map(([name, cells]) => [name, cells[row]]));
  }
}
