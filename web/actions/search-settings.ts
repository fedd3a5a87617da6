import { MatfacError, search, type Trial } from 'matfac';
import type { SettingName, Settings } from '../settings/settings.js';
import { isImplicit, settingsFor } from '../settings/solvers.js';
import { type Searchable, spaceOf } from '../settings/spaces.js';
import type { Searching } from '../state/state.js';
import { problemAt, type Store } from '../state/store.js';
import { problemOf } from './problem-of.js';

let searching: AbortController | null = null;

export const cancelSearch = (): void => searching?.abort();

const trialsDrawn = 18;

/** Tries random settings of a solver; the best third continues with three times the epochs. */
export async function searchSettings(store: Store, solver: Searchable): Promise<void> {
  const { data } = store.state;
  if (!data || searching) return;
  problemAt(store, 'judge');
  searching = new AbortController();
  const { signal } = searching;
  const set = (change: Partial<Searching>) => {
    const { searching: before } = store.state;
    if (before) store.set({ searching: { ...before, ...change } });
  };
  const known: Trial[] = [];
  store.set({ searching: { solver, trials: [], best: null, done: 0, total: trialsDrawn, status: 'running' } });
  try {
    await search(data.ratings, spaceOf(solver), {
      trials: trialsDrawn,
      seed: 1,
      signal,
      onProgress: ({ trial, done, total }) => {
        const at = known.findIndex((each) => sameOptions(each, trial));
        if (at < 0) known.push(trial);
        else known[at] = trial;
        const trials = sorted(known, isImplicit(solver));
        set({ trials, best: trials[0] ?? null, done, total });
      },
    });
    set({ status: 'done' });
    store.set({ announcement: 'The search is finished' });
  } catch (error) {
    set({ status: 'cancelled' });
    if (!(error instanceof MatfacError && error.code === 'aborted')) problemAt(store, 'judge', problemOf(error));
  } finally {
    searching = null;
  }
}

/** The options of a trial as settings of the page. */
function settingsOfTrial({ options, scores }: Trial, { validation, values }: Settings): Settings {
  const start = settingsFor(options.solver, validation);
  const { solver, ...drawn } = options;
  const epochs = scores.at(-1)?.epochs ?? options.epochs;
  return { ...start, solver, values: { ...start.values, ...drawn, epochs, seed: values.seed ?? 1 } };
}

export function isInUse(trial: Trial, settings: Settings): boolean {
  const { solver, values } = settingsOfTrial(trial, settings);
  const names = Object.keys({ ...values, ...settings.values }) as SettingName[];
  return solver === settings.solver && names.every((name) => values[name] === settings.values[name]);
}

export function useTrial(store: Store, trial: Trial): void {
  const settings = settingsOfTrial(trial, store.state.settings);
  store.set({ settings, announcement: 'These settings are now set under Train' });
}

const sameOptions = (a: Trial, b: Trial): boolean => JSON.stringify(a.options) === JSON.stringify(b.options);

/** The best first: the smallest error or the largest NDCG. */
function sorted(trials: readonly Trial[], byNdcg: boolean): Trial[] {
  const score = ({ scores }: Trial) =>
    scores.at(-1)?.score ?? (byNdcg ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY);
  return [...trials].sort((a, b) => (byNdcg ? score(b) - score(a) : score(a) - score(b)));
}
