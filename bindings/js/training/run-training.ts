import { guard } from '../base/errors.js';
import { pause } from '../base/pause.js';
import type { CoreModule, CoreReport, CoreTrainer } from '../core/core.js';
import type { EpochReport } from '../core/options.js';
import type { Pace } from './control.js';
import type { TrainingJob, TrainingOutcome, TrainingSnapshot } from './protocol.js';
import type { Snapshots } from './snapshots.js';

/** With fewer ratings threads take longer to start than they save. */
const RATINGS_WORTH_THREADS = 500_000;

/** How many threads the job asks for. */
export function threadsOf({ threads, values }: TrainingJob): number {
  if (threads !== 'auto') return threads;
  return values.length >= RATINGS_WORTH_THREADS ? Number.POSITIVE_INFINITY : 1;
}

/** The core works for so long before messages, timers and signals have their turn. */
const SLICE_SECONDS = 0.015;

/** Trains in slices; the same in a worker and on the caller's own thread. What `onReport` throws ends it. */
export async function runJob(
  { core, threads }: { core: CoreModule; threads: number },
  job: TrainingJob,
  onReport: (report: EpochReport) => void,
  pace: Pace,
  snapshots: Snapshots<TrainingSnapshot>,
): Promise<TrainingOutcome> {
  const trainer = createTrainer(core, { ...job, options: { ...job.options, threads } });
  try {
    // How many threads there were is no trait of the model.
    const options = { ...guard(() => trainer.options()), threads: 1 };
    let epochs = 0;
    let seconds = 0;
    snapshots.onWanted = () => pace.nudge();
    while (!guard(() => trainer.finished())) {
      if (pace.isStopped) return { tensors: epochs > 0 ? tensorsOf(trainer) : null, options, stopped: true };
      if (pace.epochs === 0 && !(epochs > 0 && snapshots.wanted)) await pace.change();
      const report = pace.epochs > 0 && !pace.isStopped ? guard(() => trainer.advance(SLICE_SECONDS)) : null;
      if (report) {
        pace.epochDone();
        epochs++;
        seconds += report.seconds;
        onReport(reportOf(report, seconds));
      }
      // Before the pause, in which it is sent: the next report must not come before it.
      if (epochs > 0 && snapshots.wanted) snapshots.give({ tensors: tensorsOf(trainer), options });
      await pause();
    }
    return { tensors: tensorsOf(trainer), options, stopped: false };
  } finally {
    trainer.delete();
  }
}

function createTrainer(core: CoreModule, job: TrainingJob): CoreTrainer {
  const { users, items, values, userCount, itemCount, options, validation, start } = job;
  return guard(() => {
    const ratings = core.createRatings(users, items, values, userCount, itemCount);
    try {
      return core.createTrainer(ratings, options, validation.users, validation.items, validation.values, start);
    } finally {
      ratings.delete();
    }
  });
}

function tensorsOf(trainer: CoreTrainer) {
  return guard(() => {
    const model = trainer.model();
    try {
      return model.tensors();
    } finally {
      model.delete();
    }
  });
}

/** Without the figures that there are not: they come as NaN. */
function reportOf({ trainRmse, validationRmse, validationNdcg, ...rest }: CoreReport, seconds: number): EpochReport {
  return {
    ...rest,
    ...(Number.isNaN(trainRmse) ? {} : { trainRmse }),
    ...(Number.isNaN(validationRmse) ? {} : { validationRmse }),
    ...(Number.isNaN(validationNdcg) ? {} : { validationNdcg }),
    seconds,
  };
}
