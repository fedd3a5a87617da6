// Ratings in a file that every side reads: three int32 (users, items, ratings), then users, items (int32), values (float32).
import { readFileSync, writeFileSync } from 'node:fs';

export function writeColumns(file, { users, items, values, userCount, itemCount }) {
  const head = Int32Array.of(userCount, itemCount, values.length);
  writeFileSync(file, Buffer.concat([head, users, items, values].map((a) => Buffer.from(a.buffer, a.byteOffset, a.byteLength))));
}

export function readColumns(file) {
  const { buffer, byteOffset } = readFileSync(file);
  const [userCount, itemCount, count] = new Int32Array(buffer, byteOffset, 3);
  const at = (column) => byteOffset + 12 + 4 * count * column;
  return {
    userCount,
    itemCount,
    users: new Int32Array(buffer, at(0), count),
    items: new Int32Array(buffer, at(1), count),
    values: new Float32Array(buffer, at(2), count),
  };
}
