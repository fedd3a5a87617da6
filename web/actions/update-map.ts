import type { Id, MapPoint, Model, Ratings } from 'matfac';
import { aligned, type Positions } from '../compute/map-geometry.js';
import type { ItemList } from '../items/item-list.js';
import type { Settings } from '../settings/settings.js';
import type { ItemMap } from '../state/state.js';
import { problemAt, type Store } from '../state/store.js';
import { problemOf } from './problem-of.js';
import { isUnderWay, snapshotOfTraining } from './train-model.js';

/** This many items are drawn in a few milliseconds; of more items, only the best known are drawn. */
export const mostDots = 50_000;

/** Updates the map for every new model and, if the ratings are not too many, during training as often as time allows. */
export function keepMapUpToDate(store: Store): void {
  store.watch(
    ({ model }) => [model],
    (current) => {
      if (!current) return store.set({ map: null, mapItem: null });
      void showMap(store, current.model, current.itemList, null, () => store.state.model === current);
    },
  );
  let isFollowing = false;
  store.watch(
    ({ run }) => [run?.reports],
    (reports) => {
      const { run, data } = store.state;
      if (isFollowing || !data || !run || !isUnderWay(run) || !reports?.length || !isSmall(data.ratings, run.settings))
        return;
      isFollowing = true;
      void follow(store, data.itemList).finally(() => (isFollowing = false));
    },
  );
}

/** A snapshot allocates a whole model at once, users included; that of a solver that samples has all of its samples. */
const isSmall = ({ userCount, itemCount }: Ratings, { solver }: Settings): boolean =>
  userCount <= 200_000 && itemCount <= mostDots && solver !== 'bayesian';

async function follow(store: Store, itemList: ItemList): Promise<void> {
  const snapshot = snapshotOfTraining();
  if (!snapshot) return;
  // If the training fails, the action that started it reports the problem.
  const model = await snapshot.catch(() => null);
  if (!model) return;
  // If the training has just ended, the snapshot is its final model: the page shows it as such and owns it.
  const isCurrent = () => store.state.model?.model === model;
  await showMap(store, model, itemList, model.history.length, () => isUnderWay(store.state.run) && !isCurrent());
  if (!isCurrent()) model.dispose();
  await rest(betweenMaps);
}

/** Milliseconds that leave the processor to the training. */
const betweenMaps = 120;

const rest = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds));

/** Works in separate tasks, so that input is handled in between, and stops once the map is no longer wanted. */
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

/** Where items were on a map, NaN for those it did not have. Models of one training share their list of items. */
function positionsBefore(map: ItemMap, items: readonly Id[]): Positions {
  if (map.items === items) return map.positions;
  const index = new Map(map.items.map((item, i) => [item, i]));
  const positions = new Float64Array(2 * items.length).fill(Number.NaN);
  for (const [i, item] of items.entries()) {
    const before = index.get(item);
    if (before !== undefined) positions.set(map.positions.subarray(2 * before, 2 * before + 2), 2 * i);
  }
  return positions;
}

export const selectOnMap = (store: Store, item: Id | null): void => store.set({ mapItem: item });
