import { stat } from 'node:fs/promises';
import type { Command } from './command.js';
import { readModel } from './input.js';
import { decimals, print, table } from './terminal.js';

export const infoCommand: Command = {
  name: 'info',
  usage: 'MODEL',
  files: [1, 1],
  about: 'Describes a model: its solver and options, its users and items, the last epoch of its training.',
  flags: [],
  examples: ['matfac info model.safetensors', 'matfac info model.safetensors --json'],
  async run(given) {
    const path = given.files[0]!;
    const model = await readModel(path);
    const { size } = await stat(path);
    const { solver, options, ratingRange, mean, history } = model;
    const [users, items] = [model.userCount, model.itemCount];
    const last = history.at(-1);
    const [least, most] = ratingRange;
    const result = { solver, bytes: size, users, items, ratingRange, mean, epochs: history.length, options, last };
    const rows: [string, string][] = [
      ['solver', solver],
      ['size', `${(size / 1e6).toFixed(2)} MB`],
      ['users', users > 0 ? String(users) : 'none: for visitors (--rate)'],
      ['items', String(items)],
      ['factors', String(options.factors)],
      ['regularization', String(options.regularization)],
      ['seed', String(options.seed)],
      ['ratings', Number.isFinite(least) ? `${least} to ${most}, ${decimals(mean)} on average` : 'observed pairs'],
      ['epochs', String(history.length)],
    ];
    if (last) rows.push(['loss', last.loss.toPrecision(6)]);
    if (last?.trainRmse !== undefined) rows.push(['RMSE', decimals(last.trainRmse)]);
    if (last?.validationRmse !== undefined) rows.push(['validation RMSE', decimals(last.validationRmse)]);
    print(given, result, table(rows));
  },
};
