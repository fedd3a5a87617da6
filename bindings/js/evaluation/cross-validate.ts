import { checkNames, defined } from '../base/checks.js';
import { invalid, MatfacError } from '../base/errors.js';
import { heeding, inTurns } from '../base/pause.js';
import { show } from '../base/show.js';
import { partOf, Ratings } from '../ratings/ratings.js';
import { checkSeed, foldsOf } from '../ratings/split.js';
import { TrainingCancelledError } from '../training/cancelled.js';
import { type TrainOptions, train } from '../training/train.js';
import { evaluateAsync } from './evaluate.js';
import { checkEvaluateOptions, type EvaluateOptions, type Metric, type Metrics } from './metrics.js';

/** The error of a cross-validation that was cancelled; its code is `aborted`. */
export class CrossValidationCancelledError extends MatfacError {
  /** The metrics of the folds judged before. */
  readonly folds: readonly Partial<Metrics>[];

  /** Thrown by `crossValidate`. @internal */
  constructor(judged: readonly Partial<Metrics>[], folds: number, cause: unknown) {
    const message = `The cross-validation was cancelled with ${judged.length} of ${folds} folds judged: error.folds`;
    super('aborted', message, { cause });
    this.folds = judged;
  }
}

/** Options of a training that is one of many: the caller has its progress, its end and its start in hand. */
export type FoldTrainOptions = Omit<TrainOptions, 'warmStart' | 'onEpoch' | 'signal'>;

/** How `crossValidate` cuts the ratings and judges the parts. */
export interface CrossValidateOptions<M extends Metric = Metric>
  extends Pick<EvaluateOptions<M>, 'k' | 'metrics' | 'relevance'> {
  /** Into how many parts the ratings are dealt, each of which is tested on once: 2 to the number of ratings; default 5. */
  folds?: number;
  /** Of the dealing; default 1. That of the training is one of its own options. */
  seed?: number;
  /** Called after each epoch, and when a fold is judged; what it throws ends the work. */
  onProgress?: (progress: FoldProgress<M>) => void;
  /** Stops it within a tenth of a second; the promise then rejects with `aborted`, and `error.folds` are those judged. */
  signal?: AbortSignal;
}

/** How far a cross-validation has come. */
export interface FoldProgress<M extends Metric = Metric> {
  /** 1 for the first. */
  fold: number;
  folds: number;
  /** Of this fold's training: the epoch that is done, of so many. */
  epoch: number;
  epochs: number;
  /** When the fold is judged. */
  metrics?: Pick<Metrics, M>;
}

/** What `crossValidate` found. */
export interface CrossValidation<M extends Metric = Metric> {
  /** Those of each fold, tested on that fold by the model of all others. */
  folds: Pick<Metrics, M>[];
  /** Over the folds, of the metrics that all of them have. */
  mean: Pick<Metrics, M>;
  /** The standard deviation over the folds, with folds − 1 degrees of freedom. */
  std: Pick<Metrics, M>;
}

/**
 * How good a training is on ratings that it did not see: they are dealt into folds of equal size at random, and each is
 * judged (see `evaluate`) by a model of all the others, which is as long as so many trainings. Each training is in a worker
 * and on threads as with `train`; the judging is in slices, and on the same threads.
 * @throws MatfacError as `train` and `evaluate`; `aborted` with the folds judged as `error.folds`.
 */
export async function crossValidate<M extends Metric = Metric>(
  ratings: Ratings,
  options: FoldTrainOptions = {},
  how: CrossValidateOptions<M> = {},
): Promise<CrossValidation<M>> {
  checkAll(ratings, options, how);
  const { folds = 5, seed = 1, signal } = how;
  const judged: Pick<Metrics, M>[] = [];
  try {
    const foldOf = await inTurns(heeding(signal, foldsOf(ratings.size, folds, seed)));
    for (let fold = 0; fold < folds; fold++) {
      judged.push(await judgeFold(ratings, { foldOf, fold, folds }, options, how));
    }
  } catch (failure) {
    if (!(failure instanceof MatfacError && failure.code === 'aborted')) throw failure;
    if (failure instanceof TrainingCancelledError) failure.model?.dispose();
    throw new CrossValidationCancelledError(judged, folds, signal?.reason);
  }
  return { folds: judged, ...overFolds(judged) };
}

