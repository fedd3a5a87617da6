import type { Id } from 'matfac';
import type { CurrentModel, Stars } from './state.js';

export interface Reason {
  item: Id;
  rating: number;
  contribution: number;
}

export interface Recommendation {
  item: Id;
  /** The rating that the model expects of the visitor. */
  expected: number;
  /** The mean with the visitor's bias and the item's, which the reasons add to; null in a model without biases. */
  baseline: number | null;
  /** The rated items that weigh most, up to three. */
  reasons: Reason[];
}

/** Folds the visitor into the model and asks for the best items: milliseconds, with nothing trained again. */
export function recommendationsFor({ model }: CurrentModel, stars: Stars, n: number): Recommendation[] {
  const known = new Set(model.items);
  const ratings = [...stars].filter(([item]) => known.has(item)).map(([item, rating]) => ({ item, rating }));
  if (ratings.length === 0) return [];
  const profile = model.foldIn(ratings);
  const { biases } = model.options;
  return profile.recommend({ n }).map(({ item, score }) => {
    const reasons = profile.explain(item, { n: ratings.length });
    const taste = reasons.reduce((sum, { contribution }) => sum + contribution, 0);
    const expected = profile.predict(item);
    return { item, expected, baseline: biases ? score - taste : null, reasons: reasons.slice(0, 3) };
  });
}
