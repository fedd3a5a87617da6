import { Unzip, type UnzipDecoder, type UnzipFile, UnzipInflate } from 'fflate';
import { MatfacError } from '../errors.js';
import { cut } from './source.js';

const STORED = 0;
const DEFLATED = 8;

/** Takes the packed bytes of a file that nobody wants; left alone, Unzip would keep them. */
class Passed implements UnzipDecoder {
  static readonly compression = DEFLATED;
  ondata = () => {};
  push() {}
}

/** The paths of the files in a zip archive, in their order; folders are left out. Nothing is unpacked. */
export async function zipPaths(pieces: AsyncIterable<Uint8Array>): Promise<string[]> {
  const paths: string[] = [];
  const unzip = new Unzip((file) => {
    if (!file.name.endsWith('/')) paths.push(file.name);
    pass(file);
  });
  unzip.register(Passed);
  for await (const piece of pieces) push(unzip, piece, false);
  push(unzip, new Uint8Array(), true);
  return paths;
}

/**
 * One file of a zip archive, unpacked as the archive is read; what comes after it is not read.
 * @throws MatfacError `parse-error` when the archive is damaged, cut off or encrypted.
 */
export async function* unzipped(pieces: AsyncIterable<Uint8Array>, path: string): AsyncGenerator<Uint8Array> {
  const ready: Uint8Array[] = [];
  let failure: unknown;
  let isDone = false;
  let left: number | undefined;
  const unzip = new Unzip((file) => {
    if (file.name !== path) return pass(file);
    if (file.compression !== STORED && file.compression !== DEFLATED) throw unknownMethod();
    left = file.originalSize;
    file.ondata = (error, data, isLast) => {
      failure ??= error;
      if (data?.length > 0) ready.push(data);
      isDone ||= isLast;
    };
    file.start();
  });
  class Inflate extends UnzipInflate {
    constructor(readonly name: string) {
      super();
    }
    override push(packed: Uint8Array, isLast: boolean): void {
      if (this.name === path) super.push(packed, isLast);
    }
  }
  unzip.register(Inflate);
  for await (const piece of pieces) {
    push(unzip, piece, false);
    if (failure) throw damaged(failure);
    for (const data of ready.splice(0)) {
      if (left !== undefined) left -= data.length;
      yield* cut(data);
    }
    if (isDone) break;
  }
  // Without a size in front of it, a file is as long as its data say.
  if (!isDone || (left ?? 0) !== 0) throw damaged();
}

function pass(file: UnzipFile): void {
  if (file.compression !== STORED && file.compression !== DEFLATED) return;
  file.ondata = () => {};
  file.start();
}

function push(unzip: Unzip, piece: Uint8Array, isLast: boolean): void {
  try {
    unzip.push(piece, isLast);
  } catch (failure) {
    throw failure instanceof MatfacError ? failure : damaged(failure);
  }
}

function unknownMethod(): MatfacError {
  const message = 'The zip archive is compressed in a way that is not read; make it anew with the usual one (deflate)';
  return new MatfacError('unsupported', message);
}

function damaged(cause?: unknown): MatfacError {
  const reason = cause instanceof Error ? ` (${cause.message})` : '';
  return new MatfacError('parse-error', `The zip archive is damaged, cut off or encrypted${reason}`, { cause });
}
