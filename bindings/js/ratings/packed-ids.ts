import { hash32 } from '../base/hash32.js';
import { type Id, Ids } from './ids.js';

/** Ids as buffers that one thread transfers to another; millions of strings would block the receiver. */
export interface PackedIds {
  size: number;
  /** By index, the id, or NaN for a string. Empty when all ids are strings. */
  numbers: Float64Array;
  /** By index, where the string ends in `units`; it begins where the one before ends. Empty when all ids are numbers. */
  ends: Uint32Array;
  /** The concatenated strings: bytes if all are ASCII, which engines decode fast, else UTF-16. */
  units: Uint8Array | Uint16Array;
  /** An open-addressed hash table, its size a power of two: index + 1 at the slot of the id's hash or after it, 0 if empty. */
  slots: Int32Array;
}

/** @throws RangeError when there is not enough memory. */
export function packIds(ids: Ids): PackedIds {
  const { list, size } = ids;
  const texts = textsOf(list);
  const packed: PackedIds = {
    size,
    numbers: new Float64Array(texts.count === size ? 0 : size),
    ends: new Uint32Array(texts.count === 0 ? 0 : size),
    units: texts.isWide ? new Uint16Array(texts.length) : new Uint8Array(texts.length),
    slots: new Int32Array(2 ** Math.ceil(Math.log2(2 * size + 1))),
  };
  const { numbers, ends, units, slots } = packed;
  let end = 0;
  for (let index = 0; index < size; index++) {
    const id = list[index]!;
    if (typeof id === 'string') {
      for (let at = 0; at < id.length; at++) units[end++] = id.charCodeAt(at);
    }
    if (numbers.length > 0) numbers[index] = typeof id === 'number' ? id : Number.NaN;
    if (ends.length > 0) ends[index] = end;
    let slot = hashOf(id) & (slots.length - 1);
    while (slots[slot]! > 0) slot = (slot + 1) & (slots.length - 1);
    slots[slot] = index + 1;
  }
  return packed;
}

/** How many strings there are, their total length, and whether any is not ASCII. */
function textsOf(list: readonly Id[]): { count: number; length: number; isWide: boolean } {
  let [count, length, isWide] = [0, 0, false];
  for (const id of list) {
    if (typeof id !== 'string') continue;
    count++;
    length += id.length;
    isWide ||= /[^\0-\x7f]/.test(id);
  }
  return { count, length, isWide };
}

/** The buffers behind packed ids. */
export function buffersOfIds({ numbers, ends, units, slots }: PackedIds): ArrayBufferLike[] {
  return [numbers, ends, units, slots].map(({ buffer }) => buffer);
}

/** How many ids are unpacked at a time. */
const BLOCK = 256;

/** Ids from another thread; each block is unpacked at first use. */
export class UnpackedIds extends Ids {
  readonly #packed: PackedIds;
  readonly #blocks: (readonly Id[])[];
  #list: readonly Id[] | undefined;

  constructor(packed: PackedIds) {
    super();
    this.#packed = packed;
    this.#blocks = new Array(Math.ceil(packed.size / BLOCK));
  }

  get size(): number {
    return this.#packed.size;
  }

  get list(): readonly Id[] {
    this.#list ??= Object.freeze(Array.from(this.#blocks, (_, block) => this.#block(block)).flat());
    return this.#list;
  }

  at(index: number): Id {
    return this.#block(Math.floor(index / BLOCK))[index % BLOCK]!;
  }

  exact(id: Id): number {
    const { slots } = this.#packed;
    const last = slots.length - 1;
    for (let slot = hashOf(id) & last; slots[slot]! > 0; slot = (slot + 1) & last) {
      const index = slots[slot]! - 1;
      if (this.at(index) === id) return index;
    }
    return -1;
  }

  #block(block: number): readonly Id[] {
    this.#blocks[block] ??= unpacked(this.#packed, BLOCK * block, Math.min(this.size, BLOCK * (block + 1)));
    return this.#blocks[block];
  }
}

function unpacked({ numbers, ends, units }: PackedIds, from: number, to: number): Id[] {
  if (ends.length === 0) return Array.from(numbers.subarray(from, to));
  const first = from > 0 ? ends[from - 1]! : 0;
  const text = textOf(units.subarray(first, ends[to - 1]));
  const ids: Id[] = [];
  let begin = 0;
  for (let index = from; index < to; index++) {
    const end = ends[index]! - first;
    const number = numbers.length > 0 ? numbers[index]! : Number.NaN;
    ids.push(Number.isNaN(number) ? text.slice(begin, end) : number);
    begin = end;
  }
  return ids;
}

const ascii = new TextDecoder();

/** Engines limit the number of arguments of a call. */
const MOST_ARGUMENTS = 1 << 13;

function textOf(units: Uint8Array | Uint16Array): string {
  if (units instanceof Uint8Array) return ascii.decode(units);
  // A decoder of UTF-16 would replace unpaired surrogates, which a JSON string can contain.
  let text = '';
  for (let from = 0; from < units.length; from += MOST_ARGUMENTS) {
    text += String.fromCharCode(...units.subarray(from, from + MOST_ARGUMENTS));
  }
  return text;
}

function hashOf(id: Id): number {
  if (typeof id === 'number') return hash32(id ^ hash32(id / 2 ** 32));
  // FNV-1a, over code units.
  let hash = 0x811c9dc5;
  for (let at = 0; at < id.length; at++) hash = Math.imul(hash ^ id.charCodeAt(at), 0x01000193);
  return hash32(hash);
}
