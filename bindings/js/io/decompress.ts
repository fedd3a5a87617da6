import { MatfacError } from '../errors.js';
import { piecesOf } from './source.js';

export type Compression = 'gzip' | 'none';

export interface Decompressed {
  compression: Compression;
  bytes: AsyncGenerator<Uint8Array>;
}

/** Opens gzip, known by its first bytes and not by a name. Formats that are no text say so. */
export async function decompress(pieces: AsyncGenerator<Uint8Array>): Promise<Decompressed> {
  const { head, rest } = await peek(pieces, 4);
  const starts = (...bytes: number[]) => bytes.every((byte, place) => head[place] === byte);
  if (starts(0x1f, 0x8b)) return { compression: 'gzip', bytes: gunzip(rest) };
  const other = starts(0x50, 0x4b, 0x03, 0x04)
    ? 'a zip archive'
    : starts(0x50, 0x41, 0x52, 0x31)
      ? 'a Parquet file'
      : '';
  if (other) {
    await rest.return(undefined);
    throw new MatfacError('unsupported', `This is ${other}, which is not read yet; give the text file, or gzip it`);
  }
  return { compression: 'none', bytes: rest };
}

/** The first `count` bytes (fewer when there are no more), and everything from the first byte on. */
async function peek(pieces: AsyncGenerator<Uint8Array>, count: number) {
  const seen: Uint8Array[] = [];
  const head: number[] = [];
  while (head.length < count) {
    const { done, value } = await pieces.next();
    if (done) break;
    seen.push(value);
    head.push(...value.subarray(0, count - head.length));
  }
  return { head, rest: chain(seen, pieces) };
}

async function* chain(seen: Uint8Array[], pieces: AsyncGenerator<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* seen;
    yield* pieces;
  } finally {
    await pieces.return(undefined);
  }
}

async function* gunzip(pieces: AsyncGenerator<Uint8Array>): AsyncGenerator<Uint8Array> {
  let failure: unknown;
  const source = new ReadableStream<BufferSource>({
    async pull(controller) {
      try {
        const { done, value } = await pieces.next();
        if (done) controller.close();
        else controller.enqueue(value as Uint8Array<ArrayBuffer>);
      } catch (error) {
        failure = error;
        controller.error(error);
      }
    },
    async cancel() {
      await pieces.return(undefined);
    },
  });
  try {
    yield* piecesOf(source.pipeThrough(new DecompressionStream('gzip')));
  } catch (cause) {
    if (failure) throw failure;
    const reason = cause instanceof Error && cause.message ? ` (${cause.message})` : '';
    throw new MatfacError('parse-error', `The gzip data is damaged or cut off${reason}`, { cause });
  } finally {
    await pieces.return(undefined);
  }
}
