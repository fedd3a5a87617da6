import { defined } from '../base/checks.js';
import { invalid } from '../base/errors.js';
import { show } from '../base/show.js';
import type { CoreOptions, CoreWarmStart } from '../core/core.js';
import type { EpochReport, TrainOptions } from '../core/options.js';
import { coreOf, Model } from '../model/model.js';
import type { Id } from '../ratings/ids.js';
import { type Ratings, tableOf } from '../ratings/ratings.js';

/** What a training takes from the model that it goes on from. */
export interface Continued {
  start: CoreWarmStart | null;
  /** The caller's options, and for those left out the model's. */
  options: TrainOptions;
  history: EpochReport[];
}

/** Of this training alone. */
const OWN = ['epochs', 'patience', 'threads'];

export function continued(ratings: Ratings, options: TrainOptions): Continued {
  const model: unknown = options?.warmStart;
  if (model === undefined) return { start: null, options, history: [] };
  if (!(model instanceof Model)) throw invalid(`warmStart is ${show(model)}; it must be a Model`);
  const { handle, users, items } = coreOf(model);
  const trained = model.options as CoreOptions;
  if (options.solver !== undefined && options.solver !== model.solver) {
    const solver = show(options.solver);
    throw invalid(`solver is ${solver}, and warmStart is a model of ${show(model.solver)}: leave solver out`);
  }
  const defaults = Object.fromEntries(Object.entries(trained).filter(([name]) => !OWN.includes(name)));
  const known = tableOf(ratings);
  const start = {
    tensors: handle.use((core) => core.tensors()),
    options: trained,
    users: users.findAll(known.users.list as Id[]),
    items: items.findAll(known.items.list as Id[]),
    epochsDone: model.history.length,
  };
  return { start, options: { ...defaults, ...defined(options) }, history: model.history };
}

/**
 * Whether trainings, one gone on with by another, give the model of one long training, bit for bit. The samples of a Bayesian
 * model are spread over the epochs that its own training was to have.
 */
export function isContinuedExactly({ solver, options }: Model): boolean {
  return solver !== 'bayesian' || options.samples === 1;
}
