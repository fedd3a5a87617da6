import { pause } from '../base/pause.js';
import type { CoreModule, CoreTrainer } from '../core/core.js';
import { withRoom } from '../core/room.js';
import { openFile } from '../ratings/stored/files.js';
import type { OpenStore } from '../ratings/stored/store.js';
import type { TrainingControl } from './control.js';
import type { StoredInput, TrainingJob } from './protocol.js';

/**
 * A trainer of ratings in a store, which it has open until it is deleted; trainings of the same ratings take turns, because each
 * uses the store behind the ratings. Null when the training is stopped before it begins.
 */
export async function storedTrainer(
  core: CoreModule,
  job: TrainingJob,
  control: TrainingControl,
): Promise<CoreTrainer | null> {
  const stored = job.stored!;
  const store = await opened(stored, control);
  if (!store) return null;
  try {
    const trainer = await trainerOn(store, core, job, stored, control);
    if (!trainer) store.close();
    else closingWith(trainer, store);
    return trainer;
  } catch (failure) {
    store.close();
    throw failure;
  }
}

/** Null when the training is stopped before its turn. */
async function opened({ file }: StoredInput, control: TrainingControl): Promise<OpenStore | null> {
  const opening = openFile(file);
  const isOpen = opening.then(
    () => true,
    () => true,
  );
  while (!control.isStopped && !(await Promise.race([isOpen, control.change().then(() => false)])));
  if (!control.isStopped) return opening;
  opening.then(
    (store) => store.close(),
    () => {},
  );
  return null;
}

async function trainerOn(
  store: OpenStore,
  core: CoreModule,
  { itemCount, options, validation, start, features }: TrainingJob,
  { offsets, timeOrigin }: StoredInput,
  control: TrainingControl,
): Promise<CoreTrainer | null> {
  const ratings = await withRoom(() => core.createStoredRatings(store, offsets, itemCount, timeOrigin));
  try {
    await pause();
    if (control.isStopped) return null;
    const { users, items, values, timestamps = new Float64Array() } = validation;
    return await withRoom(() =>
      core.createTrainer(ratings, options, users, items, values, timestamps, start, features),
    );
  } finally {
    ratings.delete();
  }
}

/** Closes the store when the trainer is deleted. */
function closingWith(trainer: CoreTrainer, store: OpenStore): void {
  const remove = trainer.delete.bind(trainer);
  trainer.delete = () => {
    remove();
    store.close();
  };
}
