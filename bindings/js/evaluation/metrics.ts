import { mustBe, nearest, plainOptions, requireCount, requireFinite } from '../base/checks.js';
import { invalid } from '../base/errors.js';
import { show } from '../base/show.js';
import { RANKING_METRICS } from '../core/catalogue.js';
import { Ratings } from '../ratings/ratings.js';

/**
 * The metrics of a model. `rmse` and `mae` evaluate predicted ratings. The others evaluate the ranking of all items that are
 * not excluded, without sampling, in the order of `recommend`. With R relevant items of a user, and hits among the first k at
 * the ranks p₁ < p₂ < …, they are means over the users who have relevant items:
 */
export interface Metrics {
  /** Root of the mean squared error of the clipped predictions. */
  rmse: number;
  /** Mean absolute error of the clipped predictions. */
  mae: number;
  /** hits / k. */
  precision: number;
  /** hits / R. */
  recall: number;
  /** Σ 1 / log₂(p + 1) over the hits, divided by its largest possible value (Järvelin and Kekäläinen 2002). */
  ndcg: number;
  /** Σₕ h / pₕ / min(R, k) over the hits h = 1, 2, …: average precision, cut off at k. */
  map: number;
  /** 1 / p₁, and 0 without a hit. */
  mrr: number;
  /**
   * Share of the pairs of a relevant and another item in which the relevant one has the higher score; equal scores count
   * half (Hanley and McNeil 1982). Over the whole ranking.
   */
  auc: number;
  /** Share of the users with a hit. */
  hitRate: number;
  /** Share of the items of the model that are among the first k of at least one of these users. */
  coverage: number;
  /** Mean of 1 − cosine of the factors over the pairs of the first k (Ziegler et al. 2005). */
  diversity: number;
  /** Mean of −log₂(share of the users who rated the item) over the first k, in bits (Vargas and Castells 2011). */
  novelty: number;
}

/** A name of `Metrics`. */
export type Metric = keyof Metrics;

export const ACCURACY: readonly Metric[] = ['rmse', 'mae'];
export const RANKING: readonly Metric[] = RANKING_METRICS;
export const METRICS: readonly Metric[] = [...ACCURACY, ...RANKING];

/** What `evaluate` computes, and on which items. */
export interface EvaluateOptions<M extends Metric = Metric> {
  /** The metrics to compute; default: all that apply to the model and the test ratings. */
  metrics?: readonly M[];
  /** The number of items recommended to a user; default 10. */
  k?: number;
  /** Ratings whose items are not ranked for their users: those the model learned from (`rated`, default), none, or others. */
  exclude?: Ratings | 'rated' | 'none';
  /**
   * The least test rating of a relevant item. Default: the mean rating that the model learned from; for a model of implicit
   * feedback, or test ratings without values, every test pair is relevant.
   */
  relevance?: number;
}

const NAMES = ['metrics', 'k', 'exclude', 'relevance'];

/** Checks what can be checked without the model. `more` are further option names of the caller. */
export function checkedEvaluateOptions<O extends EvaluateOptions>(given: O, more: readonly string[] = []): O {
  const options = plainOptions('evaluate', given, [...NAMES, ...more]);
  const { metrics, k = 10, exclude = 'rated', relevance } = options;
  if (metrics !== undefined) checkMetrics(metrics);
  requireCount('evaluate: k', k, 1, 2 ** 31 - 1);
  if (exclude !== 'rated' && exclude !== 'none' && !(exclude instanceof Ratings)) {
    throw mustBe('evaluate: exclude', "Ratings, 'rated' or 'none'", exclude);
  }
  if (relevance !== undefined) requireFinite('evaluate: relevance', relevance);
  return options;
}

function checkMetrics(metrics: unknown): void {
  if (!Array.isArray(metrics) || metrics.length === 0) {
    throw mustBe('evaluate: metrics', `a non-empty array of ${METRICS.join(', ')}`, metrics);
  }
  for (const metric of metrics) {
    if (METRICS.includes(metric)) continue;
    const hint = typeof metric === 'string' ? `; did you mean '${nearest(metric, METRICS)}'?` : '';
    throw invalid(`evaluate: metrics must be of ${METRICS.join(', ')}; one is ${show(metric)}${hint}`);
  }
}
