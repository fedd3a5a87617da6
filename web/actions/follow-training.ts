/** While a training runs or is paused, its latest snapshot recommends. */
import type { Model, Ratings } from 'matfac';
import { nextTask } from '../base/yielding.js';
import { type State, starsOf } from '../state/state.js';
import type { Store } from '../state/store.js';
import { isUnderWay, snapshotOfTraining } from './train-model.js';

/** Milliseconds that leave the processor to the training. */
const betweenSnapshots = 250;

const rest = () => new Promise<void>((resolve) => setTimeout(resolve, betweenSnapshots));

/** A snapshot allocates a whole model at once, users included; that of a solver that samples has all of its samples. */
const isSmall = ({ userCount, itemCount }: Ratings, { run }: State): boolean =>
  userCount <= 50_000 && itemCount <= 20_000 && run?.settings.solver !== 'bayesian';

/** True if there is an epoch to take a snapshot of, and somebody who would see it. */
const isWanted = (state: State): boolean =>
  isUnderWay(state.run) &&
  state.run !== null &&
  state.run.reports.length > 0 &&
  state.data !== null &&
  starsOf(state, state.data.itemList).size > 0 &&
  isSmall(state.data.ratings, state);

export function followTraining(store: Store): void {
  let isFollowing = false;
  store.watch(
    ({ run, stars }) => [run, stars],
    (run, _stars) => {
      // The training's own model is set in the same task.
      if (!isUnderWay(run)) return queueMicrotask(() => show(store, null));
      if (isFollowing || !isWanted(store.state)) return;
      isFollowing = true;
      void follow(store).finally(() => (isFollowing = false));
    },
  );
}

async function follow(store: Store): Promise<void> {
  while (isWanted(store.state)) {
    const { run } = store.state;
    // If the training fails, the action that started it reports the problem.
    const model = await snapshotOfTraining()?.catch(() => null);
    if (!model) return;
    // Making the snapshot was a task, and recommending is another.
    await nextTask();
    if (isUnderWay(store.state.run)) show(store, model);
    else model.dispose();
    await rest();
    if (store.state.run?.reports === run?.reports) return;
  }
}

/** Replaces the snapshot, and frees the memory of the previous one. */
function show(store: Store, model: Model | null): void {
  const { snapshot: before, data, run } = store.state;
  if (model === null && before === null) return;
  if (model && isUnderWay(run) && data) {
    const origin = `${data.name}, while it is trained with ${model.solver}`;
    store.set({ snapshot: { model, itemList: data.itemList, origin } });
  } else if (!isUnderWay(run)) store.set({ snapshot: null });
  if (store.state.snapshot !== before) before?.model.dispose();
}
