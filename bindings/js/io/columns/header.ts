import type { ColumnChoice } from '../../ratings/ratings-source.js';
import { Times } from '../syntax/time.js';
import { numberOf } from './cells.js';
import { isIndexTitle, knownRole } from './title-roles.js';

/** The share of cells below a title that must be numbers or times. */
const MOST = 0.9;

/** Whether the first row has the titles of the columns. */
export function looksLikeHeader(first: string[], others: string[][], choice: ColumnChoice = {}): boolean {
  if (Object.values(choice).some((column) => typeof column === 'string')) return true;
  const areWords = first.every((cell, column) => isWord(cell) || (column === 0 && cell.trim() === ''));
  const roles = new Set(first.flatMap((cell, column) => titleRole(cell, others, column) ?? []));
  // A single word like 'book' may be an item.
  if (roles.size >= 2 || (areWords && [...roles].some((role) => role !== 'item'))) return true;
  return areWords && first.some((cell, column) => isWord(cell) && areNumbers(others, column));
}

/** The role of a title, unless the cells below it have the same one, as event names and 'book 1' do. */
function titleRole(cell: string, others: string[][], column: number): string | undefined {
  const role = isIndexTitle(cell) ? undefined : knownRole(cell);
  if (role === undefined) return undefined;
  const alike = others.filter((row) => knownRole(row[column] ?? '') === role).length;
  return others.length > 0 && alike >= others.length / 2 ? undefined : role;
}

function areNumbers(rows: string[][], column: number): boolean {
  const cells = rows.map((row) => (row[column] ?? '').trim()).filter((cell) => cell !== '');
  return cells.length > 0 && cells.filter(isNumber).length >= MOST * cells.length;
}

function isNumber(cell: string): boolean {
  return !Number.isNaN(numberOf(cell)) || !Number.isNaN(new Times().read(cell));
}

function isWord(cell: string): boolean {
  return cell.trim() !== '' && !isNumber(cell.trim());
}
