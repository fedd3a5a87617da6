import { MatfacError } from '../../base/errors.js';
import { fromFloat16 } from '../../base/float16.js';
import { show } from '../../base/show.js';

/** An array of numbers, row-major. */
export interface NpyArray {
  shape: number[];
  data: Float64Array;
}

/** The numbers of an array in its bytes. */
export interface NpyView {
  shape: number[];
  length: number;
  /** NumPy's name of the type, such as f4. */
  type: string;
  /** A number, in row-major order. */
  at(index: number): number;
}

const MOST_DIMENSIONS = 32;

type Getter = (view: DataView, offset: number, little: boolean) => number;

const TYPES: { [type: string]: [size: number, get: Getter] } = {
  b1: [1, (view, offset) => view.getUint8(offset)],
  i1: [1, (view, offset) => view.getInt8(offset)],
  u1: [1, (view, offset) => view.getUint8(offset)],
  i2: [2, (view, offset, little) => view.getInt16(offset, little)],
  u2: [2, (view, offset, little) => view.getUint16(offset, little)],
  f2: [2, (view, offset, little) => fromFloat16(Uint16Array.of(view.getUint16(offset, little)))[0]!],
  i4: [4, (view, offset, little) => view.getInt32(offset, little)],
  u4: [4, (view, offset, little) => view.getUint32(offset, little)],
  f4: [4, (view, offset, little) => view.getFloat32(offset, little)],
  i8: [8, (view, offset, little) => Number(view.getBigInt64(offset, little))],
  u8: [8, (view, offset, little) => Number(view.getBigUint64(offset, little))],
  f8: [8, (view, offset, little) => view.getFloat64(offset, little)],
};

/** The magic of NumPy's format. */
export function beginsAsNpy(head: Uint8Array): boolean {
  return head[0] === 0x93 && String.fromCharCode(...head.subarray(1, 6)) === 'NUMPY';
}

interface Header {
  order: string;
  type: string;
  isColumnMajor: boolean;
  shape: number[];
  /** Where the values begin. */
  start: number;
}

/** Reads an array as a whole. @throws MatfacError `parse-error`. */
export function readNpy(bytes: Uint8Array, name: string): NpyArray {
  const { shape, length, at } = npyView(bytes, name);
  const data = new Float64Array(length);
  for (let index = 0; index < length; index++) data[index] = at(index);
  return { shape, data };
}

/** An array of numbers. @throws MatfacError `parse-error` unless the bytes are as many as the header claims. */
export function npyView(bytes: Uint8Array, name: string): NpyView {
  const { order, type, isColumnMajor, shape, start } = headerOf(bytes, name);
  const reader = Object.hasOwn(TYPES, type) ? TYPES[type] : undefined;
  if (!reader) throw broken(name, `it must be of float32, float64, int32 or another type of numbers; it is ${type}`);
  const length = shape.reduce((product, size) => product * size, 1);
  const [size, get] = reader;
  if (bytes.length - start !== length * size) {
    const needed = `it must have ${length * size} bytes for ${length} numbers`;
    throw broken(name, `${needed}; it has ${bytes.length - start}`);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const isLittle = order !== '>';
  const [rows = 1, columns = 1] = shape;
  const isTurned = isColumnMajor && shape.length === 2;
  const at = (index: number) => {
    const from = isTurned ? (index % columns) * rows + Math.floor(index / columns) : index;
    return get(view, start + from * size, isLittle);
  };
  return { shape, length, type, at };
}

/** The text in an array of one text, of bytes or of four bytes per character. */
export function npyText(bytes: Uint8Array, name: string): string {
  const { type, start } = headerOf(bytes, name);
  if (!/^[SU]\d+$/.test(type)) throw broken(name, `it must be a text; it is of type ${type}`);
  const codes = bytes.subarray(start, start + 64).filter((code) => code !== 0);
  return String.fromCharCode(...codes);
}

/**
 * Reads the header of NumPy's format (numpy.lib.format): magic, version, the length of a header, and the header as a Python
 * dictionary with `descr`, `fortran_order` and `shape`.
 */
function headerOf(bytes: Uint8Array, name: string): Header {
  if (bytes.length < 12 || !beginsAsNpy(bytes)) throw broken(name, 'it must be an array of NumPy');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const isShort = bytes[6] === 1;
  const start = (isShort ? 10 : 12) + (isShort ? view.getUint16(8, true) : view.getUint32(8, true));
  if (start > bytes.length) throw broken(name, 'it is cut off');
  const header = new TextDecoder().decode(bytes.subarray(isShort ? 10 : 12, Math.min(start, 1 << 16)));
  const [, order = '', type = ''] = /'descr': '([<>|=])(\w+)'/.exec(header) ?? [];
  const sizes = /'shape': \(([\d, ]*)\)/.exec(header)?.[1];
  if (type === '' || sizes === undefined)
    throw broken(name, `it must be of float32, float64, int32 or int64; its header is ${show(header.trim())}`);
  const shape = sizes.split(',').flatMap((part) => (part.trim() ? [Number(part)] : []));
  if (shape.length > MOST_DIMENSIONS || shape.some((size) => !(size <= bytes.length)))
    throw broken(name, `its shape (${sizes.slice(0, 60)}) does not fit its ${bytes.length} bytes`);
  return { order, type, isColumnMajor: /'fortran_order': True/.test(header), shape, start };
}

function broken(name: string, reason: string): MatfacError {
  return new MatfacError('parse-error', `${show(`${name}.npy`)}: ${reason}`);
}
