// Damages bytes as transmission, bad writers and attackers do. The same seed and number give the same bytes.

/** Numbers that overflow, wrap around or divide by zero somewhere. */
const ODD = [0, 1, 2, 7, 8, 15, 16, 31, 32, 63, 64, 126, 127, 128, 129, 254, 255];

/**
 * A generator of whole numbers below a bound (mulberry32).
 * @param {number} seed
 * @returns {(bound: number) => number}
 */
export function random(seed) {
  let state = seed >>> 0;
  return (bound) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let bits = Math.imul(state ^ (state >>> 15), state | 1);
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61);
    return Math.floor((((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32) * bound);
  };
}

/** @typedef {(bytes: Uint8Array, next: (bound: number) => number, others: readonly Uint8Array[]) => Uint8Array} Mutation */

/** @type {Mutation[]} */
const MUTATIONS = [
  (bytes, next) => changed(bytes, next, (byte) => byte ^ (1 << next(8))),
  (bytes, next) => changed(bytes, next, () => next(256)),
  (bytes, next) => changed(bytes, next, () => /** @type {number} */ (ODD[next(ODD.length)])),
  (bytes, next) => changed(bytes, next, (byte) => byte + 1 - 2 * next(2)),
  word,
  // A part is left out, repeated, or replaced by a part of another file.
  (bytes, next) => spliced(bytes, next, () => new Uint8Array()),
  (bytes, next) => spliced(bytes, next, (part) => Uint8Array.from([...part, ...part])),
  (bytes, next) => spliced(bytes, next, (part) => part.map(() => next(256))),
  (bytes, next, others) => {
    const other = /** @type {Uint8Array} */ (others[next(others.length)]);
    const from = next(other.length + 1);
    return spliced(bytes, next, () => other.slice(from, from + next(64)));
  },
  (bytes, next) => bytes.slice(0, next(bytes.length + 1)),
  digits,
];

/**
 * One of the files with one to eight mutations.
 * @param {readonly Uint8Array[]} files @param {number} seed @param {number} number
 */
export function mutated(files, seed, number) {
  const next = random(Math.imul(seed, 0x9e3779b1) ^ Math.imul(number + 1, 0x85ebca6b));
  /** @type {Uint8Array} */
  let bytes = Uint8Array.from(/** @type {Uint8Array} */ (files[number % files.length]));
  // The file itself comes first.
  if (number < files.length) return bytes;
  for (let left = 1 + next(next(2) ? 8 : 2); left > 0; left--) {
    const mutation = /** @type {Mutation} */ (MUTATIONS[next(MUTATIONS.length)]);
    bytes = mutation(bytes, next, files);
  }
  return bytes;
}

/** @param {Uint8Array} bytes @param {(bound: number) => number} next @param {(byte: number) => number} change */
function changed(bytes, next, change) {
  if (bytes.length > 0) {
    const at = next(bytes.length);
    bytes[at] = change(/** @type {number} */ (bytes[at]));
  }
  return bytes;
}

/** A number of 2, 4 or 8 bytes. @type {Mutation} */
function word(bytes, next) {
  const size = 2 << next(3);
  if (bytes.length < size) return bytes;
  const at = next(bytes.length - size + 1);
  const fill = next(3);
  for (let place = 0; place < size; place++) bytes[at + place] = fill === 0 ? 0 : fill === 1 ? 255 : next(256);
  if (next(2)) bytes[at + size - 1] = 127;
  return bytes;
}

/** @param {Uint8Array} bytes @param {(bound: number) => number} next @param {(part: Uint8Array) => Uint8Array} make */
function spliced(bytes, next, make) {
  const from = next(bytes.length + 1);
  const to = Math.min(bytes.length, from + next(64));
  return Uint8Array.from([...bytes.subarray(0, from), ...make(bytes.subarray(from, to)), ...bytes.subarray(to)]);
}

/** A number in a text becomes another one. @type {Mutation} */
function digits(bytes, next) {
  const text = Buffer.from(bytes).toString('latin1');
  const all = [...text.matchAll(/\d+/g)];
  const chosen = all[next(Math.max(1, all.length))];
  if (!chosen) return bytes;
  const numbers = ['0', '-1', '4294967296', '2000000000', '9007199254740993', '1e308', '1e-320', 'NaN', '65536', '255'];
  const number = numbers[next(numbers.length)];
  const changedText = text.slice(0, chosen.index) + number + text.slice(chosen.index + chosen[0].length);
  return Uint8Array.from(Buffer.from(changedText, 'latin1'));
}
