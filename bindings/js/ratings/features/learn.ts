import { invalid } from '../../base/errors.js';
import { show } from '../../base/show.js';
import type { Notes } from '../notes.js';
import { flagOf, numberOf } from './cell.js';
import { cellWords, type FeatureEncoding, type FieldEncoding, OTHER, yearOfCell } from './encoding.js';
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

/** A field whose words are counted: how many rows have each. */
interface Draft extends FieldEncoding {
  counts?: Map<string, number>;
}

/** The encoding of a table; `notes` tells what was guessed, pooled and left out. */
export function learnEncoding(table: FieldTable, options: LearnOptions, notes: Notes): FeatureEncoding {
  const rows = table.ids.size;
  const minCount = options.minCount ?? Math.max(1, Math.min(ENOUGH_ROWS, Math.floor(rows / 100)));
  const drafts = [...table.fields].flatMap(([name, cells]) => draftsOf(name, cells, options, notes));
  addYearOfTitles(table, drafts, options);
  const varied = drafts.filter((draft) => isVaried(draft, table.fields.get(draft.field)!, notes));
  // Each field has a column of its own: its number, or its rare words.
  const most = options.maxColumns ?? DEFAULT_COLUMNS;
  if (varied.length > most) {
    throw invalid(`maxColumns must be at least ${varied.length}, for as many fields; it is ${most}`);
  }
  chooseWords(varied, minCount, most - varied.length);
  for (const draft of varied) notePooled(draft, minCount, notes);
  return { fields: varied.filter(hasColumns).map(({ counts: _, ...field }) => field) };
}

function draftsOf(name: string, cells: readonly unknown[], options: LearnOptions, notes: Notes): Draft[] {
  const { kind, reason, isGuess } = verdictOn(name, cells, options);
  if (reason) notes.add('column-ignored', `${show(name)} is no feature: ${reason}`);
  if (kind === undefined) return [];
  if (isGuess) {
    const message = `${show(name)} has few whole numbers, which are read as categories: numbers: [${show(name)}] reads numbers`;
    notes.add('column-guessed', message);
  }
  if (kind === 'year') return yearDrafts(name, isReleaseYear(name) ? 'year' : name, cells);
  if (kind === 'number') return [numberDraft(name, name, 'number', cells)];
  return [
    kind === 'flag'
      ? { field: name, name, kind }
      : wordDraft(name, kind === 'list' ? singular(name) : name, kind, cells),
  ];
}

function numberDraft(field: string, name: string, kind: 'number' | 'year', cells: readonly unknown[]): Draft {
  let [count, sum, squares] = [0, 0, 0];
  const read = kind === 'year' ? yearOfCell : numberOf;
  const values = cells.map(read).filter((value) => !Number.isNaN(value));
  for (const value of values) sum += value;
  count = values.length;
  const mean = count > 0 ? sum / count : 0;
  for (const value of values) squares += (value - mean) ** 2;
  return { field, name, kind, mean, deviation: count > 0 ? Math.sqrt(squares / count) : 0 };
}

/** Whether a field of years or dates is when an item came out. */
function isReleaseYear(name: string): boolean {
  return /^(?:(?:original[_ -]?)?(?:release[_ -]?|publi\w*[_ -]?))?(?:year|date)$|^year[_ -]?of[_ -]?\w+$|^released$/i.test(
    name,
  );
}

/** A year counts as a number, because tastes drift, and by its decade, because they do not drift on a line. */
function yearDrafts(field: string, name: string, cells: readonly unknown[]): Draft[] {
  const decade = name === 'year' ? 'decade' : `${name} decade`;
  return [numberDraft(field, name, 'year', cells), wordDraft(field, decade, 'decade', cells)];
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
  if (drafts.some(({ kind }) => kind === 'year')) return;
  const found = [...fields].find(([name, cells]) => !ignore?.includes(name) && endsWithYears(cells));
  if (found) drafts.push(...yearDrafts(found[0], 'year', found[1]));
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
      : !(deviation! > 0);
  if (isSame) notes.add('column-ignored', `${show(name)} is no feature: it is the same in all rows`);
  return !isSame;
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
