/** Recommendations for the visitor, by folding the stars into a model. */
import type { Id, Model, Profile } from 'matfac';
import type { ItemList, Stars } from '../items/item-list.js';

export interface Reason {
  item: Id;
  rating: number;
  contribution: number;
}

export interface Recommendation {
  item: Id;
  /** The predicted rating. */
  expected: number;
  /** The mean plus the visitor's and the item's bias, to which the reasons add; null for a model without biases. */
  baseline: number | null;
  /** The 90 % interval of a Bayesian model; null for any other. */
  interval: readonly [low: number, high: number] | null;
  /** The rated items that contribute most, up to three. */
  reasons: Reason[];
}

/** Folds the visitor into the model and returns the best items. It takes milliseconds; nothing is retrained. */
export function recommendationsFor(model: Model, stars: Stars, n: number, diversity: number): Recommendation[] {
  const profile = profileOf(model, stars);
  if (profile.ratings.length === 0) return [];
  const { biases } = model.options;
  const found = profile.recommend({ n, diversity });
  const deviations = estimatesUncertainty(model) ? profile.uncertaintyMany(found.map(({ item }) => item)) : null;
  return found.map(({ item, score }, i) => {
    const reasons = profile.explain(item, { n: profile.ratings.length });
    const taste = reasons.reduce((sum, { contribution }) => sum + contribution, 0);
    const expected = profile.predict(item);
    const interval = deviations && intervalOf(expected, deviations[i]!, model.ratingRange);
    return { item, expected, interval, baseline: biases ? score - taste : null, reasons: reasons.slice(0, 3) };
  });
}

const estimatesUncertainty = (model: Model): boolean => model.solver === 'bayesian';

/** The visitor folded in; stars on items that the model does not have are ignored, and others end where its ratings do. */
function profileOf(model: Model, stars: Stars): Profile {
  const known = new Set(model.items);
  const [least, most] = model.ratingRange;
  const given = [...stars].filter(([item]) => known.has(item));
  return model.foldIn(given.map(([item, star]) => ({ item, rating: Math.min(most, Math.max(least, star)) })));
}

/** 1.645 standard deviations to either side, within the range of the ratings. */
const intervalOf = (expected: number, deviation: number, [least, most]: readonly [number, number]) =>
  [Math.max(least, expected - 1.645 * deviation), Math.min(most, expected + 1.645 * deviation)] as const;

/** A visitor is likely to know some of this many best-known items. */
const likelyKnown = 150;

/**
 * The item whose rating would teach a Bayesian model most about the visitor: of the items that many have rated, and that the
 * visitor may therefore know, the one whose prediction is the least certain. Null for other models, and if all are rated.
 */
export function itemToRateNext(model: Model, itemList: ItemList, stars: Stars): Id | null {
  if (!estimatesUncertainty(model)) return null;
  const known = new Set(model.items);
  const asked = itemList.items.slice(0, likelyKnown).filter((item) => known.has(item) && !stars.has(item));
  const deviations = profileOf(model, stars).uncertaintyMany(asked);
  return asked[deviations.indexOf(Math.max(...deviations))] ?? null;
}
