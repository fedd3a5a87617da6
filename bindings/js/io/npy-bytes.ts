import { MatfacError } from '../base/errors.js';
import type { Reading } from './reading.js';
import type { RowSource, TextReader } from './row-source.js';

/** Reads a dense array of NumPy, as a whole. */
export class NpyBytes implements TextReader {
  readonly #pieces: Uint8Array[] = [];

  readonly size = 0;

  constructor(readonly reading: Reading) {
    const { format = 'auto' } = reading.options;
    if (format !== 'auto' && format !== 'npy')
      throw new MatfacError('parse-error', `The file must be ${format}; it is an array of NumPy`);
  }

  async push(piece: Uint8Array): Promise<void> {
    this.#pieces.push(piece);
  }

  async end(): Promise<RowSource> {
    const { readArray } = await import('./packages.js');
    const blob = new Blob(this.#pieces as Uint8Array<ArrayBuffer>[]);
    return readArray(new Uint8Array(await blob.arrayBuffer()), this.reading, 'npy');
  }
}
