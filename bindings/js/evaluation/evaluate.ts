import { guard, invalid, MatfacError } from '../base/errors.js';
import { atOnce, heeding, inTurns, pause } from '../base/pause.js';
import { show } from '../base/show.js';
import { checkAborted } from '../base/signal.js';
import type { CoreRankingTask } from '../core/core.js';
import { isImplicit } from '../core/options.js';
import { coreOf, Model } from '../model/model.js';
import { checkThreads, type OnModel, onThreads, type ThreadsOptions } from '../model/threads.js';
import { Ratings, tableOf } from '../ratings/ratings.js';
import { ACCURACY, checkEvaluateOptions, type EvaluateOptions, type Metric, type Metrics, RANKING } from './metrics.js';
import { pairsIn, rankingTask } from './ranking-task.js';

/** Of `evaluateAsync`: those of `evaluate`, and how to go about it. */
export interface EvaluateAsyncOptions<M extends Metric = Metric> extends EvaluateOptions<M>, ThreadsOptions {}

/** The core works for so long before messages, timers and signals have their turn. */
const SLICE_SECONDS = 0.015;
/** Test ratings predicted at a time. */
const CHUNK = 1 << 17;

/**
 * Judges a model by ratings that it did not learn from. To `rmse` and `mae` unknown users and items count, with the mean and
 * the known bias. Rankings are judged of the users that the model knows and who have relevant items; a relevant item that
 * the model does not know is one that is never found. Ranking every item for every user takes users × items × factors
 * multiply-adds, all before this returns: `evaluateAsync` does the same in slices and on threads.
 *
 * Without `metrics`, what does not apply is left out: `rmse` and `mae` of a model that learned from what was seen or of test
 * ratings without values, the metrics of a ranking when no user can be judged, `novelty` when it is not known how often
 * items were rated. `auc` and `diversity` are NaN when no user has them (every item relevant, fewer than two items).
 * @throws MatfacError `invalid-argument`; `unsupported` for metrics asked for that do not apply to the model.
 */
export function evaluate<M extends Metric = Metric>(
  model: Model,
  test: Ratings,
  options: EvaluateOptions<M> = {},
): Pick<Metrics, M> {
  checkSides(model, test);
  checkEvaluateOptions(options);
  const plan = atOnce(planOf(model, test, options));
  return atOnce(judge(coreOf(model).handle, plan, 1, Number.POSITIVE_INFINITY)) as Metrics;
}

/**
 * `evaluate` in slices, so that other tasks have their turn, and on threads where there are any. The figures are the same.
 * @throws MatfacError as `evaluate`, and `aborted`.
 */
export async function evaluateAsync<M extends Metric = Metric>(
  model: Model,
  test: Ratings,
  options: EvaluateAsyncOptions<M> = {},
): Promise<Pick<Metrics, M>> {
  checkSides(model, test);
  checkEvaluateOptions(options, ['threads', 'signal']);
  checkThreads('evaluateAsync', options);
  const { signal } = options;
  const plan = await inTurns(heeding(signal, planOf(model, test, options)));
  const { handle, options: modelOptions } = coreOf(model);
  const run = async (on: OnModel, threads: number) => {
    const work = judge(on, plan, threads, SLICE_SECONDS);
    for (let step = work.next(); ; step = work.next()) {
      if (step.done) return step.value as Metrics;
      await pause();
      if (signal?.aborted) work.return(undefined as never);
      checkAborted('evaluateAsync', signal);
    }
  };
  // Errors of predictions are soon computed; the ranking is what threads share.
  const threads = plan.ranking ? options.threads : 1;
  return onThreads(handle, modelOptions, { threads, multiplyAdds: rankingWork(model), run });
}

/** The multiply-adds of ranking every item for every user. */
function rankingWork({ userCount, itemCount, options: { factors, samples } }: Model): number {
  return userCount * itemCount * factors * samples;
}

