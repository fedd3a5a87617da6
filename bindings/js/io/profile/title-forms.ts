/** The forms under which one title is looked for: services write the same title in different ways. */

/** Longer titles are not looked for, so that hostile names cost nothing. */
const LONGEST_TITLE = 500;

/** A title without its year: the whole name, the name without each group in parentheses at its end, then what these say. */
export interface DividedTitle {
  names: string[];
  /** How many of the names are the title itself; the others are alternative titles. */
  own: number;
  year: number | undefined;
}

const YEAR =
  /\s*[([](?:(?:TV|Mini|Movie|Series|Special|Episode|Short|Video|Film|Game|[IVX]+)[\s,-]+)*((?:18|19|20)\d\d)(?:\/[IVX]+)?(?:\s*[-–—]\s*(?:\d{4}|\d\d)?)?(?:\s+(?:TV|Mini|Movie|Series|Special|Short|Video|Film|Game))*\s*[)\]]$/iu;
/** What IMDb puts behind a title to tell it from others: (I), (TV), (V), (VG). */
const MARK = /\s*\((?:[IVX]+|TV|V|VG)\)$/u;
const ALSO_KNOWN = /^(?:a\.?\s?k\.?\s?a\.?|also known as)[\s:]+/iu;
/** The volume of a series, as Goodreads writes it: (The Hunger Games, #1). */
const SERIES = /#\s*\d/u;

const ARTICLES =
  'the a an le la les un une des il lo i gli uno una el los las unos unas der die das ein eine den det de het een en et ett o os as um uma'.split(
    ' ',
  );
const ARTICLE = `(${ARTICLES.join('|')}|l['’])`;
const BEHIND = new RegExp(`^(.+),\\s*${ARTICLE}$`, 'iu');
const BEHIND_FIRST_PART = new RegExp(`^([^:]+),\\s*${ARTICLE}(?=\\s*:|\\s+[-–—]\\s)`, 'iu');

export function divideTitle(text: string): DividedTitle {
  let rest = text.length > LONGEST_TITLE ? '' : text.normalize('NFC').replace(/\s+/gu, ' ').trim();
  const year = YEAR.exec(rest);
  if (year && year.index > 0) rest = rest.slice(0, year.index);
  const mark = MARK.exec(rest);
  if (mark && mark.index > 0) rest = rest.slice(0, mark.index);
  if (rest === '') return { names: [], own: 0, year: undefined };
  const own = [articleInFront(rest)];
  const added: string[] = [];
  while (rest.endsWith(')')) {
    const start = openingOf(rest);
    if (start <= 0) break;
    const inside = rest.slice(start + 1, -1).trim();
    rest = rest.slice(0, start).trimEnd();
    if (inside !== '' && !SERIES.test(inside)) added.push(articleInFront(inside.replace(ALSO_KNOWN, '')));
    own.push(articleInFront(rest));
  }
  return { names: [...own, ...added], own: own.length, year: year && year.index > 0 ? Number(year[1]) : undefined };
}

/** Where the last group in parentheses opens, or −1. */
function openingOf(text: string): number {
  let depth = 0;
  for (let at = text.length - 1; at >= 0; at--) {
    if (text[at] === ')') depth++;
    else if (text[at] === '(' && --depth === 0) return at;
  }
  return -1;
}

/** "Shawshank Redemption, The" → "The Shawshank Redemption"; "Enfer, L'" → "L'Enfer". */
function articleInFront(name: string): string {
  const [whole, before, article] = BEHIND.exec(name) ?? BEHIND_FIRST_PART.exec(name) ?? [];
  if (whole === undefined || article === undefined) return name;
  return `${article}${/['’]$/u.test(article) ? '' : ' '}${before}${name.slice(whole.length)}`;
}

const LETTERS: { [letter: string]: string } = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ı: 'i',
};
const FRACTIONS: { [letter: string]: string } = { '½': ' 1 2', '⅓': ' 1 3', '¼': ' 1 4', '¾': ' 3 4' };
const ROMAN = 'i ii iii iv v vi vii viii ix x xi xii xiii xiv xv xvi xvii xviii xix xx'.split(' ');
const NUMBERED = new Set(['part', 'vol', 'volume', 'chapter', 'episode', 'book', 'season', 'teil', 'partie', 'parte']);

/** The same for titles that differ only in case, accents, punctuation, "&" and Roman numerals. */
export function keyOf(name: string): string {
  const folded = fold(name);
  const words = folded.replace(/['’‘`´ʼ]/gu, '').match(/[\p{L}\p{M}\p{N}]+/gu);
  if (!words) return folded.replace(/\s/gu, '');
  for (let at = 1; at < words.length; at++) words[at] = arabic(words[at]!, words[at - 1]!);
  return words.join(' ');
}

function fold(name: string): string {
  const lower = name.toLowerCase();
  const plain = /^[\x20-\x7e]*$/.test(lower)
    ? lower
    : lower
        .replace(/[½⅓¼¾]/gu, (letter) => FRACTIONS[letter]!)
        .normalize('NFKD')
        .replace(/[\u0300-\u036f]/gu, '')
        .replace(/[ßæœøłđðþı]/gu, (letter) => LETTERS[letter]!);
  return /[&+]/.test(plain) ? plain.replace(/&/gu, ' and ').replace(/\s\+\s/gu, ' and ') : plain;
}

/** A Roman numeral behind a word as digits; "I" alone only where a number is due. */
function arabic(word: string, before: string): string {
  if (word.length > 5 || !/^[ivx]/.test(word)) return word;
  const value = ROMAN.indexOf(word) + 1;
  return value > 1 || (value === 1 && NUMBERED.has(before)) ? String(value) : word;
}

const LEADING = new Set([...ARTICLES, 'l']);
const SHORT: { [word: string]: string } = {
  ...Object.fromEntries(
    'one two three four five six seven eight nine ten eleven twelve thirteen'
      .split(' ')
      .map((word, index) => [word, String(index + 1)]),
  ),
  ...{ doctor: 'dr', mister: 'mr', saint: 'st', versus: 'vs', volume: 'vol', part: 'pt', und: 'and' },
};

/** Keys that ignore also spaces, and then the article in front and whether numbers are words. */
export function looseKeysOf(key: string): string[] {
  const words = key.split(' ');
  const joined = words.join('');
  if (words.length > 1 && LEADING.has(words[0]!)) words.shift();
  const reduced = words.map((word) => (Object.hasOwn(SHORT, word) ? SHORT[word] : word)).join('');
  return reduced === joined ? [joined] : [joined, reduced];
}

/** What a name may be called for short, which is before its subtitle or behind it: "Star Wars: Episode V - The Empire Strikes Back". */
export function partsOf(name: string): string[] {
  const ends = [...name.matchAll(/:\s|\s[-–—]\s/gu)].map((end) => ({ from: end.index, to: end.index + end[0].length }));
  const [first, last] = [ends[0], ends.at(-1)];
  return first && last && first.from > 0 ? [name.slice(0, first.from), name.slice(last.to)] : [];
}
