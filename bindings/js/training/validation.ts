import { invalid } from '../base/errors.js';
import type { CoreOptions } from '../core/core.js';
import { isImplicit } from '../core/options.js';
import type { Columns, Table } from '../ratings/columns.js';
import { knownPairs } from '../ratings/known-pairs.js';

/** Other ratings with the indices of those trained on; −1 for an unknown user or item. */
export function* foreignColumns(
  other: Table,
  trained: Table,
  { solver, time = 'none' }: CoreOptions,
): Generator<void, Columns> {
  if (other.implicit && !isImplicit(solver ?? '')) throw invalid('validation must have rating values');
  const pairs = yield* knownPairs('validation', other, trained, 'the ratings');
  const { values, timestamps } = other.columns;
  const times = time !== 'none' && timestamps ? { timestamps: timestamps.slice() } : {};
  return { ...pairs, values: values.slice(), ...times };
}
