import { defined, requireInstance } from '../base/checks.js';
import { invalid } from '../base/errors.js';
import { show } from '../base/show.js';
import type { CoreOptions, CoreTensors, CoreWarmStart } from '../core/core.js';
import type { EpochReport, TrainOptions } from '../core/options.js';
import type { SideEncodings } from '../model/file/model-file.js';
import { coreOf, Model } from '../model/model.js';
import type { Id } from '../ratings/ids.js';
import { type Ratings, tableOf } from '../ratings/ratings.js';
import type { Kept } from './kept-parts.js';

/** What a training takes from the model that it continues from. */
export interface Continued {
  start: CoreWarmStart | null;
  /** The caller's options; those left out are taken from the model. */
  options: TrainOptions;
  history: EpochReport[];
  /** The rows of the model that are kept; null for none. */
  kept: Kept | null;
}

/** The options that are not taken from the model. */
const OWN = ['epochs', 'patience', 'threads'];

/** `encodings` tell how the features of this training were made; those of the model continue where they are the same. */
export function continued(ratings: Ratings, options: TrainOptions, encodings: SideEncodings | null): Continued {
  const model: unknown = options?.warmStart;
  if (model === undefined) return { start: null, options, history: [], kept: null };
  requireInstance('warmStart', model, Model, 'a Model');
  const { handle, users, items, rated, features } = coreOf(model);
  const trained = model.options as CoreOptions;
  if (options.solver !== undefined && options.solver !== model.solver) {
    throw invalid(
      `solver must be that of warmStart, ${show(model.solver)}, or left out; it is ${show(options.solver)}`,
    );
  }
  const defaults = Object.fromEntries(Object.entries(trained).filter(([name]) => !OWN.includes(name)));
  const known = tableOf(ratings);
  const keep = options.keep === true;
  const start = {
    tensors: tensorsFor(
      handle.use((core) => core.tensors()),
      JSON.stringify(features) === JSON.stringify(encodings),
    ),
    options: trained,
    users: users.findAll(known.users.list as Id[]),
    items: items.findAll(known.items.list as Id[]),
    epochsDone: model.history.length,
    keep,
    userShares: new Float32Array(),
    itemShares: new Float32Array(),
  };
  const kept = keep ? { users, items, rated, userRows: start.users, itemRows: start.items } : null;
  return { start, options: { ...defaults, ...defined(options) }, history: model.history, kept };
}

/** Without the weights of other features, and the state, which has them too. */
function tensorsFor(tensors: CoreTensors, sameFeatures: boolean): CoreTensors {
  if (sameFeatures) return tensors;
  const none = new Float32Array();
  return {
    ...tensors,
    userFeatureWeights: none,
    itemFeatureWeights: none,
    userFeatureLiked: none,
    itemFeatureLiked: none,
    featureRidges: none,
    trainingState: none,
  };
}

/**
 * Whether a training that continues from this model gives the model of one long training, bit for bit. The samples of a
 * Bayesian model are spread over the planned epochs of its own training.
 */
export function isContinuedExactly({ solver, options }: Model): boolean {
  return solver !== 'bayesian' || options.samples === 1;
}
