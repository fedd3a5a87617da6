import { MatfacError } from '../base/errors.js';
import { gather } from '../base/source.js';
import type { Parts } from './archive/open-file.js';
import { EntryRows } from './entry-rows.js';
import { readDense } from './formats/npy-rows.js';
import { isSparse, readSparse } from './formats/sparse-npz.js';
import { csvOfWorkbook } from './formats/xlsx.js';
import { RatingText } from './rating-text.js';
import type { Reading } from './reading.js';
import type { RowSource } from './row-source.js';

type ReadText = (bytes: AsyncIterable<Uint8Array>, reading: Reading) => Promise<RowSource>;

/** Lines of a dense array that are given at once. */
const LINES = 1 << 12;

/** Reads ratings from a format that is a zip archive itself. */
export async function readPackage(parts: Parts, reading: Reading, readText: ReadText): Promise<RowSource> {
  const { format = 'auto' } = reading.options;
  if (format !== 'auto' && format !== parts.kind)
    throw new MatfacError('parse-error', `The file must be ${format}; it is ${parts.kind}`);
  return parts.kind === 'npz' ? readNpz(parts, reading) : readWorkbook(parts, reading, readText);
}

async function textOf(parts: Parts, path: string): Promise<AsyncGenerator<Uint8Array>> {
  const opened = await parts.open(path);
  if ('text' in opened) return opened.text;
  throw new MatfacError('parse-error', `'${path}' in the archive must not be Parquet`);
}

async function readNpz(parts: Parts, reading: Reading): Promise<RowSource> {
  const names = parts.paths.map((path) => path.replace(/\.npy$/, ''));
  const bytesOf = async (path: string) => new Uint8Array(await (await gather(await textOf(parts, path))).arrayBuffer());
  if (!isSparse(names)) {
    if (parts.paths.length === 1) return readArray(await bytesOf(parts.paths[0]!), reading, 'npz');
    const advice = names.includes('item_factors') ? '; Model.fromFile reads the factors of a model' : '';
    const message = `The .npz archive must be one that scipy.sparse.save_npz writes; it has ${names.slice(0, 10).join(', ')}${advice}`;
    throw new MatfacError('unsupported', message);
  }
  const arrays = new Map<string, Uint8Array>();
  for (const path of parts.paths) arrays.set(path.replace(/\.npy$/, ''), await bytesOf(path));
  const rows = new EntryRows(reading);
  await readSparse(arrays, rows, () => reading.progress.step(rows.size));
  return rows;
}

/** Reads a dense array of NumPy, a matrix or a list. */
export async function readArray(bytes: Uint8Array, reading: Reading, format: 'npy' | 'npz'): Promise<RowSource> {
  const rows = new EntryRows(reading);
  const lines = await readDense(bytes, rows, () => reading.progress.step(rows.size));
  if (!lines) return { size: rows.size, layout: { ...rows.layout, format }, finish: () => rows.finish() };
  const text = new RatingText({ ...reading, options: { ...reading.options, format: 'csv' } });
  for (let from = 0; from < lines.length; from += LINES) {
    await text.push(new TextEncoder().encode(`${lines.slice(from, from + LINES).join('\n')}\n`));
    await reading.progress.step(text.size);
  }
  return renamed(await text.end(), format);
}

async function readWorkbook(parts: Parts, reading: Reading, readText: ReadText): Promise<RowSource> {
  const { options, notes } = reading;
  const chosen = parts.isInside ? undefined : options.file;
  const pieces = csvOfWorkbook(workbookOf(parts), chosen, (names) => {
    const read = chosen ?? names[0];
    const others = names.filter((name) => name !== read);
    const what = `The sheet '${read}' is read, and ${others.length} others are not`;
    const advice = `the option file names one${parts.isInside ? ' once the workbook is unpacked' : ''}`;
    if (others.length > 0) notes.add('sheet-chosen', `${what}: ${advice}`);
  });
  return renamed(await readText(pieces, { ...reading, options: { ...options, format: 'csv' } }), 'xlsx');
}

/** The files of a workbook. */
export function workbookOf(parts: Parts) {
  return { paths: parts.paths, open: (path: string) => textOf(parts, path) };
}

function renamed(rows: RowSource, format: 'npy' | 'npz' | 'xlsx'): RowSource {
  return { size: rows.size, layout: { ...rows.layout, format, delimiter: '' }, finish: () => rows.finish() };
}
