import { type EpochReport, type Model, type Training, TrainingCancelledError, TrainingLostError, train } from 'matfac';
import { counted } from '../base/format.js';
import { nextTask } from '../base/yielding.js';
import { makeRanks } from '../compute/recommend.js';
import type { Settings } from '../settings/settings.js';
import { optionsOf } from '../settings/solvers.js';
import type { Data, Run } from '../state/state.js';
import { problemAt, type Store } from '../state/store.js';
import { problemOf } from './problem-of.js';
import { declineUndo, offerUndo } from './undo.js';
import { setModel } from './use-model.js';

let training: Training | null = null;

/** A model of the epochs done so far, which the caller disposes; null if no training is in progress. */
export const snapshotOfTraining = (): Promise<Model> | null => training?.snapshot() ?? null;

/** How many previous runs are kept for comparison. */
const keptRuns = 8;

export const isUnderWay = (run: Run | null): boolean => run?.status === 'running' || run?.status === 'paused';

export function startTraining(store: Store): Promise<void> {
  const { data, settings, run } = store.state;
  if (!data || isUnderWay(run)) return Promise.resolve();
  return learn(store, data, settings);
}

export function pauseTraining(store: Store): void {
  if (!training || store.state.run?.status !== 'running') return;
  training.pause();
  setRun(store, { status: 'paused' });
  store.set({ announcement: `Paused after ${counted(store.state.run.reports.length, 'epoch')}` });
}

export function resumeTraining(store: Store): void {
  if (!training || store.state.run?.status !== 'paused') return;
  training.resume();
  setRun(store, { status: 'running' });
  store.set({ announcement: 'Training resumed' });
}

/** Trains for one more epoch: in the training in progress, from a finished model, or in a new training. */
export function stepTraining(store: Store): Promise<void> {
  const { data, settings, run } = store.state;
  if (training && run) {
    training.step();
    setRun(store, { status: 'running' });
    return Promise.resolve();
  }
  if (!data) return Promise.resolve();
  return learn(store, data, settings, canContinue(store) ? { fromModel: true } : { step: true });
}

/** Ends the training after its current slice; the model of the completed epochs stays. */
export const cancelTraining = (): void => training?.cancel();

/** Removes the model and the run, which can be undone; the run can still be compared with. */
export function resetTraining(store: Store): void {
  const before = training;
  training = null;
  before?.cancel();
  const { run, model, earlierRuns, comparedRun } = store.state;
  const ended = isUnderWay(run) ? null : run;
  keepRun(store);
  store.set({ run: null, model: null });
  offerUndo(store, {
    done: 'The model has been reset.',
    take: () => {
      store.set({ run: ended, earlierRuns, comparedRun });
      setModel(store, model);
    },
    decline: () => model?.model.dispose(),
  });
}

/** Removes the curves of ratings that are no longer on the page; they can be compared with. */
export function setAsideRun(store: Store): void {
  if (isUnderWay(store.state.run)) return;
  keepRun(store);
  store.set({ run: null });
}

/** True if the model was trained by the run on the page, with the present settings and ratings. */
function canContinue({ state: { run, model, settings, data } }: Store): boolean {
  return (
    run !== null &&
    model !== null &&
    model.trainedBy === run &&
    run.settings === settings &&
    run.ratings === data?.ratings
  );
}

interface Start {
  /** Pause after the first epoch. */
  step?: boolean;
  /** Continue from the current model for one epoch. */
  fromModel?: boolean;
}

