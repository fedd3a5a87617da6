/** Thrift's compact protocol, in which Parquet describes itself. Every length is held against the bytes that are there. */

/** A field of a struct. */
export type Value = boolean | number | bigint | Uint8Array | Value[] | Struct;

/** The fields of a struct by their number. */
export type Struct = Map<number, Value>;

/** Parquet nests its structs less than ten deep. */
const DEEPEST = 24;

const TYPE = {
  stop: 0,
  true: 1,
  false: 2,
  byte: 3,
  short: 4,
  int: 5,
  long: 6,
  double: 7,
  binary: 8,
  list: 9,
  struct: 12,
} as const;

/** Reads structs one after another. Its errors say what is wrong with the bytes. */
export class ThriftReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;

  constructor(
    bytes: Uint8Array,
    public offset = 0,
  ) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  struct(depth = 0): Struct {
    if (depth > DEEPEST) throw new Error(`a struct is nested more than ${DEEPEST} deep`);
    const fields: Struct = new Map();
    let id = 0;
    for (;;) {
      const head = this.#byte();
      const type = head & 15;
      if (type === TYPE.stop) return fields;
      id = head >> 4 ? id + (head >> 4) : zigzag(this.#varint(3));
      fields.set(id, this.#value(type, depth));
    }
  }

  #value(type: number, depth: number): Value {
    switch (type) {
      case TYPE.true:
        return true;
      case TYPE.false:
        return false;
      case TYPE.byte:
        return (this.#byte() << 24) >> 24;
      case TYPE.short:
      case TYPE.int:
        return zigzag(this.#varint(5));
      case TYPE.long:
        return this.#long();
      case TYPE.double:
        this.offset += 8;
        return this.#view.getFloat64(this.offset - 8, true);
      case TYPE.binary: {
        const length = this.#length();
        this.offset += length;
        return this.#bytes.subarray(this.offset - length, this.offset);
      }
      case TYPE.list:
        return this.#list(depth);
      case TYPE.struct:
        return this.struct(depth + 1);
      default:
        throw new Error(`a field is of the unknown type ${type}`);
    }
  }

  #list(depth: number): Value[] {
    const head = this.#byte();
    const type = head & 15;
    const isFlag = type === TYPE.true || type === TYPE.false;
    // Every element takes at least a byte.
    const length = head >> 4 === 15 ? this.#length() : head >> 4;
    const values: Value[] = [];
    while (values.length < length) values.push(isFlag ? this.#byte() === 1 : this.#value(type, depth + 1));
    return values;
  }

  #byte(): number {
    const byte = this.#bytes[this.offset++];
    if (byte === undefined) throw new Error('a struct is cut off');
    return byte;
  }

  /** A length that the rest of the bytes can hold. */
  #length(): number {
    const length = this.#varint(5);
    const left = this.#bytes.length - this.offset;
    if (length > left) throw new Error(`a field of ${length} bytes or elements does not fit in the ${left} left`);
    return length;
  }

  /** An unsigned number below 2³² in at most `most` bytes of 7 bits. */
  #varint(most: number): number {
    let result = 0;
    for (let place = 0; place < most; place++) {
      const byte = this.#byte();
      result += (byte & 127) * 2 ** (7 * place);
      if (byte < 128) {
        if (result < 2 ** 32) return result;
        break;
      }
    }
    throw new Error('a number is too long');
  }

  #long(): bigint {
    let result = 0n;
    for (let place = 0n; place < 70n; place += 7n) {
      const byte = this.#byte();
      result |= BigInt(byte & 127) << place;
      if (byte < 128) return (result >> 1n) ^ -(result & 1n);
    }
    throw new Error('a number is too long');
  }
}

/** 0, 1, 2, 3 … → 0, −1, 1, −2 … */
function zigzag(code: number): number {
  return (code >>> 1) ^ -(code & 1);
}

/** The bytes of a struct of whole numbers, flags and such structs. */
export function writeStruct(fields: readonly (readonly [id: number, value: number | boolean | Written])[]): Written {
  const bytes: number[] = [];
  let before = 0;
  for (const [id, value] of fields) {
    const type = typeof value === 'number' ? TYPE.int : typeof value === 'object' ? TYPE.struct : TYPE.false;
    bytes.push(((id - before) << 4) | (value === true ? TYPE.true : type));
    before = id;
    if (typeof value === 'object') bytes.push(...value);
    if (typeof value !== 'number') continue;
    let code = ((value << 1) ^ (value >> 31)) >>> 0;
    for (; code > 127; code >>>= 7) bytes.push((code & 127) | 128);
    bytes.push(code);
  }
  return [...bytes, TYPE.stop];
}

type Written = readonly number[];
