import { defined } from '../base/checks.js';
import { MatfacError } from '../base/errors.js';
import type { Model } from '../model/model.js';
import type { Ratings } from '../ratings/ratings.js';
import { type TrainOptions, train } from '../training/train.js';
import { isContinuedExactly } from '../training/warm-start.js';
import { evaluateAsync } from './evaluate.js';
import { ACCURACY, type EvaluateOptions, type Metric } from './metrics.js';
import type { TrialOptions } from './search-space.js';

/** One draw from the space of a search, and its scores. */
export interface Trial {
  /** The options of a complete training: `epochs` is reached by trials that are among the best to the end. */
  options: TrialOptions;
  /** The metric on the validation part after this many epochs of training. */
  scores: { epochs: number; score: number }[];
  /** The error of a trial that failed: a loss that diverged, too little memory. */
  error?: MatfacError;
}

/** How every trial is trained and evaluated. */
export interface Bench {
  rest: Ratings;
  validation: Ratings;
  metric: Metric;
  evaluation: Pick<EvaluateOptions, 'k' | 'relevance'>;
  training: Pick<TrainOptions, 'threads' | 'worker' | 'signal'>;
}

/** A trial, and its model while it may continue. */
export class Contender {
  readonly trial: Trial;
  #model: Model | undefined;

  constructor(options: TrialOptions) {
    this.trial = { options, scores: [] };
  }

  /** The score of its longest training. */
  get score(): number | undefined {
    return this.trial.scores.at(-1)?.score;
  }

  /** Trains up to this total of epochs and evaluates. An error becomes that of the trial, unless it is `aborted`. */
  async runTo(epochs: number, bench: Bench): Promise<void> {
    const { options, scores } = this.trial;
    if ((scores.at(-1)?.epochs ?? 0) >= epochs) return;
    try {
      const score = await this.#judge(await this.#train(epochs, bench), bench);
      if (Number.isFinite(score)) scores.push({ epochs, score });
      else
        throw new MatfacError('unsupported', `${bench.metric} must be finite; after ${epochs} epochs it is ${score}`);
    } catch (failure) {
      this.release();
      if (!(failure instanceof MatfacError) || failure.code === 'aborted') throw failure;
      this.trial.error = failure;
    }
    if (epochs >= options.epochs) this.release();
  }

  release(): void {
    this.#model?.dispose();
    this.#model = undefined;
  }

  async #train(epochs: number, { rest, training }: Bench): Promise<Model> {
    const before = this.#model;
    const start = before ? { warmStart: before, epochs: epochs - before.history.length } : { epochs };
    const model = await train(rest, { ...this.trial.options, ...training, ...start });
    before?.dispose();
    this.#model = model;
    return model;
  }

  async #judge(model: Model, { validation, metric, evaluation, training }: Bench): Promise<number> {
    const { threads, signal } = training;
    const options = { ...evaluation, ...defined({ threads, signal }), metrics: [metric] };
    const { [metric]: score } = await evaluateAsync(model, validation, options);
    if (!isContinuedExactly(model)) this.release();
    return score;
  }
}

/** The rounds of a search: in each, one in `reduction` trials continues to `reduction` times the epochs. */
export interface Rounds {
  count: number;
  reduction: number;
}

/** As many rounds as the number of trials and the epochs of the longest trial can be divided into. */
export function roundsOf(contenders: readonly Contender[], reduction: number): Rounds {
  const epochs = Math.max(...contenders.map(({ trial }) => trial.options.epochs));
  let count = 1;
  for (let share = reduction; share <= Math.min(contenders.length, epochs); share *= reduction) count++;
  return { count, reduction };
}

/** The number of trainings when none fails. */
export function trainingsOf(trials: number, { count, reduction }: Rounds): number {
  let total = 0;
  for (let round = 0; round < count; round++) total += Math.max(1, Math.floor(trials / reduction ** round));
  return total;
}

/**
 * Successive halving: each round trains the best of the round before, one in `reduction`, for `reduction` times the epochs.
 * Only the models of trials that may continue are kept.
 */
export async function halve(
  contenders: readonly Contender[],
  { count, reduction }: Rounds,
  bench: Bench,
  onTrial: (contender: Contender) => void,
): Promise<void> {
  let left = [...contenders];
  for (let round = 0; round < count; round++) {
    const kept = Math.max(1, Math.floor(contenders.length / reduction ** (round + 1)));
    const judged: Contender[] = [];
    for (const contender of left) {
      const { epochs } = contender.trial.options;
      await contender.runTo(Math.max(1, Math.round(epochs / reduction ** (count - 1 - round))), bench);
      if (!contender.trial.error) judged.push(contender);
      judged.sort((a, b) => compareScores(bench.metric, a.score!, b.score!));
      for (const beaten of judged.slice(kept)) beaten.release();
      onTrial(contender);
    }
    left = judged.slice(0, kept);
  }
}

/** Negative when the first is better. */
export function compareScores(metric: Metric, a: number, b: number): number {
  return ACCURACY.includes(metric) ? a - b : b - a;
}
