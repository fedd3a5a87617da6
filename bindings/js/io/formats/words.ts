import type { Role } from '../../ratings/ratings-source.js';

/** Titles of columns by which a format tells a table from a mapping of users to items. */
const ROLES: [role: Role, names: RegExp][] = [
  ['user', /^(user|uid|session|customer|member|reviewer|person|visitor|account)s?[_ ]?(id|name)?$/i],
  [
    'item',
    /^(item|iid|movie|film|book|product|business|song|track|artist|venue|news|video|game|recipe|anime|joke|article|isbn|asin)s?[_ ]?(id|name)?$/i,
  ],
  ['rating', /^(\w+[_ ])?(ratings?|stars|score|weight|play_?hours|plays|play_?count|count|overall)$/i],
  ['timestamp', /^(timestamp|time|date|ts|unixreviewtime|created_?at)$/i],
];
const WRAPPERS = /^(data|ratings?|rows|records|results|interactions|events|reviews|response|values|users)$/i;

export function roleOfTitle(title: string): Role | undefined {
  return ROLES.find(([, names]) => names.test(title))?.[0];
}

/** Whether a key of an object holds all ratings. */
export function isWrapper(key: string): boolean {
  return WRAPPERS.test(key);
}
