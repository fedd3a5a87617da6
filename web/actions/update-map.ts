import type { Id, MapPoint, Model, Ratings } from 'matfac';
import { aligned, type Positions } from '../compute/map-geometry.js';
import type { ItemList } from '../items/item-list.js';
import type { ItemMap } from '../state/state.js';
import { problemAt, type Store } from '../state/store.js';
import { problemOf } from './problem-of.js';
import { isUnderWay, snapshotOfTraining } from './train-model.js';

/** As many items are drawn in some milliseconds; of more the best known are. */
export const mostDots = 50_000;

/** Draws the map anew with every model, and while one that is not large is learned, after as many epochs as there is time for. */
export function keepMapUpToDate(store: Store): void {
  store.watch(
    ({ model }) => [model],
    (current) => {
      if (!current) return store.set({ map: null, mapItem: null });
      void showMap(store, current.model, current.itemList, null, () => store.state.model === current);
    },
  );
  let asked = false;
  store.watch(
    ({ run }) => [run?.reports],
    (reports) => {
      const { run, data } = store.state;
      if (asked || !data || !isUnderWay(run) || !reports?.length || !isFollowed(data.ratings)) return;
      asked = true;
      void follow(store, data.itemList).finally(() => (asked = false));
    },
  );
}

/** A model of the epochs done takes its memory at a stretch, users and all. */
const isFollowed = ({ userCount, itemCount }: Ratings): boolean => userCount <= 200_000 && itemCount <= mostDots;

async function follow(store: Store, itemList: ItemList): Promise<void> {
  const training = snapshotOfTraining();
  if (!training) return;
  // How a training fails is told where it was started.
  const model = await training.catch(() => null);
  if (!model) return;
  // A training that is over by now gives its own model, which is shown by itself, and is not this one's to dispose.
  const isItsOwn = () => store.state.model?.model === model;
  await showMap(store, model, itemList, model.history.length, () => isUnderWay(store.state.run) && !isItsOwn());
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
  itemList: ItemList,
  epoch: number | null,
  isWanted: () => boolean,
): Promise<void> {
  await rest(0);
  if (!isWanted()) return;
  try {
    const before = store.state.map?.itemList === itemList ? store.state.map : null;
    const { items } = model;
    const next = positionsOf(model.map() as MapPoint[]);
    const positions = before ? aligned(next, positionsBefore(before, items)) : next;
    await rest(0);
    if (!isWanted()) return;
    store.set({ map: { items, positions, itemList, epoch }, mapItem: before ? store.state.mapItem : null });
    if (store.state.problems.see) problemAt(store, 'see');
  } catch (error) {
    store.set({ map: null, mapItem: null });
    problemAt(store, 'see', problemOf(error));
  }
}

function positionsOf(points: readonly MapPoint[]): Positions {
  const positions = new Float64Array(2 * points.length);
  for (const [i, { x, y }] of points.entries()) {
    positions[2 * i] = x;
    positions[2 * i + 1] = y;
  }
  return positions;
}

/** Where items were on a map, NaN for those that it had not. The models of one training have the same list of items. */
function positionsBefore(map: ItemMap, items: readonly Id[]): Positions {
  if (map.items === items) return map.positions;
  const index = new Map(map.items.map((item, i) => [item, i]));
  const positions = new Float64Array(2 * items.length).fill(Number.NaN);
  for (const [i, item] of items.entries()) {
    const place = index.get(item);
    if (place !== undefined) positions.set(map.positions.subarray(2 * place, 2 * place + 2), 2 * i);
  }
  return positions;
}

export const selectOnMap = (store: Store, item: Id | null): void => store.set({ mapItem: item });
