/** Holds what is read of a file against its limits. */

import { checkNames, mustBe } from './checks.js';
import { MatfacError } from './errors.js';
import { beyond, type ReadLimits } from './limits.js';

const DEFAULT_RATIO = 100;
const DEFAULT_BYTES = 1 << 28;
const DEFAULT_ROWS = 2 ** 27;
const DEFAULT_IDS = 2 ** 24;
const DEFAULT_TITLES = 2 ** 22;
const NAMES = ['bytes', 'rows', 'ids', 'seconds'] as const;

/** @throws MatfacError `invalid-argument`. */
export function checkLimits(limits: unknown, names: readonly string[] = NAMES): void {
  if (limits === undefined) return;
  checkNames('limits', limits, names);
  for (const [name, value] of Object.entries(limits as ReadLimits)) {
    const isTime = name === 'seconds';
    const fits = typeof value === 'number' && (isTime ? value > 0 : value >= 1 && Number.isInteger(value));
    const allowed = isTime ? 'a number above 0' : 'a whole number of at least 1';
    if (value !== undefined && !fits) throw mustBe(`limits.${name}`, allowed, value);
  }
}

export const rowsLimit = (limits: ReadLimits | undefined): number => limits?.rows ?? DEFAULT_ROWS;
/** Titles are kept with their texts, which take more memory than ratings. */
export const titlesLimit = (limits: ReadLimits | undefined): number => limits?.rows ?? DEFAULT_TITLES;
export const idsLimit = (limits: ReadLimits | undefined): number => limits?.ids ?? DEFAULT_IDS;

/** @throws MatfacError `out-of-memory` for a file with more rows than `most`. */
export function checkRows(rows: number, most: number): void {
  if (rows > most) throw beyond('rows', `at most ${most} rows`);
}

/** The error for a file that takes longer than `seconds`. */
export function tooSlow(seconds: number): MatfacError {
  return new MatfacError(
    'aborted',
    `The file must be read in ${seconds} s, which is limits.seconds; it takes more: raise limits.seconds`,
  );
}

/** Counts the bytes that a file becomes against `limits.bytes`. */
export class Allowance {
  /** Bytes of the file as it is stored, as far as it was read. */
  stored: number;
  readonly #most: number | undefined;
  #taken = 0;

  constructor(
    readonly limits: Pick<ReadLimits, 'bytes'> | undefined,
    stored = 0,
  ) {
    this.#most = limits?.bytes;
    this.stored = stored;
  }

  /** Counts bytes on top of those before. @throws MatfacError `out-of-memory` beyond the limit. */
  take(bytes: number): void {
    this.#taken += bytes;
    this.hold(this.#taken);
  }

  /** Checks bytes that are in memory at one time. @throws MatfacError `out-of-memory` beyond the limit. */
  hold(bytes: number): void {
    const most = this.#most ?? Math.max(DEFAULT_BYTES, DEFAULT_RATIO * this.stored);
    if (bytes > most) throw beyond('bytes', `at most ${most} bytes after decompression`);
  }

  /** The same pieces, counted. */
  async *pieces(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const piece of pieces) {
      this.take(piece.length);
      yield piece;
    }
  }
}
