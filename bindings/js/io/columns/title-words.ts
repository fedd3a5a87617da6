import {
  EVENT_WORDS,
  FLAG_WORDS,
  ITEM_WORDS,
  KEY_WORDS,
  NAME_WORDS,
  NEUTRAL_WORDS,
  NEVER_RATING,
  RATING_WORDS,
  TIME_WORDS,
  USE_WORDS,
  USER_WORDS,
} from './vocabulary.js';

const LISTS: { has(word: string): boolean }[] = [
  USER_WORDS,
  ITEM_WORDS,
  RATING_WORDS,
  TIME_WORDS,
  EVENT_WORDS,
  FLAG_WORDS,
  KEY_WORDS,
  NAME_WORDS,
  NEUTRAL_WORDS,
  NEVER_RATING,
  USE_WORDS,
];

/** Titles longer than this are sentences. */
const LONGEST = 60;
const LONGEST_WORD = 24;

/** Whether any list has the word. */
export function isKnownWord(word: string): boolean {
  return LISTS.some((list) => list.has(word));
}

/** Two titles are the same if this is: letters and digits in lower case. */
export function normalTitle(title: string): string {
  return title.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
}

/**
 * The words of a title in lower case, without accents: userId, User-ID and "user id" are user and id. Words written as one are
 * divided where both parts are known: visitorid, unixreviewtime.
 */
export function wordsOf(title: string): string[] {
  // Databases put the name of a table before the name of a column.
  if (title.length > LONGEST) return title.includes('.') ? wordsOf(title.slice(title.lastIndexOf('.') + 1)) : [];
  const plain = withoutUnits(title)
    .replace(/ł/g, 'l')
    .replace(/ß/g, 'ss')
    .normalize('NFD')
    .replace(/([A-Za-z])[\u0300-\u036f]+/g, '$1')
    .normalize('NFC');
  return plain
    .replace(/(\p{Ll}|\d)(\p{Lu})/gu, '$1 $2')
    .replace(/(\p{Lu}+)(\p{Lu}\p{Ll})/gu, '$1 $2')
    .replace(/([a-z])(?=[^\x20-\x7e])|([^\x20-\x7e])(?=[a-z])/gi, '$1$2 ')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => !/^\d*$/.test(word))
    .flatMap((word) => partsOf(word));
}

/** The title without parentheses and scales, as of "Rating (1-5)" and "score/10". */
export function withoutUnits(title: string): string {
  const bare = title.replace(/\([^()]*\)|\[[^[\]]*\]|\/ ?\d+$/g, ' ');
  return bare.trim() === '' ? title : bare;
}

/** Short words that end a word written as one. */
const ENDINGS = new Set(['id', 'at', 'no', 'nr', 'ts']);

/** The known words that a word consists of, or else the word itself. */
function partsOf(word: string, depth = 0): string[] {
  if (isKnownWord(word) || depth === 2 || word.length > LONGEST_WORD) return [word];
  const least = isAscii(word) ? 3 : 1;
  for (let cut = word.length - 1; cut >= least; cut--) {
    const [first, last] = [word.slice(0, cut), word.slice(cut)];
    if ((last.length < least && !ENDINGS.has(last)) || !isKnownWord(first)) continue;
    const rest = partsOf(last, depth + 1);
    if (rest.every(isKnownWord)) return [first, ...rest];
  }
  return [word];
}

function isAscii(text: string): boolean {
  return /^[\x20-\x7e]*$/.test(text);
}
