import { TENSORS } from '../../core/catalogue.js';
import { GrowingIds, type Id } from '../../ratings/ids.js';
import type { ModelContents } from './model-file.js';

/**
 * A model without anything of its users. Its items are sorted by id, because the order in which they first appear in the
 * ratings shows what the first users rated; the history goes because it tells how many ratings there are.
 */
export function shared(contents: ModelContents): ModelContents {
  const { tensors, items } = contents;
  const order = Uint32Array.from({ length: items.size }, (_, row) => row);
  order.sort((a, b) => compare(items.at(a), items.at(b)));
  const sorted = { ...tensors };
  for (const { name, rows } of TENSORS) if (rows === 'items') sorted[name] = inOrder(tensors[name], order);
  return {
    ...contents,
    tensors: sorted,
    users: new GrowingIds(),
    items: GrowingIds.from(Array.from(order, (row) => items.at(row))),
    history: [],
    rated: null,
  };
}

/** Numbers before texts, because they do not compare with each other. */
function compare(a: Id, b: Id): number {
  if (typeof a !== typeof b) return typeof a === 'number' ? -1 : 1;
  return a < b ? -1 : 1;
}

function inOrder(numbers: Float32Array, order: Uint32Array): Float32Array {
  const width = numbers.length / order.length;
  const moved = new Float32Array(numbers.length);
  order.forEach((row, place) => {
    moved.set(numbers.subarray(row * width, (row + 1) * width), place * width);
  });
  return moved;
}
