import type { Id } from 'matfac';
import type { CurrentModel, Stars } from './state.js';

export interface Reason {
  item: Id;
  rating: number;
  contribution: number;
}

export interface Recommendation {
  item: Id;
  score: number;
  /** The rated items that weigh most, up to three. */
  reasons: Reason[];
}

/** Folds the visitor into the model and asks for the best items: milliseconds, with nothing trained again. */
export function recommendationsFor({ model }: CurrentModel, stars: Stars, n: number): Recommendation[] {
  const known = new Set(model.items);
  const ratings = [...stars].filter(([item]) => known.has(item)).map(([item, rating]) => ({ item, rating }));
  if (ratings.length === 0) return [];
  const profile = model.foldIn(ratings);
  return profile.recommend({ n }).map(({ item }) => ({
    item,
    score: profile.predict(item),
    reasons: profile.explain(item, { n: 3 }),
  }));
}
