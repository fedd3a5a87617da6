import type { ColumnChoice } from '../ratings/ratings-source.js';
import { looksLikeHeader } from './columns/header.js';
import type { HeadRecord } from './syntax/guess-dialect.js';

/** Where the table of a text begins. */
export interface TableStart {
  /** The index of the first record of the table: its header, or its first row. */
  index: number;
  /** The first record, if it has the titles of the columns, and these. */
  header?: HeadRecord;
  titles?: string[];
  rows: HeadRecord[];
  width: number;
}

const NEARLY_ALL = 0.9;
const NUMBER = /^[\s\d.,:+\-/eTZ]*\d[\s\d.,:+\-/eTZ]*$/;

/**
 * Finds the table among the first records of a text: the width is that of most records, the first row is the first record with
 * numbers where most rows have them, and a header is before it. What is before these is no part of the table.
 */
export function findTable(records: HeadRecord[], mostWidth: number, choice: ColumnChoice = {}): TableStart {
  const width = withoutEmptyColumns(records, mostWidth);
  const numeric = numericColumns(records, width);
  const isRow = ({ fields }: HeadRecord) => {
    if (numeric.length === 0) return isFull(fields, width);
    return fields.length >= width && numeric.every((column) => isNumber(fields[column]!)) && !isMostlyEmpty(fields);
  };
  const first = Math.max(0, records.findIndex(isRow));
  const header = headerBefore(records, first, width, isRow, choice);
  if (header) {
    const rows = records.slice(header.index + 1);
    return { ...header, header: records[header.index]!, rows, width };
  }
  const start = records.findIndex(({ fields }, index) => index === first || mayBeRow(fields, width));
  return { index: start, rows: records.slice(start), width };
}

/** The width without the columns at the end that trailing delimiters make. */
function withoutEmptyColumns(records: HeadRecord[], mostWidth: number): number {
  const rows = records.filter(({ fields }) => fields.length === mostWidth);
  let width = mostWidth;
  while (width > 2 && rows.every(({ fields }) => fields[width - 1]!.trim() === '')) width--;
  return width;
}

function numericColumns(records: HeadRecord[], width: number): number[] {
  const rows = records.filter(({ fields }) => fields.length >= width);
  return Array.from({ length: width }, (_, column) => column).filter((column) => {
    const cells = rows.map(({ fields }) => fields[column]!.trim()).filter((cell) => cell !== '');
    // A table of one or two rows may have a header among them.
    const most = cells.length < 10 ? Math.floor(cells.length / 2) : NEARLY_ALL * cells.length;
    return cells.length > 0 && cells.filter(isNumber).length >= Math.max(1, most);
  });
}

function headerBefore(
  records: HeadRecord[],
  first: number,
  width: number,
  isRow: (record: HeadRecord) => boolean,
  choice: ColumnChoice,
): { index: number; titles: string[] } | undefined {
  const names = Object.values(choice).filter((column) => typeof column === 'string');
  const asked = names.length > 0 ? records.findIndex(({ fields }) => hasTitle(fields, names)) : -1;
  if (asked >= 0) return { index: asked, titles: titlesOf(records, asked, width) };
  // A chosen title that no record has is reported with the titles that there are.
  if (names.length > 0)
    return { index: Math.max(0, first - 1), titles: titlesOf(records, Math.max(0, first - 1), width) };
  const others = records
    .slice(first)
    .filter(isRow)
    .map(({ fields }) => fields);
  const before = records.slice(0, first + 1);
  const isWide = ({ fields }: HeadRecord) => fields.length > 1 && !isMostlyEmpty(fields);
  const known = before.findLastIndex((record) => isWide(record) && looksLikeHeader(record.fields, []));
  const words = before.findIndex(
    (record, index) =>
      record.fields.length >= width &&
      isWide(record) &&
      looksLikeHeader(record.fields, others.slice(index === first ? 1 : 0)),
  );
  const isShifted = first > 0 && records[first - 1]!.fields.length === width - 1;
  const shifted =
    isShifted &&
    looksLikeHeader(
      records[first - 1]!.fields,
      others.map((row) => row.slice(1)),
    );
  const index = known >= 0 ? known : words >= 0 ? words : shifted ? first - 1 : -1;
  return index < 0 ? undefined : { index, titles: titlesOf(records, index, width) };
}

function hasTitle(fields: string[], names: string[]): boolean {
  const normal = (text: string) => text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
  return fields.some((field) => names.some((name) => normal(field) === normal(name)));
}

/** The titles, with an empty one for the row names that R and pandas write without a title. */
function titlesOf(records: HeadRecord[], index: number, width: number): string[] {
  const titles = records[index]!.fields.map((title) => title.trim());
  const rows = records.slice(index + 1);
  const isFilled = rows.some(({ fields }) => (fields[width - 1] ?? '').trim() !== '');
  return titles.length === width - 1 && isFilled && rows.length > 0 ? ['', ...titles] : titles;
}

function isFull(fields: string[], width: number): boolean {
  return fields.length >= width && !isMostlyEmpty(fields);
}

/** Whether a single field is filled of three or more, as in a title line that Excel writes. */
function isMostlyEmpty(fields: string[]): boolean {
  return fields.length > 2 && fields.filter((field) => field.trim() !== '').length < 2;
}

/** Whether a record before the first certain row may be a row too, if a faulty one. */
function mayBeRow(fields: string[], width: number): boolean {
  if (isMostlyEmpty(fields)) return false;
  return fields.length >= width || (fields.length > 1 && fields.every(isNumber));
}

function isNumber(cell: string): boolean {
  return cell.trim() === '' || NUMBER.test(cell);
}
