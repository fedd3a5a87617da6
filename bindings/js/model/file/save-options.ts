import { plainOptions, requireBoolean, requireOneOf } from '../../base/checks.js';
import { invalid } from '../../base/errors.js';
import type { Dtype } from './float-tensors.js';

/** What a model file contains. */
export interface SaveOptions {
  /**
   * How factors and biases are stored: `float32` (default) exactly; `float16` in half the bytes, with an error of at most 2⁻¹¹
   * of each number; `int8` in a quarter, each row in steps of its largest number / 127, with an error of at most half a step.
   * `float16` and `int8` files also store numeric ids in 2 or 4 bytes each.
   */
  dtype?: Dtype;
  /** Whether to include the users' factors and ids (default true); fold-in of visitors works without them. */
  users?: boolean;
  /** Whether to include the ratings, which exclusion and explanation need; default as `users`. */
  ratings?: boolean;
  /**
   * Whether to include what the solver needs besides the model to continue its training bit for bit (`warmStart`): about the
   * size of the users' factors, of `bayesian` one sample of everything, of adaptive `sgd` one number per user and item; the
   * other solvers need nothing. Requires users and `float32`. Default: false for `save`; for `store` true where possible.
   */
  state?: boolean;
  /**
   * Whether the file is to be shared or published: it leaves out everything about users and their ratings, the history, and the
   * order of the items, which are sorted by id. Visitors are folded in as before, up to rounding (with `bpr`, whose fold-in
   * draws items by their rows, nearly). Default: false.
   */
  share?: boolean;
}

const NAMES = ['dtype', 'users', 'ratings', 'state', 'share'];

/** The options with their defaults. @throws MatfacError `invalid-argument`. */
export function checkedSaving(options: SaveOptions): Required<SaveOptions> {
  const given = plainOptions('save', options, NAMES);
  const { dtype = 'float32', share = false, users = !share, ratings = users, state = false } = given;
  requireOneOf('dtype', dtype, ['float32', 'float16', 'int8']);
  requireBoolean('share', share);
  for (const [name, value] of Object.entries({ users, ratings, state })) {
    requireBoolean(name, value);
    if (share && value) throw invalid(`${name} must be false with share: true; it is true`);
  }
  if (ratings && !users) throw invalid('ratings: true needs users: true, because the ratings are those of the users');
  if (state && !(users && dtype === 'float32')) {
    throw invalid(
      "state: true needs users: true and dtype: 'float32', because a training continues from exact numbers",
    );
  }
  return { dtype, users, ratings, state, share };
}

/** The options of `store`, whose models a training can continue from. */
export function withState(options: SaveOptions = {}): SaveOptions {
  const given = plainOptions('store', options, NAMES);
  const { dtype = 'float32', share = false, users = !share } = given;
  return { state: users === true && dtype === 'float32', ...given };
}
