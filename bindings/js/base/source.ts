import { mustBe } from './checks.js';
import { invalid } from './errors.js';
import { throwIfAborted } from './signal.js';

/** A file to read: a Blob or File, a fetched Response, a stream of bytes, or the text itself. */
export type FileSource = Blob | Response | ReadableStream<Uint8Array> | string;

/** Decoding and parsing take pieces of at most this many bytes: a few milliseconds. */
const PIECE = 1 << 16;
/**
 * Files are read in slices of this many bytes, this many at once: Node reads 64 kB of each per turn of its event loop, which
 * parsing holds up.
 */
const SLICE = 1 << 18;
const SLICES_AT_ONCE = 16;

export function openSource(source: FileSource): ReadableStream<Uint8Array> {
  const checked = checkedSource(source);
  return checked instanceof Blob ? streamOf(checked) : checked;
}

/** @throws MatfacError `invalid-argument` for a value that is not a source, or a source that was read already. */
export function checkedSource(source: FileSource): Blob | ReadableStream<Uint8Array> {
  if (typeof source === 'string') return new Blob([source]);
  if (source instanceof Blob) return source;
  if (typeof Response !== 'undefined' && source instanceof Response) return openResponse(source);
  if (source instanceof ReadableStream) {
    if (source.locked) throw invalid('The stream must not be locked; something else is reading it');
    return source;
  }
  const allowed = 'a Blob, a File, a Response, a ReadableStream of bytes, or the text itself';
  const node =
    "In Node, openAsBlob of 'node:fs' makes a Blob of a path, and Readable.toWeb a ReadableStream of a stream";
  throw invalid(`${mustBe('The source', allowed, source).message}. ${node}`);
}

/** Reads ahead, unlike a Blob's own stream, which gives 64 kB at a time and waits for the disk in between. */
export function streamOf(blob: Blob): ReadableStream<Uint8Array> {
  const reads: Promise<ArrayBuffer>[] = [];
  let begin = 0;
  const readOn = () => {
    while (reads.length < SLICES_AT_ONCE && begin < blob.size) {
      const read = blob.slice(begin, begin + SLICE).arrayBuffer();
      read.catch(() => {}); // Thrown when its turn comes.
      reads.push(read);
      begin += SLICE;
    }
  };
  const source: UnderlyingDefaultSource<Uint8Array> = {
    async pull(controller) {
      readOn();
      const next = reads.shift();
      if (!next) return controller.close();
      controller.enqueue(new Uint8Array(await next));
    },
    cancel() {
      begin = blob.size;
    },
  };
  return new ReadableStream(source, { highWaterMark: 1 });
}

function openResponse(response: Response): ReadableStream<Uint8Array> {
  checkResponse(response);
  if (response.bodyUsed || response.body === null) throw invalid('The response must have a body that was not read yet');
  return response.body;
}

/** The size of the source in bytes, as it is stored; undefined when it is unknown. */
export function sizeOf(source: FileSource): number | undefined {
  if (typeof source === 'string') return new Blob([source]).size;
  if (source instanceof Blob) return source.size;
  if (typeof Response === 'undefined' || !(source instanceof Response)) return undefined;
  // A server that compresses the body on the way gives the compressed length.
  const length = source.headers.has('content-encoding') ? null : source.headers.get('content-length');
  return length === null ? undefined : Number(length);
}

export function checkResponse(response: Response): void {
  if (response.ok) return;
  throw invalid(
    `${response.url || 'The response'} could not be fetched: HTTP ${response.status} ${response.statusText}`.trim(),
  );
}

/** Two pieces as one. */
export function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  if (first.length === 0) return second;
  const both = new Uint8Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}

/** The same bytes in pieces that are quick to process. */
export function* cut(bytes: Uint8Array): Generator<Uint8Array> {
  for (let start = 0; start < bytes.length; start += PIECE) yield bytes.subarray(start, start + PIECE);
}

/** The bytes in pieces as they arrive; cancels the stream when the caller stops or the signal is aborted. */
export async function* piecesOf(stream: ReadableStream<Uint8Array>, signal?: AbortSignal): AsyncGenerator<Uint8Array> {
  const reader = stream.getReader();
  const stop = () => void reader.cancel().catch(() => {});
  signal?.addEventListener('abort', stop);
  try {
    for (;;) {
      throwIfAborted('Reading', signal);
      const { done, value } = await reader.read();
      throwIfAborted('Reading', signal);
      if (done) return;
      if (!(value instanceof Uint8Array)) throw mustBe('Each piece of the stream', 'a Uint8Array', value);
      yield* cut(value);
    }
  } finally {
    signal?.removeEventListener('abort', stop);
    stop();
  }
}

/** Every byte of a source. */
export async function bytesOf(source: FileSource | Uint8Array | ArrayBuffer): Promise<Uint8Array> {
  if (source instanceof Uint8Array) return source;
  if (source instanceof ArrayBuffer) return new Uint8Array(source);
  return new Uint8Array(await new Response(openSource(source)).arrayBuffer());
}

/** All pieces as one Blob. */
export async function gather(pieces: AsyncIterable<Uint8Array>): Promise<Blob> {
  const parts: Blob[] = [];
  let block: BlobPart[] = [];
  let size = 0;
  // Blobs of 16 MB at a time: a browser may move them out of memory.
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
