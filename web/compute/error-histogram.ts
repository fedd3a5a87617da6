/** How far predictions are off, in bins. */
import type { Id, Model, Ratings } from 'matfac';
import { yielding } from '../base/yielding.js';

export interface Histogram {
  /** The middle of each bin, r̂ − r. */
  middles: number[];
  counts: number[];
  size: number;
  mean: number;
  rmse: number;
}

/** So many ratings say enough, and are soon predicted. */
const most = 40_000;

interface Rows {
  users: Id[];
  items: Id[];
  values: number[];
}

const taken = new WeakMap<Ratings, Promise<Rows>>();

/**
 * Of the errors r̂ − r of a model on ratings, evenly taken where there are very many; in `bins` bins about 0. Null when the
 * model is not wanted any more by the time the ratings are taken: it may be disposed then.
 */
export async function histogramOf(
  model: Model,
  ratings: Ratings,
  isWanted = () => true,
  bins = 25,
): Promise<Histogram | null> {
  const sample = taken.get(ratings) ?? someOf(ratings);
  taken.set(ratings, sample);
  const { users, items, values } = await sample;
  if (!isWanted()) return null;
  const errors = model.predictMany(users, items).map((prediction, i) => prediction - values[i]!);
  return binned(errors, (ratings.range[1] - ratings.range[0]) * 0.75, bins);
}

/** Evenly taken; other tasks have their turn meanwhile. */
async function someOf(ratings: Ratings): Promise<Rows> {
  const every = Math.max(1, Math.ceil(ratings.size / most));
  const rows: Rows = { users: [], items: [], values: [] };
  const yieldNow = yielding();
  for (let row = 0; row < ratings.size; row += every) {
    await yieldNow();
    const { user, item, rating } = ratings.at(row);
    rows.users.push(user);
    rows.items.push(item);
    rows.values.push(rating);
  }
  return rows;
}

/** What lies beyond `reach` on either side counts in the last bin. */
export function binned(errors: ArrayLike<number>, reach: number, bins: number): Histogram {
  const width = (2 * reach) / bins;
  const counts = new Array<number>(bins).fill(0);
  let [sum, squares] = [0, 0];
  for (let i = 0; i < errors.length; i++) {
    const error = errors[i]!;
    counts[Math.min(bins - 1, Math.max(0, Math.floor((error + reach) / width)))]!++;
    sum += error;
    squares += error * error;
  }
  const middles = counts.map((_, bin) => -reach + (bin + 0.5) * width);
  const size = errors.length;
  return { middles, counts, size, mean: sum / size, rmse: Math.sqrt(squares / size) };
}
