import { invalid, MatfacError } from '../../base/errors.js';
import { abortable, inTurns } from '../../base/pause.js';
import type { Columns } from '../../ratings/columns.js';
import { openFile } from '../../ratings/stored/files.js';
import { buffersOfPacked } from '../../ratings/stored/packed-ratings.js';
import { RowsWriter } from '../../ratings/stored/rows-writer.js';
import type { OpenStore, Store } from '../../ratings/stored/store.js';
import type { SplitJob, SplitOutcome } from '../../training/protocol.js';
import { markerOf } from './mark-rows.js';
import { Parts } from './split-parts.js';
import { readUsers, type UsersRead, userBlocks } from './user-blocks.js';

/** The test part is in memory. */
export const MOST_TEST_ROWS = 1 << 23;

/** Divides stored ratings on this thread: the users are read twice, first to count what each part has. */
export async function splitHere(job: SplitJob, signal: AbortSignal | undefined): Promise<SplitOutcome> {
  const source = await inTurn(job, signal);
  try {
    const target = await openFile(job.target, true);
    try {
      return await inTurns(abortable(signal, split(job, source, target), 'splitAsync'));
    } finally {
      target.close();
    }
  } finally {
    source.close();
  }
}

/** Opens the ratings when no training has them; an abort does not wait for that. */
async function inTurn({ stored }: SplitJob, signal: AbortSignal | undefined): Promise<OpenStore> {
  const opening = openFile(stored.file);
  let isLate = false;
  const aborted = new Promise<never>((_, reject) => {
    signal?.addEventListener('abort', () => {
      isLate = true;
      reject(new MatfacError('aborted', 'splitAsync was cancelled', { cause: signal.reason }));
    });
  });
  opening.then(
    (store) => isLate && store.close(),
    () => {},
  );
  return Promise.race([opening, aborted]);
}

export function buffersOfSplit({ train, test, inTrain, inTest }: SplitOutcome): ArrayBufferLike[] {
  const present = [inTrain, inTest].flatMap(({ users, items }) => [users.buffer, items.buffer]);
  const columns = Object.values(test).map(({ buffer }: Int32Array | Float32Array | Float64Array) => buffer);
  return [...buffersOfPacked(train.packed), ...present, ...columns];
}

function* split(job: SplitJob, source: Store, target: Store): Generator<void, SplitOutcome> {
  const { stored, size, itemCount } = job;
  const marker = yield* markerOf(job, source);
  const blocks = userBlocks(stored.offsets);
  const parts = new Parts(stored.offsets.length - 1, itemCount);
  for (const block of blocks) {
    yield;
    const rows = readUsers(source, job, block);
    parts.count(rows, marker.marksOf(rows));
  }
  checkSizes(parts.sizes, size);
  const [inTrain, inTest] = [parts.indicesIn(0), parts.indicesIn(1)];
  const writer = new RowsWriter(target, parts.sizes[0], inTrain.userCount, inTrain.itemCount, stored.timeOrigin);
  const test = new TestRows(parts.sizes[1], stored.timeOrigin);
  marker.begin();
  for (const block of blocks) {
    yield;
    const rows = readUsers(source, job, block);
    const marks = marker.marksOf(rows);
    writer.add(inTrain.take(rows, marks));
    test.add(rows, marks, inTest);
  }
  const train = yield* writer.finish();
  return { train, test: test.columns, inTrain: parts.presentIn(0), inTest: parts.presentIn(1) };
}

function checkSizes([train, test]: readonly [number, number], size: number): void {
  if (train === 0 || test === 0) {
    const none = `the ${train === 0 ? 'train' : 'test'} part would have none of the ${size} ratings`;
    throw invalid(`split: ${none}; choose another share`);
  }
  if (test <= MOST_TEST_ROWS) return;
  const most = `the test part of stored ratings must have at most ${MOST_TEST_ROWS} ratings, which are in memory`;
  throw invalid(`split: ${most}; it has ${test}: choose a smaller share`);
}

/** The rows of the test part, in the order of the users. */
class TestRows {
  readonly columns: Columns;
  #size = 0;

  constructor(
    size: number,
    readonly timeOrigin: number,
  ) {
    this.columns = { users: new Int32Array(size), items: new Int32Array(size), values: new Float32Array(size) };
    if (!Number.isNaN(timeOrigin)) this.columns.timestamps = new Float64Array(size);
  }

  add(rows: UsersRead, marks: Uint8Array, { userOf, itemOf }: { userOf: Int32Array; itemOf: Int32Array }): void {
    const { users, items, values, timestamps } = this.columns;
    for (let row = 0; row < marks.length; row++) {
      if (marks[row] === 0) continue;
      const at = this.#size++;
      users[at] = userOf[rows.users[row]!]!;
      items[at] = itemOf[rows.items[row]!]!;
      values[at] = rows.values[row]!;
      if (timestamps) timestamps[at] = this.timeOrigin + rows.times![row]!;
    }
  }
}
