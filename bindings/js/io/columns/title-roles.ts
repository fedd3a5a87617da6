import type { Role } from '../../ratings/ratings-source.js';
import { isKnownWord, withoutUnits, wordsOf } from './title-words.js';
import {
  COUNTED_OF_ITEMS,
  EVENT_TYPES,
  EVENT_WORDS,
  FLAG_WORDS,
  HEAD_FIRST,
  ITEM_WORDS,
  KEY_WORDS,
  NAME_WORDS,
  NEUTRAL_WORDS,
  NEVER_RATING,
  OPINION_WORDS,
  OTHER_TIMES,
  PARTICLES,
  RATING_WORDS,
  TIME_WORDS,
  TOTAL_WORDS,
  USE_DEPENDENT,
  USE_WORDS,
  USER_WORDS,
  type Weights,
} from './vocabulary.js';

/** What a title means: how well it fits each role, 0 for not at all. */
export interface TitleMeaning {
  role: { [role in Role]: number };
  /** How well it fits a column of true and false. */
  flag: number;
  /** Whether it is known to have no role. */
  isOther: boolean;
  /** Whether it ends as a key does: coupon_id. */
  isKey: boolean;
}

/** The words of a title, with the noun that says what the column has. */
interface Phrase {
  words: string[];
  head: string;
  /** The other words. */
  rest: string[];
  isKey: boolean;
  isName: boolean;
}

const NOTHING: TitleMeaning = {
  role: { user: 0, item: 0, rating: 0, timestamp: 0, event: 0 },
  flag: 0,
  isOther: false,
  isKey: false,
};
const KEY_BONUS = 12;
const NAME_LOSS = 30;
const UNKNOWN_LOSS = 6;

/** From this weight on, a title is a rating whatever the values are, so that a bad one is reported. */
export const CERTAIN = 95;
/** From this weight on, a title means an opinion rather than an amount. */
export const OPINION = 70;

/** Whether the title is an index that pandas writes. */
export function isIndexTitle(title: string): boolean {
  return /^(?:unnamed: ?\d+|index|level_0|row(?:id|number|_id|_number|_num|names?)?|#|no\.?|nr\.?|)$/i.test(
    title.trim(),
  );
}

export function meaningOf(title: string): TitleMeaning {
  const words = wordsOf(title);
  if (words.length === 0) return NOTHING;
  const phrase = phraseOf(words);
  const role = {
    user: idWeight(phrase, USER_WORDS),
    item: idWeight(phrase, ITEM_WORDS),
    rating: ratingWeight(words, phrase),
    timestamp: timeWeight(words, phrase),
    event: eventWeight(phrase),
  };
  if (/^(?:user|u)$/i.test(title.trim())) role.user = 100;
  const short = { i: 'item', r: 'rating', t: 'timestamp' }[title.trim().toLowerCase()] as Role | undefined;
  if (short) role[short] = 60;
  const isNamed = phrase.isName && phrase.head === '';
  if (isNamed) Object.assign(role, { user: 30, item: 35 });
  const flag = phrase.isKey ? 0 : flagWeight(words);
  const isOther = flag === 0 && Object.values(role).every((weight) => weight === 0) && isOfOthers(words, phrase);
  return { role, flag, isOther, isKey: phrase.isKey };
}

/** The role of a title that consists of known words only. */
export function knownRole(title: string): Role | undefined {
  // Cells such as user1 are no titles.
  if (/\d/.test(withoutUnits(title)) || !wordsOf(title).every(isKnownWord)) return undefined;
  const { role, flag } = meaningOf(title);
  const [best] = (Object.entries(role) as [Role, number][]).sort((a, b) => b[1] - a[1]);
  if (best && best[1] > 0) return best[0];
  return flag > 0 ? 'rating' : undefined;
}

/** Whether the words mean something that has no role: a price, a link, the key of a review. */
function isOfOthers(words: string[], { head, isKey }: Phrase): boolean {
  const isOther = (word: string) => [NEVER_RATING, TOTAL_WORDS, OTHER_TIMES].some((list) => list.has(word));
  return (
    words.some((word) => isOther(word) || LINKS.test(word)) || ((isKey || KEY_WORDS.has(head)) && isKnownWord(head))
  );
}

const LINKS = /^(?:uri|url|urls|link|links|href|website)$/;

function phraseOf(words: string[]): Phrase {
  const rest = [...words];
  let isKey = false;
  let isName = false;
  const strip = (take: () => string | undefined, at: number) => {
    for (let word = rest.at(at); word !== undefined; word = rest.at(at)) {
      if (KEY_WORDS.has(word) && rest.length > 1) isKey = true;
      else if (NAME_WORDS.has(word)) isName = true;
      else if (!(at === 0 ? PARTICLES.has(word) && (isKey || isName) : isFiller(word) && rest.length > 1)) return;
      take();
    }
  };
  strip(() => rest.pop(), -1);
  const isCount = TOTAL_WORDS.has(rest[0] ?? '');
  const isHeadFirst = !isCount && (HEAD_FIRST.has(rest[0] ?? '') || rest.some((word) => PARTICLES.has(word)));
  if (FRONT_KEYS.test(rest[0] ?? '') || NAME_WORDS.has(rest[0] ?? '')) strip(() => rest.shift(), 0);
  const head = (isHeadFirst ? rest.shift() : rest.pop()) ?? '';
  return { words, head, rest, isKey, isName };
}

