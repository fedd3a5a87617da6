/** The values of ratings: as people and services write them, and on another scale. */

export type Scale = readonly [least: number, most: number];

/** A rating as it is written: 4, "4,5", "4/5", "80 %", "★★★½", "4 stars". The scale is known where the text says it. */
export function ratingIn(cell: string): { rating: number; scale?: Scale } | undefined {
  const text = cell.trim();
  if (text.length > 30) return undefined;
  const [said] = /^(?:true|yes|y)$|^(?:false|no)$/iu.exec(text) ?? [];
  if (said) return { rating: /^[ty]/iu.test(said) ? 1 : 0, scale: [0, 1] };
  const stars = /^([★⭐*]{0,10})(½)?[☆\s]*$/u.exec(text.replace(/\ufe0f/gu, ''));
  if (stars && (stars[1] || stars[2])) return { rating: [...stars[1]!].length + (stars[2] ? 0.5 : 0) };
  const [, number, sign, most] =
    /^(\d{1,4}(?:[.,]\d{1,9})?)\s*(?:(\/|von|of|out of|sur|de|su)\s*(\d{1,3})|(?:%|★|⭐|\*|stars?|sterne|points?))?$/iu.exec(
      text,
    ) ?? [];
  if (number === undefined) return undefined;
  const rating = Number(number.replace(',', '.'));
  if (sign !== undefined && Number(most) > 0)
    return rating <= Number(most) ? { rating, scale: [0, Number(most)] } : undefined;
  return text.endsWith('%') ? { rating, scale: [0, 100] } : { rating };
}

/** The scale of a list that does not say it: the smallest usual one with all its ratings. */
export function guessScale(ratings: readonly number[]): Scale {
  const least = ratings.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const most = ratings.reduce((a, b) => Math.max(a, b), 0);
  const isWhole = ratings.every(Number.isInteger);
  const top = [5, 10, 20, 100].find((end) => most <= end) ?? most;
  if (least === 0 || top >= 100) return [0, top];
  return [Math.min(least, top > 5 || isWhole ? 1 : 0.5), top];
}

/**
 * Where both scales end with the same number, their stars mean the same, and a rating below the other scale becomes its least.
 * Otherwise the ends go to the ends, and what is between them in proportion.
 */
export function rescale(rating: number, [from, to]: Scale, [least, most]: Scale): number {
  const inside = to === most || to === from ? rating : least + ((rating - from) / (to - from)) * (most - least);
  return Math.min(most, Math.max(least, inside));
}

/** Whether a rating is in the upper half of its scale, the middle included. */
export function isLiked(rating: number, [least, most]: Scale): boolean {
  return rating >= (least + most) / 2;
}
