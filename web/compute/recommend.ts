import type { Id, Model, Profile } from 'matfac';
import type { ItemList, Stars } from '../items/item-list.js';

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
  /** Nine of ten ratings lie between these, by a Bayesian model; null by any other. */
  interval: readonly [low: number, high: number] | null;
  /** The rated items that weigh most, up to three. */
  reasons: Reason[];
}

/** Folds the visitor into the model and asks for the best items: milliseconds, with nothing trained again. */
export function recommendationsFor(model: Model, stars: Stars, n: number, diversity: number): Recommendation[] {
  const profile = profileOf(model, stars);
  if (profile.ratings.length === 0) return [];
  const { biases } = model.options;
  const found = profile.recommend({ n, diversity });
  const deviations = estimatesUncertainty(model) ? profile.uncertaintyMany(found.map(({ item }) => item)) : null;
  return found.map(({ item, score }, place) => {
    const reasons = profile.explain(item, { n: profile.ratings.length });
    const taste = reasons.reduce((sum, { contribution }) => sum + contribution, 0);
    const expected = profile.predict(item);
    const interval = deviations && intervalOf(expected, deviations[place]!, model.ratingRange);
    return { item, expected, interval, baseline: biases ? score - taste : null, reasons: reasons.slice(0, 3) };
  });
}

const estimatesUncertainty = (model: Model): boolean => model.solver === 'bayesian';

/** The visitor in the model; stars of items that it does not know are left out. */
function profileOf(model: Model, stars: Stars): Profile {
  const known = new Set(model.items);
  return model.foldIn([...stars].filter(([item]) => known.has(item)).map(([item, rating]) => ({ item, rating })));
}

const intervalOf = (expected: number, deviation: number, [least, most]: readonly [number, number]) =>
  [Math.max(least, expected - 1.645 * deviation), Math.min(most, expected + 1.645 * deviation)] as const;

/** Among so many of the best known items a visitor is likely to know one. */
const likelyKnown = 150;

/**
 * The item whose rating would teach a Bayesian model most of the visitor: of those that many have rated, so that the visitor
 * may know it, the one whose rating is the least certain. Null for other models, and when all are rated.
 */
export function itemToRateNext(model: Model, itemList: ItemList, stars: Stars): Id | null {
  if (!estimatesUncertainty(model)) return null;
  const known = new Set(model.items);
  const asked = itemList.items.slice(0, likelyKnown).filter((item) => known.has(item) && !stars.has(item));
  const deviations = profileOf(model, stars).uncertaintyMany(asked);
  return asked[deviations.indexOf(Math.max(...deviations))] ?? null;
}
