import { MatfacError } from '../../base/errors.js';
import { inTurns } from '../../base/pause.js';
import { throwIfAborted } from '../../base/signal.js';
import { ChosenIds } from '../../ratings/chosen-ids.js';
import { countMarks, type StoredRows, type Table } from '../../ratings/columns.js';
import type { Ids } from '../../ratings/ids.js';
import { checkedSplit, type SplitOptions } from '../../ratings/split.js';
import { createFile } from '../../ratings/stored/files.js';
import { PackedRatings } from '../../ratings/stored/packed-ratings.js';
import { disposedStore, type KeptFile, type StoreFile } from '../../ratings/stored/store.js';
import type { StoredParts } from '../../ratings/stored/stored-parts.js';
import { converse, hasWorkers } from '../../training/client.js';
import type { PresentIds, SplitJob, SplitOutcome } from '../../training/protocol.js';
import { splitHere } from './split-stored.js';

type Known = Pick<Table, 'users' | 'items' | 'implicit'>;

/** Removes the files of ratings that were collected. */
const forgotten = new FinalizationRegistry<KeptFile>((kept) => void kept.remove());

/** A table whose rows are in a file. */
export function storedTable({ users, items, implicit }: Known, parts: StoredParts, kept: KeptFile): Table {
  const stored = new RowsInFile(parts, kept);
  return {
    ...{ users, items, implicit, stored },
    get columns(): never {
      const advice = 'splitAsync gives a test part in memory, and without the option storage all ratings are there';
      throw new MatfacError('unsupported', `This needs ratings in memory, and these are in storage: ${advice}`);
    },
  };
}

class RowsInFile implements StoredRows {
  readonly size: number;
  readonly timeOrigin: number;
  readonly rated: PackedRatings;
  readonly statistics: StoredParts['statistics'];
  readonly #kept: KeptFile;
  #isDisposed = false;

  constructor({ size, timeOrigin, packed, statistics }: StoredParts, kept: KeptFile) {
    this.size = size;
    this.timeOrigin = timeOrigin;
    this.rated = new PackedRatings(packed);
    this.statistics = statistics;
    this.#kept = kept;
    forgotten.register(this, kept, this);
  }

  get hasTimestamps(): boolean {
    return !Number.isNaN(this.timeOrigin);
  }

  get file(): StoreFile {
    if (!this.#isDisposed) return this.#kept.file;
    throw disposedStore();
  }

  dispose(): void {
    this.#isDisposed = true;
    forgotten.unregister(this);
    void this.#kept.remove();
  }

  async split<T>(
    table: Table,
    given: SplitOptions,
    signal: AbortSignal | undefined,
    make: (part: Table) => T,
  ): Promise<{ train: T; test: T }> {
    const options = checkedSplit(given, this.hasTimestamps);
    const { file, timeOrigin, rated, size } = this;
    const kept = await createFile();
    try {
      throwIfAborted('splitAsync', signal);
      const stored = { file, offsets: rated.offsets, timeOrigin };
      const job = { stored, size, itemCount: table.items.size, options, target: kept.file };
      const outcome = await (hasWorkers() ? splitInWorker(job, signal) : splitHere(job, signal));
      const { implicit } = table;
      const ofTrain = await chosenIds(table, outcome.inTrain);
      return {
        test: make({ ...(await chosenIds(table, outcome.inTest)), implicit, columns: outcome.test }),
        train: make(storedTable({ ...ofTrain, implicit }, outcome.train, kept)),
      };
    } catch (failure) {
      await kept.remove();
      throw failure;
    }
  }
}

/** The ids that are marked. */
async function chosenIds({ users, items }: Known, present: PresentIds): Promise<{ users: Ids; items: Ids }> {
  const chosen = (ids: Ids, marks: Uint8Array) => inTurns(ChosenIds.of(ids, indicesOf(marks)));
  return { users: await chosen(users, present.users), items: await chosen(items, present.items) };
}

/** Where there are marks. */
function indicesOf(marks: Uint8Array): Int32Array {
  const indices = new Int32Array(countMarks(marks, 1));
  for (let index = 0, at = 0; index < marks.length; index++) if (marks[index] === 1) indices[at++] = index;
  return indices;
}

/** In a page: files are open in workers alone. */
function splitInWorker(job: SplitJob, signal: AbortSignal | undefined): Promise<SplitOutcome> {
  return converse<SplitOutcome>({
    what: 'reading',
    signal,
    begin: (post) => post({ kind: 'read', job }),
    hear(reply, end) {
      if (reply.kind === 'split') end(reply.outcome);
    },
    stop: () => throwIfAborted('splitAsync', signal),
  });
}
