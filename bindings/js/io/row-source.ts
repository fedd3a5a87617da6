import type { Table } from '../ratings/columns.js';
import type { RowLayout } from '../ratings/ratings-source.js';

/** The ratings read from a file. */
export interface RowSource {
  readonly size: number;
  readonly layout: RowLayout;
  finish(): Generator<void, Table>;
}

/** Reads the bytes of a text in pieces. */
export interface TextReader {
  /** Ratings so far. */
  readonly size: number;
  push(piece: Uint8Array): Promise<void>;
  end(): Promise<RowSource>;
}
