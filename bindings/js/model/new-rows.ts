/** Users and items that a model gets without training; loaded when they come. */

import { mustBe, reading } from '../base/checks.js';
import { invalid } from '../base/errors.js';
import { show } from '../base/show.js';
import type { CoreModel, CoreRows } from '../core/core.js';
import type { Handle } from '../core/handle.js';
import { isImplicit } from '../core/options.js';
import type { RatingsByUser } from '../ratings/by-user.js';
import { badId, findId, GrowingIds, type Id, type Ids, isId } from '../ratings/ids.js';
import { badRating, isRating } from '../ratings/rows.js';
import { encodedFeatures, type FeatureFields } from './described.js';
import type { ModelContents } from './file/model-file.js';
import { type ItemRating, requireInRange } from './profile.js';
import type { ModelParts } from './recommender.js';

/** A rating of a new item, by a user of the model; without a value it counts as 1 in a model of implicit feedback. */
export interface UserRating {
  user: Id;
  rating?: number;
}

/** An item that a model does not have. */
export interface NewItem {
  id: Id;
  /** In a model trained with `itemFeatures`. */
  features?: FeatureFields;
  ratings?: Iterable<UserRating>;
}

/** A user whom a model does not have. */
export interface NewUser {
  id: Id;
  /** In a model trained with `userFeatures`. */
  features?: FeatureFields;
  ratings?: Iterable<ItemRating>;
}

type Side = 'users' | 'items';

/** Rows that grow. */
class Rows {
  readonly #offsets = [0];
  readonly #columns: number[] = [];
  readonly #values: number[] = [];

  add(entries: Iterable<readonly [column: number, value: number]>): void {
    for (const [column, value] of entries) {
      this.#columns.push(column);
      this.#values.push(value);
    }
    this.#offsets.push(this.#columns.length);
  }

  toCore(): CoreRows {
    const [offsets, columns] = [Int32Array.from(this.#offsets), Int32Array.from(this.#columns)];
    return { offsets, columns, values: Float32Array.from(this.#values) };
  }
}

export function withNewRows(
  handle: Handle<CoreModel>,
  { range, encoders, ...parts }: ModelParts,
  given: Iterable<NewItem | NewUser>,
  side: Side,
): ModelContents {
  const what = side === 'items' ? 'withItems' : 'withUsers';
  const ids = new GrowingIds();
  for (const id of parts[side].list) ids.add(id);
  const [ratings, features] = [new Rows(), new Rows()];
  reading(`${what}: ${side}`, () => {
    for (const entry of given) {
      const id = addedId(what, entry, ids);
      ratings.add(ratingsIn(`${what}: rating`, entry, side, { range, ...parts }));
      const { features: fields } = entry;
      const name = `${what}: features of ${show(id)}`;
      const encoded = fields === undefined ? undefined : encodedFeatures(name, encoders?.[side], fields);
      features.add(encoded ? Array.from(encoded.columns, (column, at) => [column, encoded.values[at]!] as const) : []);
    }
  });
  ids.seal();
  const added = ratings.toCore();
  const tensors = handle.use((model) => {
    const grown = model.withRows({ ofItems: side === 'items', ratings: added, features: features.toCore() });
    try {
      return grown.tensors();
    } finally {
      grown.delete();
    }
  });
  const rated =
    parts.rated &&
    (side === 'items' ? withItemRatings(parts.rated, added, parts.items.size) : joined(parts.rated, added));
  const itemCounts = side === 'items' ? moreCounts(parts.itemCounts, added) : parts.itemCounts;
  return { ...parts, [side]: ids as Ids, tensors, rated, itemCounts };
}

/** How many users rated each item, with those who rated the new ones. */
function moreCounts(counts: Int32Array | null, { offsets }: CoreRows): Int32Array | null {
  return counts && Int32Array.from([...counts, ...offsets.subarray(1).map((end, row) => end - offsets[row]!)]);
}

function addedId(what: string, entry: unknown, ids: GrowingIds): Id {
  if (typeof entry !== 'object' || entry === null)
    throw mustBe(`${what}: an entry`, '{ id, features, ratings }', entry);
  const { id } = entry as { id?: unknown };
  if (!isId(id)) throw badId(`${what}: id`, id);
  const before = ids.size;
  if (ids.add(id) === before) return id;
  throw invalid(`${what}: id must be new; the model, or an entry before, has ${show(id)}`);
}

/** The ratings of an entry, by rows of the other side; a later one replaces an earlier one of the same. */
function ratingsIn(what: string, entry: NewItem | NewUser, side: Side, parts: ModelParts): Map<number, number> {
  const ratings = new Map<number, number>();
  const implicit = isImplicit(parts.options.solver ?? '');
  for (const given of (entry.ratings ?? []) as Iterable<Partial<UserRating & ItemRating>>) {
    const [kind, id] = side === 'items' ? (['user', given.user] as const) : (['item', given.item] as const);
    if (!isId(id)) throw badId(`${kind} of a ${what}`, id);
    const rating = given.rating === undefined && implicit ? 1 : given.rating;
    const name = `${what} of ${show(entry.id)}`;
    if (!isRating(rating)) throw badRating(name, rating);
    if (!implicit) requireInRange(name, rating, parts.range);
    ratings.set(findId(kind, side === 'items' ? parts.users : parts.items, id), rating);
  }
  return ratings;
}

/** The users' ratings with those of the new users after them. */
function joined(rated: RatingsByUser, added: CoreRows): RatingsByUser {
  const end = rated.items.length;
  const offsets = new Int32Array(rated.offsets.length + added.offsets.length - 1);
  offsets.set(rated.offsets);
  offsets.set(
    added.offsets.subarray(1).map((offset) => end + offset),
    rated.offsets.length,
  );
  const items = new Int32Array(end + added.columns.length);
  items.set(rated.items);
  items.set(added.columns, end);
  const values = new Float32Array(items.length);
  values.set(rated.values);
  values.set(added.values, end);
  return { offsets, items, values };
}

/** The users' ratings with those of the new items, each after the user's own. */
function withItemRatings(rated: RatingsByUser, added: CoreRows, firstItem: number): RatingsByUser {
  const counts = new Int32Array(rated.offsets.length);
  for (const user of added.columns) counts[user + 1]!++;
  for (let user = 1; user < counts.length; user++) counts[user]! += counts[user - 1]!;
  const offsets = rated.offsets.map((offset, user) => offset + counts[user]!);
  const items = new Int32Array(offsets.at(-1)!);
  const values = new Float32Array(items.length);
  const next = new Int32Array(offsets.length - 1);
  for (let user = 0; user < next.length; user++) {
    const own = rated.items.subarray(rated.offsets[user], rated.offsets[user + 1]);
    items.set(own, offsets[user]);
    values.set(rated.values.subarray(rated.offsets[user], rated.offsets[user + 1]), offsets[user]);
    next[user] = offsets[user]! + own.length;
  }
  for (let row = 0; row < added.offsets.length - 1; row++) {
    for (let at = added.offsets[row]!; at < added.offsets[row + 1]!; at++) {
      const place = next[added.columns[at]!]!++;
      items[place] = firstItem + row;
      values[place] = added.values[at]!;
    }
  }
  return { offsets, items, values };
}
