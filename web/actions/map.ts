import type { Id, MapPoint, Model } from 'matfac';
import { aligned } from '../map.js';
import { type Catalogue, problemAt, type Store } from '../state.js';
import { problemOf } from './problem.js';
import { isUnderWay, snapshotOfTraining } from './training.js';

/** Draws the map anew with every model, and while one is learned, after as many of its epochs as there is time for. */
export function followWithMap(store: Store): void {
  store.watch(
    ({ model }) => [model],
    (current) => {
      if (!current) return store.set({ map: null, mapItem: null });
      // In a task of its own: what the visitor asked for comes first.
      setTimeout(() => {
        if (store.state.model === current) showMap(store, current.model, current.catalogue, null);
      });
    },
  );
  let asked = false;
  store.watch(
    ({ run }) => [run?.reports],
    (reports) => {
      const { run, data } = store.state;
      if (asked || !data || !isUnderWay(run) || !reports?.length) return;
      asked = true;
      void follow(store, data.catalogue).finally(() => (asked = false));
    },
  );
}

async function follow(store: Store, catalogue: Catalogue): Promise<void> {
  const training = snapshotOfTraining();
  if (!training) return;
  // How a training fails is told where it was started.
  const model = await training.catch(() => null);
  if (!model) return;
  // A training that is over by now gives its own model, which is shown by itself, and is not this one's to dispose.
  await rest(0);
  const { run, model: current } = store.state;
  if (current?.model === model) return;
  if (isUnderWay(run)) showMap(store, model, catalogue, model.history.length);
  model.dispose();
  await rest(betweenMaps);
}

/** Milliseconds: the training has the processor meanwhile. */
const betweenMaps = 120;

const rest = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds));

function showMap(store: Store, model: Model, catalogue: Catalogue, epoch: number | null): void {
  try {
    const before = store.state.map;
    const points = model.map() as MapPoint[];
    const places = before?.catalogue === catalogue ? new Map(before.points.map((point) => [point.item, point])) : null;
    const mapItem = before?.catalogue === catalogue ? store.state.mapItem : null;
    const laid = places
      ? aligned(
          points,
          points.map(({ item }) => places.get(item)),
        )
      : points;
    store.set({ map: { points: laid, catalogue, epoch }, mapItem });
    if (store.state.problems.see) problemAt(store, 'see');
  } catch (error) {
    store.set({ map: null, mapItem: null });
    problemAt(store, 'see', problemOf(error));
  }
}

export const lookAt = (store: Store, item: Id | null): void => store.set({ mapItem: item });
