import { checkNames, nearest } from '../base/checks.js';
import { invalid } from '../base/errors.js';
import { show } from '../base/show.js';
import { Ratings } from '../ratings/ratings.js';

/**
 * How good a model is. `rmse` and `mae` judge predictions of ratings. The others judge the ranking of all items that are not
 * excluded, none of them sampled, in the order in which `recommend` lists them. With R relevant items of a user, and hits
 * among the first k at the ranks p₁ < p₂ < …, they are means over the users who have relevant items:
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
  /** Σ 1 / log₂(p + 1) over the hits, as a share of the most that it can be (Järvelin and Kekäläinen 2002). */
  ndcg: number;
  /** Σₕ h / pₕ / min(R, k) over the hits h = 1, 2, …: average precision, cut off at k. */
  map: number;
  /** 1 / p₁, and 0 without a hit. */
  mrr: number;
  /**
   * Share of the pairs of a relevant and another item in which the relevant one has the higher score, equal ones counting
   * half (Hanley and McNeil 1982); over the whole ranking.
   */
  auc: number;
  /** Share of the users with a hit. */
  hitRate: number;
  /** Share of the model's items that are among the first k of any of these users. */
  coverage: number;
  /** Mean of 1 − cosine of the factors over the pairs of the first k (Ziegler et al. 2005). */
  diversity: number;
  /** Mean of −log₂(share of the users who rated the item) over the first k: bits (Vargas and Castells 2011). */
  novelty: number;
}

/** A name of `Metrics`. */
export type Metric = keyof Metrics;

export const ACCURACY: readonly Metric[] = ['rmse', 'mae'];
export const RANKING = [
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
] as const satisfies readonly Metric[];
const ALL: readonly Metric[] = [...ACCURACY, ...RANKING];

/** What `evaluate` computes, and over which items. */
export interface EvaluateOptions<M extends Metric = Metric> {
  /** Which metrics; what is left out is not computed. Default: all that apply to the model and the test ratings. */
  metrics?: readonly M[];
  /** How many items are shown to a user; default 10. */
  k?: number;
  /** Ratings whose items are not ranked for their users: those the model learned from (`rated`, default), none, or these. */
  exclude?: Ratings | 'rated' | 'none';
  /**
   * A test rating of at least so much makes its item relevant. Default: the mean rating that the model learned from; every test
   * pair where the model learned from what was seen, or the test ratings have no values.
   */
  relevance?: number;
}

const NAMES = ['metrics', 'k', 'exclude', 'relevance'];

/** Checks everything that can be checked without the model. `more` are names of options that the caller has. */
export function checkEvaluateOptions(options: EvaluateOptions, more: readonly string[] = []): void {
  checkNames('evaluate', options, [...NAMES, ...more]);
  const { metrics, k = 10, exclude = 'rated', relevance } = options;
  if (metrics !== undefined) checkMetrics(metrics);
  if (!Number.isInteger(k) || k < 1 || k > 2 ** 31 - 1) {
    throw invalid(`evaluate: k is ${show(k)}; it must be a whole number of at least 1`);
  }
  if (exclude !== 'rated' && exclude !== 'none' && !(exclude instanceof Ratings)) {
    throw invalid(`evaluate: exclude is ${show(exclude)}; allowed are Ratings, 'rated' and 'none'`);
  }
  if (relevance !== undefined && !Number.isFinite(relevance)) {
    throw invalid(`evaluate: relevance is ${show(relevance)}; it must be a finite number`);
  }
}

function checkMetrics(metrics: unknown): void {
  if (!Array.isArray(metrics) || metrics.length === 0) {
    throw invalid(`evaluate: metrics is ${show(metrics)}; it must be an array of ${ALL.join(', ')}`);
  }
  for (const metric of metrics) {
    if (ALL.includes(metric)) continue;
    const hint = typeof metric === 'string' ? `; did you mean '${nearest(metric, ALL)}'?` : ';';
    throw invalid(`evaluate: metrics has ${show(metric)}${hint} There are ${ALL.join(', ')}`);
  }
}
