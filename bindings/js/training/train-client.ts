import type { MatfacError } from '../base/errors.js';
import { configured } from '../core/load.js';
import { TrainingCancelledError } from './cancelled.js';
import { converse, isLost } from './client.js';
import type { TrainingJob, TrainingOutcome, TrainingSnapshot } from './protocol.js';
import type { Listener } from './training.js';

/** The outcome of a training in a worker, which may be lost. */
export interface WorkerOutcome extends TrainingOutcome {
  /** How many of the epochs reported `learned` lacks; 0 unless the worker was lost. */
  behind?: number;
  lost?: MatfacError;
}

/** After so many seconds of learning a snapshot is kept, for the case that the worker is lost. */
const KEEP_SECONDS = 10;

/** Trains in a worker. */
export async function trainInWorker(
  job: TrainingJob,
  { onReport, onEngine, onMemory, control, signal, snapshots }: Listener<TrainingSnapshot>,
): Promise<WorkerOutcome> {
  let epochs = 0;
  let seconds = 0;
  let kept = { learned: null as TrainingSnapshot | null, epochs: 0, seconds: 0 };
  let isAsked = false;
  let ask = () => {};
  try {
    return await converse<WorkerOutcome>({
      what: 'training',
      signal,
      begin(post) {
        ask = () => {
          if (!isAsked) post({ kind: 'snapshot' });
          isAsked = true;
        };
        post({ kind: 'train', job, configuration: configured(), epochs: control.epochs }, buffersOf(job));
        control.forward((epochs) => post({ kind: 'control', epochs }));
        snapshots.onWanted = ask;
      },
      hear(reply, end) {
        if (reply.kind === 'engine') onEngine(reply.engine);
        else if (reply.kind === 'memory') onMemory(reply.bytes);
        else if (reply.kind === 'done') end(reply.outcome);
        else if (reply.kind === 'snapshot') {
          isAsked = false;
          kept = { learned: reply.snapshot, epochs, seconds };
          snapshots.give(reply.snapshot);
        } else if (reply.kind === 'report') {
          epochs++;
          seconds = reply.report.seconds;
          control.epochDone();
          onReport(reply.report);
          if (seconds - kept.seconds >= KEEP_SECONDS) ask();
        }
      },
      stop(post) {
        // Before the end of the first epoch there is no model to wait for.
        if (epochs === 0) throw new TrainingCancelledError();
        post({ kind: 'stop' });
      },
    });
  } catch (failure) {
    if (!isLost(failure)) throw failure;
    const { learned, epochs: done } = kept;
    return {
      learned,
      behind: epochs - done,
      ...(signal.aborted ? { stopped: true } : { stopped: false, lost: failure }),
    };
  } finally {
    control.forward(() => {});
  }
}

/** The columns are transferred, because copying millions of ratings would block the page. */
function buffersOf(job: TrainingJob): ArrayBufferLike[] {
  return [job, job.validation].flatMap(({ users, items, values, timestamps }) =>
    [users, items, values, ...(timestamps ? [timestamps] : [])].map(({ buffer }) => buffer),
  );
}
