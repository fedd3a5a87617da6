import { throwIfAborted } from '../base/signal.js';
import { checkedSource, type FileSource, sizeOf } from '../base/source.js';
import { Told } from '../base/told.js';
import { byId, type Id } from '../ratings/ids.js';
import { UnpackedIds } from '../ratings/packed-ids.js';
import { checkedReading, type ReadOptions } from '../ratings/read-options.js';
import type { Title } from '../ratings/title-columns.js';
import { converse, hasWorkers, isNotStarted } from '../training/client.js';
import type { ReadingJob } from '../training/protocol.js';
import { type ReadResult, readRatings } from './read.js';

/** Smaller files are read before a worker would have started. */
const BYTES_WORTH_WORKER = 1 << 20;

/** Reads ratings without blocking: in a worker where there is one, or else on this thread in slices. */
export async function readFile(source: FileSource, options: ReadOptions): Promise<ReadResult> {
  const { worker, ...rest } = checkedReading(options);
  const bytes = checkedSource(source);
  const totalBytes = bytes instanceof Blob ? bytes.size : sizeOf(source);
  const here = () => readRatings(bytes, rest, totalBytes);
  const isWorthIt = hasWorkers() && (totalBytes ?? Number.POSITIVE_INFINITY) >= BYTES_WORTH_WORKER;
  if (!(worker ?? isWorthIt) || (bytes instanceof ReadableStream && !transfersStreams())) return here();
  const { onProgress: _, signal: __, ...plain } = rest;
  try {
    return await readInWorker({ source: bytes, totalBytes, options: plain }, rest);
  } catch (failure) {
    // The caller did not ask for a worker, and nothing was read yet.
    if (worker === undefined && isNotStarted(failure)) return here();
    throw failure;
  }
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

function readInWorker(job: ReadingJob, { onProgress, signal }: ReadOptions): Promise<ReadResult> {
  const itemTitles = byId(new Map<Id, Title>());
  let refuse = (_cause: unknown) => {};
  const told = new Told(onProgress, (cause) => refuse(cause));
  return converse<ReadResult>({
    what: 'reading',
    signal,
    begin: (post) => post({ kind: 'read', job }, job.source instanceof ReadableStream ? [job.source] : []),
    hear(reply, end) {
      refuse = (cause) => end(Promise.reject(cause));
      if (reply.kind === 'progress') told.call(reply.progress);
      else if (reply.kind === 'titles') for (const [id, title] of reply.titles) itemTitles.set(id, title);
      else if (reply.kind === 'read') {
        const { users, items, columns, implicit, understood, skipped } = reply.outcome;
        const table = { columns, users: new UnpackedIds(users), items: new UnpackedIds(items), implicit };
        const read = { table, understood: understood.titleFile ? { ...understood, itemTitles } : understood, skipped };
        end(told.end(signal).then(() => read));
      }
    },
    stop: () => throwIfAborted('Reading', signal),
  });
}
