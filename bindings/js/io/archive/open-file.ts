import { Allowance } from '../../base/allowance.js';
import { MatfacError } from '../../base/errors.js';
import type { ReadLimits } from '../../base/limits.js';
import { type FileSource, gather, openSource, piecesOf, streamOf } from '../../base/source.js';
import type { Compression } from '../../ratings/ratings-source.js';
import { type FileKind, KIND_BYTES, kindOf } from './file-kind.js';
import { gunzip } from './gzip.js';
import { packageOf } from './zip-choice.js';

type Pieces = AsyncGenerator<Uint8Array>;

/**
 * An unpacked file: a text as a stream of bytes; Parquet as a whole, because it is read from its end; or a format that is a zip
 * archive itself.
 */
export type OpenedFile = { compression: Compression; archive?: Archive } & (
  | { text: Pieces }
  | { parquet: Blob }
  | { parts: Parts }
);

/** The files of a zip archive. */
interface Files {
  paths: string[];
  open(path: string): Promise<OpenedFile>;
}

/** A zip archive: which of its files was opened, and how to open another one. */
export interface Archive extends Files {
  path: string;
}

/** A workbook, or arrays of NumPy: a zip archive whose files are one file together. */
export interface Parts extends Files {
  kind: 'npz' | 'xlsx';
  /** Whether it is inside another archive, where the option `file` names it rather than one of its parts. */
  isInside: boolean;
}

export interface OpenOptions {
  /** Chooses a file of a zip archive by its path. */
  choose(paths: string[]): string;
  /** Called with the number of bytes read from the source, as they are stored. */
  count?(bytes: number): void;
  signal?: AbortSignal | undefined;
  limits?: Pick<ReadLimits, 'bytes'> | undefined;
}

/**
 * Opens gzip and zip, which their first bytes tell and not their names.
 * @throws MatfacError `unsupported` for a known kind that is not supported, `parse-error` for a damaged archive,
 * `out-of-memory` for more bytes than the limit, while they are read.
 */
export async function openFile(source: FileSource, options: OpenOptions): Promise<OpenedFile> {
  const stream = openSource(source);
  const allowance = new Allowance(options.limits, source instanceof Blob ? source.size : 0);
  const count = (bytes: number) => {
    allowance.stored = Math.max(allowance.stored, bytes);
    options.count?.(bytes);
  };
  const stored = counted(piecesOf(stream, options.signal), { count });
  // What is not compressed cannot exceed the default.
  const isLimited = options.limits?.bytes !== undefined;
  const { kind, pieces } = await peek(stored);
  if (kind === 'zip') return openArchive(source, pieces, options);
  return unwrap(kind, isLimited && kind !== 'gzip' ? allowance.pieces(pieces) : pieces, allowance, source);
}

/** The directory of an archive is at its end, so a stream is read as a whole first, still compressed. */
async function openArchive(source: FileSource, pieces: Pieces, options: OpenOptions): Promise<OpenedFile> {
  const isBlob = source instanceof Blob;
  if (isBlob) await pieces.return(undefined);
  const blob = isBlob ? source : await gather(pieces);
  const { signal, limits, count } = options;
  const files = await filesOf(blob, { signal, limits, ...(isBlob && count ? { count } : {}) });
  const kind = packageOf(files.paths);
  if (kind) return { compression: 'none', parts: { ...files, kind, isInside: false } };
  const path = options.choose(files.paths);
  return { ...(await files.open(path)), compression: 'zip', archive: { path, ...files } };
}

/** `stored` is how many bytes an archive that contains this one has for it. */
async function filesOf(blob: Blob, options: Omit<OpenOptions, 'choose'>, stored?: number): Promise<Files> {
  const { filesIn, packedIn, unpacked } = await import('./zip.js');
  const files = await filesIn(blob);
  const open = async (path: string) => {
    const entry = files.find((file) => file.path === path)!;
    const allowance = new Allowance(options.limits, stored ?? entry.packedSize);
    allowance.hold(entry.size);
    const packed = piecesOf(streamOf(await packedIn(blob, entry)), options.signal);
    const inner = await peek(allowance.pieces(unpacked(counted(packed, options, entry.offset), entry)));
    return unwrap(inner.kind, inner.pieces, allowance);
  };
  return { paths: files.map(({ path }) => path), open };
}

async function unwrap(kind: FileKind, pieces: Pieces, allowance: Allowance, source?: FileSource): Promise<OpenedFile> {
  if (kind === 'text') return { compression: 'none', text: pieces };
  if (kind === 'gzip') {
    const inner = await peek(allowance.pieces(gunzip(pieces)));
    if (inner.kind === 'gzip') throw wrappedTwice('gzip', inner.pieces);
    return { ...(await unwrap(inner.kind, inner.pieces, allowance)), compression: 'gzip' };
  }
  if (kind === 'zip') return { compression: 'none', parts: await partsOf(pieces, allowance) };
  if (!(source instanceof Blob)) return { compression: 'none', parquet: await gather(pieces) };
  await pieces.return(undefined);
  return { compression: 'none', parquet: source };
}

/** A workbook or arrays inside gzip or a zip archive. @throws MatfacError `unsupported` for any other archive. */
async function partsOf(pieces: Pieces, allowance: Allowance): Promise<Parts> {
  const files = await filesOf(await gather(pieces), { limits: allowance.limits }, allowance.stored);
  const kind = packageOf(files.paths);
  if (!kind) throw wrappedTwice('zip archive', pieces);
  return { ...files, kind, isInside: true };
}

function wrappedTwice(what: string, pieces: Pieces): MatfacError {
  void pieces.return(undefined);
  return new MatfacError('unsupported', `The archive must not contain another ${what}; unpack it and pass that file`);
}

/** The kind by the first bytes, and all bytes, the first included. */
async function peek(pieces: Pieces): Promise<{ kind: FileKind; pieces: Pieces }> {
  const seen: Uint8Array[] = [];
  const head: number[] = [];
  while (head.length < KIND_BYTES) {
    const { done, value } = await pieces.next();
    if (done) break;
    seen.push(value);
    head.push(...value.subarray(0, KIND_BYTES - head.length));
  }
  try {
    return { kind: kindOf(Uint8Array.from(head)), pieces: chain(seen, pieces) };
  } catch (failure) {
    await pieces.return(undefined);
    throw failure;
  }
}

async function* chain(seen: Uint8Array[], pieces: Pieces): Pieces {
  try {
    yield* seen;
    yield* pieces;
  } finally {
    await pieces.return(undefined);
  }
}

async function* counted(pieces: Pieces, { count }: Pick<OpenOptions, 'count'>, before = 0): Pieces {
  let bytes = before;
  for await (const piece of pieces) {
    bytes += piece.length;
    count?.(bytes);
    yield piece;
  }
}
