import { MatfacError } from '../errors.js';
import { type FileKind, KIND_BYTES, kindOf } from './file-kind.js';
import { gunzip } from './gzip.js';
import type { Compression } from './ratings-source.js';
import { type FileSource, openSource, piecesOf, streamOf } from './source.js';

type Pieces = AsyncGenerator<Uint8Array>;

/** A file with its wrapping taken off: a text as its bytes come, or Parquet, which is read from its end, as a whole. */
export type OpenedFile = { compression: Compression; archive?: Archive } & ({ text: Pieces } | { parquet: Blob });

/** Of a zip archive: which of its files was opened, and a way to another one. */
export interface Archive {
  path: string;
  paths: string[];
  open(path: string): Promise<OpenedFile>;
}

export interface OpenOptions {
  /** Picks a file of a zip archive by its path. */
  choose(paths: string[]): string;
  /** Is told how far the source was read, in bytes as they are. */
  count?(bytes: number): void;
  signal?: AbortSignal | undefined;
}

/**
 * Opens gzip and zip, which are known by their first bytes and not by a name.
 * @throws MatfacError `unsupported` for a kind that is known and not read, `parse-error` for a damaged archive.
 */
export async function openFile(source: FileSource, options: OpenOptions): Promise<OpenedFile> {
  const stream = openSource(source);
  const { kind, pieces } = await peek(counted(piecesOf(stream, options.signal), options));
  return kind === 'zip' ? openArchive(source, pieces, options) : unwrap(kind, pieces, source);
}

/** An archive is gone through twice: for the paths, and for the file. So a stream is gathered first, packed as it is. */
async function openArchive(source: FileSource, pieces: Pieces, options: OpenOptions): Promise<OpenedFile> {
  const { unzipped, zipPaths } = await import('./zip.js');
  const isBlob = source instanceof Blob;
  if (isBlob) await pieces.return(undefined);
  const blob = isBlob ? source : await gather(pieces);
  const read = () => piecesOf(streamOf(blob), options.signal);
  const paths = await zipPaths(read());
  const open = async (path: string) => {
    const inner = await peek(unzipped(isBlob ? counted(read(), options) : read(), path));
    return unwrap(inner.kind, inner.pieces);
  };
  const path = options.choose(paths);
  return { ...(await open(path)), compression: 'zip', archive: { path, paths, open } };
}

async function unwrap(kind: FileKind, pieces: Pieces, source?: FileSource): Promise<OpenedFile> {
  if (kind === 'text') return { compression: 'none', text: pieces };
  if (kind === 'gzip') {
    const inner = await peek(gunzip(pieces));
    if (inner.kind === 'gzip') throw wrappedTwice('gzip', inner.pieces);
    return { ...(await unwrap(inner.kind, inner.pieces)), compression: 'gzip' };
  }
  if (kind === 'zip') throw wrappedTwice('zip archive', pieces);
  if (!(source instanceof Blob)) return { compression: 'none', parquet: await gather(pieces) };
  await pieces.return(undefined);
  return { compression: 'none', parquet: source };
}

function wrappedTwice(what: string, pieces: Pieces): MatfacError {
  void pieces.return(undefined);
  return new MatfacError('unsupported', `There is a ${what} within the archive; take it out and give that one`);
}

/** What the first bytes say, and everything from the first byte on. */
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

async function* counted(pieces: Pieces, { count }: OpenOptions): Pieces {
  let bytes = 0;
  for await (const piece of pieces) {
    bytes += piece.length;
    count?.(bytes);
    yield piece;
  }
}

async function gather(pieces: Pieces): Promise<Blob> {
  const parts: Blob[] = [];
  let block: BlobPart[] = [];
  let size = 0;
  // A browser may move Blobs out of memory.
  for await (const piece of pieces) {
    block.push(piece as Uint8Array<ArrayBuffer>);
    size += piece.length;
    if (size < 1 << 24) continue;
    parts.push(new Blob(block));
    block = [];
    size = 0;
  }
  return new Blob([...parts, ...block]);
}
