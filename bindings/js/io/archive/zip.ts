import { Inflate } from 'fflate';
import { crc32 } from '../../base/checksum.js';
import { MatfacError } from '../../base/errors.js';
import { show } from '../../base/show.js';
import { cut } from '../../base/source.js';
import { type ZipEntry, zipEntries } from './zip-directory.js';

const STORED = 0;
const DEFLATED = 8;
const ENCRYPTED = 1;
const LOCAL_HEADER = 30;

/** The files in a zip archive, in the order of its directory, without folders. @throws MatfacError `parse-error`. */
export async function filesIn(archive: Blob): Promise<ZipEntry[]> {
  return (await zipEntries(archive)).filter(({ path }) => !path.endsWith('/'));
}

/** The compressed bytes of a file. @throws MatfacError `unsupported` for encryption or another method; `parse-error`. */
export async function packedIn(archive: Blob, entry: ZipEntry): Promise<Blob> {
  const { path, method, flags, offset, packedSize } = entry;
  if (flags & ENCRYPTED)
    throw new MatfacError('unsupported', `${show(path)} in the zip archive must not be encrypted; unpack it`);
  if (method !== STORED && method !== DEFLATED) {
    const needed = 'must be stored or compressed by deflate';
    throw new MatfacError('unsupported', `${show(path)} in the zip archive ${needed}; it is of method ${method}`);
  }
  const header = new DataView(await archive.slice(offset, offset + LOCAL_HEADER).arrayBuffer());
  if (header.byteLength < LOCAL_HEADER || header.getUint32(0, true) !== 0x04034b50) throw damaged(path, 'is missing');
  const start = offset + LOCAL_HEADER + header.getUint16(26, true) + header.getUint16(28, true);
  if (start + packedSize > archive.size) throw damaged(path, 'is cut off');
  return archive.slice(start, start + packedSize);
}

/** Decompresses a file as a stream. @throws MatfacError `parse-error` when size or checksum do not match the directory. */
export async function* unpacked(packed: AsyncIterable<Uint8Array>, entry: ZipEntry): AsyncGenerator<Uint8Array> {
  let [size, sum] = [0, 0];
  for await (const piece of entry.method === STORED ? packed : inflated(packed, entry.path)) {
    size += piece.length;
    sum = crc32(piece, sum);
    if (piece.length > 0) yield piece;
  }
  if (size !== entry.size) throw damaged(entry.path, `must have ${entry.size} bytes; it has ${size}`);
  if (sum !== entry.crc) throw damaged(entry.path, 'does not match its checksum');
}

async function* inflated(packed: AsyncIterable<Uint8Array>, path: string): AsyncGenerator<Uint8Array> {
  const ready: Uint8Array[] = [];
  const inflate = new Inflate((data) => ready.push(data));
  const push = (piece: Uint8Array, isLast: boolean) => {
    try {
      inflate.push(piece, isLast);
    } catch (cause) {
      throw damaged(path, `cannot be decompressed (${(cause as Error).message})`, cause);
    }
    return ready.splice(0).flatMap((data) => [...cut(data)]);
  };
  for await (const piece of packed) yield* push(piece, false);
  yield* push(new Uint8Array(), true);
}

function damaged(path: string, what: string, cause?: unknown): MatfacError {
  return new MatfacError('parse-error', `The zip archive is damaged: ${show(path)} in it ${what}`, { cause });
}
