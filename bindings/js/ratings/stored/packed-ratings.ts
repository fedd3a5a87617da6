/**
 * Ratings by user as few bytes: what a model keeps of ratings that are in a store. Items ascend within a user, so that the gap to
 * the item before is 1 or 2 bytes; a value is 1 byte where there are at most 256 different ones, and none where there is one.
 */

/** The buffers behind packed ratings, which one thread transfers to another. */
export interface PackedParts {
  /** The ratings of user u are offsets[u] … offsets[u + 1] − 1. */
  offsets: Int32Array;
  /** Where the gaps of each user begin in `gaps`, and where they end. */
  starts: Uint32Array;
  /** By rating, item − item before − 1, the item before the first being −1: 7 bits a byte, the lowest first (LEB128). */
  gaps: Uint8Array;
  /** The different values; empty where there are more than 256. */
  levels: Float32Array;
  /** By rating the index of its value in `levels`; empty where there are fewer than 2, or more than 256. */
  codes: Uint8Array;
  /** By rating its value, where more than 256 are different; else empty. */
  floats: Float32Array;
}

const MOST_LEVELS = 256;
/** An item below 2³¹ takes at most so many bytes. */
const MOST_BYTES = 5;

/** The buffers behind the parts. */
export function buffersOfPacked(parts: PackedParts): ArrayBufferLike[] {
  return Object.values(parts).map(({ buffer }: PackedParts[keyof PackedParts]) => buffer);
}

/** Ratings by user that are unpacked user by user, or all of them for a file. */
export class PackedRatings {
  readonly offsets: Int32Array;
  /** All of them, unpacked; kept as long as something else holds them. */
  #items: WeakRef<Int32Array> | undefined;
  #values: WeakRef<Float32Array> | undefined;

  constructor(readonly parts: PackedParts) {
    this.offsets = parts.offsets;
  }

  get size(): number {
    return this.offsets.at(-1)!;
  }

  get items(): Int32Array {
    const known = this.#items?.deref();
    if (known) return known;
    const items = new Int32Array(this.size);
    for (let user = 0; user + 1 < this.offsets.length; user++) this.#unpackItems(user, items, this.offsets[user]!);
    this.#items = new WeakRef(items);
    return items;
  }

  get values(): Float32Array {
    const known = this.#values?.deref();
    if (known) return known;
    const values = this.#valuesFrom(0, this.size);
    this.#values = new WeakRef(values);
    return values;
  }

  /** The ratings of one user. */
  of(user: number): { items: Int32Array; values: Float32Array } {
    const [start, end] = [this.offsets[user]!, this.offsets[user + 1]!];
    const items = new Int32Array(end - start);
    this.#unpackItems(user, items, 0);
    return { items, values: this.#valuesFrom(start, end) };
  }

  #unpackItems(user: number, items: Int32Array, first: number): void {
    const { gaps, starts } = this.parts;
    const end = starts[user + 1]!;
    let item = -1;
    for (let at = starts[user]!, to = first; at < end; to++) {
      let gap = 0;
      for (let shift = 0; ; shift += 7) {
        const byte = gaps[at++]!;
        gap += (byte & 127) << shift;
        if (byte < 128) break;
      }
      item += gap + 1;
      items[to] = item;
    }
  }

  #valuesFrom(start: number, end: number): Float32Array {
    const { levels, codes, floats } = this.parts;
    if (floats.length > 0) return floats.slice(start, end);
    const values = new Float32Array(end - start).fill(levels[0]!);
    if (codes.length > 0) for (let at = start; at < end; at++) values[at - start] = levels[codes[at]!]!;
    return values;
  }
}

/** Packs ratings user by user. */
export class Packer {
  readonly #offsets: Int32Array;
  readonly #starts: Uint32Array;
  readonly #gaps: Uint8Array[] = [];
  readonly #codeOf = new Map<number, number>();
  #codes: Uint8Array[] = [];
  /** Once there are too many different values. */
  #floats: Float32Array[] | undefined;
  #user = 0;
  #bytes = 0;

  constructor(userCount: number) {
    this.#offsets = new Int32Array(userCount + 1);
    this.#starts = new Uint32Array(userCount + 1);
  }

  /** Adds the next users, who have so many ratings each; their items ascend. */
  add(counts: Int32Array, items: Int32Array, values: Float32Array): void {
    const gaps = new Uint8Array(MOST_BYTES * items.length);
    let bytes = 0;
    let at = 0;
    for (let index = 0; index < counts.length; index++) {
      let before = -1;
      for (const end = at + counts[index]!; at < end; at++) {
        let gap = items[at]! - before - 1;
        before = items[at]!;
        for (; gap > 127; gap >>>= 7) gaps[bytes++] = (gap & 127) | 128;
        gaps[bytes++] = gap;
      }
      this.#user++;
      this.#offsets[this.#user] = this.#offsets[this.#user - 1]! + counts[index]!;
      this.#starts[this.#user] = this.#bytes + bytes;
    }
    this.#bytes += bytes;
    this.#gaps.push(gaps.slice(0, bytes));
    this.#addValues(values);
  }

  #addValues(values: Float32Array): void {
    const codes = this.#floats ? undefined : this.#coded(values);
    if (codes) {
      this.#codes.push(codes);
      return;
    }
    const levels = Float32Array.from(this.#codeOf.keys());
    this.#floats ??= this.#codes.map((block) => Float32Array.from(block, (code) => levels[code]!));
    this.#codes = [];
    this.#floats.push(values.slice());
  }

  /** Undefined when there are too many different values. */
  #coded(values: Float32Array): Uint8Array | undefined {
    const codes = new Uint8Array(values.length);
    for (let at = 0; at < values.length; at++) {
      const value = values[at]!;
      let code = this.#codeOf.get(value);
      if (code === undefined) {
        code = this.#codeOf.size;
        if (code === MOST_LEVELS) return undefined;
        this.#codeOf.set(value, code);
      }
      codes[at] = code;
    }
    return codes;
  }

  finish(): PackedParts {
    const levels = Float32Array.from(this.#codeOf.keys());
    const isCoded = !this.#floats && levels.length > 1;
    return {
      offsets: this.#offsets,
      starts: this.#starts,
      gaps: joined(this.#gaps, new Uint8Array(this.#bytes)),
      levels: this.#floats ? new Float32Array() : levels,
      codes: isCoded ? joined(this.#codes, new Uint8Array(this.#offsets[this.#user]!)) : new Uint8Array(),
      floats: this.#floats ? joined(this.#floats, new Float32Array(this.#offsets[this.#user]!)) : new Float32Array(),
    };
  }
}

/** The blocks behind each other in `all`; they are let go one by one. */
function joined<T extends Uint8Array | Float32Array>(blocks: T[], all: T): T {
  let at = 0;
  for (let block = blocks.shift(); block; block = blocks.shift()) {
    all.set(block, at);
    at += block.length;
  }
  return all;
}
