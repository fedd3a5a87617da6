import {
  defined,
  mustBe,
  plainOptions,
  reading,
  requireFunction,
  requireInstance,
  requireSeed,
  requireSignal,
} from '../base/checks.js';
import { invalid, MatfacError } from '../base/errors.js';
import { abortable, inTurns } from '../base/pause.js';
import { plainTrainOptions } from '../core/options.js';
import { LEAST_SHARE } from '../ratings/known-pairs.js';
import { partOf, Ratings } from '../ratings/ratings.js';
import { foldsOf } from '../ratings/split.js';
import { TrainingCancelledError } from '../training/cancelled.js';
import { train } from '../training/train.js';
import {
  type CrossValidateOptions,
  type CrossValidation,
  CrossValidationCancelledError,
  type FoldProgress,
  type FoldTrainOptions,
} from './cross-validate-options.js';
import { evaluateInSlices } from './evaluate.js';
import { checkedEvaluateOptions, type EvaluateOptions, type Metric, type Metrics } from './metrics.js';

/** See `crossValidate`. */
export async function runCrossValidation<M extends Metric>(
  ratings: Ratings,
  givenOptions: FoldTrainOptions,
  given: CrossValidateOptions<M>,
): Promise<CrossValidation<M>> {
  const how = checkedAll(ratings, givenOptions, given);
  const options: FoldTrainOptions = plainTrainOptions(givenOptions);
  const { folds = 5, seed = 1, signal } = how;
  const judged: Pick<Metrics, M>[] = [];
  try {
    const foldOf = await inTurns(abortable(signal, foldsOf(ratings.size, folds, seed)));
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
    await inTurns(abortable(signal, partOf(ratings, marks, 0))),
    await inTurns(abortable(signal, partOf(ratings, marks, 1))),
  ];
  const at: FoldProgress<M> = { fold: fold + 1, folds, epoch: 0, epochs: 0 };
  const onEpoch = ({ epoch, epochs }: { epoch: number; epochs: number }) => {
    Object.assign(at, { epoch, epochs });
    // An async one that rejects ends the training, and with it the work.
    return onProgress?.({ ...at });
  };
  const model = await train(rest!, { ...options, onEpoch, ...defined({ signal }) });
  try {
    const threads = options.threads;
    const found = await evaluateInSlices(model, test!, defined({ k, metrics, relevance, threads, signal }), true);
    await onProgress?.({ ...at, metrics: { ...found } });
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

function checkedAll<O extends CrossValidateOptions>(ratings: Ratings, options: FoldTrainOptions, given: O): O {
  requireInstance('crossValidate: ratings', ratings, Ratings, 'Ratings');
  const own = ['folds', 'seed', 'onProgress', 'signal'];
  const how = plainOptions('crossValidate', given, [...own, 'k', 'metrics', 'relevance']);
  const { folds = 5, seed, onProgress, signal, ...evaluation } = how;
  checkedEvaluateOptions<EvaluateOptions>(defined(evaluation) as EvaluateOptions);
  if (!Number.isInteger(folds) || folds < 2 || folds > ratings.size) {
    throw mustBe('crossValidate: folds', `a whole number from 2 to the number of ratings, ${ratings.size}`, folds);
  }
  requireRepeated(ratings);
  requireSeed('crossValidate: seed', seed ?? 1);
  requireFunction('crossValidate: onProgress', onProgress);
  requireSignal('crossValidate: signal', signal);
  checkFoldOptions('crossValidate', options);
  return how;
}

/** Where nearly every user, or every item, has one rating, no model of the other folds would know the users of a fold. */
function requireRepeated({ size, userCount, itemCount }: Ratings): void {
  for (const [name, count] of [
    ['users', userCount],
    ['items', itemCount],
  ] as const) {
    if (size - count > 0 && size - count >= LEAST_SHARE * size) continue;
    throw invalid(
      `crossValidate: ratings must have ${name} with several ratings; ${size} ratings are of ${count} ${name}`,
    );
  }
}

/** Refuses the options that one training of many cannot have; `train` checks the others. */
function checkFoldOptions(what: string, options: object | null): void {
  const why: { [name: string]: string } = {
    warmStart: 'that model has learned from the test ratings',
    onEpoch: `pass onProgress to ${what} itself`,
    signal: `pass it to ${what} itself`,
  };
  for (const name of reading('The options of crossValidate', () => Object.keys(options ?? {}))) {
    if (Object.hasOwn(why, name))
      throw invalid(`${what}: ${name} must not be an option of its trainings: ${why[name]}`);
  }
}
