import { joined } from '../base/source.js';
import { recboleColumns, recboleHeader } from './formats/recbole.js';
import { RatingText } from './rating-text.js';
import type { Reading } from './reading.js';
import type { RowSource, TextReader } from './row-source.js';

const LINE_FEED = 10;

/** Reads RecBole's interactions as the table that they are without the types in the header. */
export class RecboleText implements TextReader {
  readonly #text: RatingText;
  #isFirst = true;

  constructor(
    readonly header: string,
    reading: Reading,
  ) {
    const { options } = reading;
    const bare = (column: string | number | null) =>
      typeof column === 'string' ? (recboleHeader(column) ?? column) : column;
    const chosen = Object.entries(options.columns ?? {}).map(([role, column]) => [role, bare(column)]);
    const columns = { ...recboleColumns(header), ...Object.fromEntries(chosen) };
    this.#text = new RatingText({ ...reading, options: { ...options, format: 'tsv', columns } });
  }

  get size(): number {
    return this.#text.size;
  }

  /** The first piece has the whole first line, because the format was recognized from it. */
  push(piece: Uint8Array): Promise<void> {
    const isFirst = this.#isFirst;
    this.#isFirst = false;
    if (!isFirst) return this.#text.push(piece);
    const end = piece.indexOf(LINE_FEED);
    const rest = end < 0 ? new Uint8Array() : piece.subarray(end);
    return this.#text.push(joined(new TextEncoder().encode(this.header), rest));
  }

  async end(): Promise<RowSource> {
    const rows = await this.#text.end();
    return { size: rows.size, layout: { ...rows.layout, format: 'recbole' }, finish: () => rows.finish() };
  }
}
