import { MatfacError } from '../base/errors.js';
import type { TrainOptions } from '../training/train.js';
import type { Trial } from './halving.js';
import type { EvaluateOptions, Metric } from './metrics.js';

/** The error of a search that was cancelled; its code is `aborted`. */
export class SearchCancelledError extends MatfacError {
  /** The trials that were trained and evaluated, or failed, before. */
  readonly trials: readonly Trial[];
  /** The best options among them; undefined when no trial was evaluated. */
  readonly best: TrainOptions | undefined;

  /** Thrown by `search`. @internal */
  constructor(trials: readonly Trial[], drawn: number, best: TrainOptions | undefined, cause: unknown) {
    const message = `The search was cancelled with ${trials.length} of ${drawn} trials begun: error.trials`;
    super('aborted', message, { cause });
    this.trials = trials;
    this.best = best;
  }
}

/** The error of a search in which every trial failed; its code is that of the first failure. */
export class SearchFailedError extends MatfacError {
  /** All trials, each with its error. */
  readonly trials: readonly Trial[];

  /** Thrown by `search`. @internal */
  constructor(trials: readonly Trial[], first: MatfacError) {
    super(first.code, `search: every trial failed, the first with: ${first.message}`, { cause: first });
    this.trials = trials;
  }
}

/** The progress of a search. */
export interface SearchProgress {
  /** The trial that was just trained and evaluated, or failed. */
  trial: Trial;
  /** The number of trainings done. */
  done: number;
  /** The number of trainings in all, one per trial and round; failures reduce it. */
  total: number;
  /** The best so far. */
  best?: { options: TrainOptions; score: number };
}

/** How `search` tries options, and by which metric. */
export interface SearchOptions
  extends Pick<EvaluateOptions, 'k' | 'relevance'>,
    Pick<TrainOptions, 'threads' | 'worker' | 'validation'> {
  /** The metric to optimize; default `rmse`, or `ndcg` when a solver learns from implicit feedback. */
  metric?: Metric;
  /** The number of draws from the space; default 27. */
  trials?: number;
  /** After each round, one in this many trials continues, to this many times the epochs: at least 2; default 3. */
  reduction?: number;
  /** The seed of the draws and of the validation part; default 1. */
  seed?: number;
  /** Called after each training; an error that it throws ends the search. */
  onProgress?: (progress: SearchProgress) => void;
  /** Cancels within a tenth of a second; the promise then rejects with a `SearchCancelledError`. */
  signal?: AbortSignal;
}

/** The result of `search`. */
export interface SearchResult {
  /** The options with the best score, `epochs` included: ready for `train`. */
  best: TrainOptions;
  /** In the order of the draws. */
  trials: Trial[];
}
