import { atOnce } from './pause.js';
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

/** Bytes from one yield to the next. */
const SLICE = 1 << 20;

/**
 * The checksum of what a file contains, in an order that does not depend on its layout: name and text of each metadata
 * field but `checksum`, then name, dtype, shape and bytes of each tensor, both sorted by name, a zero byte after each text.
 * Yields every few milliseconds.
 */
export function* checksumSteps({ tensors, metadata }: TensorFile): Generator<void, string> {
  const encoder = new TextEncoder();
  let sum = 0;
  const add = (...texts: string[]) => {
    for (const text of texts) sum = crc32(encoder.encode(`${text}\0`), sum);
  };
  for (const name of Object.keys(metadata).sort()) if (name !== 'checksum') add(name, metadata[name]!);
  for (const name of [...tensors.keys()].sort()) {
    const { dtype, shape, data } = tensors.get(name)!;
    add(name, dtype, shape.join());
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    for (let begin = 0; begin < bytes.length; begin += SLICE) {
      sum = crc32(bytes.subarray(begin, begin + SLICE), sum);
      yield;
    }
  }
  return `crc32:${sum.toString(16).padStart(8, '0')}`;
}

/** The same at once. */
export const checksumOf = (file: TensorFile): string => atOnce(checksumSteps(file));
