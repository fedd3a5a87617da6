import type { Ratings } from '../ratings/ratings.js';
import type { CrossValidateOptions, CrossValidation, FoldTrainOptions } from './cross-validate-options.js';
import type { Metric } from './metrics.js';

/**
 * Evaluates a training on held-out ratings: they are divided at random into folds of equal size, and a model of all other
 * folds is evaluated on each (see `evaluate`), which takes as many trainings as there are folds. Each training uses a worker
 * and threads as `train` does; the evaluation runs in slices on the same threads.
 * @throws MatfacError as `train` and `evaluate`, and when nearly every user or item has a single rating; `CrossValidationCancelledError` with the metrics of the folds done.
 */
export async function crossValidate<M extends Metric = Metric>(
  ratings: Ratings,
  trainOptions: FoldTrainOptions = {},
  options: CrossValidateOptions<M> = {},
): Promise<CrossValidation<M>> {
  const { runCrossValidation } = await import('./run-cross-validation.js');
  return runCrossValidation(ratings, trainOptions, options);
}
