import { defined } from '../base/checks.js';
import {
  SearchCancelledError,
  type SearchOptions,
  type SearchProgress,
  type SearchSpace,
  search,
  TrainingCancelledError,
  type TrainOptions,
  type Trial,
  train,
} from '../index.js';
import { type Command, dashed, type Given, numberOf, UsageError } from './command.js';
import { FILTER_FLAGS, filtered, READ_FLAGS, readRatings } from './files.js';
import { OutputFile } from './output.js';
import { decimals, Interrupted, ProgressLine, print, untilInterrupted } from './terminal.js';
import { booleanOf, TRAINING_FLAGS, typeOfFlag } from './training-flags.js';

export const searchCommand: Command = {
  name: 'search',
  usage: 'RATINGS --factors 8,16,32 --regularization log:0.01..10 [options]',
  files: [1, 1],
  about:
    'Finds good options: random draws, the best third of which continues to three times the epochs, and so on. Each option is\na list of choices (8,16,32), a range (0.1..0.9), or a logarithmic range (log:0.001..1).',
  flags: [
    ...TRAINING_FLAGS.map((flag) => ({ ...flag, value: 'SPACE' })),
    { name: 'metric', value: 'NAME', help: 'the metric to optimize (default rmse; ndcg for implicit feedback)' },
    { name: 'trials', value: 'N', help: 'the number of draws (default 27)' },
    { name: 'reduction', value: 'N', help: 'one in this many trials continues (default 3)' },
    { name: 'validation', value: 'SHARE', help: 'the share of the ratings to evaluate on (default 0.2)' },
    { name: 'k', value: 'N', help: 'the cutoff of ranking metrics (default 10)' },
    { name: 'seed', value: 'N', help: 'the seed of the draws and the validation part' },
    { name: 'threads', value: 'N', help: 'auto (default) or a number' },
    { name: 'out', short: 'o', value: 'MODEL', help: 'train with the best options on all ratings, and save the model' },
    ...READ_FLAGS,
    ...FILTER_FLAGS,
  ],
  examples: [
    'matfac search ratings.csv --factors 8,16,32 --regularization log:0.1..10',
    'matfac search ratings.csv --solver als,svd++ --factors 4..64 --trials 40 --metric ndcg -o best.safetensors',
  ],
  async run(given) {
    const space = spaceOf(given);
    const file = await OutputFile.of(given);
    const signal = untilInterrupted();
    const line = new ProgressLine(given);
    const ratings = filtered(await readRatings(given.files[0]!, given, line, signal), given);
    const onProgress = ({ done, total, best }: SearchProgress) =>
      line.show(done / total, `training ${done}/${total}  best ${decimals(best?.score)}`);
    try {
      const { best, trials } = await search(ratings, space, { ...optionsOf(given), onProgress, signal });
      line.clear();
      const out = given.text('out');
      await file?.write((await train(ratings, { ...best, signal })).save());
      print(given, { best, ...defined({ out }), trials: trials.map(plain) }, textOf(best, trials, out));
    } catch (failure) {
      line.clear();
      if (file && failure instanceof TrainingCancelledError && failure.model) {
        await file.write(failure.model.save({ state: true }));
        throw new Interrupted(
          `interrupted in the training with the best options; its epochs are saved in ${file.name}`,
        );
      }
      if (!(failure instanceof SearchCancelledError)) throw failure;
      const { best, trials } = failure;
      if (best) print(given, { best, trials: trials.map(plain) }, textOf(best, trials, undefined));
      throw new Interrupted(`interrupted after ${trials.length} trials`);
    }
  },
};

function optionsOf(given: Given): SearchOptions {
  return defined({
    metric: given.text('metric'),
    trials: given.number('trials'),
    reduction: given.number('reduction'),
    validation: given.number('validation'),
    k: given.number('k'),
    seed: given.number('seed'),
    threads: given.numberOr('threads', 'auto'),
  }) as SearchOptions;
}

function spaceOf(given: Given): SearchSpace {
  const space: Record<string, unknown> = {};
  for (const { name } of TRAINING_FLAGS) {
    const text = given.text(name);
    if (text !== undefined) space[name] = choicesOf(name, text);
  }
  if (Object.keys(space).length > 0) return space as SearchSpace;
  throw new UsageError(
    'the search needs at least one option, such as --factors 8,16,32 or --regularization log:0.01..10',
  );
}

function choicesOf(name: string, text: string) {
  const type = typeOfFlag(name);
  if (type === 'number') return numbersOf(name, text);
  const choices = text.split(',');
  return type === 'boolean' ? choices.map((choice) => booleanOf(name, choice)) : choices;
}

function numbersOf(name: string, text: string) {
  const range = /^(log:)?(.+?)\.\.(.+)$/.exec(text);
  if (range) return { [range[1] ? 'log' : 'linear']: [numberOf(name, range[2]!), numberOf(name, range[3]!)] };
  return text.split(',').map((each) => numberOf(name, each));
}

/** JSON.stringify ignores the fields of an error. */
function plain({ error, ...trial }: Trial) {
  return { ...trial, ...(error ? { error: { code: error.code, message: error.message } } : {}) };
}

function textOf(best: TrainOptions, trials: readonly Trial[], out: string | undefined): string {
  const flags = Object.entries(best).map(([name, value]) => `${dashed(name)} ${value}`);
  const failed = trials.filter(({ error }) => error).length;
  const score = (trial: Trial) => trial.scores.at(-1);
  const lines = trials.map((trial) => {
    const { epochs, ...options } = trial.options;
    const shown = Object.entries(options).map(([name, value]) => `${name} ${value}`);
    const last = score(trial);
    return `  ${last ? `${decimals(last.score)} after ${last.epochs} of ${epochs} epochs` : trial.error?.message}: ${shown.join(', ')}`;
  });
  return [
    `${trials.length} trials${failed ? `, ${failed} of which failed` : ''}:`,
    ...lines,
    '',
    `Best: matfac train RATINGS ${flags.join(' ')}`,
    ...(out ? [`Trained on all ratings and saved: ${out}`] : []),
  ].join('\n');
}
