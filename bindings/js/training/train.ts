import { mustBe, requireInstance } from '../base/checks.js';
import { invalid } from '../base/errors.js';
import { inTurns } from '../base/pause.js';
import { Told } from '../base/told.js';
import { loadCore } from '../core/load.js';
import { coreOptionsOf, type EpochReport, type TrainOptions as Options, plainTrainOptions } from '../core/options.js';
import type { SideEncodings } from '../model/file/model-file.js';
import { Model } from '../model/model.js';
import { groupByUser } from '../ratings/by-user.js';
import { type Columns, copyRows, countMarks, pickRows } from '../ratings/columns.js';
import type { Features } from '../ratings/features.js';
import { noColumns } from '../ratings/no-columns.js';
import { Ratings, tableOf } from '../ratings/ratings.js';
import { validationPart } from '../ratings/split.js';
import { TrainingCancelledError } from './cancelled.js';
import { hasWorkers } from './client.js';
import type { Kept, Rows, Shares } from './kept-parts.js';
import { TrainingLostError } from './lost.js';
import type { TrainingJob, TrainingOutcome, TrainingSnapshot } from './protocol.js';
import { loadFor, runTraining } from './run-training.js';
import type { DescribedSides } from './side-features.js';
import { Snapshots } from './snapshots.js';
import { trainInWorker, type WorkerOutcome } from './train-client.js';
import { type Listener, Training } from './training.js';
import { continued } from './warm-start.js';

/** The options of `train`; every one has a good default. */
export type TrainOptions = Options<Ratings, Model, Features>;

/**
 * Trains a model on ratings; the defaults give a good one. Every error, of options too, rejects the training:
 * `invalid-argument`, `unsupported`, `aborted`, `out-of-memory`.
 */
export function train(ratings: Ratings, options: TrainOptions = {}): Training {
  const signal = signalOf(options);
  return new Training(
    (listener) => learn(ratings, options, listener),
    signal instanceof AbortSignal ? signal : undefined,
  );
}

/** What is wrong with the options, their reading included, rejects the training. */
function signalOf(options: TrainOptions | null): unknown {
  try {
    return options?.signal;
  } catch {
    return undefined;
  }
}

async function learn(
  ratings: Ratings,
  given: TrainOptions,
  { snapshots, ...listener }: Listener<() => Promise<Model>>,
): Promise<Model> {
  requireInstance('train: ratings', ratings, Ratings, 'Ratings, made by Ratings.from, fromColumns or fromFile');
  const options = plainTrainOptions(given);
  const described = await sidesOf(ratings, options);
  const from = continued(ratings, options, described.encodings);
  const elsewhere = options.worker ?? hasWorkers();
  const columns = await jobOf(ratings, from.options as TrainOptions, options, elsewhere);
  let made: ReturnType<typeof rowsOf> | undefined;
  const rows = () => (made ??= rowsOf(ratings, from.kept));
  const start = from.start && from.kept ? { ...from.start, ...(await rows()).shares } : from.start;
  const job = { ...columns, start, features: described.features };
  if (listener.signal.aborted) throw new TrainingCancelledError();
  const { history } = from;
  const before = history.at(-1)?.seconds ?? 0;
  const stop = new AbortController();
  const onAbort = () => stop.abort();
  const told = new Told(options.onEpoch, () => {
    listener.control.stop();
    stop.abort();
  });
  const onReport = (report: EpochReport) => {
    const entry = { ...report, seconds: before + report.seconds };
    history.push(entry);
    listener.onReport(entry);
    told.call({ ...entry });
  };
  const modelOf = modelMaker(rows, described.encodings);
  const learned = new Snapshots<TrainingSnapshot>();
  snapshots.onWanted = async () => {
    const snapshot = await learned.next();
    const past = [...history];
    snapshots.give(() => modelOf(snapshot, past));
  };
  const onMemory = (bytes: number) => {
    // Soon there is a model to take at any time: a training that is cancelled then ends as soon as that is made.
    rows().catch(() => {});
    listener.onMemory(bytes);
  };
  const run: (...all: Parameters<typeof trainHere>) => Promise<WorkerOutcome> = elsewhere ? trainInWorker : trainHere;
  listener.signal.addEventListener('abort', onAbort);
  try {
    const all = { ...listener, signal: stop.signal, onMemory, onReport, snapshots: learned };
    const { learned: found, behind = 0, stopped, lost } = await run(job, all);
    if (!stopped && !lost) await told.end(listener.signal);
    told.check();
    const model = found ? await modelOf(found, history.slice(0, history.length - behind)) : undefined;
    if (lost) throw new TrainingLostError(lost, model);
    if (stopped || !model) throw new TrainingCancelledError(model);
    return model;
  } catch (failure) {
    told.check();
    throw failure;
  } finally {
    listener.signal.removeEventListener('abort', onAbort);
  }
}

