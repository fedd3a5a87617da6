import { type EpochReport, MatfacError, type Model, type Training, train } from 'matfac';
import { counted } from '../format.js';
import { type Data, problemAt, type Run, type Settings, type Store } from '../state.js';
import { setModel } from './model.js';
import { problemOf } from './problem.js';

let training: Training | null = null;

/** A model of the epochs done so far, the caller's to dispose; null when nothing is trained. */
export const snapshotOfTraining = (): Promise<Model> | null => training?.snapshot() ?? null;

export const cancelTraining = (): void => training?.cancel();

export async function startTraining(store: Store): Promise<void> {
  const { data, settings, run } = store.state;
  if (!data || run?.status === 'running') return;
  problemAt(store, 'learn');
  const reports = batchPerFrame((all) => setRun(store, { reports: all }));
  store.set({ run: { settings, ratingsName: data.name, reports: [], status: 'running' }, announcement: 'Training' });
  try {
    training = train(data.ratings, { ...optionsOf(settings), onEpoch: reports.add });
    const model = await training;
    reports.flush();
    setModel(store, { model, catalogue: data.catalogue, origin: originOf(data, model.history.length, settings) });
    setRun(store, { status: 'done' });
    store.set({ announcement: 'Training is done. Rate a few items to get recommendations.' });
  } catch (error) {
    reports.flush();
    if (error instanceof MatfacError && error.code === 'aborted') stopped(store, data, settings, error);
    else {
      // Settings that were refused at once leave the curves of the training before.
      if (store.state.run?.reports.length === 0) store.set({ run });
      else setRun(store, { status: 'failed' });
      problemAt(store, 'learn', problemOf(error));
    }
  } finally {
    training = null;
  }
}

/** A cancelled training leaves the model of its whole epochs. */
function stopped(store: Store, data: Data, settings: Settings, error: MatfacError): void {
  setRun(store, { status: 'cancelled' });
  const { model } = error;
  if (!model) {
    store.set({ announcement: 'Cancelled before the first epoch ended: there is no new model.' });
    return;
  }
  setModel(store, { model, catalogue: data.catalogue, origin: originOf(data, model.history.length, settings) });
  store.set({ announcement: `Cancelled. The model of ${counted(model.history.length, 'epoch')} is kept.` });
}

function optionsOf({ learningRate, validation, ...settings }: Settings) {
  const steps = settings.solver !== 'als';
  return { ...settings, ...(steps && { learningRate }), ...(validation > 0 && { validation }) };
}

const originOf = (data: Data, epochs: number, { solver }: Settings): string =>
  `${data.name}, ${counted(epochs, 'epoch')} of ${solver}`;

function setRun(store: Store, change: Partial<Run>): void {
  const { run } = store.state;
  if (run) store.set({ run: { ...run, ...change } });
}

/** Short epochs come by the hundred a second; the page is drawn once a frame. */
function batchPerFrame(show: (all: readonly EpochReport[]) => void) {
  const all: EpochReport[] = [];
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
