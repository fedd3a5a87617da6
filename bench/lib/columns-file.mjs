// Ratings in a file that every side reads: three int32 (users, items, ratings), then users, items (int32), values (float32).
import { readFileSync, writeFileSync } from 'node:fs';

/** @typedef {{users: Int32Array, items: Int32Array, values: Float32Array, userCount: number, itemCount: number}} Columns */

/** @param {string} file @param {Columns} columns */
export function writeColumns(file, { users, items, values, userCount, itemCount }) {
  const head = Int32Array.of(userCount, itemCount, values.length);
  writeFileSync(
    file,
    Buffer.concat([head, users, items, values].map((a) => Buffer.from(a.buffer, a.byteOffset, a.byteLength))),
  );
}

/** @param {string} file @returns {Columns} */
export function readColumns(file) {
  const { buffer, byteOffset } = readFileSync(file);
  const [userCount = 0, itemCount = 0, count = 0] = new Int32Array(buffer, byteOffset, 3);
  const at = (/** @type {number} */ column) => byteOffset + 12 + 4 * count * column;
  return {
    userCount,
    itemCount,
    users: new Int32Array(buffer, at(0), count),
    items: new Int32Array(buffer, at(1), count),
    values: new Float32Array(buffer, at(2), count),
  };
}