/** Trains on the caller's thread. A training cancelled while the core is loading does not wait for it. */
async function trainHere(
  job: TrainingJob,
  { onReport, onEngine, onMemory, control, signal, snapshots }: Listener<TrainingSnapshot>,
): Promise<TrainingOutcome> {
  const loaded = await new Promise<Awaited<ReturnType<typeof loadFor>>>((resolve, reject) => {
    signal.addEventListener('abort', () => reject(new TrainingCancelledError()), { once: true });
    loadFor(job).then(resolve, reject);
  });
  onEngine({ variant: loaded.variant, threads: loaded.threads });
  return runTraining(loaded, job, { onReport, onMemory }, control, snapshots);
}

/** Makes the models of a training, which share their ids and ratings by user. */
function modelMaker(rowsOfModel: () => Promise<{ rows: Rows }>, features: SideEncodings | null) {
  return async ({ tensors, options }: TrainingSnapshot, history: EpochReport[]): Promise<Model> => {
    const core = await loadCore();
    const { rows } = await rowsOfModel();
    return Model.create(core, { ...rows, tensors, options, history, itemCounts: null, features });
  };
}

/** The features for the core, and what tells how they were made; loaded only with features. */
async function sidesOf(ratings: Ratings, options: TrainOptions): Promise<DescribedSides> {
  const { userFeatures, itemFeatures } = options;
  if (userFeatures === undefined && itemFeatures === undefined) {
    return { features: { userFeatures: null, itemFeatures: null }, encodings: null };
  }
  const { describedSides } = await import('./side-features.js');
  return describedSides(tableOf(ratings), options);
}

async function rowsOf(ratings: Ratings, kept: Kept | null): Promise<{ rows: Rows; shares?: Shares }> {
  const table = tableOf(ratings);
  const { users, items, stored } = table;
  const rated = stored?.rated ?? (await inTurns(groupByUser(table.columns, users.size)));
  if (!kept) return { rows: { users, items, rated } };
  const { withKeptRows } = await import('./kept-parts.js');
  return inTurns(withKeptRows(table, rated, kept));
}

/** The columns are transferred to a worker, so it gets copies. `given` are the caller's own options. */
async function jobOf(
  ratings: Ratings,
  options: TrainOptions,
  given: TrainOptions,
  isTransferred: boolean,
): Promise<Omit<TrainingJob, 'start' | 'features'>> {
  const table = tableOf(ratings);
  if (table.stored) return (await import('./stored-job.js')).storedJob(table, options, given);
  const { columns, users, items, implicit } = table;
  const isTimed = (options.time ?? 'none') !== 'none';
  const asked = isTimed ? columns : withoutTimes(columns);
  const all = async () => (isTransferred ? await inTurns(copyRows(asked)) : asked);
  const coreOptions = coreOptionsOf(options, implicit, given);
  const { validation } = options;
  const job = {
    userCount: users.size,
    itemCount: items.size,
    options: coreOptions,
    threads: options.threads ?? ('auto' as const),
  };
  if (validation instanceof Ratings) {
    const { foreignColumns } = await import('./validation.js');
    const others = await inTurns(foreignColumns(tableOf(validation), table, coreOptions));
    return { ...job, ...(await all()), validation: others };
  }
  if (typeof validation === 'number') {
    const part = await inTurns(validationPart(table, validation, coreOptions.seed ?? 1));
    const size = countMarks(part, 1);
    if (size === 0)
      throw invalid(
        `validation must leave ratings to validate on; ${validation} of ${ratings.size} ratings leaves none`,
      );
    const rest = await inTurns(pickRows(asked, part, 0, part.length - size));
    return { ...job, ...rest, validation: await inTurns(pickRows(asked, part, 1, size)) };
  }
  if (validation !== undefined) {
    throw mustBe('validation', 'a number between 0 and 1, or Ratings', validation);
  }
  return { ...job, ...(await all()), validation: noColumns() };
}

function withoutTimes({ users, items, values }: Columns): Columns {
  return { users, items, values };
}
