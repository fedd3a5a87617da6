import { guard } from '../base/errors.js';
import { pause } from '../base/pause.js';
import type { CoreModule, CoreReport, CoreTrainer } from '../core/core.js';
import { loadForTraining, threadsFor } from '../core/load.js';
import type { EpochReport } from '../core/options.js';
import { withRoom } from '../core/room.js';
import type { Columns } from '../ratings/columns.js';
import { noColumns } from '../ratings/no-columns.js';
import type { TrainingControl } from './control.js';
import type { TrainingJob, TrainingOutcome, TrainingSnapshot } from './protocol.js';
import type { Snapshots } from './snapshots.js';

/** With fewer ratings, threads take longer to start than they save. */
const RATINGS_WORTH_THREADS = 500_000;

/** The core for a training, and its threads. */
export function loadFor({ threads, values }: TrainingJob): ReturnType<typeof loadForTraining> {
  return loadForTraining(threadsFor(threads, values.length >= RATINGS_WORTH_THREADS));
}

/** The core works this long before messages, timers and signals have their turn. */
const SLICE_SECONDS = 0.015;

/** Trains in slices, in a worker as on the caller's own thread. An error of `onReport` ends the training. */
export async function runTraining(
  { core, threads }: { core: CoreModule; threads: number },
  job: TrainingJob,
  { onReport, onMemory }: { onReport: (report: EpochReport) => void; onMemory: (bytes: number) => void },
  control: TrainingControl,
  snapshots: Snapshots<TrainingSnapshot>,
): Promise<TrainingOutcome> {
  job.options = { ...job.options, threads };
  const trainer = await createTrainer(core, job, onMemory, control);
  if (!trainer) return { learned: null, stopped: true };
  try {
    // The model does not depend on the number of threads.
    const options = { ...guard(() => trainer.options()), threads: 1 };
    const kept = job.start?.keep ? job.start : null;
    const learned = () => ({ tensors: guard(() => trainer.tensors(kept)), options });
    let epochs = 0;
    let seconds = 0;
    snapshots.onWanted = () => control.nudge();
    while (!guard(() => trainer.finished())) {
      if (control.isStopped) return { learned: epochs > 0 ? learned() : null, stopped: true };
      if (control.epochs === 0 && !(epochs > 0 && snapshots.wanted)) await control.change();
      const report = control.epochs > 0 && !control.isStopped ? guard(() => trainer.advance(SLICE_SECONDS)) : null;
      if (report) {
        control.epochDone();
        epochs++;
        seconds += report.seconds;
        onReport(reportOf(report, seconds));
      }
      // Before the pause, in which it is sent: no later report may precede it.
      if (epochs > 0 && snapshots.wanted) snapshots.give(learned());
      await pause();
    }
    return { learned: learned(), stopped: false };
  } finally {
    trainer.delete();
  }
}

/** Null when the training is stopped between its steps, which take a second each with ten million ratings. */
async function createTrainer(
  core: CoreModule,
  job: TrainingJob,
  onMemory: (bytes: number) => void,
  control: TrainingControl,
): Promise<CoreTrainer | null> {
  if (job.stored) return (await import('./stored-trainer.js')).storedTrainer(core, job, control);
  const { options, validation, start, features } = job;
  const columnsOf = ({ users, items, values, timestamps = new Float64Array() }: Columns) =>
    [users, items, values, timestamps] as const;
  const ratings = await withRoom(() => core.createRatings(...columnsOf(job), job.userCount, job.itemCount));
  try {
    await pause();
    if (control.isStopped) return null;
    const { requireRoom } = await import('./memory.js');
    const resolved = guard(() => core.resolveForRatings(ratings, options));
    onMemory(requireRoom(resolved, job));
    // They are in the core now, and a worker has nobody else who needs them.
    Object.assign(job, noColumns(), { timestamps: undefined });
    return await withRoom(() => core.createTrainer(ratings, options, ...columnsOf(validation), start, features));
  } finally {
    ratings.delete();
  }
}

/** Leaves out the figures that do not apply, which the core gives as NaN. */
function reportOf({ trainRmse, validationRmse, validationNdcg, ...rest }: CoreReport, seconds: number): EpochReport {
  return {
    ...rest,
    ...(Number.isNaN(trainRmse) ? {} : { trainRmse }),
    ...(Number.isNaN(validationRmse) ? {} : { validationRmse }),
    ...(Number.isNaN(validationNdcg) ? {} : { validationNdcg }),
    seconds,
  };
}
