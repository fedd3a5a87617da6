import { checkNames } from '../../base/checks.js';
import { invalid } from '../../base/errors.js';
import { show } from '../../base/show.js';
import type { Dtype } from './float-tensors.js';

/** What goes into a model file. */
export interface SaveOptions {
  /**
   * How factors and biases are kept: `float32` (the default) exactly; `float16` in half the bytes, off by at most 2⁻¹¹ of each
   * number; `int8` in a quarter, each row in whole steps of its largest number / 127, off by at most half a step. A file
   * of the two latter also keeps ids that are numbers in 2 or 4 bytes each.
   */
  dtype?: Dtype;
  /** Whether the users' factors and ids go along (default true); recommending to visitors by fold-in needs none. */
  users?: boolean;
  /** Whether the ratings go along, which exclusion and explanation need; default as `users`. */
  ratings?: boolean;
  /**
   * Whether that goes along which the solver needs beside the model to go on with its training bit for bit (`warmStart`):
   * about the users' factors once more, of `bayesian` one sample of everything, of adaptive `sgd` a number a user and an
   * item; of the other solvers nothing. It needs users and `float32`. `save` leaves it out by default; `store` takes it
   * along where it can.
   */
  state?: boolean;
}

/** With the defaults filled in. @throws MatfacError `invalid-argument`. */
export function checkedSaving(options: SaveOptions): Required<SaveOptions> {
  checkNames('save', options, ['dtype', 'users', 'ratings', 'state']);
  const { dtype = 'float32', users = true, ratings = users, state = false } = options;
  if (!['float32', 'float16', 'int8'].includes(dtype)) {
    throw invalid(`dtype is ${show(dtype)}; allowed are 'float32', 'float16' and 'int8'`);
  }
  for (const [name, value] of Object.entries({ users, ratings, state })) {
    if (typeof value !== 'boolean') throw invalid(`${name} is ${show(value)}; it must be a boolean`);
  }
  if (ratings && !users) throw invalid('ratings: true needs users: true, for the ratings are those of the users');
  if (state && !(users && dtype === 'float32')) {
    throw invalid("state: true needs users: true and dtype: 'float32', for a training goes on from exact numbers");
  }
  return { dtype, users, ratings, state };
}

/** The options of `store`, whose models are there to be gone on with. */
export function withState(options: SaveOptions): SaveOptions {
  const { dtype = 'float32', users = true } = options ?? {};
  return { state: users === true && dtype === 'float32', ...options };
}