/** Keys that stand before their noun, as in id_produto. */
const FRONT_KEYS = /^(?:id|code|codigo|codice|kod|код|ид)$/;

/** Words after the noun that do not change what the column has. */
function isFiller(word: string): boolean {
  return /^(?:raw|final|new|original|orig|int|str|unique|encoded|enc|anon|anonymous|anonymized|normalized|std|x|ms|sec|utc|gmt|local|iso|epoch|forever|address|it)$/.test(
    word,
  );
}

function losses(words: string[], ...allowed: { has(word: string): boolean }[]): number {
  const isAllowed = (word: string) => NEUTRAL_WORDS.has(word) || allowed.some((list) => list.has(word));
  return UNKNOWN_LOSS * words.filter((word) => !isAllowed(word)).length;
}

function idWeight({ words, head, rest, isKey, isName }: Phrase, nouns: Weights): number {
  const weight = nouns.get(head) ?? 0;
  if (weight === 0) return 0;
  // The title of a review is a text.
  if (!isKey && nouns === ITEM_WORDS && rest.some((word) => /^(?:review|reviews|comment)$/.test(word))) return 0;
  const unique = words.includes('unique') ? 1 : 0;
  const bonus = (isKey ? KEY_BONUS : 0) + unique - (isName && !isKey ? NAME_LOSS : 0);
  return Math.max(1, weight + bonus - losses(rest, USER_WORDS, ITEM_WORDS));
}

function ratingWeight(words: string[], { head, rest, isKey }: Phrase): number {
  if (isKey || words.some((word) => NEVER_RATING.has(word) && word !== head)) return 0;
  // In minutes_watched the amount stands before the use.
  const amount = USE_WORDS.has(head) ? rest.findLast((word) => RATING_WORDS.has(word)) : undefined;
  const noun = amount ?? head;
  const weight = RATING_WORDS.get(noun) ?? 0;
  if (weight === 0 || (NEVER_RATING.has(noun) && rest.length > 0)) return 0;
  const others = words.filter((word) => word !== noun);
  if (others.some((word) => TIME_WORDS.has(word) && word !== 'time')) return 0;
  if (USE_DEPENDENT.has(noun) && !others.some((word) => USE_WORDS.has(word))) return 0;
  const isCount = TOTAL_WORDS.has(noun);
  if (isCount && others.some((word) => COUNTED_OF_ITEMS.has(word))) return 0;
  if (OPINION_WORDS.has(noun) && weight >= OPINION && others.some((word) => TOTAL_WORDS.has(word))) return 0;
  const isOwn = others.some((word) => /^(?:user|my|your|own)$/.test(word)) ? 2 : 0;
  const isOfItem = others.some((word) => ITEM_WORDS.has(word)) ? 1 : 0;
  return (
    weight + isOwn - isOfItem - losses(others, USER_WORDS, ITEM_WORDS, RATING_WORDS, USE_WORDS, TOTAL_WORDS, KEY_WORDS)
  );
}

/** A column of one of these has only a part of the time. */
const PART_OF_TIME =
  /^(?:day|dow|month|year|week|weekday|hour|minute|second|tag|monat|jahr|jour|mois|annee|dia|mes|ano|giorno|mese|anno)$/;

function timeWeight(words: string[], { head, rest }: Phrase): number {
  if (words.some((word) => OTHER_TIMES.has(word) || PART_OF_TIME.test(word))) return 0;
  const last = words.at(-1)!;
  const nouns = [head, last, words[0]!].filter((word) => TIME_WORDS.has(word));
  if (nouns.length === 0) return 0;
  const noun = nouns.reduce((a, b) => (TIME_WORDS.get(b)! > TIME_WORDS.get(a)! ? b : a));
  const others = words.filter((word) => word !== noun);
  // 'at' alone is no time; rated_at is.
  if (/^(?:at|on)$/.test(noun) && others.length === 0) return 0;
  const isUsage =
    noun === 'time' && rest.some((word) => /^(?:spent|dwell|play|watch|view|reading|listening|watching)$/.test(word));
  const unix = others.includes('unix') || others.includes('event') ? 3 : 0;
  const isLater = others.some((word) => /^(?:updated|modified|changed|last)$/.test(word));
  return isUsage ? 30 : TIME_WORDS.get(noun)! + unix - (others.length > 0 ? 1 : 0) - (isLater ? 4 : 0);
}

function eventWeight({ head, rest, isKey }: Phrase): number {
  const weight = EVENT_WORDS.get(head) ?? 0;
  if (weight === 0 || isKey) return 0;
  const isType = weight < OPINION;
  if (isType && rest.some((word) => EVENT_TYPES.has(word) || EVENT_WORDS.has(word))) return 98;
  return isType && rest.length > 0 ? 0 : weight - losses(rest, USER_WORDS);
}

function flagWeight(words: string[]): number {
  const noun = words.findLast((word) => FLAG_WORDS.has(word));
  if (noun === undefined || words.some((word) => NEVER_RATING.has(word) || TOTAL_WORDS.has(word))) return 0;
  const others = words.filter((word) => word !== noun && !/^(?:is|was|has|did|ever|up|voted|be)$/.test(word));
  return FLAG_WORDS.get(noun)! - losses(others, USER_WORDS, ITEM_WORDS, FLAG_WORDS);
}
