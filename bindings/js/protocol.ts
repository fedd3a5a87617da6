import type { CoreOptions, CoreTensors, CoreWarmStart } from './core.js';
import type { MatfacErrorCode } from './errors.js';
import type { Configuration } from './load.js';
import type { EpochReport } from './options.js';

/** A training as the core needs it: dense indices, no ids. */
export interface TrainingJob {
  users: Int32Array;
  items: Int32Array;
  values: Float32Array;
  userCount: number;
  itemCount: number;
  options: CoreOptions;
  threads: number | 'auto';
  /** Empty columns when there is nothing to validate on; −1 for an unknown user or item. */
  validation: { users: Int32Array; items: Int32Array; values: Float32Array };
  start: CoreWarmStart | null;
}

/** What a training leaves, whole or stopped. */
export interface TrainingOutcome {
  /** Null when it was stopped before its first epoch was done. */
  tensors: CoreTensors | null;
  options: Required<CoreOptions>;
  stopped: boolean;
}

/** From the page to the worker. */
export type Request = { kind: 'train'; job: TrainingJob; configuration: Configuration } | { kind: 'stop' };

/** From the worker to the page. `ready` comes once, before anything else; reports are apart from the answer. */
export type Reply =
  | { kind: 'ready' }
  | { kind: 'report'; report: EpochReport }
  | { kind: 'done'; outcome: TrainingOutcome }
  | { kind: 'failed'; failure: { code?: MatfacErrorCode; message: string } };
