/** What a training takes of the memory of WebAssembly; loaded when one begins. */

import { outOfMemory } from '../base/errors.js';
import type { CoreOptions } from '../core/core.js';
import type { TrainingJob } from './protocol.js';

type Resolved = Required<CoreOptions>;

/** What a training learns from, as far as its memory depends on it. */
export type TrainingSize = Pick<
  TrainingJob,
  'userCount' | 'itemCount' | 'values' | 'timestamps' | 'validation' | 'features'
>;

/** WebAssembly has no more addresses. */
const MOST_BYTES = 2 ** 32;
/** The estimate may be off by so much. */
const TOLERANCE = 1.25;
/** Memory grows by up to a tenth more than is asked for. */
const GROWTH = 1.1;
/** The stack and what the module has at its start. */
const BASE_BYTES = 2 << 20;

/** Numbers of one user, of one item, and of one rating; the rest is the same for any number of these. */
interface Numbers {
  user: number;
  item: number;
  rating: number;
  rest: number;
}

const FLOAT = 4;
const INDEX = 4;
const OFFSET = 8;
const DOUBLE = 8;

const padded = (count: number) => Math.ceil(count / 4) * 4;
const none: Numbers = { user: 0, item: 0, rating: 0, rest: 0 };
const sum = (...all: readonly Partial<Numbers>[]): Numbers =>
  all.reduce<Numbers>(
    (total, { user = 0, item = 0, rating = 0, rest = 0 }) => ({
      user: total.user + user,
      item: total.item + item,
      rating: total.rating + rating,
      rest: total.rest + rest,
    }),
    none,
  );

/**
 * Bytes at the peak, without the features and the model of a warm start. That is the end of the training, with the ratings, the
 * models and what the solver has beside them; the ratings themselves are made in their place.
 */
export function memoryNeeded(options: Resolved, size: TrainingSize): number {
  const { userCount, itemCount, values, timestamps, validation } = size;
  const bytesOf = ({ user, item, rating, rest }: Numbers) =>
    FLOAT * (user * userCount + item * itemCount + rating * values.length + rest);
  const frozen = 2 * (INDEX + FLOAT + (timestamps ? INDEX : 0)) * values.length + 2 * OFFSET * (userCount + itemCount);
  const heldOut = (2 * INDEX + FLOAT + (timestamps ? DOUBLE : 0)) * validation.values.length;
  // A tensor whose rows have padding leaves the core through one more copy.
  const leaving = options.factors % 4 === 0 ? 0 : FLOAT * largestTensor(options) * Math.max(userCount, itemCount);
  const model = bytesOf(modelNumbers(options, size));
  const keepsWhole = options.solver === 'variational' || options.solver === 'bayesian';
  // Beside the model of an epoch under way the one that is the result so far; the last epoch's is the result itself.
  const before = keepsWhole && options.patience === 0 ? 0 : model;
  const beside = bytesOf(solverNumbers(options, size));
  return Math.ceil(BASE_BYTES + GROWTH * (frozen + heldOut + beside + model + Math.max(before, leaving)));
}

/** @throws MatfacError `out-of-memory` for a training that cannot fit. */
export function requireRoom(options: Resolved, size: TrainingSize): number {
  const needed = memoryNeeded(options, size);
  if (needed <= TOLERANCE * MOST_BYTES) return needed;
  const fewer = options.samples > 1 ? 'fewer factors or samples' : 'fewer factors or ratings';
  const gigabytes = (needed / 1e9).toFixed(1);
  throw outOfMemory(
    `A training must need at most the 4 GB of WebAssembly; this one needs about ${gigabytes} GB`,
    `use ${fewer}`,
  );
}

const rowFloats = ({ factors, samples }: Resolved) => padded(factors) * samples;
const largestTensor = (options: Resolved) => options.factors * options.samples;

