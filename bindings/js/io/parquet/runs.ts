/** The encodings of numbers in a page, walked before a decoder that trusts their lengths gets them. */

/** Bytes of a page that are read one after another. */
export class PageReader {
  readonly view: DataView;

  constructor(
    readonly bytes: Uint8Array,
    public offset = 0,
  ) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get left(): number {
    return this.bytes.length - this.offset;
  }

  /** The next bytes, which must be there. */
  skip(length: number): Uint8Array {
    if (!(length >= 0 && length <= this.left)) throw cutOff();
    this.offset += length;
    return this.bytes.subarray(this.offset - length, this.offset);
  }

  byte(): number {
    const byte = this.bytes[this.offset++];
    if (byte === undefined) throw cutOff();
    return byte;
  }

  word(): number {
    if (this.left < 4) throw cutOff();
    this.offset += 4;
    return this.view.getUint32(this.offset - 4, true);
  }

  varint(): number {
    let result = 0;
    for (let place = 0; place < 5; place++) {
      const byte = this.byte();
      result += (byte & 127) * 2 ** (7 * place);
      if (byte < 128) return result;
    }
    throw new Error('a number in a page is too long');
  }

  /** A number of up to 64 bits with its sign, which is exact as far as 32 bits are. */
  zigzag(): number {
    let result = 0n;
    for (let place = 0n; place < 70n; place += 7n) {
      const byte = this.byte();
      result |= BigInt(byte & 127) << place;
      if (byte < 128) return Number((result >> 1n) ^ -(result & 1n));
    }
    throw new Error('a number in a page is too long');
  }
}

/**
 * Walks runs of `count` numbers of `width` bits: runs of one value, and groups of eight packed values, of which the last one
 * may be padded. Returns how often `wanted` is among them. @throws Error for a run that is longer than the numbers that are due.
 */
export function walkRuns(bytes: Uint8Array, width: number, count: number, wanted: number): number {
  const reader = new PageReader(bytes);
  let [seen, found] = [0, 0];
  while (seen < count) {
    const head = reader.varint();
    if (head % 2 === 1) {
      const values = Math.floor(head / 2) * 8;
      if (values > count - seen + 7) throw tooLong(values, count - seen);
      // The last group may be cut to the bytes that it needs.
      const needed = Math.ceil((Math.min(values, count - seen) * width) / 8);
      const packed = reader.skip(Math.max(needed, Math.min(reader.left, (values * width) / 8)));
      if (width > 0 && width <= 8) found += countPacked(packed, width, Math.min(values, count - seen), wanted);
      seen += values;
    } else {
      const values = head / 2;
      if (values > count - seen) throw tooLong(values, count - seen);
      let value = 0;
      for (let place = 0; place < width; place += 8) value += reader.byte() * 2 ** place;
      if (value === wanted) found += values;
      seen += values;
    }
  }
  return found;
}

function countPacked(packed: Uint8Array, width: number, count: number, wanted: number): number {
  const mask = (1 << width) - 1;
  let found = 0;
  for (let index = 0, bit = 0; index < count; index++, bit += width) {
    const at = bit >> 3;
    if ((((packed[at]! | ((packed[at + 1] ?? 0) << 8)) >> (bit & 7)) & mask) === wanted) found++;
  }
  return found;
}

/** Decoders take blocks of any size; writers make them of 128 to a few thousand differences. */
const LARGEST_BLOCK = 1 << 16;

/**
 * Walks `count` numbers that are stored as differences: blocks of miniblocks, each with a width in bits. Returns the numbers
 * modulo 2³² with `wanted`, else none. @throws Error.
 */
export function walkDeltas(reader: PageReader, count: number, wanted: boolean): Int32Array {
  const [block, minis] = [reader.varint(), reader.varint()];
  reader.varint();
  const size = block / minis;
  if (!(block <= LARGEST_BLOCK && size >= 8 && size % 8 === 0)) throw new Error('a page has blocks of an unknown size');
  const numbers = new Int32Array(wanted ? count : 0);
  let value = reader.zigzag() | 0;
  numbers[0] = value;
  for (let seen = 1; seen < count; ) {
    const least = reader.zigzag() | 0;
    const widths = reader.skip(minis);
    for (let mini = 0; mini < minis && seen < count; mini++) {
      const width = widths[mini]!;
      if (width > 64) throw new Error('a page has numbers of more than 64 bits');
      const due = Math.min(size, count - seen);
      const bytes = Math.max(Math.ceil((due * width) / 8), Math.min(reader.left, (size * width) / 8));
      const packed = reader.skip(bytes);
      for (let place = 0; wanted && place < due; place++) {
        value = (value + least + low32(packed, place * width, width)) | 0;
        numbers[seen + place] = value;
      }
      seen += due;
    }
  }
  return numbers;
}

/** The lower 32 bits of a packed number. */
function low32(packed: Uint8Array, bit: number, width: number): number {
  let value = 0;
  for (let taken = 0; taken < Math.min(width, 32); taken++) {
    const at = bit + taken;
    value |= ((packed[at >> 3]! >> (at & 7)) & 1) << taken;
  }
  return value;
}

function tooLong(values: number, due: number): Error {
  return new Error(`a page has a run of ${values} where ${due} values are due`);
}

function cutOff(): Error {
  return new Error('a page is cut off');
}
