/** What the features of a visitor contribute to a score; loaded for a model that has features. */
import type { CoreServing } from '../core/core.js';
import type { EncodedRow } from '../ratings/features/encoding.js';
import type { AskedScore, FeatureContribution } from './described.js';

/**
 * A visitor's score is linear in the features given the ratings, and what the ratings contribute is told apart: what is left of
 * the score of a visitor who has one of the features alone, without biases, is what this one contributes. In `bayesian` a constant is
 * left without any of them, because the prior of a visitor whose features are not known is that of the mean user; each feature has
 * an equal share of it.
 */
export function featureContributions(
  model: CoreServing,
  { columns, values: numbers, names }: EncodedRow,
  { items, values, item, byRating, count }: AskedScore,
): FeatureContribution[] {
  const included = Int32Array.of(item);
  const task = { n: 1, byRating, diversity: 0, approximate: false, excluded: new Int32Array(), included };
  const scoreOf = (side: Float32Array) => model.profileRecommend(side, task).scores[0]!;
  const left = (at: number, value: number) => {
    const one = [columns.subarray(at, at + 1), Float32Array.of(value)] as const;
    const side = model.foldIn(items, values, ...one);
    const bias = new Float32Array(side.length);
    bias[side.length - 1] = side.at(-1)!;
    const byRatings = model.explain(items, values, ...one, item, byRating).reduce((sum, each) => sum + each, 0);
    return scoreOf(side) - scoreOf(bias) - byRatings;
  };
  const shared = names.length > 0 ? left(0, 0) * (1 - 1 / names.length) : 0;
  const contributions = names.map((feature, at) => ({ feature, contribution: left(at, numbers[at]!) - shared }));
  return contributions.sort((a, b) => Math.abs(b.contribution) - Math.abs(a.contribution)).slice(0, count);
}
