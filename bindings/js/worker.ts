/** The training worker: takes one job, reports its epochs, answers with the tensors. */

import type { CoreTensors } from './core.js';
import { MatfacError, translate } from './errors.js';
import { runJob, threadsOf } from './job.js';
import { type Configuration, configure, loadForTraining } from './load.js';
import { Pace } from './pace.js';
import type { Reply, Request, TrainingJob, TrainingSnapshot } from './protocol.js';
import { Snapshots } from './snapshots.js';

interface Scope {
  name?: string;
  onmessage: ((event: { data: Request }) => void) | null;
  postMessage(reply: Reply, transfer?: ArrayBufferLike[]): void;
}

const scope = globalThis as unknown as Scope;
const pace = new Pace();
const snapshots = new Snapshots<TrainingSnapshot>();

async function train(job: TrainingJob, configuration: Configuration): Promise<void> {
  try {
    configure(configuration);
    const loaded = await loadForTraining(threadsOf(job));
    scope.postMessage({ kind: 'engine', engine: { variant: loaded.variant, threads: loaded.threads } });
    const onReport = (report: Extract<Reply, { kind: 'report' }>['report']) =>
      scope.postMessage({ kind: 'report', report });
    const outcome = await runJob(loaded, job, onReport, pace, snapshots);
    scope.postMessage({ kind: 'done', outcome }, buffersOf(outcome.tensors));
  } catch (cause) {
    const failure = translate(cause);
    const message = failure instanceof Error ? failure.message : String(failure);
    const code = failure instanceof MatfacError ? { code: failure.code } : {};
    scope.postMessage({ kind: 'failed', failure: { ...code, message } });
  }
}

/** The memory behind the tensors, which goes over without being copied. */
function buffersOf(all: CoreTensors | null): ArrayBufferLike[] {
  const { posterior, ...tensors } = all ?? {};
  return [...Object.values(tensors), ...Object.values(posterior ?? {})].flatMap((tensor) =>
    ArrayBuffer.isView(tensor) ? [tensor.buffer] : [],
  );
}

async function sendSnapshot(): Promise<void> {
  const snapshot = await snapshots.next();
  scope.postMessage({ kind: 'snapshot', snapshot }, buffersOf(snapshot.tensors));
}

function serve(): void {
  scope.onmessage = ({ data }) => {
    if (data.kind === 'stop') return pace.stop();
    if (data.kind === 'snapshot') return void sendSnapshot();
    pace.set(data.epochs);
    if (data.kind === 'train') void train(data.job, data.configuration);
  };
  scope.postMessage({ kind: 'ready' });
}

// A bundler may make one script of the worker and the core, which then starts its threads from this script, by this name.
if (scope.name?.startsWith('em-pthread')) void import('./wasm/matfac-threads.js');
else serve();
