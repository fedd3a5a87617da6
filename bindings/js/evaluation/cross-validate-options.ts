import { MatfacError } from '../base/errors.js';
import type { TrainOptions } from '../training/train.js';
import type { EvaluateOptions, Metric, Metrics } from './metrics.js';

/** The error of a cross-validation that was cancelled; its code is `aborted`. */
export class CrossValidationCancelledError extends MatfacError {
  /** The metrics of the folds evaluated before. */
  readonly folds: readonly Partial<Metrics>[];

  /** Thrown by `crossValidate`. @internal */
  constructor(judged: readonly Partial<Metrics>[], folds: number, cause: unknown) {
    const message = `The cross-validation was cancelled with ${judged.length} of ${folds} folds evaluated: error.folds`;
    super('aborted', message, { cause });
    this.folds = judged;
  }
}

/** The options of one training of many, whose start, progress and cancellation the caller controls. */
export type FoldTrainOptions = Omit<TrainOptions, 'warmStart' | 'keep' | 'onEpoch' | 'signal'>;

/** How `crossValidate` divides the ratings and evaluates the models. */
export interface CrossValidateOptions<M extends Metric = Metric>
  extends Pick<EvaluateOptions<M>, 'k' | 'metrics' | 'relevance'> {
  /** The number of folds, each of which is the test part once: 2 to the number of ratings; default 5. */
  folds?: number;
  /** The seed of the folds; default 1. The training has a seed of its own. */
  seed?: number;
  /** Called after each epoch and after the evaluation of a fold; an error that it throws ends the work. */
  onProgress?: (progress: FoldProgress<M>) => void;
  /** Cancels within a tenth of a second; the promise then rejects with a `CrossValidationCancelledError`. */
  signal?: AbortSignal;
}

/** The progress of a cross-validation. */
export interface FoldProgress<M extends Metric = Metric> {
  /** 1 for the first. */
  fold: number;
  folds: number;
  /** The epochs of this fold's training that are done. */
  epoch: number;
  /** The epochs of this fold's training. */
  epochs: number;
  /** Once the fold is evaluated. */
  metrics?: Pick<Metrics, M>;
}

/** The result of `crossValidate`. */
export interface CrossValidation<M extends Metric = Metric> {
  /** The metrics of each fold, for the model of all other folds. */
  folds: Pick<Metrics, M>[];
  /** The mean over the folds, of the metrics that all of them have. */
  mean: Pick<Metrics, M>;
  /** The standard deviation over the folds, with folds − 1 degrees of freedom. */
  std: Pick<Metrics, M>;
}
