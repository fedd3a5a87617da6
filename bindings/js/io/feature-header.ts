import { MatfacError } from '../base/errors.js';
import { show } from '../base/show.js';
import { GENRES } from '../ratings/title-columns.js';
import { parseDecimal } from './syntax/number.js';

/** How the cells of a line become fields. */
export interface FeatureHeader {
  names: string[];
  /** Whether the first line has the names. */
  isFirstLine: boolean;
  /** The columns whose cells are lists with spaces between their entries. */
  lists: ReadonlySet<number>;
  /** The column where flags begin, one for each of MovieLens's genres. */
  flags?: number;
}

const NO_LISTS: ReadonlySet<number> = new Set();

/** MovieLens's files have no header. */
const WITHOUT_HEADER: { names: string[]; fits(fields: string[]): boolean }[] = [
  { names: ['id', 'age', 'gender', 'occupation', 'zip code'], fits: (fields) => areUser(fields, 1, 2) },
  { names: ['id', 'gender', 'age', 'occupation', 'zip code'], fits: (fields) => areUser(fields, 2, 1) },
  {
    names: ['id', 'title', 'genres'],
    fits: (fields) => fields.length === 3 && isWhole(fields[0]) && parseTitle(fields[1]) && !isWhole(fields[2]),
  },
];
const ITEM = ['id', 'title', 'release date', 'video release date', 'URL'];

const TYPED = /^(.+):(token|float)(_seq)?$/;

/** The fields of a text, by its first line. @throws MatfacError `parse-error` when it has no names. */
export function headerOf(fields: string[], line: number): FeatureHeader {
  const bare = fields.map((field) => field.replace(/^\uFEFF/, '').trim());
  if (bare.length === ITEM.length + GENRES.length && bare.slice(ITEM.length).every((flag) => /^[01]$/.test(flag))) {
    return { names: [...ITEM, 'genres'], isFirstLine: false, lists: NO_LISTS, flags: ITEM.length };
  }
  const known = WITHOUT_HEADER.find(({ fits }) => fits(bare));
  if (known) return { names: known.names, isFirstLine: false, lists: NO_LISTS };
  const number = bare.findIndex((field) => !Number.isNaN(parseDecimal(field)));
  if (number >= 0) {
    const message = `Line ${line}, column ${number + 1}: the first line must have the names of the fields; it has ${show(bare[number])}`;
    throw new MatfacError('parse-error', message, { line, column: number + 1 });
  }
  const types = bare.map((field) => TYPED.exec(field));
  const isTyped = types.every((type) => type !== null);
  const names = isTyped ? types.map((type) => type[1]!) : bare;
  const lists = new Set(isTyped ? types.flatMap((type, column) => (type[3] ? [column] : [])) : []);
  return { names: distinct(names), isFirstLine: true, lists };
}

function areUser(fields: string[], age: number, gender: number): boolean {
  return fields.length === 5 && isWhole(fields[0]) && isWhole(fields[age]) && /^[MF]$/.test(fields[gender]!);
}

function isWhole(field: string | undefined): boolean {
  return field !== undefined && /^\d{1,9}$/.test(field);
}

function parseTitle(field: string | undefined): boolean {
  return field !== undefined && Number.isNaN(parseDecimal(field));
}

/** Names that are missing or repeated are told apart by their columns. */
function distinct(names: string[]): string[] {
  const seen = new Set<string>();
  return names.map((name, column) => {
    const own = name === '' || seen.has(name) ? `${name || 'column'} ${column + 1}` : name;
    seen.add(own);
    return own;
  });
}

/** The cells of a line by the names of their fields. @throws MatfacError `parse-error` for a line with more fields. */
export function cellsOf({ names, lists, flags }: FeatureHeader, fields: string[], line: number): unknown[] {
  const width = flags === undefined ? names.length : flags + GENRES.length;
  const extra = fields.findIndex((field, column) => column >= width && field.trim() !== '');
  if (extra >= 0 || (flags !== undefined && fields.length < width)) {
    const column = Math.min(fields.length, width) + 1;
    const message = `Line ${line}, column ${column}: the line must have ${width} fields, as the first one; it has ${fields.length}`;
    throw new MatfacError('parse-error', message, { line, column });
  }
  return names.map((_, column) => {
    if (column === flags) return GENRES.filter((_, genre) => fields[flags + genre]!.trim() === '1');
    const cell = (fields[column] ?? '').trim();
    return lists.has(column) ? cell.split(' ').filter((part) => part !== '') : cell;
  });
}