/** What is to be computed. */
interface Plan {
  /** Undefined: what applies. */
  metrics: readonly Metric[] | undefined;
  /** Undefined when no error of predictions is asked for. */
  accuracy: { users: Int32Array; items: Int32Array; values: Float32Array } | undefined;
  /** Undefined when no ranking is to be judged. */
  ranking: Omit<CoreRankingTask, 'threads'> | undefined;
}

function* planOf(model: Model, test: Ratings, options: EvaluateOptions): Generator<void, Plan> {
  const { columns, implicit } = tableOf(test);
  const pairs = { ...(yield* pairsIn(model, test)), values: columns.values };
  return {
    metrics: options.metrics,
    accuracy: asks(ACCURACY, options) && predictsRatings(model, implicit, options) ? pairs : undefined,
    ranking: asks(RANKING, options) ? yield* rankingTask({ model, pairs, implicit, options }) : undefined,
  };
}

function* judge(model: OnModel, plan: Plan, threads: number, slice: number) {
  const { metrics, accuracy, ranking } = plan;
  const found = new Map<Metric, number>();
  const add = (part: object) => {
    for (const [name, value] of Object.entries(part)) found.set(name as Metric, value);
  };
  if (accuracy) add(yield* errorsOf(model, accuracy));
  if (ranking) add((yield* rankingOf(model, { ...ranking, threads }, slice)) ?? {});
  if (!ranking?.ratingCounts) found.delete('novelty');
  const missing = metrics?.some((metric) => !found.has(metric)) || found.size === 0;
  if (missing) {
    const why = 'no user that the model knows has a relevant item in test, apart from those excluded';
    throw invalid(`evaluate: there is no ranking to judge: ${why}`);
  }
  return Object.fromEntries(
    (metrics ?? [...found.keys()]).map((metric) => [metric, found.get(metric)!]),
  ) as Partial<Metrics>;
}

function* errorsOf(model: OnModel, { users, items, values }: NonNullable<Plan['accuracy']>) {
  let squares = 0;
  let absolutes = 0;
  for (let from = 0; from < values.length; from += CHUNK) {
    if (from > 0) yield;
    const to = Math.min(from + CHUNK, values.length);
    const part = model.use((inCore) =>
      inCore.evaluate(users.subarray(from, to), items.subarray(from, to), values.subarray(from, to)),
    );
    squares += part.rmse ** 2 * (to - from);
    absolutes += part.mae * (to - from);
  }
  return { rmse: Math.sqrt(squares / values.length), mae: absolutes / values.length };
}

function* rankingOf(model: OnModel, task: CoreRankingTask, slice: number) {
  const pass = model.use((inCore) => inCore.rankingPass(task));
  try {
    if (pass.users() === 0) return null;
    while (!guard(() => pass.advance(slice))) yield;
    return pass.result();
  } finally {
    pass.delete();
  }
}

function asks(group: readonly Metric[], { metrics }: EvaluateOptions): boolean {
  return !metrics || metrics.some((metric) => group.includes(metric));
}

/** Whether there are errors of predictions to be had. @throws MatfacError when there are none and they are asked for. */
function predictsRatings(model: Model, implicit: boolean, { metrics }: EvaluateOptions): boolean {
  if (!isImplicit(model.solver) && !implicit) return true;
  if (!metrics) return false;
  if (implicit && !isImplicit(model.solver)) {
    throw invalid('evaluate: the test ratings have no rating values, which rmse and mae need');
  }
  const why = `a model of solver '${model.solver}' predicts no ratings, so it has no rmse and no mae`;
  throw new MatfacError('unsupported', `evaluate: ${why}; the metrics of a ranking judge it`);
}

function checkSides(model: Model, test: Ratings): void {
  if (!(model instanceof Model)) throw invalid(`evaluate: model is ${show(model)}; it must be a Model`);
  if (!(test instanceof Ratings)) throw invalid(`evaluate: test is ${show(test)}; it must be Ratings`);
}
