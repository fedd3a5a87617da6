import { configured } from '../core/load.js';
import { TrainingCancelledError } from './cancelled.js';
import { converse } from './client.js';
import type { TrainingJob, TrainingOutcome, TrainingSnapshot } from './protocol.js';
import type { Listener } from './training.js';

/** Trains in a worker. */
export async function trainInWorker(
  job: TrainingJob,
  { onReport, onEngine, control, signal, snapshots }: Listener<TrainingSnapshot>,
): Promise<TrainingOutcome> {
  let epochs = 0;
  try {
    return await converse<TrainingOutcome>({
      what: 'training',
      signal,
      begin(post) {
        post({ kind: 'train', job, configuration: configured(), epochs: control.epochs }, buffersOf(job));
        control.forward((epochs) => post({ kind: 'control', epochs }));
        snapshots.onWanted = () => post({ kind: 'snapshot' });
      },
      hear(reply, end) {
        if (reply.kind === 'engine') onEngine(reply.engine);
        else if (reply.kind === 'snapshot') snapshots.give(reply.snapshot);
        else if (reply.kind === 'done') end(reply.outcome);
        else if (reply.kind === 'report') {
          epochs++;
          control.epochDone();
          onReport(reply.report);
        }
      },
      stop(post) {
        // Before the end of the first epoch there is no model to wait for.
        if (epochs === 0) throw new TrainingCancelledError();
        post({ kind: 'stop' });
      },
    });
  } finally {
    control.forward(() => {});
  }
}

/** The columns are transferred, because copying millions of ratings would block the page. */
function buffersOf({ users, items, values, validation }: TrainingJob): ArrayBufferLike[] {
  const columns = [users, items, values, validation.users, validation.items, validation.values];
  return columns.map(({ buffer }) => buffer);
}
