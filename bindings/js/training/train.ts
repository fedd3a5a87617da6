import { invalid } from '../base/errors.js';
import { inTurns } from '../base/pause.js';
import { show } from '../base/show.js';
import { loadCore } from '../core/load.js';
import { coreOptionsOf, type EpochReport, isImplicit, type TrainOptions as Options } from '../core/options.js';
import { Model } from '../model/model.js';
import { groupByUser, type RatingsByUser } from '../ratings/by-user.js';
import { copyRows, countMarks, pickRows, reindexed } from '../ratings/columns.js';
import { Ratings, tableOf } from '../ratings/ratings.js';
import { validationPart } from '../ratings/split.js';
import { TrainingCancelledError } from './cancelled.js';
import { hasWorkers } from './client.js';
import type { TrainingJob, TrainingOutcome, TrainingSnapshot } from './protocol.js';
import { loadFor, runTraining } from './run-training.js';
import { Snapshots } from './snapshots.js';
import { trainInWorker } from './train-client.js';
import { type Listener, Training } from './training.js';
import { continued } from './warm-start.js';

/** What `train` learns and how; every option has a good default. */
export type TrainOptions = Options<Ratings, Model>;

/**
 * Learns a model of ratings; with no options at all, a good one. Everything that goes wrong, bad options too, rejects the
 * training: `invalid-argument`, `unsupported`, `aborted`, `out-of-memory`.
 */
export function train(ratings: Ratings, options: TrainOptions = {}): Training {
  const signal = (options as TrainOptions | null)?.signal;
  return new Training(
    (listener) => learn(ratings, options, listener),
    signal instanceof AbortSignal ? signal : undefined,
  );
}

async function learn(
  ratings: Ratings,
  options: TrainOptions,
  { snapshots, ...listener }: Listener<() => Promise<Model>>,
): Promise<Model> {
  checkRatings(ratings);
  const from = continued(ratings, options);
  const elsewhere = (options as TrainOptions | null)?.worker ?? hasWorkers();
  const job = { ...(await jobOf(ratings, from.options as TrainOptions, elsewhere)), start: from.start };
  if (listener.signal.aborted) throw new TrainingCancelledError();
  const { history } = from;
  const before = history.at(-1)?.seconds ?? 0;
  const onReport = (report: EpochReport) => {
    const entry = { ...report, seconds: before + report.seconds };
    history.push(entry);
    listener.onReport(entry);
    options.onEpoch?.({ ...entry });
  };
  const modelOf = modelMaker(ratings);
  const learned = new Snapshots<TrainingSnapshot>();
  snapshots.onWanted = async () => {
    const snapshot = await learned.next();
    const past = [...history];
    snapshots.give(() => modelOf(snapshot, past));
  };
  const run = elsewhere ? trainInWorker : trainHere;
  const { tensors, options: resolved, stopped } = await run(job, { ...listener, onReport, snapshots: learned });
  if (!tensors) throw new TrainingCancelledError();
  const model = await modelOf({ tensors, options: resolved }, history);
  if (stopped) throw new TrainingCancelledError(model);
  return model;
}

/** On the caller's own thread. While the core is still being fetched, a cancelled training need not wait for it. */
async function trainHere(
  job: TrainingJob,
  { onReport, onEngine, control, signal, snapshots }: Listener<TrainingSnapshot>,
): Promise<TrainingOutcome> {
  const loaded = await new Promise<Awaited<ReturnType<typeof loadFor>>>((resolve, reject) => {
    signal.addEventListener('abort', () => reject(new TrainingCancelledError()), { once: true });
    loadFor(job).then(resolve, reject);
  });
  onEngine({ variant: loaded.variant, threads: loaded.threads });
  return runTraining(loaded, job, onReport, control, snapshots);
}

/** Makes the models of a training; what all of them share is made once. */
function modelMaker(ratings: Ratings) {
  const { columns, users, items } = tableOf(ratings);
  let rated: Promise<RatingsByUser> | undefined;
  return async ({ tensors, options }: TrainingSnapshot, history: EpochReport[]): Promise<Model> => {
    const core = await loadCore();
    rated ??= inTurns(groupByUser(columns, users.size));
    return Model.create(core, { tensors, users, items, options, history, rated: await rated, itemCodes: null });
  };
}

function checkRatings(ratings: unknown): void {
  if (ratings instanceof Ratings) return;
  throw invalid(
    `train: ratings is ${show(ratings)}; it must be Ratings, made by Ratings.from, fromColumns or fromFile`,
  );
}

/** What a worker gets is handed over to it: columns of the job's own, not those of the ratings. */
async function jobOf(
  ratings: Ratings,
  options: TrainOptions,
  isHandedOver: boolean,
): Promise<Omit<TrainingJob, 'start'>> {
  const table = tableOf(ratings);
  const { columns, users, items, implicit } = table;
  // The core asks for no times.
  const asked = { users: columns.users, items: columns.items, values: columns.values };
  const all = async () => (isHandedOver ? await inTurns(copyRows(asked)) : asked);
  const coreOptions = coreOptionsOf(options, implicit);
  const { validation } = options;
  const job = {
    userCount: users.size,
    itemCount: items.size,
    options: coreOptions,
    threads: options.threads ?? ('auto' as const),
  };
  if (validation instanceof Ratings) {
    const others = await inTurns(foreignColumns(validation, ratings, coreOptions.solver));
    return { ...job, ...(await all()), validation: others };
  }
  if (typeof validation === 'number') {
    const part = await inTurns(validationPart(table, validation, coreOptions.seed ?? 1));
    const size = countMarks(part, 1);
    if (size === 0) throw invalid(`validation: ${validation} of ${ratings.size} ratings leaves none to validate on`);
    const rest = await inTurns(pickRows(asked, part, 0, part.length - size));
    return { ...job, ...rest, validation: await inTurns(pickRows(asked, part, 1, size)) };
  }
  if (validation !== undefined) {
    throw invalid(`validation is ${show(validation)}; it must be a share between 0 and 1, or Ratings`);
  }
  const none = { users: new Int32Array(), items: new Int32Array(), values: new Float32Array() };
  return { ...job, ...(await all()), validation: none };
}

/** Other ratings, with the indices of these; −1 for what these do not know. */
function* foreignColumns(other: Ratings, ratings: Ratings, solver: string | undefined) {
  const { columns, users, items, implicit } = tableOf(other);
  if (implicit && !isImplicit(solver ?? '')) throw invalid('validation: these ratings have no rating values');
  const known = tableOf(ratings);
  return {
    users: yield* reindexed(columns.users, yield* known.users.indicesOf(users)),
    items: yield* reindexed(columns.items, yield* known.items.indicesOf(items)),
    values: columns.values.slice(),
  };
}