async function judgeFold<M extends Metric>(
  ratings: Ratings,
  { foldOf, fold, folds }: { foldOf: Int32Array; fold: number; folds: number },
  options: FoldTrainOptions,
  how: CrossValidateOptions<M>,
): Promise<Pick<Metrics, M>> {
  const { k, metrics, relevance, onProgress, signal } = how;
  const marks = new Uint8Array(foldOf.length);
  for (let row = 0; row < marks.length; row++) if (foldOf[row] === fold) marks[row] = 1;
  const [rest, test] = [
    await inTurns(heeding(signal, partOf(ratings, marks, 0))),
    await inTurns(heeding(signal, partOf(ratings, marks, 1))),
  ];
  const at: FoldProgress<M> = { fold: fold + 1, folds, epoch: 0, epochs: 0 };
  const onEpoch = ({ epoch, epochs }: { epoch: number; epochs: number }) => {
    Object.assign(at, { epoch, epochs });
    onProgress?.({ ...at });
  };
  const model = await train(rest!, { ...options, onEpoch, ...defined({ signal }) });
  try {
    const threads = options.threads;
    const found = await evaluateAsync(model, test!, defined({ k, metrics, relevance, threads, signal }));
    onProgress?.({ ...at, metrics: { ...found } });
    return found;
  } finally {
    model.dispose();
  }
}

function overFolds<M extends Metric>(folds: readonly Pick<Metrics, M>[]) {
  const names = (Object.keys(folds[0]!) as M[]).filter((name) => folds.every((fold) => name in fold));
  const over = (statistic: (values: number[]) => number) =>
    Object.fromEntries(names.map((name) => [name, statistic(folds.map((fold) => fold[name]))])) as Pick<Metrics, M>;
  return { mean: over(meanOf), std: over(deviationOf) };
}

function meanOf(values: number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function deviationOf(values: number[]): number {
  const mean = meanOf(values);
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return Math.sqrt(squares / (values.length - 1));
}

function checkAll(ratings: Ratings, options: FoldTrainOptions, how: CrossValidateOptions): void {
  if (!(ratings instanceof Ratings)) throw invalid(`crossValidate: ratings is ${show(ratings)}; it must be Ratings`);
  const own = ['folds', 'seed', 'onProgress', 'signal'];
  checkNames('crossValidate', how, [...own, 'k', 'metrics', 'relevance']);
  const { folds = 5, seed, onProgress, signal, ...evaluation } = how;
  checkEvaluateOptions(evaluation);
  if (!Number.isInteger(folds) || folds < 2 || folds > ratings.size) {
    const allowed = `a whole number from 2 to the number of ratings, ${ratings.size}`;
    throw invalid(`crossValidate: folds is ${show(folds)}; it must be ${allowed}`);
  }
  checkSeed(seed ?? 1);
  checkProgress('crossValidate', onProgress, signal);
  checkFoldOptions('crossValidate', options);
}

export function checkProgress(what: string, onProgress: unknown, signal: unknown): void {
  if (onProgress !== undefined && typeof onProgress !== 'function') {
    throw invalid(`${what}: onProgress is ${show(onProgress)}; it must be a function`);
  }
  if (signal !== undefined && !(signal instanceof AbortSignal)) {
    throw invalid(`${what}: signal is ${show(signal)}; it must be an AbortSignal`);
  }
}

/** What cannot be an option of one training of many; `train` checks the rest. */
function checkFoldOptions(what: string, options: object | null): void {
  const why: { [name: string]: string } = {
    warmStart: 'that model has seen the ratings that are to be tested on',
    onEpoch: `give ${what} itself onProgress`,
    signal: `give it to ${what} itself`,
  };
  for (const name of Object.keys(options ?? {})) {
    if (name in why) throw invalid(`${what}: ${name} is not among the options of its trainings: ${why[name]}`);
  }
}
