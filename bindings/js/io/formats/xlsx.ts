import { MatfacError } from '../../base/errors.js';
import { show } from '../../base/show.js';
import { attribute, elementsIn, textIn, unescaped } from './xml.js';

/** The files of a workbook (ECMA-376, part 1, SpreadsheetML). */
export interface WorkbookFiles {
  paths: string[];
  open(path: string): Promise<AsyncIterable<Uint8Array>>;
}

/** The limits of Excel. */
const [MOST_ROWS, MOST_COLUMNS] = [1 << 20, 1 << 14];
/** Days from 1900-01-00 and from 1904-01-01 to 1970. */
const [FROM_1900, FROM_1904] = [25569, 24107];

interface Book {
  sheets: { name: string; path: string }[];
  strings: string[];
  /** By style, whether its numbers are dates. */
  areDates: boolean[];
  epoch: number;
}

/** A sheet of a workbook, the first one unless `name` is given, as pieces of CSV. `onSheets` hears the names. */
export async function* csvOfWorkbook(
  files: WorkbookFiles,
  name: string | undefined,
  onSheets: (names: string[]) => void,
): AsyncGenerator<Uint8Array> {
  const book = await bookOf(files);
  const names = book.sheets.map((sheet) => sheet.name);
  const sheet = name === undefined ? book.sheets[0] : book.sheets.find((other) => other.name === name);
  if (!sheet) {
    const problem = name === undefined ? 'it has none' : `it is ${show(name)}`;
    const allowed =
      name === undefined ? 'The workbook must have a sheet' : `file must be a sheet, ${names.map(show).join(', ')}`;
    throw new MatfacError(name === undefined ? 'parse-error' : 'invalid-argument', `${allowed}; ${problem}`);
  }
  onSheets(names);
  let [row, width, block] = [0, 0, ''];
  for await (const { attributes, inner } of elementsIn(await files.open(sheet.path), 'row')) {
    const number = Number(attribute(attributes, 'r') ?? row + 1);
    if (!Number.isInteger(number) || number <= row || number > MOST_ROWS) {
      const range = `from ${row + 1} to ${MOST_ROWS}`;
      throw new MatfacError('parse-error', `The workbook is damaged: a row must be numbered ${range}; it is ${number}`);
    }
    const cells = cellsOf(inner, book);
    width = Math.max(width, cells.length);
    block +=
      '\n'.repeat(number - row - 1) + Array.from({ length: width }, (_, at) => quoted(cells[at] ?? '')).join(',');
    block += '\n';
    row = number;
    if (block.length < 1 << 16) continue;
    yield new TextEncoder().encode(block);
    block = '';
  }
  yield new TextEncoder().encode(block);
}

async function bookOf(files: WorkbookFiles): Promise<Book> {
  const targets = new Map<string, string>();
  for await (const { attributes } of partOf(files, 'xl/_rels/workbook.xml.rels', 'Relationship')) {
    const target = attribute(attributes, 'Target') ?? '';
    const path = target.startsWith('/') ? target.slice(1) : `xl/${target}`;
    targets.set(attribute(attributes, 'Id') ?? '', path);
  }
  const sheets: Book['sheets'] = [];
  for await (const { attributes } of partOf(files, 'xl/workbook.xml', 'sheet')) {
    const path = targets.get(attribute(attributes, 'id') ?? '') ?? `xl/worksheets/sheet${sheets.length + 1}.xml`;
    // A chart has a sheet without cells.
    if (/worksheets\//.test(path) && files.paths.includes(path))
      sheets.push({ name: attribute(attributes, 'name') ?? '', path });
  }
  const strings: string[] = [];
  for await (const { inner } of partOf(files, 'xl/sharedStrings.xml', 'si')) strings.push(textIn(inner));
  let epoch = FROM_1900;
  for await (const { attributes } of partOf(files, 'xl/workbook.xml', 'workbookPr'))
    if (/^(1|true)$/.test(attribute(attributes, 'date1904') ?? '')) epoch = FROM_1904;
  return { sheets, strings, areDates: await dateStyles(files), epoch };
}

async function* partOf(files: WorkbookFiles, path: string, name: string) {
  if (files.paths.includes(path)) yield* elementsIn(await files.open(path), name);
}

/** The built-in formats 14 to 22 and 45 to 47 are dates and times, and those with letters of dates outside quotes. */
async function dateStyles(files: WorkbookFiles): Promise<boolean[]> {
  const own = new Map<string, string>();
  for await (const { attributes } of partOf(files, 'xl/styles.xml', 'numFmt'))
    own.set(attribute(attributes, 'numFmtId') ?? '', attribute(attributes, 'formatCode') ?? '');
  const areDates: boolean[] = [];
  for await (const { inner } of partOf(files, 'xl/styles.xml', 'cellXfs')) {
    for (const [, attributes = ''] of inner.matchAll(/<(?:\w+:)?xf(\s[^<>]*)>/g)) {
      const id = attribute(attributes, 'numFmtId') ?? '0';
      const code = own.get(id)?.replace(/"[^"]*"|\\.|\[[^\]]*\]/g, '');
      areDates.push(
        code === undefined ? /^(1[4-9]|2[0-2]|4[5-7])$/.test(id) : /[dmyhs]/i.test(code) && !/general/i.test(code),
      );
    }
  }
  return areDates;
}

function cellsOf(inner: string, book: Book): string[] {
  const cells: string[] = [];
  for (const part of inner.split(/<\/(?:\w+:)?c>/)) {
    for (const tag of part.matchAll(/<(?:\w+:)?c((?:\s[^<>]*)?)>/g)) {
      const attributes = tag[1]!;
      const column = columnOf(attribute(attributes, 'r')) ?? cells.length;
      while (cells.length < column) cells.push('');
      cells[column] = attributes.endsWith('/') ? '' : cellText(attributes, part.slice(tag.index + tag[0].length), book);
    }
  }
  return cells;
}

/** The column of a reference such as AB12, 0 for A. */
function columnOf(reference: string | undefined): number | undefined {
  const letters = /^([A-Z]{1,4})\d*$/.exec(reference ?? '')?.[1];
  if (letters === undefined) return undefined;
  let column = 0;
  for (const letter of letters) column = 26 * column + letter.charCodeAt(0) - 64;
  if (column <= MOST_COLUMNS) return column - 1;
  throw new MatfacError('parse-error', `The workbook is damaged: a column must be from A to XFD; it is ${letters}`);
}

function cellText(attributes: string, content: string, { strings, areDates, epoch }: Book): string {
  const type = attribute(attributes, 't') ?? 'n';
  if (type === 'inlineStr') return textIn(content);
  const value = unescaped(/<(?:\w+:)?v(?:\s[^<>]*)?>([^<]*)</.exec(content)?.[1] ?? '');
  if (type === 's') return strings[Number(value)] ?? '';
  if (type === 'b') return value === '1' ? 'true' : 'false';
  if (type === 'e') return '';
  const isDate = type === 'n' && areDates[Number(attribute(attributes, 's') ?? 0)] === true;
  const milliseconds = isDate && value !== '' ? Math.round((Number(value) - epoch) * 86400) * 1000 : Number.NaN;
  if (!(Math.abs(milliseconds) <= 8.64e15)) return value;
  const date = new Date(milliseconds).toISOString();
  return date.endsWith('T00:00:00.000Z') ? date.slice(0, 10) : date;
}

function quoted(text: string): string {
  return /["\n\r,;|\t]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