/** The tensors of a model (src/model/model.h). */
function modelNumbers(options: Resolved, { features: { userFeatures, itemFeatures } }: TrainingSize): Numbers {
  const { solver, factors, samples, biases, implicitTerms } = options;
  const bias = biases ? 1 : 0;
  const liked = options.preference ? padded(options.preferenceFactors) : 0;
  const sampled = solver === 'bayesian' ? (biases ? samples : 0) : 0;
  const variances = solver === 'variational' ? factors + 1 : 0;
  const noise = solver === 'variational' || solver === 'bayesian' ? 1 : 0;
  const hasImplicit = solver === 'svd++' || (solver === 'bayesian' && implicitTerms !== 'none');
  const implicit = hasImplicit ? rowFloats(options) + sampled : 0;
  const weights = ((userFeatures?.width ?? 0) + (itemFeatures?.width ?? 0)) * ((factors + 1) * samples + liked);
  return sum(
    { user: rowFloats(options) + bias + liked + sampled + variances + noise },
    { item: rowFloats(options) + bias + 2 * liked + sampled + variances + implicit, rest: weights },
    stateOf(options),
  );
}

/** The moments of a row of variational (src/solvers/variational/moments.h). */
const momentsOf = (factors: number) => 2 * padded(factors) + 4 + padded((factors * (factors + 1)) / 2);

/** What a model keeps to continue its training (docs/model-format.md). */
function stateOf({ solver, factors, adaptive, biases, implicitTerms }: Resolved): Numbers {
  const row = padded(factors);
  if (solver === 'svd++') return sum({ user: row });
  if (solver === 'als' || solver === 'implicit-als') return sum({ user: row + (biases ? 1 : 0) });
  if (solver === 'sgd' && adaptive) return sum({ user: 1, item: 1 });
  if (solver === 'variational') return sum({ user: momentsOf(factors) + 2 });
  if (solver !== 'bayesian') return none;
  const [ofUsers, ofItems] = [implicitTerms !== 'none', implicitTerms === 'both'];
  const chain = (hasTerms: boolean) => (hasTerms ? 2 : 1) * (row + 1) + 1;
  return sum(
    { user: chain(ofUsers), item: chain(ofItems) },
    ofUsers ? { item: row + 1 } : {},
    ofItems ? { user: row + 1 } : {},
  );
}

/** So many are drawn at a time, twice three numbers each (src/solvers/bpr_tiles.h). */
const BPR_SAMPLES = 2 ** 19;

/** What a solver has beside the model, with its preference layer (src/solvers/). */
function solverNumbers(options: Resolved, { timestamps, values }: TrainingSize): Numbers {
  const { solver, factors, biases, time, likelihood, threads } = options;
  const row = padded(factors) + (biases ? 1 : 0);
  const taken = options.preference ? padded(options.preferenceFactors) : 0;
  const layer = { user: 2 * taken, item: 2 * taken };
  // The matrices of a row's equations, for each thread, and their sums in float64.
  const square = { rest: 16 * threads * Math.max(padded(factors), taken) ** 2 };
  switch (solver) {
    case 'variational': {
      const columns = padded(2 + (options.preference ? options.preferenceFactors : 0) + factors + 1);
      const each = columns + factors + 1 + momentsOf(factors) + 2;
      return sum(layer, square, { user: each + 6, item: each }, time === 'mood' && timestamps ? { rating: 8 } : {});
    }
    case 'bayesian':
      return sum(
        layer,
        square,
        stateOf(options),
        { user: 10 },
        time === 'days' && timestamps ? { rating: 3 } : {},
        likelihood === 'ordinal' ? { rating: 6 } : {},
      );
    case 'gradient-descent':
      return sum(layer, { user: row, item: row });
    case 'sgd':
      return sum(layer, { rating: 3 });
    case 'svd++':
      return sum(layer, { user: 1 });
    case 'implicit-als':
      return sum(square, { user: 4, item: 4 });
    case 'bpr':
      return sum({ user: 1, item: 2 + threads / 4, rest: 6 * Math.min(values.length, BPR_SAMPLES) });
    default:
      return sum(layer, square);
  }
}
