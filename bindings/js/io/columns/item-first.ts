import type { Draft } from './draft.js';

/** The forms of Amazon's keys: of products, ten letters and digits, B first or an ISBN; of reviewers, longer ones with A first. */
const PRODUCT = /^(?:B[0-9A-Z]{9}|\d{9}[\dX])$/;
const REVIEWER = /^A[0-9A-Z]{10,}$/;
const NEARLY_ALL = 0.9;
/** Fewer rows do not show what repeats. */
const ENOUGH_ROWS = 20;
/** As many values of the first column repeat. */
const ENOUGH_GROUPS = 3;

/**
 * Whether the first column of ids has items and the second one users: by the forms of Amazon's keys, or because values of the
 * first one repeat and none of the second does. A file sorted by items begins with the users of few items, who are different
 * people; one sorted by users begins with the items of few users, who share the popular ones.
 */
export function isItemFirst({ cells }: Draft, first: number, second: number): boolean {
  const [a, b] = [cells[first]!.texts, cells[second]!.texts];
  const share = (texts: string[], form: RegExp) => texts.filter((text) => form.test(text)).length / texts.length;
  if (share(a, PRODUCT) >= NEARLY_ALL) return share(b, REVIEWER) >= NEARLY_ALL;
  if (share(b, PRODUCT) >= NEARLY_ALL || b.length < ENOUGH_ROWS) return false;
  return new Set(b).size === b.length && repeated(a) >= ENOUGH_GROUPS;
}

/** How many different values occur twice or more. */
function repeated(texts: string[]): number {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return [...counts.values()].filter((count) => count > 1).length;
}
