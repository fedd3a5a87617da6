import type { Failure } from '../base/errors.js';
import type { ReadProgress } from '../base/progress.js';
import type { CoreOptions, CoreSideFeatures, CoreTensors, CoreWarmStart } from '../core/core.js';
import type { Configuration, Engine } from '../core/load.js';
import type { EpochReport } from '../core/options.js';
import type { SkippedRows } from '../ratings/bad-rows.js';
import type { Columns } from '../ratings/columns.js';
import type { Id } from '../ratings/ids.js';
import type { PackedIds } from '../ratings/packed-ids.js';
import type { RatingsSource } from '../ratings/ratings-source.js';
import type { ReadOptions } from '../ratings/read-options.js';
import type { SplitOptions } from '../ratings/split.js';
import type { StoreFile } from '../ratings/stored/store.js';
import type { StoredParts } from '../ratings/stored/stored-parts.js';
import type { Title } from '../ratings/title-columns.js';

/** A training as the core needs it, with dense indices and without ids; with timestamps only where the training reads them. */
export interface TrainingJob extends Columns {
  userCount: number;
  itemCount: number;
  options: CoreOptions;
  threads: number | 'auto';
  /** Empty columns without validation; −1 for an unknown user or item. */
  validation: Columns;
  start: CoreWarmStart | null;
  features: CoreSideFeatures;
  /** Where the ratings are, if they are not in memory; the columns are empty then. */
  stored?: StoredInput;
}

/** Ratings in a store: those of user u from offsets[u] to offsets[u + 1] − 1 (see `StoredParts`). */
export interface StoredInput {
  file: StoreFile;
  offsets: Int32Array;
  /** NaN without times. */
  timeOrigin: number;
}

/** The store that ratings are written to, and one for the work until then. */
export interface StoreFiles {
  rows: StoreFile;
  work: StoreFile;
}

/** The model so far, and the options of its training. */
export type TrainingSnapshot = { tensors: CoreTensors; options: Required<CoreOptions> };

/** The result of a training, complete or stopped. */
export interface TrainingOutcome {
  /** Null when it was stopped before the end of its first epoch. */
  learned: TrainingSnapshot | null;
  stopped: boolean;
}

/** A Blob that stays with its thread, which sends its parts through a port. */
export interface RemoteBytes {
  size: number;
  port: MessagePort;
}

/** A file to read. */
export interface ReadingJob {
  source: Blob | ReadableStream<Uint8Array> | RemoteBytes;
  /** Undefined when it is unknown. */
  totalBytes: number | undefined;
  options: Omit<ReadOptions, 'onProgress' | 'signal' | 'worker'>;
  /** With the option `storage`. */
  files?: StoreFiles;
}

/** Stored ratings to divide: the train part is written to a store, the test part is kept in memory. */
export interface SplitJob {
  stored: StoredInput;
  size: number;
  itemCount: number;
  options: SplitOptions;
  target: StoreFile;
}

/** Which users and items of all a part has, marked with 1. */
export interface PresentIds {
  users: Uint8Array;
  items: Uint8Array;
}

/** Both parts, with the indices of their own users and items. */
export interface SplitOutcome {
  train: StoredParts;
  test: Columns;
  inTrain: PresentIds;
  inTest: PresentIds;
}

/** The ratings of a file; the titles of its items are sent before. */
export interface ReadingOutcome {
  columns: Columns;
  users: PackedIds;
  items: PackedIds;
  implicit: boolean;
  understood: Omit<RatingsSource, 'itemTitles'>;
  skipped: SkippedRows;
  /** Of ratings in storage; the columns are empty then. */
  stored?: StoredParts;
}

/**
 * From the page to the worker. `epochs` is how many more epochs may end before the training rests; `snapshot` asks for a
 * snapshot as soon as an epoch is done, and `ask` for a sign of life.
 */
export type Request =
  | { kind: 'ask' }
  | { kind: 'train'; job: TrainingJob; configuration: Configuration; epochs: number }
  | { kind: 'read'; job: ReadingJob | SplitJob }
  | { kind: 'control'; epochs: number }
  | { kind: 'snapshot' }
  | { kind: 'stop' };

/** From the worker to the page. `ready` comes once, before anything else, with the name of the lock that the worker holds. */
export type Reply =
  | { kind: 'ready'; lock: string | undefined }
  | { kind: 'alive' }
  | { kind: 'engine'; engine: Engine }
  | { kind: 'memory'; bytes: number }
  | { kind: 'report'; report: EpochReport }
  | { kind: 'snapshot'; snapshot: TrainingSnapshot }
  | { kind: 'done'; outcome: TrainingOutcome }
  | { kind: 'progress'; progress: ReadProgress }
  | { kind: 'titles'; titles: [Id, Title][] }
  | { kind: 'read'; outcome: ReadingOutcome }
  | { kind: 'split'; outcome: SplitOutcome }
  | { kind: 'failed'; failure: Failure };
