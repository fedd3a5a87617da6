import { tooSlow } from '../base/allowance.js';
import { throwIfAborted } from '../base/signal.js';
import { checkedSource, type FileSource, sizeOf } from '../base/source.js';
import { Told } from '../base/told.js';
import { byId, type Id } from '../ratings/ids.js';
import { UnpackedIds } from '../ratings/packed-ids.js';
import { checkedReading, type ReadOptions } from '../ratings/read-options.js';
import type { Title } from '../ratings/title-columns.js';
import { converse, hasWorkers, isNotStarted } from '../training/client.js';
import type { ReadingJob, StoreFiles } from '../training/protocol.js';
import { threadStarter } from './node-worker.js';
import { type ReadResult, readRatings } from './read.js';
import { shareBlob } from './remote-blob.js';

/** Smaller files are read before a worker would have started. */
const BYTES_WORTH_WORKER = 1 << 20;

/** Reads ratings without blocking: in a worker where there is one, or else on this thread in slices. */
export async function readFile(source: FileSource, given: ReadOptions): Promise<ReadResult> {
  const options = checkedReading(given);
  if (options.storage !== 'opfs') return readInTime(source, options);
  const { readStored } = await import('./stored/read-stored.js');
  return readStored(async (files) => {
    // Making the files takes time.
    throwIfAborted('Reading', options.signal);
    return readInTime(source, options, files);
  });
}

async function readInTime(source: FileSource, options: ReadOptions, files?: StoreFiles): Promise<ReadResult> {
  const { signal, limits } = options;
  if (limits?.seconds === undefined) return readUntil(source, options, files);
  const clock = new Clock(limits.seconds, signal);
  try {
    return await readUntil(source, { ...options, signal: clock.signal }, files);
  } catch (failure) {
    throw clock.isLate ? tooSlow(limits.seconds) : failure;
  } finally {
    clock.stop();
  }
}

async function readUntil(
  source: FileSource,
  { worker, ...rest }: ReadOptions,
  files: StoreFiles | undefined,
): Promise<ReadResult> {
  const bytes = checkedSource(source);
  const totalBytes = bytes instanceof Blob ? bytes.size : sizeOf(source);
  const { onProgress: _, signal: __, ...plain } = rest;
  const job = { totalBytes, options: plain, ...(files && { files }) };
  const apart = async (parquet: Blob) => {
    // A Blob of the caller's own class cannot be sent.
    if (worker === false || !isPlain(parquet)) return undefined;
    return readApart(parquet, job, rest);
  };
  const here = () => readRatings(bytes, rest, { totalBytes, files, apart });
  const isLarge = files !== undefined || (totalBytes ?? Number.POSITIVE_INFINITY) >= BYTES_WORTH_WORKER;
  const isWorthIt = hasWorkers() && isLarge;
  if (!(worker ?? isWorthIt) || (bytes instanceof ReadableStream && !transfersStreams())) return here();
  try {
    return await readInWorker({ ...job, source: bytes }, rest);
  } catch (failure) {
    // The caller did not ask for a worker, and nothing was read yet.
    if (worker === undefined && isNotStarted(failure)) return here();
    throw failure;
  }
}

/** Reads Parquet in a worker, which can be terminated whatever its decoder does; undefined where none can be started. */
async function readApart(
  parquet: Blob,
  job: Omit<ReadingJob, 'source'>,
  options: ReadOptions,
): Promise<ReadResult | undefined> {
  const start = hasWorkers() ? undefined : threadStarter();
  if (!start && !hasWorkers()) return undefined;
  const shared = start && shareBlob(parquet);
  try {
    return await readInWorker({ ...job, source: shared?.remote ?? parquet }, options, start);
  } catch (failure) {
    if (isNotStarted(failure)) return undefined;
    throw failure;
  } finally {
    shared?.close();
  }
}

function isPlain(blob: Blob): boolean {
  const type = Object.getPrototypeOf(blob) as unknown;
  return type === Blob.prototype || (typeof File !== 'undefined' && type === File.prototype);
}

/** Not every browser can transfer a stream to a worker. */
function transfersStreams(): boolean {
  const stream = new ReadableStream();
  try {
    structuredClone(stream, { transfer: [stream] });
    return true;
  } catch {
    return false;
  }
}

function readInWorker(job: ReadingJob, { onProgress, signal }: ReadOptions, start?: () => Worker): Promise<ReadResult> {
  const itemTitles = byId(new Map<Id, Title>());
  let refuse = (_cause: unknown) => {};
  const told = new Told(onProgress, (cause) => refuse(cause));
  return converse<ReadResult>({
    what: 'reading',
    signal,
    ...(start && { start }),
    begin: (post) => post({ kind: 'read', job }, transferredWith(job)),
    hear(reply, end) {
      refuse = (cause) => end(Promise.reject(cause));
      if (reply.kind === 'progress') told.call(reply.progress);
      else if (reply.kind === 'titles') for (const [id, title] of reply.titles) itemTitles.set(id, title);
      else if (reply.kind === 'read') {
        const { users, items, columns, implicit, understood, skipped, stored } = reply.outcome;
        const table = { columns, users: new UnpackedIds(users), items: new UnpackedIds(items), implicit };
        const source = understood.titleFile ? { ...understood, itemTitles } : understood;
        const read = { table, understood: source, skipped, ...(stored && { stored }) };
        end(told.end(signal).then(() => read));
      }
    },
    stop: () => throwIfAborted('Reading', signal),
  });
}

function transferredWith({ source }: ReadingJob): (ReadableStream | MessagePort)[] {
  if (source instanceof ReadableStream) return [source];
  return source instanceof Blob ? [] : [source.port];
}

/** A timer waits at most this long. */
const LONGEST_MILLISECONDS = 2 ** 31 - 1;

/** Aborts on the signal of the caller, and when the time is up. */
class Clock {
  isLate = false;
  readonly #controller = new AbortController();
  readonly #timer: ReturnType<typeof setTimeout>;
  readonly #abort = () => this.#controller.abort(this.above?.reason);

  constructor(
    seconds: number,
    readonly above: AbortSignal | undefined,
  ) {
    const late = () => {
      this.isLate = true;
      this.#controller.abort();
    };
    this.#timer = setTimeout(late, Math.min(1000 * seconds, LONGEST_MILLISECONDS));
    above?.addEventListener('abort', this.#abort);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.above?.removeEventListener('abort', this.#abort);
  }
}
