import { stat } from 'node:fs/promises';
import { defined } from '../base/checks.js';
import type { SaveOptions } from '../index.js';
import { type Command, type Given, UsageError } from './command.js';
import { FOREIGN_FLAGS, kindOf, readForeign } from './foreign.js';
import { readModel } from './input.js';
import { OutputFile } from './output.js';
import { exitWhenInterrupted, print } from './terminal.js';

export const convertCommand: Command = {
  name: 'convert',
  usage: 'SOURCE --out MODEL [options]',
  files: [1, 1],
  about:
    "Converts a model: to another number format, without the parts that recommending to visitors does not need, or from\nanother library: a folder of Spark MLlib's ALSModel, an .npz of Python's implicit, LIBMF's text model, vectors in CSV\n(one line per item, the id first), tensors in safetensors.",
  flags: [
    { name: 'out', short: 'o', value: 'MODEL', help: 'the file to write' },
    { name: 'dtype', value: 'NAME', help: 'how factors are stored: float32 (default), float16 or int8' },
    { name: 'drop', value: 'LIST', help: 'users (their factors, ids and ratings) or ratings (explaining needs them)' },
    { name: 'share', help: 'leave out everything about users and their ratings, to share or publish the file' },
    ...FOREIGN_FLAGS,
  ],
  examples: [
    'matfac convert model.safetensors --dtype int8 --share -o visitors.safetensors',
    'matfac convert als-model/ --regularization 0.05 --range 1,5 -o model.safetensors',
    'matfac convert implicit.npz --item-ids items.txt --user-ids users.txt -o model.safetensors',
    'matfac convert items.csv --users users.csv --ratings ratings.csv -o model.safetensors',
    'matfac convert torch.safetensors --from safetensors --mean 3.5 -o model.safetensors',
  ],
  async run(given) {
    const path = given.files[0]!;
    const out = given.needed('out', 'it names the file to write');
    const options = saveOptions(given);
    exitWhenInterrupted();
    const file = await OutputFile.of(given);
    const from = await kindOf(path, given);
    const { model, bytes: before } =
      from === 'matfac'
        ? { model: await readModel(path), bytes: (await stat(path)).size }
        : await readForeign(path, from, given, options.users === false || options.share === true);
    const bytes = model.save(options);
    await file?.write(bytes);
    const result = { out, bytes: bytes.length, before, from };
    print(given, result, `${out}: ${bytes.length} bytes; ${path} has ${before}`);
  },
};

function saveOptions(given: Given): SaveOptions {
  const drop = given.text('drop')?.split(',') ?? [];
  const other = drop.find((part) => part !== 'users' && part !== 'ratings');
  if (other !== undefined) throw new UsageError(`--drop must be users, ratings or both; it has '${other}'`);
  if (given.has('share') && drop.length > 0) throw new UsageError('--drop must be left out with --share');
  return defined({
    share: given.has('share') || undefined,
    dtype: given.text('dtype'),
    users: drop.includes('users') ? false : undefined,
    ratings: drop.includes('ratings') ? false : undefined,
  }) as SaveOptions;
}
