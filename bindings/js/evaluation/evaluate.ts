import { requireInstance } from '../base/checks.js';
import { guard, invalid, MatfacError } from '../base/errors.js';
import { abortable, atOnce, inTurns, pause } from '../base/pause.js';
import { throwIfAborted } from '../base/signal.js';
import type { CoreRankingTask } from '../core/core.js';
import { isImplicit } from '../core/options.js';
import { coreOf, Model } from '../model/model.js';
import { checkThreads, type OnModel, onThreads, type ThreadsOptions } from '../model/threads.js';
import type { Columns } from '../ratings/columns.js';
import { knownPairs } from '../ratings/known-pairs.js';
import { Ratings, tableOf } from '../ratings/ratings.js';
import {
  ACCURACY,
  checkedEvaluateOptions,
  type EvaluateOptions,
  type Metric,
  type Metrics,
  RANKING,
} from './metrics.js';
import { rankingTask } from './ranking-task.js';

/** Options of `evaluateAsync`: those of `evaluate`, threads and a signal. */
export interface EvaluateAsyncOptions<M extends Metric = Metric> extends EvaluateOptions<M>, ThreadsOptions {}

/** The core works this long before messages, timers and signals have their turn. */
const SLICE_SECONDS = 0.015;
/** Test ratings predicted at a time. */
const CHUNK = 1 << 17;

/**
 * Evaluates a model on ratings that it did not learn from. `rmse` and `mae` include unknown users and items, with the mean and
 * the known bias; a model with `time` predicts each test rating at its own timestamp. Ranking metrics cover the known users who have relevant items; an unknown relevant item counts as never
 * found. Ranking every item for every user takes users × items × factors multiply-adds before this returns; `evaluateAsync`
 * does the same in slices and on threads.
 *
 * Without `metrics`, those that do not apply are left out: `rmse` and `mae` for a model of implicit feedback or test ratings
 * without values, ranking metrics when no user qualifies, `novelty` when the rating counts of the items are unknown. `auc`
 * and `diversity` are NaN when no user has them (every item relevant, fewer than two items).
 * @throws MatfacError `invalid-argument`, also when the model knows the users, or the items, of fewer than 1 in 100 of the
 * test ratings, as when their ids come from elsewhere; `unsupported` for requested metrics that do not apply to the model.
 */
export function evaluate<M extends Metric = Metric>(
  model: Model,
  test: Ratings,
  options: EvaluateOptions<M> = {},
): Pick<Metrics, M> {
  checkSides(model, test);
  const plain = checkedEvaluateOptions(options);
  const plan = atOnce(planOf(model, test, plain, false));
  return atOnce(judge(coreOf(model).handle, plan, 1, Number.POSITIVE_INFINITY)) as Metrics;
}

/**
 * `evaluate` in slices, so that other tasks have their turn, and on threads where they are available. The results are the same.
 * @throws MatfacError as `evaluate`, and `aborted`.
 */
export async function evaluateAsync<M extends Metric = Metric>(
  model: Model,
  test: Ratings,
  options: EvaluateAsyncOptions<M> = {},
): Promise<Pick<Metrics, M>> {
  checkSides(model, test);
  const plain = checkedEvaluateOptions(options, ['threads', 'signal']);
  checkThreads('evaluateAsync', plain);
  return evaluateInSlices(model, test, plain, false);
}

/** `evaluateAsync` of checked options; a fold of the model's own ratings need not have a user or item that is known. @internal */
export async function evaluateInSlices<M extends Metric>(
  model: Model,
  test: Ratings,
  options: EvaluateAsyncOptions<M>,
  isFold: boolean,
): Promise<Pick<Metrics, M>> {
  const { signal } = options;
  const plan = await inTurns(abortable(signal, planOf(model, test, options, isFold)));
  await pause();
  const { handle, options: modelOptions } = coreOf(model);
  const run = async (on: OnModel, threads: number) => {
    const work = judge(on, plan, threads, SLICE_SECONDS);
    for (let step = work.next(); ; step = work.next()) {
      if (step.done) return step.value as Metrics;
      await pause();
      if (signal?.aborted) work.return(undefined as never);
      throwIfAborted('evaluateAsync', signal);
    }
  };
  // Only the ranking runs on threads.
  const threads = plan.ranking ? options.threads : 1;
  return onThreads(handle, modelOptions, { threads, multiplyAdds: rankingWork(model), run });
}

