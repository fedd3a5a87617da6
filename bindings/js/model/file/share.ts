import { TENSORS } from '../../core/catalogue.js';
import { GrowingIds, type Id } from '../../ratings/ids.js';
import type { ModelContents } from './model-file.js';

/**
 * A model without anything of its users. Its items are sorted by id, because the order in which they first appear in the
 * ratings shows what the first users rated; the history goes because it tells how many ratings there are.
 */
export function shared(contents: ModelContents): ModelContents {
  const { items } = contents;
  const order = items.list.map((_, row) => row).sort((a, b) => compare(items.at(a), items.at(b)));
  const tensors = { ...contents.tensors };
  for (const { name, rows } of TENSORS) {
    if (rows !== 'items') continue;
    const numbers = tensors[name];
    const width = numbers.length / order.length;
    tensors[name] = numbers.map((_, i) => numbers[order[Math.floor(i / width)]! * width + (i % width)]!);
  }
  const sorted = GrowingIds.from(order.map((row) => items.at(row)));
  const itemCounts = contents.itemCounts && Int32Array.from(order, (row) => contents.itemCounts![row]!);
  return { ...contents, tensors, users: new GrowingIds(), items: sorted, history: [], rated: null, itemCounts };
}

/** Numbers before texts, because they do not compare with each other. */
function compare(a: Id, b: Id): number {
  return (typeof a === typeof b ? a > b : typeof a === 'string') ? 1 : -1;
}
