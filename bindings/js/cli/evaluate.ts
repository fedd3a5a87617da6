import { defined } from '../base/checks.js';
import { METRICS } from '../evaluation/metrics.js';
import { type EvaluateAsyncOptions, evaluateAsync, type Metric } from '../index.js';
import type { Command } from './command.js';
import { FILTER_FLAGS, filtered, READ_FLAGS, readRatings } from './files.js';
import { readModel } from './input.js';
import { decimals, ProgressLine, print, table, untilInterrupted } from './terminal.js';

export const evaluateCommand: Command = {
  name: 'evaluate',
  usage: 'MODEL TEST [options]',
  files: [2, 2],
  about:
    'Evaluates a model on ratings that it did not learn from: the errors of its predictions, and the ranking of all items\nat k. The ratings that it learned from are not ranked; for a model saved without them, --exclude FILE names them.',
  flags: [
    { name: 'k', value: 'N', help: 'the number of items recommended to a user (default 10)' },
    { name: 'metrics', value: 'LIST', help: `of ${METRICS.join()}` },
    { name: 'exclude', value: 'FILE|none', help: 'ratings whose items are not ranked for their users; none: rank all' },
    { name: 'relevance', value: 'X', help: 'the least test rating of a relevant item (default: the mean)' },
    { name: 'threads', value: 'N', help: 'auto (default) or a number' },
    ...READ_FLAGS,
    ...FILTER_FLAGS,
  ],
  examples: [
    'matfac evaluate model.safetensors test.csv',
    'matfac evaluate model.safetensors test.csv --k 10 --exclude train.csv --metrics ndcg,recall',
    'matfac evaluate model.safetensors test.csv --json | jq .rmse',
  ],
  async run(given) {
    const signal = untilInterrupted();
    const line = new ProgressLine(given);
    const [path, test] = given.files as [string, string];
    const exclude = given.text('exclude');
    const options = defined({
      k: given.number('k'),
      metrics: given.text('metrics')?.split(',') as Metric[] | undefined,
      relevance: given.number('relevance'),
      threads: given.numberOr('threads', 'auto'),
      exclude: exclude && exclude !== 'none' ? await readRatings(exclude, given, line, signal) : exclude,
      signal,
    }) as EvaluateAsyncOptions;
    const ratings = filtered(await readRatings(test, given, line, signal), given);
    const model = await readModel(path);
    line.show(undefined, `evaluating ${model.userCount} users × ${model.itemCount} items`);
    try {
      const found = await evaluateAsync(model, ratings, options);
      line.clear();
      print(given, found, table(Object.entries(found).map(([name, value]) => [name, decimals(value, 6)])));
    } finally {
      line.clear();
    }
  },
};
