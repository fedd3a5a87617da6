import { evaluateAsync, MatfacError, type Ratings, train } from 'matfac';
import { optionsToRepeat } from '../settings/code.js';
import type { JudgedModel } from '../state/state.js';
import { problemAt, type Store } from '../state/store.js';
import { problemOf } from './problem-of.js';

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
  const rows: JudgedModel[] = [];
  const show = (now: string | null) => store.set({ judgement: { ratingsName: data.name, rows: [...rows], now } });
  try {
    show(contenders[0]!.name);
    const { train: known, test } = await data.ratings.splitAsync({ test: 0.2, seed: 1, signal });
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
