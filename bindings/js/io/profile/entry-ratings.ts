import type { Notes } from '../../ratings/notes.js';
import type { Entry } from './entries.js';
import type { MatchedRating } from './own-ratings.js';
import type { Pair } from './pairs.js';
import type { ReadProfileOptions } from './profile-options.js';
import { guessScale, isLiked, rescale, type Scale } from './scale.js';

/** What the ratings are for, and the list's own scale where it is known. */
export interface Aim extends Pick<ReadProfileOptions, 'model' | 'range' | 'scale'> {
  own: Scale | undefined;
  /** Whether the model is of implicit feedback. */
  isWeight: boolean;
}

/** The ratings on the scale that they are wanted on, and the entries that are none. */
export function ratedOnScale(pairs: readonly Pair[], entries: readonly Entry[], aim: Aim, notes: Notes) {
  const { model, isWeight } = aim;
  const scale = scaleOf(entries, aim, notes);
  const range = aim.range ?? (isWeight ? undefined : finite(model?.ratingRange));
  const ratings: MatchedRating[] = [];
  const unrated: MatchedRating[] = [];
  let disliked = 0;
  for (const { entry, item, matched, sure } of pairs) {
    const { title, line, rating } = entry;
    const found = { item, sure, title, matched, line };
    if (isWeight) {
      const isTaken = rating === undefined || isLiked(rating, scale!);
      if (isTaken) ratings.push({ ...found, rating: 1 });
      else unrated.push(found);
      disliked += Number(!isTaken);
    } else if (rating !== undefined)
      ratings.push({ ...found, rating: range ? rescale(rating, scale!, range) : rating });
    // Without any rating, and for no particular model, a list says what was taken.
    else if (!scale && !model && !aim.range) ratings.push(found);
    else unrated.push(found);
  }
  if (disliked > 0) {
    notes.add(
      'disliked',
      `${disliked} of the lower half of the scale are left out: the model learns only from what was liked`,
    );
  }
  return { ratings, unrated, scale };
}

/** The scale of the list; undefined for a list without ratings. */
function scaleOf(entries: readonly Entry[], { scale, own }: Aim, notes: Notes): Scale | undefined {
  const given = entries.flatMap(({ rating }) => rating ?? []);
  if (given.length === 0) {
    notes.add('implicit', 'The list has no ratings: each entry says that the item was taken');
    return undefined;
  }
  if (scale) return scale;
  const known = own ?? guessScale(given);
  const [least, most] = given.reduce<Scale>(([a, b], next) => [Math.min(a, next), Math.max(b, next)], known);
  if (!own)
    notes.add('scale-guessed', `The ratings are read as from ${least} to ${most}; the option scale says otherwise`);
  return [least, most];
}

function finite(range: Scale | undefined): Scale | undefined {
  return range?.every(Number.isFinite) && range[0] < range[1] ? range : undefined;
}
