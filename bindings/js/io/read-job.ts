import type { Columns } from '../ratings/columns.js';
import { buffersOfIds, packIds } from '../ratings/packed-ids.js';
import { buffersOfPacked } from '../ratings/stored/packed-ratings.js';
import type { ReadingJob, ReadingOutcome, Reply, SplitJob } from '../training/protocol.js';
import { readRatings } from './read.js';
import { RemoteBlob } from './remote-blob.js';

/** How many titles are sent at a time: a few milliseconds for the receiver. */
const TITLES = 4096;

type Send = (reply: Reply, transferred?: ArrayBufferLike[]) => void;

/** Reads a file, or divides stored ratings, in a worker; `send` transfers the buffers it is given. */
export async function runReading(job: ReadingJob | SplitJob, send: Send): Promise<void> {
  if ('source' in job) return readHere(job, send);
  const { splitHere, buffersOfSplit } = await import('./stored/split-stored.js');
  const outcome = await splitHere(job, undefined);
  send({ kind: 'split', outcome }, buffersOfSplit(outcome));
}

async function readHere({ source, totalBytes, options, files }: ReadingJob, send: Send): Promise<void> {
  const onProgress = (progress: Extract<Reply, { kind: 'progress' }>['progress']) =>
    send({ kind: 'progress', progress });
  const bytes = 'port' in source ? new RemoteBlob(source) : source;
  const read = await readRatings(bytes, { ...options, onProgress }, { totalBytes, files });
  const { table, understood, skipped, stored } = read;
  const { itemTitles, ...rest } = understood;
  const titles = [...(itemTitles ?? [])];
  for (let from = 0; from < titles.length; from += TITLES) {
    send({ kind: 'titles', titles: titles.slice(from, from + TITLES) });
  }
  const [users, items] = [packIds(table.users), packIds(table.items)];
  const { columns, implicit } = table;
  const outcome: ReadingOutcome = {
    columns,
    users,
    items,
    implicit,
    understood: rest,
    skipped,
    ...(stored && { stored }),
  };
  const ofColumns = Object.values(columns).map((column: Columns[keyof Columns]) => column!.buffer);
  const ofStored = stored ? buffersOfPacked(stored.packed) : [];
  send({ kind: 'read', outcome }, [...ofColumns, ...ofStored, ...buffersOfIds(users), ...buffersOfIds(items)]);
}