/** The multiply-adds of ranking every item for every user. */
function rankingWork({ userCount, itemCount, options: { factors, samples } }: Model): number {
  return userCount * itemCount * factors * samples;
}

/** What to compute. */
interface Plan {
  /** Undefined: those that apply. */
  metrics: readonly Metric[] | undefined;
  /** The test pairs; undefined without `rmse` and `mae`. */
  accuracy: Columns | undefined;
  /** Undefined without ranking metrics. */
  ranking: Omit<CoreRankingTask, 'threads'> | undefined;
}

function* planOf(model: Model, test: Ratings, options: EvaluateOptions, isFold: boolean): Generator<void, Plan> {
  const table = tableOf(test);
  const { columns, implicit } = table;
  const found = yield* knownPairs(isFold ? undefined : 'evaluate: test', table, coreOf(model));
  const pairs = { ...found, values: columns.values };
  const timed = columns.timestamps ? { ...pairs, timestamps: columns.timestamps } : pairs;
  return {
    metrics: options.metrics,
    accuracy: asks(ACCURACY, options) && predictsRatings(model, implicit, options) ? timed : undefined,
    ranking: asks(RANKING, options) ? yield* rankingTask({ model, pairs, implicit, options }) : undefined,
  };
}

function* judge(model: OnModel, plan: Plan, threads: number, slice: number) {
  const { metrics, accuracy, ranking } = plan;
  const found = new Map<Metric, number>();
  const add = (part: object) => {
    for (const [name, value] of Object.entries(part)) found.set(name as Metric, value);
  };
  if (accuracy) {
    add(yield* errorsOf(model, accuracy));
    yield;
  }
  if (ranking) add((yield* rankingOf(model, { ...ranking, threads }, slice)) ?? {});
  if (!ranking?.ratingCounts) found.delete('novelty');
  const missing = metrics?.some((metric) => !found.has(metric)) || found.size === 0;
  if (missing) {
    const why = 'no known user has a relevant item in it that is not excluded';
    throw invalid(`evaluate: test must have rankings to evaluate: ${why}`);
  }
  return Object.fromEntries(
    (metrics ?? [...found.keys()]).map((metric) => [metric, found.get(metric)!]),
  ) as Partial<Metrics>;
}

function* errorsOf(model: OnModel, { users, items, values, timestamps = new Float64Array() }: Columns) {
  let squares = 0;
  let absolutes = 0;
  for (let from = 0; from < values.length; from += CHUNK) {
    if (from > 0) yield;
    const to = Math.min(from + CHUNK, values.length);
    const part = model.use((inCore) =>
      inCore.evaluate(
        users.subarray(from, to),
        items.subarray(from, to),
        values.subarray(from, to),
        timestamps.subarray(from, to),
      ),
    );
    squares += part.rmse ** 2 * (to - from);
    absolutes += part.mae * (to - from);
  }
  return { rmse: Math.sqrt(squares / values.length), mae: absolutes / values.length };
}

function* rankingOf(model: OnModel, task: CoreRankingTask, slice: number) {
  const pass = model.use((inCore) => inCore.rankingPass(task));
  try {
    do {
      yield;
    } while (!guard(() => pass.advance(slice)));
    return pass.users() === 0 ? null : pass.result();
  } finally {
    pass.delete();
  }
}

function asks(group: readonly Metric[], { metrics }: EvaluateOptions): boolean {
  return !metrics || metrics.some((metric) => group.includes(metric));
}

/** Whether `rmse` and `mae` apply. @throws MatfacError when they are requested and do not apply. */
function predictsRatings(model: Model, implicit: boolean, { metrics }: EvaluateOptions): boolean {
  if (!isImplicit(model.solver) && !implicit) return true;
  if (!metrics) return false;
  if (implicit && !isImplicit(model.solver)) {
    throw invalid('evaluate: test must have rating values for rmse and mae');
  }
  const why = `a model of solver '${model.solver}' predicts no ratings, so it has no rmse and no mae`;
  throw new MatfacError('unsupported', `evaluate: ${why}; use ranking metrics`);
}

function checkSides(model: Model, test: Ratings): void {
  requireInstance('evaluate: model', model, Model, 'a Model');
  requireInstance('evaluate: test', test, Ratings, 'Ratings');
}
