/** What the features of a visitor contribute to a score; loaded for a model that has features. */
import type { CoreServing } from '../core/core.js';
import type { EncodedRow } from '../ratings/features/encoding.js';
import type { AskedScore, FeatureContribution } from './described.js';

/**
 * A visitor's score is linear in the features given the ratings, and what the ratings contribute is told apart: what is left of
 * the score of a visitor who has one of the features alone, without biases, is what this one contributes.
 */
export function featureContributions(
  model: CoreServing,
  { columns, values: numbers, names }: EncodedRow,
  { items, values, item, byRating, count }: AskedScore,
): FeatureContribution[] {
  const included = Int32Array.of(item);
  const task = { n: 1, byRating, diversity: 0, approximate: false, excluded: new Int32Array(), included };
  const scoreOf = (side: Float32Array) => model.profileRecommend(side, task).scores[0]!;
  const contributions = names.map((feature, at) => {
    const one = [columns.subarray(at, at + 1), numbers.subarray(at, at + 1)] as const;
    const side = model.foldIn(items, values, ...one);
    const bias = new Float32Array(side.length);
    bias[side.length - 1] = side.at(-1)!;
    const byRatings = model.explain(items, values, ...one, item, byRating).reduce((sum, each) => sum + each, 0);
    return { feature, contribution: scoreOf(side) - scoreOf(bias) - byRatings };
  });
  return contributions.sort((a, b) => Math.abs(b.contribution) - Math.abs(a.contribution)).slice(0, count);
}
