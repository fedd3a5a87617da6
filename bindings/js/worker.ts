/** The training worker: takes one job, reports its epochs, answers with the tensors. */
import { MatfacError, translate } from './errors.js';
import { runJob, threadsOf } from './job.js';
import { type Configuration, configure, loadForTraining } from './load.js';
import type { Reply, Request, TrainingJob } from './protocol.js';

interface Scope {
  onmessage: ((event: { data: Request }) => void) | null;
  postMessage(reply: Reply, transfer?: ArrayBufferLike[]): void;
}

const scope = globalThis as unknown as Scope;
let isStopped = false;

async function train(job: TrainingJob, configuration: Configuration): Promise<void> {
  try {
    configure(configuration);
    const core = await loadForTraining(threadsOf(job));
    const onReport = (report: Extract<Reply, { kind: 'report' }>['report']) =>
      scope.postMessage({ kind: 'report', report });
    const outcome = await runJob(core, job, onReport, () => isStopped);
    const { posterior, ...tensors } = outcome.tensors ?? {};
    const buffers = [...Object.values(tensors), ...Object.values(posterior ?? {})].flatMap((tensor) =>
      ArrayBuffer.isView(tensor) ? [tensor.buffer] : [],
    );
    scope.postMessage({ kind: 'done', outcome }, buffers);
  } catch (cause) {
    const failure = translate(cause);
    const message = failure instanceof Error ? failure.message : String(failure);
    const code = failure instanceof MatfacError ? { code: failure.code } : {};
    scope.postMessage({ kind: 'failed', failure: { ...code, message } });
  }
}

scope.onmessage = ({ data }) => {
  if (data.kind === 'stop') isStopped = true;
  else void train(data.job, data.configuration);
};
scope.postMessage({ kind: 'ready' });
