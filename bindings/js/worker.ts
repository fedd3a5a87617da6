/** The worker: takes one job, reports its progress and answers with the result. */

import { type Failure, MatfacError, translate } from './base/errors.js';
import type { CoreTensors } from './core/core.js';
import { becomeThread, type Configuration, configure } from './core/load.js';
import { TrainingControl } from './training/control.js';
import { holdLock } from './training/lifeline.js';
import type { ReadingJob, Reply, Request, SplitJob, TrainingJob, TrainingSnapshot } from './training/protocol.js';
import { loadFor, runTraining } from './training/run-training.js';
import { Snapshots } from './training/snapshots.js';

interface Scope {
  name?: string;
  onmessage: ((event: { data: Request }) => void) | null;
  postMessage(reply: Reply, transfer?: ArrayBufferLike[]): void;
}

const scope = globalThis as unknown as Scope;
const control = new TrainingControl();
const snapshots = new Snapshots<TrainingSnapshot>();

async function train(job: TrainingJob, configuration: Configuration): Promise<void> {
  configure(configuration);
  const loaded = await loadFor(job);
  scope.postMessage({ kind: 'engine', engine: { variant: loaded.variant, threads: loaded.threads } });
  const onMemory = (bytes: number) => scope.postMessage({ kind: 'memory', bytes });
  const onReport = (report: Extract<Reply, { kind: 'report' }>['report']) =>
    scope.postMessage({ kind: 'report', report });
  const outcome = await runTraining(loaded, job, { onReport, onMemory }, control, snapshots);
  scope.postMessage({ kind: 'done', outcome }, buffersOf(outcome.learned?.tensors));
}

async function read(job: ReadingJob | SplitJob): Promise<void> {
  const { runReading } = await import('./io/read-job.js');
  await runReading(job, (reply, transferred) => scope.postMessage(reply, transferred));
}

/** Reports the error of work that fails. */
async function reporting(work: Promise<void>): Promise<void> {
  try {
    await work;
  } catch (cause) {
    scope.postMessage({ kind: 'failed', failure: failureOf(translate(cause)) });
  }
}

function failureOf(failure: unknown): Failure {
  if (failure instanceof MatfacError) {
    const { code, message, line, column } = failure;
    return { code, message, ...(line !== undefined && { line }), ...(column !== undefined && { column }) };
  }
  return { code: 'unsupported', message: failure instanceof Error ? failure.message : String(failure) };
}

/** The buffers of the tensors, which are transferred and not copied. */
function buffersOf(all: CoreTensors | undefined): ArrayBufferLike[] {
  return Object.values(all ?? {}).flatMap((tensor) => (ArrayBuffer.isView(tensor) ? [tensor.buffer] : []));
}

async function sendSnapshot(): Promise<void> {
  const snapshot = await snapshots.next();
  scope.postMessage({ kind: 'snapshot', snapshot }, buffersOf(snapshot.tensors));
}

function serve(): void {
  scope.onmessage = ({ data }) => {
    if (data.kind === 'ask') return scope.postMessage({ kind: 'alive' });
    if (data.kind === 'stop') return control.stop();
    if (data.kind === 'snapshot') return void sendSnapshot();
    if (data.kind === 'read') return void reporting(read(data.job));
    control.set(data.epochs);
    if (data.kind === 'train') void reporting(train(data.job, data.configuration));
  };
  void holdLock().then((lock) => scope.postMessage({ kind: 'ready', lock }));
}

// A bundler may merge the worker and the core into one script; the core then starts its threads from it, with this name.
if (scope.name?.startsWith('em-pthread')) void becomeThread();
else serve();
