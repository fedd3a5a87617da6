import { MatfacError } from '../../base/errors.js';
import { show } from '../../base/show.js';

/** The entry of a file in the directory at the end of a zip archive. */
export interface ZipEntry {
  path: string;
  flags: number;
  method: number;
  /** CRC-32 of the uncompressed file. */
  crc: number;
  packedSize: number;
  size: number;
  /** Where the local header begins. */
  offset: number;
}

/** The end record of the directory: 22 bytes and a comment. */
const END = 22;
const LONGEST_COMMENT = 0xffff;
const LOCATOR = 20;
const LARGE_END = 56;
const LOCAL_HEADER = 30;
/** In bytes: entries of a hundred bytes for half a million files. */
const LONGEST_DIRECTORY = 1 << 26;
const HEADER = 46;
const UTF8 = 1 << 11;
/** Marks a number of more than 4 bytes, which the extra field of the large format (zip64) has. */
const ELSEWHERE = 0xffffffff;

/** All entries in their order, folders included. @throws MatfacError `parse-error` when the archive is damaged or cut off. */
export async function zipEntries(archive: Blob): Promise<ZipEntry[]> {
  const { count, offset, size } = await findDirectory(archive);
  const view = await viewOf(archive, offset, size);
  const entries: ZipEntry[] = [];
  let position = 0;
  while (entries.length < count) {
    if (position + HEADER > size || view.getUint32(position, true) !== 0x02014b50) throw incomplete();
    const [name, extra, comment] = [28, 30, 32].map((at) => view.getUint16(position + at, true)) as [
      number,
      number,
      number,
    ];
    const end = position + HEADER + name + extra + comment;
    if (end > size) throw incomplete();
    entries.push(entryAt(view, position, name, extra));
    position = end;
  }
  checkApart(entries, offset);
  return entries;
}

/**
 * Files that share bytes, or one file that is listed more than once, can multiply the contents of an archive.
 * @throws MatfacError `parse-error`.
 */
function checkApart(entries: readonly ZipEntry[], directory: number): void {
  const ordered = [...entries].sort((a, b) => a.offset - b.offset);
  for (const [index, { path, offset, packedSize }] of ordered.entries()) {
    if (offset + LOCAL_HEADER + packedSize <= (ordered[index + 1]?.offset ?? directory)) continue;
    const reason = `the entries must not overlap; ${show(path)} overlaps what follows it`;
    throw new MatfacError('parse-error', `The zip archive is damaged: ${reason}`);
  }
}

async function findDirectory(archive: Blob): Promise<{ count: number; offset: number; size: number }> {
  const start = Math.max(0, archive.size - END - LONGEST_COMMENT);
  const tail = await viewOf(archive, start, archive.size - start);
  let position = tail.byteLength - END;
  while (position >= 0 && tail.getUint32(position, true) !== 0x06054b50) position--;
  if (position < 0) throw incomplete();
  const small = {
    count: tail.getUint16(position + 10, true),
    size: tail.getUint32(position + 12, true),
    offset: tail.getUint32(position + 16, true),
  };
  const isLarge = position >= LOCATOR && tail.getUint32(position - LOCATOR, true) === 0x07064b50;
  const found = isLarge ? await largeEnd(archive, long(tail, position - LOCATOR + 8)) : small;
  if (found.offset + found.size > archive.size || found.size > LONGEST_DIRECTORY) throw incomplete();
  return found;
}

async function largeEnd(archive: Blob, offset: number) {
  if (offset + LARGE_END > archive.size) throw incomplete();
  const view = await viewOf(archive, offset, LARGE_END);
  if (view.getUint32(0, true) !== 0x06064b50) throw incomplete();
  return { count: long(view, 32), size: long(view, 40), offset: long(view, 48) };
}

function entryAt(view: DataView, position: number, name: number, extra: number): ZipEntry {
  const short = (at: number) => view.getUint16(position + at, true);
  const word = (at: number) => view.getUint32(position + at, true);
  const flags = short(8);
  const bytes = new Uint8Array(view.buffer, view.byteOffset + position + HEADER, name);
  const [size, packedSize, offset] = withLarge([word(24), word(20), word(42)], view, position + HEADER + name, extra);
  return {
    path: new TextDecoder(flags & UTF8 ? 'utf-8' : 'latin1').decode(bytes),
    ...{ flags, method: short(10), crc: word(16) },
    ...{ packedSize, size, offset },
  };
}

/** The numbers; those that need 8 bytes come from the extra field 1, which has them in this order. */
function withLarge(numbers: [number, number, number], view: DataView, start: number, length: number) {
  const end = start + length;
  for (let position = start; position + 4 <= end; position += 4 + view.getUint16(position + 2, true)) {
    if (view.getUint16(position, true) !== 1) continue;
    let at = position + 4;
    return numbers.map((number) => {
      if (number !== ELSEWHERE) return number;
      at += 8;
      if (at > end) throw incomplete();
      return long(view, at - 8);
    }) as typeof numbers;
  }
  return numbers;
}

async function viewOf(archive: Blob, start: number, length: number): Promise<DataView> {
  return new DataView(await archive.slice(start, start + length).arrayBuffer());
}

function long(view: DataView, position: number): number {
  return Number(view.getBigUint64(position, true));
}

function incomplete(): MatfacError {
  return new MatfacError('parse-error', 'The zip archive is damaged or cut off: its directory is not complete');
}
