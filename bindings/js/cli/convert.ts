import { stat } from 'node:fs/promises';
import type { SaveOptions } from '../index.js';
import { given as defined } from '../names.js';
import { type Command, UsageError } from './command.js';
import { readModel, writeModel } from './files.js';
import { print } from './terminal.js';

export const convertCommand: Command = {
  name: 'convert',
  usage: 'MODEL --out MODEL [options]',
  files: [1, 1],
  about: 'Writes a model anew: in other numbers, or smaller, without what recommending to visitors does not need.',
  flags: [
    { name: 'out', short: 'o', value: 'MODEL', help: 'where it goes' },
    { name: 'dtype', value: 'NAME', help: 'how factors are kept: float32 (default), float16 or int8' },
    { name: 'drop', value: 'LIST', help: 'users (their factors, ids and ratings) or ratings (explaining needs them)' },
  ],
  examples: [
    'matfac convert model.safetensors --dtype int8 --drop users -o visitors.safetensors',
    'matfac convert model.safetensors --drop ratings -o smaller.safetensors',
  ],
  async run(given) {
    const path = given.files[0]!;
    const out = given.needed('out', 'where is the model to go?');
    const drop = given.text('drop')?.split(',') ?? [];
    const other = drop.find((part) => part !== 'users' && part !== 'ratings');
    if (other !== undefined) throw new UsageError(`--drop has '${other}'; allowed are users and ratings`);
    const options = defined({
      dtype: given.text('dtype'),
      users: drop.includes('users') ? false : undefined,
      ratings: drop.includes('ratings') ? false : undefined,
    }) as SaveOptions;
    const bytes = (await readModel(path)).save(options);
    const before = (await stat(path)).size;
    await writeModel(out, bytes);
    const result = { out, bytes: bytes.length, before };
    print(given, result, `${out}: ${bytes.length} bytes; ${path} has ${before}`);
  },
};
