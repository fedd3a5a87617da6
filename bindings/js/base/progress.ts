import { checkRows, rowsLimit, tooSlow } from './allowance.js';
import type { ReadLimits } from './limits.js';
import { Turn } from './pause.js';
import { throwIfAborted } from './signal.js';
import { Told } from './told.js';

/** The progress of reading a file. */
export interface ReadProgress {
  /** Bytes read so far, of the file as it is stored, compressed or not. */
  bytes: number;
  /** Undefined when the size of the source is unknown. */
  totalBytes?: number;
  rows: number;
}

const PROGRESS_MILLISECONDS = 100;

/** Reports the progress of a reading, gives other tasks their turn and stops on the signal. */
export class Progress {
  bytes = 0;
  readonly turn = new Turn();
  readonly #began = performance.now();
  #reported = this.#began;
  readonly #told: Told<ReadProgress>;

  constructor(
    readonly totalBytes: number | undefined,
    onProgress: ((progress: ReadProgress) => void) | undefined,
    readonly signal: AbortSignal | undefined,
    readonly limits?: ReadLimits,
  ) {
    this.#told = new Told(onProgress);
  }

  /** Between two pieces. @throws MatfacError `aborted`, and `out-of-memory` beyond the limits. */
  async step(rows: number): Promise<void> {
    this.#check(rows);
    if (performance.now() - this.#reported > PROGRESS_MILLISECONDS) this.#report(rows);
    await this.turn.rest();
    this.#told.check();
    throwIfAborted('Reading', this.signal);
  }

  /** Reports the end. Parts of an archive or a Parquet file that are not needed count as read. */
  end(rows: number): void {
    this.#check(rows);
    this.bytes = this.totalBytes ?? this.bytes;
    this.#report(rows);
  }

  /** Waits for calls of an async `onProgress`, and throws what one rejects with. */
  settled(): Promise<void> {
    return this.#told.end(this.signal);
  }

  #check(rows: number): void {
    checkRows(rows, rowsLimit(this.limits));
    const { seconds = Number.POSITIVE_INFINITY } = this.limits ?? {};
    if (performance.now() - this.#began > 1000 * seconds) throw tooSlow(seconds);
  }

  #report(rows: number): void {
    const { bytes, totalBytes } = this;
    this.#told.call(totalBytes === undefined ? { bytes, rows } : { bytes, totalBytes, rows });
    this.#reported = performance.now();
  }
}
