import { flagOf, isList, numberOf, wordOf, yearInTitle, yearOf } from './cell.js';
import type { FieldEncoding } from './encoding.js';

/** How the caller says that fields are read; all others are guessed. */
export interface FieldKinds {
  numbers?: readonly string[];
  categories?: readonly string[];
  lists?: readonly string[];
  ignore?: readonly string[];
}

/** What a field is, or why it is none; `isGuess` when its values could mean another kind. */
export interface FieldVerdict {
  kind?: FieldEncoding['kind'];
  isYear?: boolean;
  reason?: string;
  isGuess?: boolean;
}

/** The share of cells that must be numbers, dates or flags for a field to have that kind. */
const MOST = 0.95;
/** Whole numbers of at most this many values, each of many rows, are codes. */
const MOST_CODES = 25;
const ROWS_PER_CODE = 20;
/** A field of more words than this, and more than half as many as rows, names the rows. */
const FEW_WORDS = 20;

const NAMES_ROWS =
  /(?:^|[_ -])(?:title|name|url|uri|links?|href|poster|zip|zip[_ -]?code|post(?:al)?[_ -]?code|isbn\w*|overview|description|plot)$|[a-z](?:Title|Name|Url|ZipCode)$|imdb|tmdb/i;
const KEYS = /(?:^|[_ -])id$|[a-z]I[dD]$/;
const YEARS = /year|date|released|^(?:jahr|année|annee|año|ano|anno)$/i;
const LISTS = /^(?:genres?|categor(?:y|ies)|tags?|keywords|listed_in|class)$/i;

/** What the cells of a field look like; all but `filled` are counts of filled cells. */
class Survey {
  filled = 0;
  numbers = 0;
  years = 0;
  titles = 0;
  flags = 0;
  lists = 0;
  bars = 0;
  commas = 0;
  /** Numbers that are one more than the number before. */
  steps = 0;
  areWhole = true;
  readonly words = new Set<string>();

  constructor(cells: readonly unknown[]) {
    let last = Number.NaN;
    for (const cell of cells) {
      if (cell === undefined) continue;
      this.filled++;
      const number = numberOf(cell);
      if (!Number.isNaN(number)) {
        this.numbers++;
        if (number === last + 1) this.steps++;
        if (!Number.isInteger(number)) this.areWhole = false;
        last = number;
      }
      if (!Number.isNaN(yearOf(cell))) this.years++;
      if (flagOf(cell) !== undefined) this.flags++;
      this.#addText(cell);
    }
  }

  #addText(cell: unknown): void {
    if (isList(cell)) this.lists++;
    if (typeof cell === 'string') {
      if (!Number.isNaN(yearInTitle(cell))) this.titles++;
      if (cell.includes('|')) this.bars++;
      if (cell.includes(',') || cell.startsWith('[')) this.commas++;
    }
    this.words.add(wordOf(cell) ?? '');
  }

  isMostly(count: number): boolean {
    return this.filled > 0 && count >= MOST * this.filled;
  }
}

/** The kind of a field by what the caller says, and else by its cells and its name. */
export function verdictOn(name: string, cells: readonly unknown[], kinds: FieldKinds): FieldVerdict {
  if (kinds.ignore?.includes(name)) return {};
  const survey = new Survey(cells);
  if (survey.filled === 0) return { reason: 'no row has a value' };
  if (kinds.lists?.includes(name)) return { kind: 'list' };
  if (kinds.categories?.includes(name)) return { kind: 'category' };
  if (kinds.numbers?.includes(name)) return { kind: 'number' };
  if (survey.lists > 0) return { kind: 'list' };
  if (survey.isMostly(survey.numbers)) return verdictOnNumbers(name, survey);
  if (survey.isMostly(survey.flags)) return { kind: 'flag' };
  if (survey.isMostly(survey.years)) return { kind: 'number', isYear: true };
  return verdictOnWords(name, survey);
}

/** Whether most of the cells are titles that end with a year: Toy Story (1995). */
export function endsWithYears(cells: readonly unknown[]): boolean {
  const { titles, filled } = new Survey(cells);
  return titles > filled / 2;
}

function verdictOnNumbers(name: string, survey: Survey): FieldVerdict {
  const distinct = survey.words.size;
  if (KEYS.test(name) || NAMES_ROWS.test(name)) return { reason: 'its name says that its numbers are keys' };
  if (survey.isMostly(survey.flags) && distinct <= 2) return { kind: 'flag' };
  if (survey.areWhole && YEARS.test(name) && survey.isMostly(survey.years)) return { kind: 'number', isYear: true };
  if (distinct > FEW_WORDS && survey.steps === survey.filled - 1) return { reason: 'it counts the rows' };
  const areCodes =
    survey.areWhole && distinct > 1 && distinct <= MOST_CODES && survey.filled >= ROWS_PER_CODE * distinct;
  return areCodes ? { kind: 'category', isGuess: true } : { kind: 'number' };
}

function verdictOnWords(name: string, survey: Survey): FieldVerdict {
  if (NAMES_ROWS.test(name)) return { reason: 'its name says that it names the rows' };
  if (survey.bars > 0 || (survey.commas > 0 && LISTS.test(name))) return { kind: 'list' };
  const distinct = survey.words.size;
  if (distinct > FEW_WORDS && distinct > survey.filled / 2) {
    return { reason: `its ${survey.filled} values are ${distinct} different ones` };
  }
  return { kind: 'category' };
}
