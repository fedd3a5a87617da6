import { MatfacError } from '../../base/errors.js';

/** The kind of a file by its first bytes, because names can be wrong. Anything else is a text. */
export type FileKind = 'gzip' | 'zip' | 'parquet' | 'text';

/** How many bytes determine the kind. */
export const KIND_BYTES = 16;

const KINDS: [beginning: string, kind: FileKind][] = [
  ['\x1f\x8b', 'gzip'],
  ['PK\x03\x04', 'zip'],
  ['PK\x05\x06', 'zip'],
  ['PAR1', 'parquet'],
];

/** Kinds that are not supported, and what to do instead. */
const OTHERS: [beginning: string, name: string, advice: string][] = [
  ['%PDF', 'a PDF document', ''],
  ['\xd0\xcf\x11\xe0', 'an old Excel or Office document', 'save it as CSV'],
  ['PARE', 'an encrypted Parquet file', 'write it without encryption'],
  ['BZh', 'bzip2', 'unpack it, or compress it with gzip'],
  ['\xfd7zXZ', 'xz', 'unpack it, or compress it with gzip'],
  ['\x28\xb5\x2f\xfd', 'Zstandard', 'unpack it, or compress it with gzip'],
  ["7z\xbc\xaf'\x1c", 'a 7z archive', 'unpack it, or make a zip of it'],
  ['Rar!', 'a RAR archive', 'unpack it, or make a zip of it'],
  ['SQLite format 3', 'an SQLite database', 'export the table of ratings as CSV'],
  ['ARROW1', 'an Arrow (Feather) file', 'write it as Parquet'],
  ['ORC', 'an ORC file', 'write it as Parquet'],
  ['\x89HDF', 'an HDF5 file', 'write it as Parquet or CSV'],
  ['\x89PNG', 'a PNG image', ''],
  ['\xff\xd8\xff', 'a JPEG image', ''],
  ['GIF8', 'a GIF image', ''],
];

/** @throws MatfacError `unsupported` for a known kind that is not supported. */
export function kindOf(head: Uint8Array): FileKind {
  const text = String.fromCharCode(...head.subarray(0, KIND_BYTES));
  const kind = KINDS.find(([beginning]) => text.startsWith(beginning))?.[1];
  if (kind) return kind;
  const other = OTHERS.find(([beginning]) => text.startsWith(beginning));
  if (!other) return 'text';
  const [, name, advice] = other;
  const message = `The file must be CSV, TSV, JSON or Parquet, or a gzip or zip of it; it is ${name}`;
  throw new MatfacError('unsupported', advice ? `${message}: ${advice}` : message);
}
