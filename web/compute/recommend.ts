/** Recommendations for the visitor, by folding the stars into a model. */
import { type Id, MatfacError, type Model, type Profile, type RatingProbability } from 'matfac';
import { type ItemList, isLiked, type Stars } from '../items/item-list.js';
import { isImplicit } from '../settings/solvers.js';

/** From the least to the largest rating. */
type Range = readonly [number, number];

export interface Reason {
  item: Id;
  rating: number;
  contribution: number;
  /** Rated above the middle. */
  liked: boolean;
}

export interface Recommendation {
  item: Id;
  /** What the list is ordered by. */
  score: number;
  /** The predicted rating; null for a model of implicit feedback. */
  expected: number | null;
  /** What the biases contribute to the score, to which the reasons add; null for a model without biases. */
  baseline: number | null;
  /** The 90 % interval of a model that estimates its uncertainty; null for any other. */
  interval: readonly [low: number, high: number] | null;
  /** How likely each rating is, in a model of ordered ratings; null for any other. */
  distribution: readonly RatingProbability[] | null;
  /** Up to three rated items: those that were liked and speak for it first, then those that contribute most. */
  reasons: Reason[];
}

/** Folds the visitor into the model and returns the best items. It takes milliseconds; nothing is retrained. */
export function recommendationsFor(
  model: Model,
  stars: Stars,
  { n, diversity, range, seen = [] }: { n: number; diversity: number; range: Range; seen?: readonly Id[] },
): Recommendation[] {
  const profile = model.foldIn(foldedIn(model, stars, range));
  if (profile.ratings.length === 0) return [];
  const { biases } = model.options;
  const known = new Set(model.items);
  const exclude = [...stars.keys(), ...seen].filter((item) => known.has(item));
  const found = profile.recommend({ n, diversity, exclude });
  const items = found.map(({ item }) => item);
  const deviations = deviationsOf(profile, items);
  const distributions = model.options.likelihood === 'ordinal' ? profile.distributionMany(items) : [];
  return found.map(({ item, score, rating: expected = null }, i) => {
    const all = profile.explain(item, { n: profile.ratings.length });
    const taste = all.reduce((sum, { contribution }) => sum + contribution, 0);
    const interval = deviations && expected !== null && intervalOf(expected, deviations[i]!, model.ratingRange);
    const baseline = biases ? score - taste : null;
    const distribution = distributions[i] ?? null;
    const reasons = reasonsFrom(all, range);
    return { item, score, expected, interval: interval || null, distribution, baseline, reasons };
  });
}

/** Makes what a model ranks by, which its first recommendation would: that takes longer than the recommendation itself. */
export function makeRanks(model: Model): void {
  try {
    model.foldIn([]).recommend({ n: 1 });
  } catch {
    // Rate reports the problem, if it is one with the visitor's stars too.
  }
}

/** What was liked leads: a dislike may also speak for an item, because it shows what the visitor takes. */
function reasonsFrom(all: ReturnType<Profile['explain']>, range: Range): Reason[] {
  const reasons = all.map((reason) => ({ ...reason, liked: isLiked(reason.rating, range) }));
  const leads = ({ liked, contribution }: Reason) => liked && contribution > 0;
  return [...reasons.filter(leads), ...reasons.filter((reason) => !leads(reason))].slice(0, 3);
}

/** True if the scores are not ratings: the visitor's preference for the items, or the only score of an implicit model. */
export const ranksByMatch = ({ solver, options }: Model): boolean => isImplicit(solver) || options.preference;

/** The uncertainty of the items; null for a model that does not estimate it. */
function deviationsOf(profile: Profile, items: readonly Id[]): Float32Array | null {
  try {
    return profile.uncertaintyMany(items);
  } catch (error) {
    if (error instanceof MatfacError && error.code === 'unsupported') return null;
    throw error;
  }
}

/**
 * The visitor's ratings as they are folded in; stars on items that the model does not have are ignored, and others end where its ratings do. A model
 * of interactions gets what was liked: a low rating is no interaction that speaks for an item.
 */
export function foldedIn(model: Model, stars: Stars, range: Range): { item: Id; rating: number }[] {
  const known = new Set(model.items);
  const [least, most] = model.ratingRange;
  const counts = (star: number) => !isImplicit(model.solver) || isLiked(star, range);
  const given = [...stars].filter(([item, star]) => known.has(item) && counts(star));
  return given.map(([item, star]) => ({ item, rating: Math.min(most, Math.max(least, star)) }));
}

/** 1.645 standard deviations to either side, within the range of the ratings. */
const intervalOf = (expected: number, deviation: number, [least, most]: Range) =>
  [Math.max(least, expected - 1.645 * deviation), Math.min(most, expected + 1.645 * deviation)] as const;

/** A visitor is likely to know some of this many best-known items. */
const likelyKnown = 150;

/**
 * The item whose rating would teach the model most about the visitor: of the items that many have rated, and that the visitor may
 * therefore know, the one whose prediction is the least certain. Null for a model that does not estimate its uncertainty, and
 * if all are rated.
 */
export function itemToRateNext(model: Model, itemList: ItemList, stars: Stars, range: Range): Id | null {
  const known = new Set(model.items);
  const asked = itemList.items.slice(0, likelyKnown).filter((item) => known.has(item) && !stars.has(item));
  const deviations = deviationsOf(model.foldIn(foldedIn(model, stars, range)), asked);
  return deviations && (asked[deviations.indexOf(Math.max(...deviations))] ?? null);
}
