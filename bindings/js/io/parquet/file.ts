/** A Parquet file of any origin. hyparquet decodes its columns, and is given only what was checked. */

import { type DecodedArray, type FileMetaData, parquetScan, type SchemaElement } from 'hyparquet';
import type { Allowance } from '../../base/allowance.js';
import { MatfacError, translate } from '../../base/errors.js';
import { show } from '../../base/show.js';
import { type Footer, metadataOf, type RowGroup, readFooter } from './footer.js';
import { checkChunk } from './pages.js';

export class ParquetFile {
  readonly #file: Blob;
  readonly #footer: Footer;
  readonly #allowance: Allowance;

  private constructor(file: Blob, footer: Footer, allowance: Allowance) {
    this.#file = file;
    this.#footer = footer;
    this.#allowance = allowance;
  }

  /** @throws MatfacError `parse-error`. */
  static async open(file: Blob, allowance: Allowance): Promise<ParquetFile> {
    return new ParquetFile(file, await undamaged(() => readFooter(file)), allowance);
  }

  get rows(): number {
    return this.#footer.rows;
  }

  get groups(): readonly RowGroup[] {
    return this.#footer.groups;
  }

  /** The columns of the table, which may have columns inside. */
  get columns(): SchemaElement[] {
    const { schema } = this.#footer;
    const columns: SchemaElement[] = [];
    for (let index = 1; index < schema.length; ) {
      columns.push(schema[index]!);
      for (let due = 1; due > 0; due--) due += schema[index++]!.num_children ?? 0;
    }
    return columns;
  }

  /** The values of a column in a group of rows. @throws MatfacError `parse-error`, `out-of-memory`. */
  readColumn(group: RowGroup, column: string): Promise<DecodedArray> {
    return undamaged(() => this.#read(group, column));
  }

  async #read({ rows, chunks }: RowGroup, column: string): Promise<DecodedArray> {
    if (rows === 0) return [];
    this.#allowance.hold(8 * rows);
    const parts: Uint8Array[] = [];
    const metadata = [];
    let end = 0;
    for (const chunk of chunks.filter(({ leaf }) => leaf.path[0] === column)) {
      const bytes = await this.#file.slice(chunk.start, chunk.start + chunk.size).arrayBuffer();
      const checked = checkChunk(new Uint8Array(bytes), chunk, rows, this.#allowance);
      metadata.push(metadataOf(chunk.leaf, chunk.type, end, checked.size, checked.values));
      parts.push(...checked.parts);
      end += checked.size;
    }
    if (parts.length === 0) throw new Error(`the column ${show(column)} is not there`);
    const buffer = joined(parts, end);
    const table: FileMetaData = {
      ...{ version: 2, schema: this.#footer.schema, num_rows: BigInt(rows), metadata_length: 0 },
      row_groups: [
        {
          columns: metadata.map((meta_data) => ({ file_offset: 0n, meta_data })),
          ...{ total_byte_size: BigInt(end), num_rows: BigInt(rows) },
        },
      ],
    };
    const slice = (start: number, stop?: number) => (start === 0 && stop === end ? buffer : buffer.slice(start, stop));
    const file = { byteLength: end, slice };
    const scan = await parquetScan({ file, metadata: table, columns: [column], useOffsetIndex: false });
    const values = await scan.readColumn({ column, rowStart: 0, rowEnd: rows });
    if (values.length !== rows)
      throw new Error(`the column ${show(column)} has ${values.length} values for ${rows} rows`);
    return values;
  }
}

function joined(parts: readonly Uint8Array[], size: number): ArrayBuffer {
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes.buffer;
}

/** In letters: a decoder may quote what is in the file. */
const LONGEST_REASON = 200;

/** Converts errors of the reader, which mean a damaged file. */
async function undamaged<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (cause) {
    const failure = translate(cause);
    if (failure instanceof MatfacError) throw failure;
    const reason = cause instanceof Error ? ` (${cause.message.slice(0, LONGEST_REASON)})` : '';
    throw new MatfacError('parse-error', `The Parquet file is damaged or cut off${reason}`, { cause });
  }
}
