import type { Id, MapPoint, Model, Ratings } from 'matfac';
import { aligned, type Places } from '../compute/map-geometry.js';
import { type Catalogue, type ItemMap, problemAt, type Store } from '../state/state.js';
import { problemOf } from './problem-of.js';
import { isUnderWay, snapshotOfTraining } from './train-model.js';

/** As many items are drawn in some milliseconds; of more the best known are. */
export const mostDots = 50_000;

/** Draws the map anew with every model, and while one that is not large is learned, after as many epochs as there is time for. */
export function followWithMap(store: Store): void {
  store.watch(
    ({ model }) => [model],
    (current) => {
      if (!current) return store.set({ map: null, mapItem: null });
      void showMap(store, current.model, current.catalogue, null, () => store.state.model === current);
    },
  );
  let asked = false;
  store.watch(
    ({ run }) => [run?.reports],
    (reports) => {
      const { run, data } = store.state;
      if (asked || !data || !isUnderWay(run) || !reports?.length || !isFollowed(data.ratings)) return;
      asked = true;
      void follow(store, data.catalogue).finally(() => (asked = false));
    },
  );
}

/** A model of the epochs done takes its memory at a stretch, users and all. */
const isFollowed = ({ userCount, itemCount }: Ratings): boolean => userCount <= 200_000 && itemCount <= mostDots;

async function follow(store: Store, catalogue: Catalogue): Promise<void> {
  const training = snapshotOfTraining();
  if (!training) return;
  // How a training fails is told where it was started.
  const model = await training.catch(() => null);
  if (!model) return;
  // A training that is over by now gives its own model, which is shown by itself, and is not this one's to dispose.
  const isItsOwn = () => store.state.model?.model === model;
  await showMap(store, model, catalogue, model.history.length, () => isUnderWay(store.state.run) && !isItsOwn());
  if (!isItsOwn()) model.dispose();
  await rest(betweenMaps);
}

/** Milliseconds: the training has the processor meanwhile. */
const betweenMaps = 120;

const rest = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds));

/** In tasks of their own, as long as it is still wanted: what the visitor asked for comes first. */
async function showMap(
  store: Store,
  model: Model,
  catalogue: Catalogue,
  epoch: number | null,
  isWanted: () => boolean,
): Promise<void> {
  await rest(0);
  if (!isWanted()) return;
  try {
    const before = store.state.map?.catalogue === catalogue ? store.state.map : null;
    const { items } = model;
    const next = placesOf(model.map() as MapPoint[]);
    const places = before ? aligned(next, placesBefore(before, items)) : next;
    await rest(0);
    if (!isWanted()) return;
    store.set({ map: { items, places, catalogue, epoch }, mapItem: before ? store.state.mapItem : null });
    if (store.state.problems.see) problemAt(store, 'see');
  } catch (error) {
    store.set({ map: null, mapItem: null });
    problemAt(store, 'see', problemOf(error));
  }
}

function placesOf(points: readonly MapPoint[]): Places {
  const places = new Float64Array(2 * points.length);
  for (const [i, { x, y }] of points.entries()) {
    places[2 * i] = x;
    places[2 * i + 1] = y;
  }
  return places;
}

/** Where items were on a map, NaN for those that it had not. The models of one training have the same list of items. */
function placesBefore(map: ItemMap, items: readonly Id[]): Places {
  if (map.items === items) return map.places;
  const index = new Map(map.items.map((item, i) => [item, i]));
  const places = new Float64Array(2 * items.length).fill(Number.NaN);
  for (const [i, item] of items.entries()) {
    const place = index.get(item);
    if (place !== undefined) places.set(map.places.subarray(2 * place, 2 * place + 2), 2 * i);
  }
  return places;
}

export const lookAt = (store: Store, item: Id | null): void => store.set({ mapItem: item });
