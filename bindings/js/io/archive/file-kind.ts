import { MatfacError } from '../../base/errors.js';

/** The kind of a file by its first bytes, because names can be wrong. Anything else is a text. */
export type FileKind = 'gzip' | 'zip' | 'parquet' | 'text';

/** How many bytes determine the kind. */
export const KIND_BYTES = 264;

const KINDS: [beginning: string, kind: FileKind][] = [
  ['\x1f\x8b', 'gzip'],
  ['PK\x03\x04', 'zip'],
  ['PK\x05\x06', 'zip'],
  ['PAR1', 'parquet'],
];

/** Kinds that are not supported, and what to do instead. */
const OTHERS: [beginning: string, name: string, advice: string][] = [
  ['%PDF', 'a PDF document', 'copy its table into a spreadsheet, and save that as CSV'],
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
  ['Obj\x01', 'an Avro file', 'write it as Parquet'],
  ['\x80\x02', 'a pickle of Python', 'write it by DataFrame.to_parquet or to_csv'],
  ['\x80\x03', 'a pickle of Python', 'write it by DataFrame.to_parquet or to_csv'],
  ['\x80\x04', 'a pickle of Python', 'write it by DataFrame.to_parquet or to_csv'],
  ['\x80\x05', 'a pickle of Python', 'write it by DataFrame.to_parquet or to_csv'],
  ['MATLAB 5.0', 'a file of MATLAB', 'write it as CSV, by writematrix'],
  ['RDX', 'data of R', 'write it as CSV, by write.csv'],
  ['X\n\0\0\0', 'an RDS file of R', 'write it as CSV, by write.csv'],
  ['<stata_dta>', 'a file of Stata', 'export it as CSV'],
  ['$FL2', 'a file of SPSS', 'export it as CSV'],
  ['\x04\x22\x4d\x18', 'LZ4', 'unpack it, or compress it with gzip'],
  ['\xff\xff\xff\xff', 'an old Arrow stream', 'write it as Parquet'],
  ['FEA1', 'an old Feather file', 'write it as Parquet'],
  ['\x89PNG', 'a PNG image', 'type its table into a spreadsheet, and save that as CSV'],
  ['\xff\xd8\xff', 'a JPEG image', 'type its table into a spreadsheet, and save that as CSV'],
  ['GIF8', 'a GIF image', 'type its table into a spreadsheet, and save that as CSV'],
  ['RIFF', 'an image or a recording', 'type its table into a spreadsheet, and save that as CSV'],
];

/** Tar has its magic behind the name and the rights of the first file. */
const [TAR, TAR_AT] = ['ustar', 257];
const TAR_ARCHIVE: (typeof OTHERS)[number] = ['', 'a tar archive', 'unpack it, or make a zip of it'];

/** @throws MatfacError `unsupported` for a known kind that is not supported. */
export function kindOf(head: Uint8Array): FileKind {
  const text = String.fromCharCode(...head.subarray(0, KIND_BYTES));
  const kind = KINDS.find(([beginning]) => text.startsWith(beginning))?.[1];
  if (kind) return kind;
  const isTar = text.slice(TAR_AT, TAR_AT + TAR.length) === TAR;
  const other = isTar ? TAR_ARCHIVE : OTHERS.find(([beginning]) => text.startsWith(beginning));
  if (!other) return 'text';
  const [, name, advice] = other;
  const message = `The file must be CSV, TSV, JSON, Parquet, .xlsx or another known format, or a gzip or zip of it; it is ${name}`;
  throw new MatfacError('unsupported', advice ? `${message}: ${advice}` : message);
}
