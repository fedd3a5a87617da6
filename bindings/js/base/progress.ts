import { Turn } from './pause.js';
import { throwIfAborted } from './source.js';

/** How far the reading of a file has come. */
export interface ReadProgress {
  /** Read so far, of the file as it is (compressed, if it is). */
  bytes: number;
  /** Undefined when the source does not say. */
  totalBytes?: number;
  rows: number;
}

const PROGRESS_MILLISECONDS = 100;

/** Tells how far a reading has come, gives other tasks their turn and heeds the signal. */
export class Progress {
  bytes = 0;
  readonly turn = new Turn();
  #told = performance.now();

  constructor(
    readonly totalBytes: number | undefined,
    readonly onProgress: ((progress: ReadProgress) => void) | undefined,
    readonly signal: AbortSignal | undefined,
  ) {}

  /** Between two pieces. @throws MatfacError `aborted`. */
  async step(rows: number): Promise<void> {
    if (performance.now() - this.#told > PROGRESS_MILLISECONDS) this.#tell(rows);
    await this.turn.rest();
    throwIfAborted(this.signal);
  }

  /** All is read; parts of an archive or of Parquet may have been left out. */
  end(rows: number): void {
    this.bytes = this.totalBytes ?? this.bytes;
    this.#tell(rows);
  }

  #tell(rows: number): void {
    const { bytes, totalBytes } = this;
    this.onProgress?.(totalBytes === undefined ? { bytes, rows } : { bytes, totalBytes, rows });
    this.#told = performance.now();
  }
}
