/** Decompresses pages of Parquet. What a page claims is checked before a decompressor, which trusts it, gets the page. */

import type { CompressionCodec } from 'hyparquet';
import { compressors, decompressZstd } from 'hyparquet-compressors';

/** The contents of a page. @throws Error for damaged data, and for a page whose contents do not have `size` bytes. */
export function decompressed(codec: CompressionCodec, input: Uint8Array, size: number): Uint8Array {
  const page = codec === 'UNCOMPRESSED' ? input : size === 0 ? new Uint8Array() : decompress(codec, input, size);
  if (page.length !== size) throw new Error(`a page has ${page.length} bytes, and its header says ${size}`);
  return page;
}

function decompress(codec: CompressionCodec, input: Uint8Array, size: number): Uint8Array {
  if (codec === 'SNAPPY') checkSnappy(input, size);
  if (codec === 'ZSTD') return zstd(input, size);
  const call = compressors[codec === 'LZ4' && !isHadoop(input, size) ? 'LZ4_RAW' : codec];
  if (!call) throw new Error(`the compression ${codec} is not supported`);
  return call(input, size);
}

/** Snappy begins with the length of its contents. */
function checkSnappy(input: Uint8Array, size: number): void {
  let length = 0;
  for (let place = 0; place < 5; place++) {
    const byte = input[place] ?? 255;
    length += (byte & 127) * 2 ** (7 * place);
    if (byte >= 128) continue;
    if (length === size) return;
    break;
  }
  throw new Error(`a page says that it has other than ${size} bytes`);
}

/** Whether LZ4 is in the frames of Hadoop: the lengths of contents and data, big-endian, before each block. */
function isHadoop(input: Uint8Array, size: number): boolean {
  const view = new DataView(input.buffer, input.byteOffset, input.byteLength);
  let [at, total] = [0, 0];
  while (at + 8 <= input.length) {
    total += view.getUint32(at);
    const packed = view.getUint32(at + 4);
    at += 8 + packed;
    if (packed === 0 || total > size || at > input.length) return false;
  }
  return at === input.length && total === size;
}

const ZSTD_MAGIC = 0xfd2fb528;
const LARGEST_BLOCK = 1 << 17;

/** Zstandard (RFC 8878), frame by frame, each into its own part of the page. */
function zstd(input: Uint8Array, size: number): Uint8Array {
  const page = new Uint8Array(size);
  let [at, made] = [0, 0];
  while (at < input.length) {
    const { end, length } = zstdFrame(input, at);
    const left = size - made;
    const own = length ?? left;
    // A frame of unknown length is the last one.
    if (own > left || (length === undefined && end < input.length)) throw new Error('a page is longer than it says');
    if (own > 0) decompressZstd(input.subarray(at, end), page.subarray(made, made + own));
    made += own;
    at = end;
  }
  return made === size ? page : page.subarray(0, made);
}

/** Where a frame ends, and the length of its contents, if it says that; skippable frames have none. */
function zstdFrame(input: Uint8Array, start: number): { end: number; length: number | undefined } {
  const view = new DataView(input.buffer, input.byteOffset, input.byteLength);
  const magic = view.getUint32(start, true);
  if (magic >>> 4 === 0x184d2a5) return { end: start + 8 + view.getUint32(start + 4, true), length: 0 };
  if (magic !== ZSTD_MAGIC) throw new Error('a page is not Zstandard');
  const flags = view.getUint8(start + 4);
  const isSingle = (flags >> 5) & 1;
  const lengthBytes = flags >> 6 ? 1 << (flags >> 6) : isSingle;
  let at = start + 6 - isSingle + [0, 1, 2, 4][flags & 3]!;
  let length: number | undefined;
  if (lengthBytes === 1) length = view.getUint8(at);
  if (lengthBytes === 2) length = view.getUint16(at, true) + 256;
  if (lengthBytes === 4) length = view.getUint32(at, true);
  if (lengthBytes === 8) length = Number(view.getBigUint64(at, true));
  at += lengthBytes;
  for (let isLast = false; !isLast; ) {
    const head = view.getUint16(at, true) | (view.getUint8(at + 2) << 16);
    isLast = (head & 1) === 1;
    const block = head >> 3;
    if (block > LARGEST_BLOCK) throw new Error('a block of Zstandard is too long');
    at += 3 + ((head >> 1) & 3 ? (((head >> 1) & 3) === 1 ? 1 : block) : block);
  }
  const end = at + (flags & 4 ? 4 : 0);
  if (end > input.length) throw new Error('a frame of Zstandard is cut off');
  return { end, length };
}
