import { evaluateAsync, MatfacError, type Ratings, search, type Trial, train } from 'matfac';
import { optionsToRepeat } from '../code.js';
import { type Judged, problemAt, type Searching, type Store } from '../state.js';
import { problemOf } from './problem.js';

let judging: AbortController | null = null;

export const cancelJudging = (): void => judging?.abort();

/** Trains the settings of the model and two baselines without a fifth of the ratings, and asks them for it. */
export async function judge(store: Store): Promise<void> {
  const { data, model } = store.state;
  if (!data || !model || judging) return;
  problemAt(store, 'judge');
  const mine = new AbortController();
  judging = mine;
  const { signal } = mine;
  const { train: known, test } = data.ratings.split({ test: 0.2, seed: 1 });
  const own = { ...optionsToRepeat(model.model.options, Math.max(1, model.model.history.length)), patience: 0 };
  const contenders = [
    { name: 'Your model', words: `${own.solver}, its settings as they are`, options: own },
    { name: 'Biases alone', words: 'who rates high, and what is rated high', options: { solver: 'bias' } as const },
    {
      name: 'Popularity',
      words: 'the same for all: what most people rated',
      options: { solver: 'popularity' } as const,
    },
  ].filter(({ options }) => !(data.ratings.implicit && options.solver === 'bias'));
  const rows: Judged[] = [];
  const show = (now: string | null) => store.set({ judgement: { ratingsName: data.name, rows: [...rows], now } });
  try {
    for (const { name, words, options } of contenders) {
      show(name);
      const began = performance.now();
      const fitted = await train(known, { ...options, signal });
      const seconds = (performance.now() - began) / 1000;
      rows.push({ name, words, seconds, metrics: await judged(fitted, test, known, signal) });
      fitted.dispose();
    }
    show(null);
    store.set({ announcement: 'The model and its baselines are judged' });
  } catch (error) {
    show(null);
    if (!(error instanceof MatfacError && error.code === 'aborted')) problemAt(store, 'judge', problemOf(error));
  } finally {
    judging = null;
  }
}

const judged = (model: Parameters<typeof evaluateAsync>[0], test: Ratings, known: Ratings, signal: AbortSignal) =>
  evaluateAsync(model, test, { k: 10, exclude: known, signal });

let searching: AbortController | null = null;

export const cancelSearch = (): void => searching?.abort();

const trialsDrawn = 18;

/** Random settings of als (or of implicit-als), the better third of which go on to three times the epochs. */
export async function searchSettings(store: Store): Promise<void> {
  const { data } = store.state;
  if (!data || searching) return;
  problemAt(store, 'judge');
  const mine = new AbortController();
  searching = mine;
  const set = (change: Partial<Searching>) => {
    const before: Searching = store.state.searching ?? { trials: [], best: null, done: 0, total: 0, status: 'running' };
    store.set({ searching: { ...before, ...change } });
  };
  const known: Trial[] = [];
  store.set({ searching: null });
  set({ total: trialsDrawn });
  const space = data.ratings.implicit
    ? { solver: 'implicit-als' as const, factors: [16, 32, 64], regularization: { log: [0.001, 0.1] as const } }
    : { solver: 'als' as const, factors: [4, 8, 16, 32], regularization: { log: [0.3, 6] as const } };
  try {
    await search(data.ratings, space, {
      trials: trialsDrawn,
      seed: 1,
      signal: mine.signal,
      onProgress: ({ trial, done, total }) => {
        const at = known.findIndex((each) => sameOptions(each, trial));
        if (at < 0) known.push(trial);
        else known[at] = trial;
        const trials = sorted(known, data.ratings.implicit);
        set({ trials, best: trials[0] ?? null, done, total });
      },
    });
    set({ status: 'done' });
    store.set({ announcement: 'The search is done' });
  } catch (error) {
    set({ status: 'cancelled' });
    if (!(error instanceof MatfacError && error.code === 'aborted')) problemAt(store, 'judge', problemOf(error));
  } finally {
    searching = null;
  }
}

const sameOptions = (a: Trial, b: Trial): boolean => JSON.stringify(a.options) === JSON.stringify(b.options);

/** The best first; errors are best when small, NDCG when large. */
function sorted(trials: readonly Trial[], byNdcg: boolean): Trial[] {
  const score = ({ scores }: Trial) =>
    scores.at(-1)?.score ?? (byNdcg ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY);
  return [...trials].sort((a, b) => (byNdcg ? score(b) - score(a) : score(a) - score(b)));
}