async function learn(
  store: Store,
  data: Data,
  settings: Settings,
  { step = false, fromModel = false }: Start = {},
): Promise<void> {
  problemAt(store, 'learn');
  declineUndo(store);
  const { run: before, model: current } = store.state;
  const warm = fromModel && current ? current.model : null;
  if (!warm) keepRun(store);
  const reports = batchPerFrame(warm ? warm.history : [], (all) => mine === training && showReports(store, all));
  const { ratings, name: ratingsName } = data;
  const run: Run = { settings, ratings, ratingsName, reports: warm?.history ?? [], status: 'running', engine: null };
  store.set({ run, announcement: 'Training' });
  const options = { ...optionsOf(settings), ...(warm && { warmStart: warm, epochs: 1 }), onEpoch: reports.add };
  const mine = train(ratings, options as Parameters<typeof train>[1]);
  training = mine;
  if (step) mine.step();
  try {
    const model = await mine;
    // Making the model, drawing the last epochs, making what it ranks by and recommending are one task each.
    await nextTask();
    if (training === mine) reports.flush();
    await nextTask();
    if (training === mine) makeRanks(model);
    await nextTask();
    if (training !== mine) return model.dispose();
    setRun(store, { status: 'done' });
    useModel(store, data, model);
    store.set({ announcement: 'Training is finished. Rate a few items to get recommendations.' });
  } catch (error) {
    if (training !== mine) {
      if (error instanceof TrainingCancelledError) error.model?.dispose();
      return;
    }
    reports.flush();
    if (error instanceof TrainingCancelledError) return useCancelled(store, data, error);
    // If the settings are rejected at once, the curves of the previous run stay.
    if (store.state.run?.reports.length === 0 || warm) store.set({ run: before, ...withoutRun(store, before) });
    else setRun(store, { status: 'failed' });
    if (error instanceof TrainingLostError && error.model) useModel(store, data, error.model);
    problemAt(store, 'learn', problemOf(error));
  } finally {
    if (training === mine) training = null;
  }
}

function showReports(store: Store, reports: readonly EpochReport[]): void {
  const engine = training?.engine ?? null;
  const memory = training?.memory;
  const isPaused = training?.paused ?? false;
  if (isPaused && store.state.run?.status === 'running') {
    store.set({ announcement: `Paused after ${counted(reports.length, 'epoch')}` });
  }
  setRun(store, { reports, engine, memory, ...(isPaused && { status: 'paused' }) });
}

/** A cancelled training leaves the model of its completed epochs. */
function useCancelled(store: Store, data: Data, { model }: TrainingCancelledError): void {
  setRun(store, { status: 'cancelled' });
  if (!model) {
    store.set({ announcement: 'Cancelled before the first epoch was complete: there is no new model.' });
    return;
  }
  useModel(store, data, model);
  store.set({ announcement: `Cancelled. The model of ${counted(model.history.length, 'epoch')} is kept.` });
}

function useModel(store: Store, data: Data, model: Model): void {
  const origin = `${data.name}, ${counted(model.history.length, 'epoch')} of ${model.solver}`;
  setModel(store, { model, itemList: data.itemList, origin, trainedBy: store.state.run });
}

/** Moves the run to the previous ones; the next run is compared with it. */
function keepRun(store: Store): void {
  const { run, earlierRuns } = store.state;
  if (!run || run.reports.length === 0) return;
  store.set({ earlierRuns: [run, ...earlierRuns].slice(0, keptRuns), comparedRun: run });
}

function withoutRun({ state: { earlierRuns, comparedRun } }: Store, run: Run | null) {
  const left = earlierRuns.filter((earlier) => earlier !== run);
  return { earlierRuns: left, comparedRun: comparedRun === run ? (left[0] ?? null) : comparedRun };
}

function setRun(store: Store, change: Partial<Run>): void {
  const { run } = store.state;
  if (run) store.set({ run: { ...run, ...change } });
}

/** Short epochs report hundreds of times per second; the page is drawn once per frame. */
function batchPerFrame(before: readonly EpochReport[], show: (all: readonly EpochReport[]) => void) {
  const all = [...before];
  let waiting = 0;
  const flush = () => {
    cancelAnimationFrame(waiting);
    waiting = 0;
    show([...all]);
  };
  const add = (report: EpochReport) => {
    all.push(report);
    waiting ||= requestAnimationFrame(flush);
  };
  return { add, flush };
}
