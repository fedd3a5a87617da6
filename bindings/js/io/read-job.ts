import type { Columns } from '../ratings/columns.js';
import { buffersOfIds, packIds } from '../ratings/packed-ids.js';
import type { ReadingJob, ReadingOutcome, Reply } from '../training/protocol.js';
import { readRatings } from './read.js';
import { RemoteBlob } from './remote-blob.js';

/** How many titles are sent at a time: a few milliseconds for the receiver. */
const TITLES = 4096;

/** Reads a file in a worker; `send` transfers the buffers it is given. */
export async function runReading(
  { source, totalBytes, options }: ReadingJob,
  send: (reply: Reply, transferred?: ArrayBufferLike[]) => void,
): Promise<void> {
  const onProgress = (progress: Extract<Reply, { kind: 'progress' }>['progress']) =>
    send({ kind: 'progress', progress });
  const bytes = 'port' in source ? new RemoteBlob(source) : source;
  const { table, understood, skipped } = await readRatings(bytes, { ...options, onProgress }, totalBytes);
  const { itemTitles, ...rest } = understood;
  const titles = [...(itemTitles ?? [])];
  for (let from = 0; from < titles.length; from += TITLES) {
    send({ kind: 'titles', titles: titles.slice(from, from + TITLES) });
  }
  const [users, items] = [packIds(table.users), packIds(table.items)];
  const { columns, implicit } = table;
  const outcome: ReadingOutcome = { columns, users, items, implicit, understood: rest, skipped };
  const ofColumns = Object.values(columns).map((column: Columns[keyof Columns]) => column!.buffer);
  send({ kind: 'read', outcome }, [...ofColumns, ...buffersOfIds(users), ...buffersOfIds(items)]);
}
