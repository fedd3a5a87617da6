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

const KIND = '(?:TV|Mini|Movie|Series|Special|Episode|Short|Video|Film|Game|[IVX]+)';
/** What stands in the last parentheses: 1995, 2007–, 1975-1979, 1994/II, TV Series 2008–2013. */
const YEAR = new RegExp(
  `^\\s*(?:${KIND}[\\s,-]+)*((?:18|19|20)\\d\\d)(?:/[IVX]+)?(?:\\s*[-–—]\\s*(?:\\d{4}|\\d\\d)?)?(?:\\s+${KIND})*\\s*$`,
  'iu',
);
/** What IMDb puts behind a title to tell it from others. */
const MARK = /^(?:[IVX]+|TV|V|VG)$/u;
const ALSO_KNOWN = /^(?:a\.?\s?k\.?\s?a\.?|also known as)[\s:]+/iu;
/** The volume of a series, as Goodreads writes it: (The Hunger Games, #1). */
const SERIES = /#\s*\d/u;

const ARTICLES = new Set(
  "the a an le la les l' l’ un une des il lo i gli uno una el los las unos unas der die das ein eine den det de het een en et ett o os as um uma".split(
    ' ',
  ),
);
/** The end of a title's first part, before a subtitle. */
const SUBTITLE = /:|\s[-–—]\s/u;

export function divideTitle(text: string): DividedTitle {
  let rest = text.length > LONGEST_TITLE ? '' : tidy(text);
  let year: number | undefined;
  const found = lastGroup(rest, YEAR);
  if (found) [rest, year] = [found.before, Number(found.match[1])];
  rest = lastGroup(rest, MARK)?.before ?? rest;
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
  return { names: added.length > 0 ? [...own, ...added] : own, own: own.length, year };
}

function tidy(text: string): string {
  const composed = IS_ASCII.test(text) ? text : text.normalize('NFC');
  return (/\s\s|[^\S ]/u.test(composed) ? composed.replace(/\s+/gu, ' ') : composed).trim();
}

const IS_ASCII = /^[\x20-\x7e]*$/;

/** The group in parentheses or brackets at the end, if it is behind a name and of the pattern. */
function lastGroup(text: string, pattern: RegExp): { before: string; match: RegExpExecArray } | undefined {
  if (!text.endsWith(')') && !text.endsWith(']')) return undefined;
  const start = Math.max(text.lastIndexOf('('), text.lastIndexOf('['));
  const before = text.slice(0, Math.max(start, 0)).trimEnd();
  const match = before === '' ? null : pattern.exec(text.slice(start + 1, -1));
  return match ? { before, match } : undefined;
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

/** "Shawshank Redemption, The" → "The Shawshank Redemption"; "Enfer, L'" → "L'Enfer"; "Librarian, The: Return" → "The Librarian: Return". */
function articleInFront(name: string): string {
  if (!name.includes(',')) return name;
  return moved(name, name.length) ?? moved(name, name.search(SUBTITLE)) ?? name;
}

/** The name with the article before `end` in front, if there is one. */
function moved(name: string, end: number): string | undefined {
  const first = name.slice(0, Math.max(end, 0)).trimEnd();
  const comma = first.lastIndexOf(',');
  const article = first.slice(comma + 1).trimStart();
  if (comma <= 0 || !ARTICLES.has(article.toLowerCase())) return undefined;
  return `${article}${/['’]$/u.test(article) ? '' : ' '}${first.slice(0, comma)}${name.slice(end)}`;
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
const ROMAN = new Map(
  'i ii iii iv v vi vii viii ix x xi xii xiii xiv xv xvi xvii xviii xix xx'
    .split(' ')
    .map((word, index) => [word, index + 1]),
);
const NUMBERED = new Set(['part', 'vol', 'volume', 'chapter', 'episode', 'book', 'season', 'teil', 'partie', 'parte']);

/** The same for titles that differ only in case, accents, punctuation, "&" and Roman numerals. */
export function keyOf(name: string): string {
  const folded = fold(name);
  const words = folded.match(IS_ASCII.test(folded) ? /[a-z0-9]+/g : /[\p{L}\p{M}\p{N}]+/gu);
  if (!words) return folded.replace(/\s/gu, '');
  for (let at = 1; at < words.length; at++) words[at] = arabic(words[at]!, words[at - 1]!);
  return words.join(' ');
}

function fold(name: string): string {
  const lower = name.toLowerCase();
  const plain = IS_ASCII.test(lower) ? lower : withoutAccents(lower);
  if (!/['`&+’‘´ʼ]/u.test(plain)) return plain;
  return plain
    .replace(/['’‘`´ʼ]/gu, '')
    .replace(/&/gu, ' and ')
    .replace(/\s\+\s/gu, ' and ');
}

function withoutAccents(lower: string): string {
  return lower
    .replace(/[½⅓¼¾]/gu, (letter) => FRACTIONS[letter]!)
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/gu, '')
    .replace(/[ßæœøłđðþı]/gu, (letter) => LETTERS[letter]!);
}

/** A Roman numeral behind a word as digits; "I" alone only where a number is due. */
function arabic(word: string, before: string): string {
  const value = word.length > 5 ? 0 : (ROMAN.get(word) ?? 0);
  return value > 1 || (value === 1 && NUMBERED.has(before)) ? String(value) : word;
}

const LEADING = new Set([...ARTICLES, 'l']);
const SHORT: { [word: string]: string } = {
  ...Object.fromEntries(
    'one two three four five six seven eight nine ten eleven twelve thirteen'
      .split(' ')
      .map((word, index) => [word, String(index + 1)]),
  ),
  ...{ doctor: 'dr', mister: 'mr', saint: 'st', versus: 'vs', und: 'and' },
};

/** Keys that ignore also spaces; the second one also the article in front, "Part" before a number, and whether numbers are words. */
export function looseKeysOf(key: string): string[] {
  const words = key.split(' ');
  const joined = words.join('');
  if (words.length > 1 && LEADING.has(words[0]!)) words.shift();
  const isNumber = (word: string | undefined) => word !== undefined && /^\d+$/.test(word);
  const said = words.filter((word, at) => at === 0 || !(NUMBERED.has(word) && isNumber(words[at + 1])));
  const reduced = said.map((word) => (Object.hasOwn(SHORT, word) ? SHORT[word] : word)).join('');
  return reduced === joined ? [joined] : [joined, reduced];
}

/** A subtitle of fewer words is the name of other things as well. */
const SHORTEST_SUBTITLE = 3;

/**
 * What a name may be called for short. Of "Star Wars: Episode V - The Empire Strikes Back": what is before the subtitles, the last
 * of them, and both.
 */
export function partsOf(name: string): string[] {
  if (!SUBTITLE.test(name)) return [];
  const ends = [...name.matchAll(/:\s|\s[-–—]\s/gu)];
  const [first, last] = [ends[0], ends.at(-1)];
  if (!first || !last || first.index === 0) return [];
  const before = name.slice(0, first.index);
  const subtitle = name.slice(last.index + last[0].length);
  return [
    before,
    ...(subtitle.split(' ').length >= SHORTEST_SUBTITLE ? [subtitle] : []),
    ...(ends.length > 1 ? [`${before} ${subtitle}`] : []),
  ];
}
