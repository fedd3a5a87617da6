import { invalid, MatfacError } from './errors.js';
import { show } from './ids.js';
import { coreOf, Model } from './model.js';
import { checkNames } from './names.js';
import { isImplicit } from './options.js';
import { Ratings, tableOf } from './ratings.js';

export interface Metrics {
  /** Root of the mean squared error of the clipped predictions. */
  rmse: number;
  /** Mean absolute error of the clipped predictions. */
  mae: number;
}

const METRICS = ['rmse', 'mae'];
const METRICS_TO_COME = [
  'precision',
  'recall',
  'ndcg',
  'map',
  'mrr',
  'auc',
  'hitRate',
  'coverage',
  'diversity',
  'novelty',
];

export interface EvaluateOptions {
  /** Which of the metrics there are today; default both. */
  metrics?: ('rmse' | 'mae')[];
  /** Of the metrics of a ranking, which are not there yet: says nothing to rmse and mae. */
  k?: number;
  /** Of the metrics of a ranking, which are not there yet: says nothing to rmse and mae. */
  exclude?: Ratings;
}

/**
 * Judges a model by ratings that it did not learn from. Unknown users and items count, with the mean and the known bias.
 * @throws MatfacError `invalid-argument`, or `unsupported` for the metrics of a ranking.
 */
export function evaluate(model: Model, test: Ratings, options: EvaluateOptions = {}): Metrics {
  if (!(model instanceof Model)) throw invalid(`evaluate: model is ${show(model)}; it must be a Model`);
  if (!(test instanceof Ratings)) throw invalid(`evaluate: test is ${show(test)}; it must be Ratings`);
  checkMetrics(options);
  if (isImplicit(model.solver)) {
    const why = `a model of solver '${model.solver}' predicts no ratings, so it has no rmse and no mae`;
    throw new MatfacError('unsupported', `evaluate: ${why}; metrics of a ranking are not there yet`);
  }
  const { columns, users, items, implicit } = tableOf(test);
  if (implicit) throw invalid('evaluate: the test ratings have no rating values, which rmse and mae need');
  const core = coreOf(model);
  const userIndex = core.users.findAll(users.list);
  const itemIndex = core.items.findAll(items.list);
  const rows = columns.users.map((user) => userIndex[user]!);
  const rowItems = columns.items.map((item) => itemIndex[item]!);
  return core.handle.use((inCore) => inCore.evaluate(rows, rowItems, columns.values));
}

function checkMetrics(options: EvaluateOptions): void {
  checkNames('evaluate', options, ['metrics', 'k', 'exclude']);
  for (const metric of (options.metrics ?? []) as readonly string[]) {
    if (METRICS.includes(metric)) continue;
    const there = 'there are rmse and mae';
    if (METRICS_TO_COME.includes(metric))
      throw new MatfacError('unsupported', `The metric ${metric} is not there yet; ${there}`);
    throw invalid(`metrics has ${show(metric)}; ${there}`);
  }
}
