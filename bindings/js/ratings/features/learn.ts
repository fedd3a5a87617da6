import { invalid } from '../../base/errors.js';
import { show } from '../../base/show.js';
import type { Notes } from '../notes.js';
import { flagOf } from './cell.js';
import { cellWords, type FeatureEncoding, type FieldEncoding, numberIn, OTHER } from './encoding.js';
import { endsWithYears, type FieldKinds, verdictOn } from './field-kind.js';
import type { FieldTable } from './field-table.js';

/** How features are learned from a table. */
export interface LearnOptions extends FieldKinds {
  minCount?: number;
  maxColumns?: number;
}

const DEFAULT_COLUMNS = 256;

/** By default, a word must have one row in a hundred, but no more than this. */
const ENOUGH_ROWS = 5;

const RANGES = 5;
/** A number of fewer rows, or of fewer values, has no ranges. */
const ROWS_FOR_RANGES = 100;
const VALUES_FOR_RANGES = 10;

/** A field whose words are counted: how many rows have each. */
interface Draft extends FieldEncoding {
  counts?: Map<string, number>;
}

/** The encoding of a table, field by field; `notes` tells what was guessed, pooled and left out. */
export function* learnEncoding(
  table: FieldTable,
  options: LearnOptions,
  notes: Notes,
): Generator<void, FeatureEncoding> {
  const rows = table.ids.size;
  const minCount = options.minCount ?? Math.max(1, Math.min(ENOUGH_ROWS, Math.floor(rows / 100)));
  const drafts: Draft[] = [];
  for (const [name, cells] of table.fields) {
    drafts.push(...draftsOf(name, cells, options, notes));
    yield;
  }
  addYearOfTitles(table, drafts, options);
  const varied = drafts.filter((draft) => isVaried(draft, table.fields.get(draft.field)!, notes));
  const most = options.maxColumns ?? DEFAULT_COLUMNS;
  const kept = varied.filter(({ kind }) => kind !== 'ranges' || leastColumns(varied) <= most);
  if (leastColumns(kept) > most) {
    throw invalid(`maxColumns must be at least ${kept.length}, for as many fields; it is ${most}`);
  }
  chooseWords(kept, minCount, most - leastColumns(kept));
  for (const draft of kept) notePooled(draft, minCount, notes);
  return { fields: kept.filter(hasColumns).map(({ counts: _, ...field }) => field) };
}

function draftsOf(name: string, cells: readonly unknown[], options: LearnOptions, notes: Notes): Draft[] {
  const { kind, isYear, reason, isGuess } = verdictOn(name, cells, options);
  if (reason) notes.add('column-ignored', `${show(name)} is no feature: ${reason}`);
  if (kind === undefined) return [];
  if (isGuess) {
    const message = `${show(name)} has few whole numbers, which are read as categories: numbers: [${show(name)}] reads numbers`;
    notes.add('column-guessed', message);
  }
  if (isYear) return numberDrafts(name, isReleaseYear(name) ? 'year' : name, cells, true);
  if (kind === 'number') return numberDrafts(name, name, cells);
  if (kind === 'flag') return [{ field: name, name, kind }];
  return [wordDraft(name, kind === 'list' ? singular(name) : name, kind, cells)];
}

/** Whether a field of years or dates is when an item came out. */
function isReleaseYear(name: string): boolean {
  return /^(?:(?:original[_ -]?)?(?:release[_ -]?|publi\w*[_ -]?))?(?:year|date)$|^year[_ -]?of[_ -]?\w+$|^released$/i.test(
    name,
  );
}

/**
 * A number counts as it is, standardized, and by its range, because what depends on an age or a year is seldom on a line: the ranges
 * are the fifths of the rows, where there are enough of them.
 */
function numberDrafts(field: string, name: string, cells: readonly unknown[], isYear = false): Draft[] {
  const year = isYear ? { isYear } : {};
  const values = cells.map((cell) => numberIn(year, cell)).filter((value) => !Number.isNaN(value));
  const mean = values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const deviation = Math.sqrt(squares / Math.max(1, values.length));
  const number: Draft = { field, name, kind: 'number', ...year, mean, deviation };
  const edges = edgesOf(values);
  return edges.length === 0 ? [number] : [number, { field, name, kind: 'ranges', ...year, edges }];
}

