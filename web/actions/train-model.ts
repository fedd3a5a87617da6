import { type EpochReport, MatfacError, type Model, type Training, train } from 'matfac';
import { counted } from '../base/format.js';
import type { Settings } from '../settings/settings.js';
import { learnsFromSeen, optionsOf } from '../settings/solvers.js';
import type { Data, Run } from '../state/state.js';
import { problemAt, type Store } from '../state/store.js';
import { problemOf } from './problem-of.js';
import { setModel } from './use-model.js';

let training: Training | null = null;

/** A model of the epochs done so far, the caller's to dispose; null when nothing is trained. */
export const snapshotOfTraining = (): Promise<Model> | null => training?.snapshot() ?? null;

/** How many earlier runs are kept to compare with. */
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
  store.set({ announcement: 'Training goes on' });
}

/** One epoch more: of the training under way, of a model that is done, or of a new one. */
export function stepTraining(store: Store): Promise<void> {
  const { data, settings, run } = store.state;
  if (training && run) {
    training.step();
    setRun(store, { status: 'running' });
    return Promise.resolve();
  }
  if (!data) return Promise.resolve();
  return learn(store, data, settings, goesOn(store) ? { goOn: true } : { step: true });
}

/** Ends it after the slice it is at; the model of the whole epochs stays. */
export const cancelTraining = (): void => training?.cancel();

/** As if nothing had been learned; the chart keeps no trace but in the runs to compare with. */
export function resetTraining(store: Store): void {
  const before = training;
  training = null;
  before?.cancel();
  keepRun(store);
  setModel(store, null);
  store.set({ run: null, announcement: 'Everything that was learned is forgotten' });
}

/** Whether the model is that of the run on show, with the settings on show. */
function goesOn({ state: { run, model, settings, data } }: Store): boolean {
  return (
    run !== null &&
    model !== null &&
    model.trainedBy === run &&
    run.settings === settings &&
    run.ratings === data?.ratings
  );
}

interface Manner {
  /** Rest after the first epoch. */
  step?: boolean;
  /** From the model at hand, by one epoch. */
  goOn?: boolean;
}

async function learn(
  store: Store,
  data: Data,
  settings: Settings,
  { step = false, goOn = false }: Manner = {},
): Promise<void> {
  problemAt(store, 'learn');
  const { run: before, model: from } = store.state;
  const warm = goOn && from ? from.model : null;
  if (!warm) keepRun(store);
  const reports = batchPerFrame(warm ? warm.history : [], (all) => mine === training && showReports(store, all));
  const ratings = data.ratings;
  const run: Run = {
    settings,
    ratings,
    ratingsName: data.name,
    reports: warm?.history ?? [],
    status: 'running',
    engine: null,
  };
  store.set({ run, announcement: 'Training' });
  const options = { ...optionsOf(settings), ...(warm && { warmStart: warm, epochs: 1 }), onEpoch: reports.add };
  const mine = train(ratings, options as Parameters<typeof train>[1]);
  training = mine;
  if (step) mine.step();
  try {
    const model = await mine;
    if (training !== mine) return model.dispose();
    reports.flush();
    setRun(store, { status: 'done' });
    useModel(store, data, model);
    store.set({ announcement: 'Training is done. Rate a few items to get recommendations.' });
  } catch (error) {
    if (training !== mine) return (error as MatfacError).model?.dispose();
    reports.flush();
    if (error instanceof MatfacError && error.code === 'aborted') stopped(store, data, error);
    else {
      // Settings that were refused at once leave the curves of the training before.
      if (store.state.run?.reports.length === 0 || warm) store.set({ run: before, ...forgetKept(store, before) });
      else setRun(store, { status: 'failed' });
      problemAt(store, 'learn', problemOf(error));
    }
  } finally {
    if (training === mine) training = null;
  }
}

function showReports(store: Store, reports: readonly EpochReport[]): void {
  const engine = training?.engine ?? null;
  const rests = training?.paused ?? false;
  if (rests && store.state.run?.status === 'running') {
    store.set({ announcement: `Paused after ${counted(reports.length, 'epoch')}` });
  }
  setRun(store, { reports, engine, ...(rests && { status: 'paused' }) });
}

/** A cancelled training leaves the model of its whole epochs. */
function stopped(store: Store, data: Data, { model }: MatfacError): void {
  setRun(store, { status: 'cancelled' });
  if (!model) {
    store.set({ announcement: 'Cancelled before the first epoch ended: there is no new model.' });
    return;
  }
  useModel(store, data, model);
  store.set({ announcement: `Cancelled. The model of ${counted(model.history.length, 'epoch')} is kept.` });
}

function useModel(store: Store, data: Data, model: NonNullable<MatfacError['model']>): void {
  const origin = `${data.name}, ${counted(model.history.length, 'epoch')} of ${model.solver}`;
  setModel(store, { model, itemList: data.itemList, origin, trainedBy: store.state.run });
}

/** The run on show goes to those that one may compare with, and is what the next one is compared with. */
function keepRun(store: Store): void {
  const { run, earlierRuns } = store.state;
  if (!run || run.reports.length === 0) return;
  store.set({ earlierRuns: [run, ...earlierRuns].slice(0, keptRuns), comparedRun: run });
}

function forgetKept({ state: { earlierRuns, comparedRun } }: Store, run: Run | null) {
  const left = earlierRuns.filter((earlier) => earlier !== run);
  return { earlierRuns: left, comparedRun: comparedRun === run ? (left[0] ?? null) : comparedRun };
}

function setRun(store: Store, change: Partial<Run>): void {
  const { run } = store.state;
  if (run) store.set({ run: { ...run, ...change } });
}

/** Ratings without values have solvers of their own. */
export const fits = ({ solver }: Settings, { ratings }: Data): boolean => !ratings.implicit || learnsFromSeen(solver);

/** Short epochs come by the hundred a second; the page is drawn once a frame. */
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
