import { invalid } from '../base/errors.js';
import { show } from '../base/show.js';
import { reindexed, SLICE_ROWS, type Table } from './columns.js';
import type { Ids } from './ids.js';

/** Pairs of dense indices; −1 for an unknown user or item. */
export interface Pairs {
  users: Int32Array;
  items: Int32Array;
}

/** With a smaller share of ratings whose user is known, or whose item is, figures would say nothing of the model. */
export const LEAST_SHARE = 0.01;

/**
 * The pairs of ratings as indices of known ids, those of `owner`: "the model". `what` names the ratings: "evaluate: test"; without
 * it any share may be unknown.
 * @throws MatfacError `invalid-argument` when the users, or the items, of fewer than 1 in 100 ratings are known.
 */
export function* knownPairs(
  what: string | undefined,
  { columns, ...ids }: Table,
  known: { readonly [side in keyof Pairs]: Ids },
  owner = 'the model',
): Generator<void, Pairs> {
  const pairs = {} as Pairs;
  for (const side of ['users', 'items'] as const) {
    const indices = yield* reindexed(columns[side], yield* known[side].indicesOf(ids[side]));
    let count = 0;
    for (let row = 0; row < indices.length; row++) {
      if (row % SLICE_ROWS === 0) yield;
      if (indices[row]! >= 0) count++;
    }
    if (what && (count === 0 || count < LEAST_SHARE * indices.length)) {
      const other = show(ids[side].at(columns[side][indices.indexOf(-1)]!));
      const own = known[side].size > 0 ? `such as ${show(known[side].at(0))}` : 'which has none';
      const found = `${count} of its ${indices.length} ratings have one, and others have ${other}`;
      throw invalid(`${what} must have ${side} of ${owner}, ${own}; ${found}`);
    }
    pairs[side] = indices;
  }
  return pairs;
}