/** Where each fifth of the values after the first begins; none for few values. */
function edgesOf(values: readonly number[]): number[] {
  const sorted = Float64Array.from(values).sort();
  const steps = sorted.filter((value, index) => index > 0 && value > sorted[index - 1]!).length;
  if (sorted.length < ROWS_FOR_RANGES || steps < VALUES_FOR_RANGES) return [];
  const fifths = Array.from(
    { length: RANGES - 1 },
    (_, index) => sorted[Math.ceil(((index + 1) * sorted.length) / RANGES)]!,
  );
  // Few digits, for the names; and none before the first value.
  const rounded = new Set(fifths.map((edge) => Number(edge.toPrecision(6))));
  return [...rounded].filter((edge) => edge > sorted[0]!);
}

function wordDraft(field: string, name: string, kind: FieldEncoding['kind'], cells: readonly unknown[]): Draft {
  const counts = new Map<string, number>();
  for (const cell of cells) {
    if (cell === undefined) continue;
    for (const word of cellWords(kind, cell)) counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  return { field, name, kind, words: [], counts };
}

/** Titles tell the year where no other field does. */
function addYearOfTitles({ fields }: FieldTable, drafts: Draft[], { ignore }: LearnOptions): void {
  if (drafts.some(({ isYear }) => isYear)) return;
  const found = [...fields].find(([name, cells]) => !ignore?.includes(name) && endsWithYears(cells));
  if (found) drafts.push(...numberDrafts(found[0], 'year', found[1], true));
}

/** genres: genre; categories: category. */
function singular(name: string): string {
  return /ss$/i.test(name) ? name : name.replace(/ies$/i, 'y').replace(/s$/i, '');
}

/** Whether rows differ in a field. */
function isVaried({ name, kind, deviation, counts }: Draft, cells: readonly unknown[], notes: Notes): boolean {
  const isSame = counts
    ? counts.size === 0 || (counts.size === 1 && [...counts.values()][0] === cells.length && !cells.includes(undefined))
    : kind === 'flag'
      ? new Set(cells.map(flagOf)).size < 2
      : kind === 'number' && !(deviation! > 0);
  if (isSame) notes.add('column-ignored', `${show(name)} is no feature: it is the same in all rows`);
  return !isSame;
}

/** Words can be pooled in one column; all else is kept. */
function leastColumns(drafts: readonly Draft[]): number {
  return drafts.reduce((sum, { edges }) => sum + (edges ? edges.length + 1 : 1), 0);
}

/** Gives each field its words: those of enough rows, the most frequent first, as long as there are columns. */
function chooseWords(drafts: Draft[], minCount: number, most: number): void {
  const all = drafts.flatMap((draft) => [...(draft.counts ?? [])].map(([word, count]) => ({ draft, word, count })));
  const frequent = all.filter(({ count }) => count >= minCount).sort((a, b) => b.count - a.count);
  for (const { draft, word } of frequent.slice(0, most)) draft.words!.push(word);
  for (const draft of drafts) {
    draft.words?.sort(byValue);
    const pooled = rareRows(draft);
    if (draft.counts && pooled >= minCount) draft.other = true;
  }
}

/** How often rows have words that got no column. */
function rareRows({ counts = new Map<string, number>(), words = [] }: Draft): number {
  const kept = new Set(words);
  return [...counts].reduce((sum, [word, count]) => sum + (kept.has(word) ? 0 : count), 0);
}

function byValue(a: string, b: string): number {
  return Number(a) - Number(b) || (a < b ? -1 : 1);
}

function notePooled({ name, counts, words = [], other }: Draft, minCount: number, notes: Notes): void {
  const rare = (counts?.size ?? 0) - words.length;
  if (rare <= 0) return;
  const what = other ? `are pooled as '${name}: ${OTHER}'` : 'are left out';
  const which = rare === 1 ? '1 rare value' : `${rare} rare values`;
  notes.add('values-pooled', `${show(name)}: ${which} ${what}; minCount is ${minCount}`);
}

function hasColumns({ words, other }: Draft): boolean {
  return !words || words.length > 0 || other === true;
}
