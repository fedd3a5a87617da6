import { evaluateAsync, MatfacError, train } from 'matfac';
import { AVERAGES, POPULAR } from '../compute/verdict.js';
import { epochsToRepeat, optionsToRepeat } from '../settings/code.js';
import type { JudgedModel } from '../state/state.js';
import { problemAt, type Store } from '../state/store.js';
import { problemOf } from './problem-of.js';

let judging: AbortController | null = null;

export const cancelJudging = (): void => judging?.abort();

/** Trains the model's settings, a model of interactions and two baselines on four fifths of the ratings, and evaluates them on the rest. */
export async function judge(store: Store): Promise<void> {
  const { data, model } = store.state;
  if (!data || !model || judging) return;
  problemAt(store, 'judge');
  judging = new AbortController();
  const { signal } = judging;
  const { options } = model.model;
  const endedByItself = model.trainedBy?.status === 'done' && options.patience === 0;
  const epochs = Math.max(1, epochsToRepeat(model.model, endedByItself));
  const own = { ...optionsToRepeat(options, epochs), patience: 0 };
  const contenders = [
    { name: 'Your model', words: `${own.solver}, with its own settings`, options: own },
    {
      name: 'What people take',
      words: 'implicit-als: learns from who rated what, not how highly',
      options: { solver: 'implicit-als' } as const,
    },
    {
      name: AVERAGES,
      words: 'who rates high, and what is rated high',
      options: { solver: 'bias', preference: false } as const,
    },
    {
      name: POPULAR,
      words: 'the same for everyone: what most people rated',
      options: { solver: 'popularity' } as const,
    },
  ].filter(
    ({ options }, i) =>
      i === 0 || !(options.solver === own.solver || (data.ratings.implicit && options.solver === 'bias')),
  );
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
      const metrics = await evaluateAsync(fitted, test, { k: 10, exclude: known, signal });
      rows.push({ name, words, seconds, metrics });
      fitted.dispose();
    }
    show(null);
    store.set({ announcement: 'The model and its baselines have been compared' });
  } catch (error) {
    show(null);
    if (!(error instanceof MatfacError && error.code === 'aborted')) problemAt(store, 'judge', problemOf(error));
  } finally {
    judging = null;
  }
}
