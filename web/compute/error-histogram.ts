/** The distribution of prediction errors. */
import type { Id, Model, Ratings } from 'matfac';
import { nextTask, yielding } from '../base/yielding.js';

export interface Histogram {
  /** The centre of each bin, in r̂ − r. */
  middles: number[];
  counts: number[];
  size: number;
  mean: number;
  rmse: number;
}

/** Enough ratings for a smooth histogram, and few enough to predict quickly. */
const most = 40_000;

/** Predicted in one task. */
const atOnce = 10_000;

interface Rows {
  users: Id[];
  items: Id[];
  values: number[];
}

const samples = new WeakMap<Ratings, Promise<Rows>>();

/**
 * The errors r̂ − r of a model on ratings, in `bins` bins around 0; of many ratings, an even sample. Resolves to null as soon as
 * `isWanted` returns false, because the model may be disposed by then.
 */
export async function histogramOf(
  model: Model,
  ratings: Ratings,
  isWanted = () => true,
  bins = 25,
): Promise<Histogram | null> {
  const sample = samples.get(ratings) ?? sampleOf(ratings);
  samples.set(ratings, sample);
  const { users, items, values } = await sample;
  if (!isWanted()) return null;
  const errors = new Float32Array(values.length);
  for (let begin = 0; begin < values.length; begin += atOnce) {
    await nextTask();
    if (!isWanted()) return null;
    const [of, at] = [users, items].map((ids) => ids.slice(begin, begin + atOnce));
    for (const [i, prediction] of model.predictMany(of!, at!).entries())
      errors[begin + i] = prediction - values[begin + i]!;
  }
  return binned(errors, (ratings.range[1] - ratings.range[0]) * 0.75, bins);
}

/** Every nth rating, in slices, so that the page stays responsive. */
async function sampleOf(ratings: Ratings): Promise<Rows> {
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

/** Errors beyond ±`reach` count in the first or last bin. */
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
