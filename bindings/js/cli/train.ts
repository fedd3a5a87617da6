import { defined } from '../base/checks.js';
import {
  type EpochReport,
  type Model,
  type Ratings,
  TrainingCancelledError,
  type TrainOptions,
  train,
} from '../index.js';
import type { Command, Given } from './command.js';
import { FEATURE_FLAGS, featuresOf } from './features.js';
import { FILTER_FLAGS, filtered, READ_FLAGS, readRatings } from './files.js';
import { readModel } from './input.js';
import { OutputFile } from './output.js';
import { decimals, Interrupted, note, ProgressLine, print, table, untilInterrupted } from './terminal.js';
import { helpOf, TRAINING_FLAGS, trainingOptions } from './training-flags.js';

export const trainCommand: Command = {
  name: 'train',
  usage: 'RATINGS [--out MODEL] [options]',
  files: [1, 1],
  about:
    'Trains a model on ratings (CSV, TSV, MovieLens and more, also compressed; - for the standard input) and saves it.\nWhen interrupted, it saves the model of the epochs done.',
  flags: [
    { name: 'out', short: 'o', value: 'MODEL', help: 'the file to write (safetensors)' },
    ...TRAINING_FLAGS,
    { name: 'seed', value: 'N', help: helpOf('seed') },
    { name: 'validation', value: 'SHARE|FILE', help: 'a share of the ratings to hold out, or a file of other ratings' },
    { name: 'patience', value: 'N', help: helpOf('patience') },
    { name: 'threads', value: 'N', help: 'auto (default) or a number' },
    {
      name: 'warmStart',
      value: 'MODEL',
      help: 'continue from a model; users and items that RATINGS lacks are left out',
    },
    { name: 'keep', help: 'with --warm-start: keep them, with their vectors as they are' },
    { name: 'state', help: 'save what --warm-start needs to continue bit for bit, as an interrupted training does' },
    ...FEATURE_FLAGS,
    ...READ_FLAGS,
    ...FILTER_FLAGS,
  ],
  examples: [
    'matfac train ratings.csv --out model.safetensors',
    'matfac train u.data --factors 32 --epochs 20 --validation 0.1 --patience 3 -o model.safetensors',
    'matfac train plays.csv --unrated --solver implicit-als --factors 64 -o model.safetensors',
    'matfac train u.data --item-features u.item --user-features u.user -o model.safetensors',
    'matfac train new.csv --warm-start model.safetensors --keep --epochs 3 -o newer.safetensors',
  ],
  async run(given) {
    const file = await OutputFile.of(given);
    const signal = untilInterrupted();
    const line = new ProgressLine(given);
    const ratings = filtered(await readRatings(given.files[0]!, given, line, signal), given);
    const onEpoch = (report: EpochReport) => line.show(report.epoch / report.epochs, textOf(report, training.memory));
    const training = train(ratings, { ...(await optionsOf(given, line, signal)), onEpoch, signal });
    try {
      await finish(given, file, await training, ratings);
    } catch (failure) {
      line.clear();
      if (!(failure instanceof TrainingCancelledError)) throw failure;
      throw await interrupted(given, file, failure.model, ratings);
    } finally {
      line.clear();
    }
  },
};

async function optionsOf(given: Given, line: ProgressLine, signal: AbortSignal): Promise<TrainOptions> {
  const validation = given.text('validation');
  const isShare = validation !== undefined && !Number.isNaN(Number(validation));
  const start = given.text('warmStart');
  return {
    ...trainingOptions(given),
    ...defined({
      seed: given.number('seed'),
      patience: given.number('patience'),
      threads: given.numberOr('threads', 'auto'),
      validation: isShare ? Number(validation) : validation && (await readRatings(validation, given, line, signal)),
      warmStart: start && (await readModel(start)),
      keep: given.has('keep') || undefined,
      ...(await featuresOf(given, signal)),
    }),
  } as TrainOptions;
}

function textOf(report: EpochReport, memory: number | undefined): string {
  const { epoch, epochs, loss, trainRmse, validationRmse, validationNdcg, seconds } = report;
  const parts = [`epoch ${epoch}/${epochs}`, `loss ${loss.toPrecision(6)}`];
  if (trainRmse !== undefined) parts.push(`RMSE ${decimals(trainRmse)}`);
  if (validationRmse !== undefined) parts.push(`validation ${decimals(validationRmse)}`);
  if (validationNdcg !== undefined) parts.push(`validation NDCG ${decimals(validationNdcg)}`);
  if (memory !== undefined) parts.push(`${Math.ceil(memory / 1e6)} MB`);
  return [...parts, `${((seconds / epoch) * (epochs - epoch)).toFixed(0)} s left`].join('  ');
}

/** Saves the model and prints a summary. */
async function finish(
  given: Given,
  file: OutputFile | undefined,
  model: Model,
  ratings: Ratings,
  state = given.has('state'),
): Promise<void> {
  await file?.write(model.save({ state }));
  const out = file?.name;
  const last = model.history.at(-1);
  const { solver, options } = model;
  const result = {
    ...defined({ out }),
    solver,
    factors: options.factors,
    epochs: model.history.length,
    ratings: ratings.size,
    users: ratings.userCount,
    items: ratings.itemCount,
    ...(given.has('keep') ? { kept: keptOf(model, ratings) } : {}),
    ...(ratings.skipped.count > 0 ? { skipped: ratings.skipped.count } : {}),
    ...(last ? { last } : {}),
  };
  const rows: [string, string][] = [
    ['ratings', `${ratings.size} of ${ratings.userCount} users and ${ratings.itemCount} items`],
    ['model', `${solver}, ${options.factors} factors, ${model.history.length} epochs`],
  ];
  if (given.has('keep')) {
    const { users, items } = keptOf(model, ratings);
    rows.push(['kept', `${users} users and ${items} items`]);
  }
  if (ratings.skipped.count > 0) rows.push(['skipped rows', String(ratings.skipped.count)]);
  if (last?.trainRmse !== undefined) rows.push(['RMSE', decimals(last.trainRmse)]);
  if (last?.validationRmse !== undefined) rows.push(['validation RMSE', decimals(last.validationRmse)]);
  if (last?.validationNdcg !== undefined) rows.push(['validation NDCG', decimals(last.validationNdcg)]);
  rows.push(['saved', out ?? 'no: --out MODEL saves it']);
  print(given, result, table(rows));
}

/** How many users and items the model has besides those of the ratings. */
function keptOf(model: Model, ratings: Ratings) {
  return { users: model.userCount - ratings.userCount, items: model.itemCount - ratings.itemCount };
}

async function interrupted(
  given: Given,
  file: OutputFile | undefined,
  model: Model | undefined,
  ratings: Ratings,
): Promise<Interrupted> {
  if (!model) return new Interrupted('interrupted before the end of the first epoch: there is nothing to save');
  const epochs = model.history.length;
  if (!file) return new Interrupted(`interrupted after ${epochs} epochs; without --out nothing is saved`);
  await finish(given, file, model, ratings, true);
  note(given, `The ${epochs} epochs done are saved; --warm-start ${file.name} continues from there`);
  return new Interrupted(`interrupted after ${epochs} epochs, which are saved in ${file.name}`);
}
