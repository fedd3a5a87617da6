import { MatfacError } from '../../base/errors.js';

/** An array of numbers, row-major. */
export interface NpyArray {
  shape: number[];
  data: Float64Array;
}

type Getter = (view: DataView, offset: number, little: boolean) => number;

const TYPES: { [type: string]: [size: number, get: Getter] } = {
  f4: [4, (view, offset, little) => view.getFloat32(offset, little)],
  f8: [8, (view, offset, little) => view.getFloat64(offset, little)],
  i4: [4, (view, offset, little) => view.getInt32(offset, little)],
  i8: [8, (view, offset, little) => Number(view.getBigInt64(offset, little))],
};

/**
 * Reads NumPy's format (numpy.lib.format): magic, version, the length of a header, the header as a Python dictionary with
 * `descr`, `fortran_order` and `shape`, and the numbers. @throws MatfacError `parse-error`.
 */
export function readNpy(bytes: Uint8Array, name: string): NpyArray {
  const broken = (reason: string) => new MatfacError('parse-error', `${name}.npy: ${reason}`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const magic = bytes.length >= 12 ? String.fromCharCode(...bytes.subarray(1, 6)) : '';
  if (magic !== 'NUMPY' || bytes[0] !== 0x93) throw broken('it must be an array of NumPy');
  const isShort = bytes[6] === 1;
  const start = (isShort ? 10 : 12) + (isShort ? view.getUint16(8, true) : view.getUint32(8, true));
  if (start > bytes.length) throw broken('it is cut off');
  const header = new TextDecoder().decode(bytes.subarray(isShort ? 10 : 12, start));
  const [, order, type] = /'descr': '([<>|])(\w+)'/.exec(header) ?? [];
  const isColumnMajor = /'fortran_order': True/.test(header);
  const sizes = /'shape': \(([\d, ]*)\)/.exec(header)?.[1];
  const reader = type && Object.hasOwn(TYPES, type) ? TYPES[type] : undefined;
  if (!reader || sizes === undefined)
    throw broken(`it must be of float32, float64, int32 or int64; its header is ${header.trim()}`);
  const shape = sizes.split(',').flatMap((part) => (part.trim() ? [Number(part)] : []));
  const count = shape.reduce((product, size) => product * size, 1);
  const [size, get] = reader;
  if (bytes.length - start !== count * size)
    throw broken(`it must have ${count * size} bytes for ${count} numbers; it has ${bytes.length - start}`);
  const data = new Float64Array(count);
  const [rows = 1, columns = 1] = shape;
  for (let index = 0; index < count; index++) {
    const from = isColumnMajor && shape.length === 2 ? (index % columns) * rows + Math.floor(index / columns) : index;
    data[index] = get(view, start + from * size, order === '<');
  }
  return { shape, data };
}
