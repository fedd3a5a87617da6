import type { TensorFile } from './safetensors.js';

/** The remainder of CRC-32 (ISO 3309, as in gzip and zlib) for each byte. */
const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let remainder = byte;
  for (let bit = 0; bit < 8; bit++) remainder = (remainder >>> 1) ^ (remainder & 1 ? 0xedb88320 : 0);
  return remainder;
});

/** Continues from `before`, the checksum of the bytes that precede these. */
export function crc32(bytes: Uint8Array, before = 0): number {
  let remainder = ~before;
  for (let position = 0; position < bytes.length; position++) {
    remainder = (remainder >>> 8) ^ table[(remainder ^ bytes[position]!) & 255]!;
  }
  return ~remainder >>> 0;
}

/** What the checksum of a file covers, in pieces of at most a megabyte but for texts. */
function* piecesOf({ tensors, metadata }: TensorFile): Generator<Uint8Array> {
  const encoder = new TextEncoder();
  const bytesOf = (...texts: string[]) => encoder.encode(`${texts.join('\0')}\0`);
  for (const name of Object.keys(metadata).sort()) if (name !== 'checksum') yield bytesOf(name, metadata[name]!);
  for (const name of [...tensors.keys()].sort()) {
    const { dtype, shape, data } = tensors.get(name)!;
    yield bytesOf(name, dtype, shape.join());
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    for (let begin = 0; begin < bytes.length; begin += 1e6) yield bytes.subarray(begin, begin + 1e6);
  }
}

const inWords = (sum: number): string => `crc32:${sum.toString(16).padStart(8, '0')}`;

/**
 * The checksum of what a file contains, in an order that does not depend on its layout: name and text of each metadata
 * field but `checksum`, then name, dtype, shape and bytes of each tensor, both sorted by name, a zero byte after each text.
 */
export function checksumOf(file: TensorFile): string {
  let sum = 0;
  for (const piece of piecesOf(file)) sum = crc32(piece, sum);
  return inWords(sum);
}

/** The same; yields every few milliseconds. */
export function* checksumSteps(file: TensorFile): Generator<void, string> {
  let sum = 0;
  for (const piece of piecesOf(file)) {
    sum = crc32(piece, sum);
    yield;
  }
  return inWords(sum);
}
