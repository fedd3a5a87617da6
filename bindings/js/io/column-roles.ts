import { listed, mustBe } from '../base/checks.js';
import { invalid, MatfacError } from '../base/errors.js';
import { show } from '../base/show.js';
import type { ColumnIndices, Role } from '../ratings/ratings-source.js';
import { assignByTitle } from './columns/by-title.js';
import { assignByValues } from './columns/by-values.js';
import { areWordFlags } from './columns/cells.js';
import { type ColumnReading, Draft, ROLES } from './columns/draft.js';
import { noteGuessed, noteTitled } from './columns/notes.js';
import { meaningOf } from './columns/title-roles.js';
import { normalTitle } from './columns/title-words.js';

const NEARLY_ALL = 0.9;

/**
 * Assigns columns to roles: as chosen, else by the titles, or without titles by the values of the rows. `first` has as many
 * cells as there are columns. What was guessed is noted, and how the values are written is kept in `reading.values`.
 * @throws MatfacError `parse-error` when no users or items are found, `invalid-argument` for a chosen column that is missing.
 */
export function assignColumns(
  first: string[],
  rows: string[][],
  titles: string[] | undefined,
  reading: ColumnReading,
  where = 'Line 1',
): ColumnIndices {
  const draft = new Draft(first.length, rows, titles, reading);
  const choice = reading.options.columns ?? {};
  for (const role of ROLES) {
    const chosen = choice[role];
    if (chosen !== undefined && chosen !== null) draft.assign(role, chosenColumn(role, chosen, first.length, titles));
  }
  const meanings = titles && assignByTitle(draft);
  const guess = titles ? undefined : assignByValues(draft);
  const { user, item, ...others } = draft.indices;
  if (user === undefined || item === undefined)
    throw unnamed(titles ?? first, user === undefined ? 'user' : 'item', where);
  if (reading.options.events !== undefined && others.event === undefined) throw noEvents(titles ?? first);
  draft.areFlags = others.rating !== undefined && areFlags(draft, others.rating);
  if (meanings) noteTitled(draft, meanings);
  if (guess) noteGuessed(draft, guess);
  const { timestamp } = others;
  reading.values = {
    areFlags: draft.areFlags,
    areCompactDates: timestamp !== undefined && draft.cells[timestamp]!.areCompactDates,
  };
  return { user, item, ...others };
}

/** Whether a rating is true or false: written in words, or as 1 and 0 under a title such as liked. */
function areFlags({ cells, titles }: Draft, column: number): boolean {
  const title = titles?.[column];
  if (areWordFlags(cells[column]!)) return true;
  const { flag, role } = title === undefined ? { flag: 0, role: { rating: 0 } } : meaningOf(title);
  return flag > role.rating && cells[column]!.flags >= NEARLY_ALL;
}

function chosenColumn(role: Role, chosen: string | number, width: number, titles: string[] | undefined): number {
  if (typeof chosen === 'number') {
    if (Number.isInteger(chosen) && chosen >= 0 && chosen < width) return chosen;
    throw mustBe(`columns.${role}`, `a title or a whole number from 0 (the first) to ${width - 1}`, chosen);
  }
  const exact = titles?.indexOf(chosen) ?? -1;
  const column = exact >= 0 ? exact : (titles?.findIndex((title) => normalTitle(title) === normalTitle(chosen)) ?? -1);
  if (column >= 0) return column;
  throw mustBe(`columns.${role}`, `a title in the file, ${listed(titles ?? [])}`, chosen);
}

function unnamed(titles: string[], role: Role, where: string): MatfacError {
  const message = `${where}: no column of ${role}s found among ${listOf(titles)}; choose one with columns: {${role}: …}`;
  return new MatfacError('parse-error', message, { line: 1, column: 1 });
}

function noEvents(titles: string[]): MatfacError {
  const what = `events must be left out where no column has events; there are ${listOf(titles)}`;
  return invalid(`${what}; choose one with columns: {event: …}`);
}

function listOf(titles: string[]): string {
  return titles.map((title) => show(title.trim())).join(', ');
}
