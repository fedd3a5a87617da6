import { MatfacError } from './errors.js';

/** The format of https://github.com/huggingface/safetensors: a length, a JSON header, and the tensors end to end. */

export interface Tensor {
  dtype: string;
  shape: number[];
  data: TensorData;
}

/** The numbers of F32, I32, I8 and U16, the bits of F16, and the bytes of every other type. */
export type TensorData = Float32Array | Int32Array | Int8Array | Uint16Array | Uint8Array;

export interface TensorFile {
  tensors: Map<string, Tensor>;
  metadata: { [name: string]: string };
}

interface Entry {
  dtype: string;
  shape: number[];
  data_offsets: [number, number];
}

/** The limit of other readers, in bytes. */
const LONGEST_HEADER = 100_000_000;
const MOST_TENSORS = 1 << 16;
const MOST_DIMENSIONS = 32;

const SIZES: { [dtype: string]: number } = {
  BOOL: 1,
  U8: 1,
  I8: 1,
  F8_E4M3: 1,
  F8_E5M2: 1,
  I16: 2,
  U16: 2,
  F16: 2,
  BF16: 2,
  I32: 4,
  U32: 4,
  F32: 4,
  I64: 8,
  U64: 8,
  F64: 8,
};

export function encodeTensors({ tensors, metadata }: TensorFile): Uint8Array<ArrayBuffer> {
  const header: { [name: string]: unknown } = { __metadata__: metadata };
  let end = 0;
  for (const [name, { dtype, shape, data }] of tensors) {
    header[name] = { dtype, shape, data_offsets: [end, end + data.byteLength] } satisfies Entry;
    end += data.byteLength;
  }
  const json = new TextEncoder().encode(JSON.stringify(header));
  const length = Math.ceil(json.length / 8) * 8;
  if (length > LONGEST_HEADER) {
    const size = `${Math.round(length / 1e6)} MB`;
    const message = `The header with the ids must be at most 100 MB; it is ${size}: save with users: false`;
    throw new MatfacError('unsupported', message);
  }
  const bytes = new Uint8Array(8 + length + end).fill(0x20, 8, 8 + length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(length), true);
  bytes.set(json, 8);
  let position = 8 + length;
  for (const { data } of tensors.values()) {
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), position);
    position += data.byteLength;
  }
  return bytes;
}

/** @throws MatfacError `corrupt-model`. */
export function decodeTensors(file: Uint8Array): TensorFile {
  // In Node, Buffer.slice does not copy.
  const bytes = new Uint8Array(file.buffer, file.byteOffset, file.byteLength);
  const { header, start } = readHeader(bytes);
  const { __metadata__: metadata = {}, ...entries } = header;
  if (!isRecord(metadata) || Object.values(metadata).some((value) => typeof value !== 'string')) {
    throw corrupt('__metadata__ is not an object of strings');
  }
  const data = bytes.subarray(start);
  const count = Object.keys(entries).length;
  if (count > MOST_TENSORS) throw corrupt(`it has ${count} tensors, and at most ${MOST_TENSORS} are read`);
  const ordered = Object.entries(entries).map(([name, entry]) => ({ name, ...checkEntry(name, entry, bytes.length) }));
  ordered.sort((a, b) => a.data_offsets[0] - b.data_offsets[0] || a.data_offsets[1] - b.data_offsets[1]);
  const tensors = new Map<string, Tensor>();
  let end = 0;
  for (const { name, dtype, shape, data_offsets } of ordered) {
    if (data_offsets[0] !== end) throw corrupt(`tensor ${brief(name)} begins at ${data_offsets[0]}, not at ${end}`);
    end = data_offsets[1];
    if (end > data.length) throw corrupt(`tensor ${brief(name)} ends at ${end} of ${data.length} bytes`);
    tensors.set(name, { dtype, shape, data: dataOf(dtype, data.slice(...data_offsets).buffer) });
  }
  if (end !== data.length) throw corrupt(`the tensors take ${end} of ${data.length} bytes`);
  return { tensors, metadata: metadata as TensorFile['metadata'] };
}

function dataOf(dtype: string, buffer: ArrayBuffer): TensorData {
  if (dtype === 'F32') return new Float32Array(buffer);
  if (dtype === 'I32') return new Int32Array(buffer);
  if (dtype === 'I8') return new Int8Array(buffer);
  return dtype === 'F16' || dtype === 'U16' ? new Uint16Array(buffer) : new Uint8Array(buffer);
}

function readHeader(bytes: Uint8Array): { header: { [name: string]: unknown }; start: number } {
  if (bytes.length < 8) throw corrupt(`its ${bytes.length} bytes are too few for a header`);
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset, 8).getBigUint64(0, true));
  if (length > LONGEST_HEADER) throw corrupt('it does not begin like a safetensors file');
  if (8 + length > bytes.length) {
    throw corrupt(`the header claims ${length} bytes, and the file has ${bytes.length}`);
  }
  let header: unknown;
  try {
    header = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(8, 8 + length)));
  } catch (cause) {
    throw corrupt('the header is not JSON', cause);
  }
  if (!isRecord(header)) throw corrupt('the header is not an object');
  return { header, start: 8 + length };
}

function checkEntry(name: string, entry: unknown, fileSize: number): Entry {
  if (!isRecord(entry)) throw corrupt(`tensor ${brief(name)} has no description`);
  const { dtype, shape, data_offsets: offsets } = entry;
  const shown = brief(name);
  const size = typeof dtype === 'string' && Object.hasOwn(SIZES, dtype) ? SIZES[dtype]! : 0;
  if (size === 0) throw corrupt(`tensor ${shown} is of an unknown type, ${brief(JSON.stringify(dtype))}`);
  if (!isCounts(shape)) throw corrupt(`tensor ${shown} has the shape ${brief(shape)}`);
  if (!isCounts(offsets) || offsets.length !== 2)
    throw corrupt(`tensor ${shown} has the data_offsets ${brief(offsets)}`);
  // A tensor without numbers takes no bytes, and its other sizes are still those of lists that callers make.
  if (shape.some((count) => count > fileSize))
    throw corrupt(`tensor ${shown} has the shape ${brief(shape)}, and the file has ${fileSize} bytes`);
  const [begin, end] = offsets as [number, number];
  const expected = size * shape.reduce((product, count) => product * count, 1);
  if (end - begin !== expected)
    throw corrupt(`tensor ${shown} has ${end - begin} bytes and its shape needs ${expected}`);
  return { dtype: dtype as string, shape, data_offsets: [begin, end] };
}

/** A name or a value of the header, cut short. */
function brief(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? 'undefined');
  return text.length > 80 ? `${text.slice(0, 77)}…` : text;
}

function isCounts(value: unknown): value is number[] {
  return (
    Array.isArray(value) &&
    value.length <= MOST_DIMENSIONS &&
    value.every((count) => Number.isSafeInteger(count) && count >= 0)
  );
}

export function isRecord(value: unknown): value is { [name: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function corrupt(reason: string, cause?: unknown): MatfacError {
  return new MatfacError('corrupt-model', `This is not a complete matfac model: ${reason}`, { cause });
}
