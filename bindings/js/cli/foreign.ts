/** Reads models of other libraries from files and folders. */
import { open, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { defined, listed } from '../base/checks.js';
import {
  type Id,
  type ImportOptions,
  Model,
  type ModelFileFormat,
  type TensorNames,
  type VectorFiles,
} from '../index.js';
import { IdColumn } from '../io/id-column.js';
import { dashed, type Flag, type Given, numberOf, UsageError } from './command.js';
import { READ_FLAGS, readRatings } from './files.js';
import { fileAt, inFile, unreadable } from './input.js';
import { ProgressLine, untilInterrupted } from './terminal.js';

/** A matfac model, or one of the formats that `Model.fromFile` reads. */
export type ModelKind = 'matfac' | ModelFileFormat;

export const FOREIGN_FLAGS: readonly Flag[] = [
  {
    name: 'from',
    value: 'NAME',
    help: 'the format of SOURCE: matfac, spark, implicit, libmf, csv, safetensors (default: by its name and first bytes)',
  },
  {
    name: 'users',
    value: 'FILE',
    help: "csv, Parquet: the users' vectors (of a saved ALSModel they are in its folder)",
  },
  { name: 'itemIds', value: 'FILE', help: "implicit, libmf, safetensors: the items' ids, one line per row" },
  { name: 'userIds', value: 'FILE', help: 'the same for the users; by default the ids are row numbers from 0' },
  {
    name: 'tensors',
    value: 'LIST',
    help: 'safetensors: itemFactors=NAME,userFactors=NAME,itemBias=NAME,userBias=NAME',
  },
  { name: 'solver', value: 'NAME', help: 'the solver of the fold-in: als, sgd, nmf, implicit-als or bpr' },
  { name: 'regularization', value: 'X', help: 'of the fold-in; use that of the training' },
  { name: 'confidence', value: 'X', help: 'implicit-als: alpha, the weight of an observed pair' },
  { name: 'mean', value: 'X', help: 'added to every prediction (default 0)' },
  {
    name: 'range',
    value: 'LEAST,MOST',
    help: 'the range that predictions are clipped to, such as 1,5 (default: none)',
  },
  { name: 'ratings', value: 'FILE', help: 'the ratings of the users, whose items are not recommended to them again' },
  ...READ_FLAGS,
];

const KINDS: readonly ModelKind[] = ['matfac', 'spark', 'implicit', 'libmf', 'csv', 'safetensors'];
const TENSORS = ['itemFactors', 'userFactors', 'itemBias', 'userBias'] as const;
/** The formats of flags that not every format takes. */
const TAKEN: { [flag: string]: readonly ModelKind[] } = {
  users: ['spark', 'csv'],
  itemIds: ['implicit', 'libmf', 'safetensors'],
  userIds: ['implicit', 'libmf', 'safetensors'],
  tensors: ['safetensors'],
};

/** The format by --from, or else by the path and the first bytes. @throws UsageError for flags that it does not take. */
export async function kindOf(path: string, given: Given): Promise<ModelKind> {
  const named = given.text('from') as ModelKind | undefined;
  if (named !== undefined && !KINDS.includes(named)) {
    throw new UsageError(`--from must be ${listed(KINDS)}; it is '${named}'`);
  }
  const kind = named ?? (await guess(path));
  for (const { name } of FOREIGN_FLAGS) {
    const isGiven = given.text(name) !== undefined || given.has(name);
    if (!isGiven || name === 'from') continue;
    const takers = TAKEN[name] ?? KINDS.filter((each) => each !== 'matfac');
    if (takers.includes(kind)) continue;
    throw new UsageError(
      `${dashed(name)} must be left out for ${kind}, the format of ${path}; it is for ${takers.join(', ')}`,
    );
  }
  return kind;
}

async function guess(path: string): Promise<ModelKind> {
  try {
    const found = await stat(path);
    if (found.isDirectory() || path.endsWith('.parquet')) return 'spark';
    if (path.endsWith('.npz')) return 'implicit';
    if (/\.(csv|tsv)$/.test(path)) return 'csv';
    if (!found.isFile()) return 'matfac';
    const file = await open(path);
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(64), 0, 64, 0);
      return /^f \d+\r?\nm \d+\r?\n/.test(buffer.toString('latin1', 0, bytesRead)) ? 'libmf' : 'matfac';
    } finally {
      await file.close();
    }
  } catch (cause) {
    throw unreadable(path, cause);
  }
}

/**
 * The model and the size of its files. With `isForVisitors`, the vectors of users are not read.
 * @throws UsageError; MatfacError `parse-error` that names the file.
 */
export async function readForeign(
  path: string,
  kind: ModelFileFormat,
  given: Given,
  isForVisitors: boolean,
): Promise<{ model: Model; bytes: number }> {
  const options = await optionsOf(kind, given);
  const { items, users } = await filesOf(path, given.text('users'), isForVisitors);
  const source = kind === 'spark' || kind === 'csv' ? (defined({ items, users }) as VectorFiles) : items[0]!;
  try {
    const model = await Model.fromFile(source, options);
    return { model, bytes: [...items, ...(users ?? [])].reduce((sum, { size }) => sum + size, 0) };
  } catch (failure) {
    throw inFile(path, failure);
  }
}

/** A saved ALSModel is a folder of two folders of Parquet files, beside files that only Spark needs. */
async function filesOf(path: string, users: string | undefined, isForVisitors: boolean) {
  const names = await namesIn(path);
  const isModel = names?.includes('itemFactors') === true;
  const items = await partsOf(isModel ? join(path, 'itemFactors') : path);
  const userPath = users ?? (isModel ? join(path, 'userFactors') : undefined);
  return { items, users: userPath === undefined || isForVisitors ? undefined : await partsOf(userPath) };
}

async function partsOf(path: string): Promise<File[]> {
  const names = await namesIn(path);
  if (!names) return [await fileAt(path)];
  const parts = names.filter((name) => /^[^._].*\.parquet$/.test(name)).sort();
  if (parts.length === 0)
    throw new Error(`${path} must have Parquet files; pass the folder that model.save of Spark wrote`);
  return Promise.all(parts.map((name) => fileAt(join(path, name))));
}

/** The names in a folder; undefined for a file. */
async function namesIn(path: string): Promise<string[] | undefined> {
  try {
    return (await stat(path)).isDirectory() ? await readdir(path) : undefined;
  } catch (cause) {
    throw unreadable(path, cause);
  }
}

async function optionsOf(format: ModelFileFormat, given: Given): Promise<ImportOptions> {
  const ratings = given.text('ratings');
  return defined({
    format,
    items: await idsIn(given.text('itemIds')),
    users: await idsIn(given.text('userIds')),
    tensors: tensorsOf(given),
    solver: given.text('solver'),
    regularization: given.number('regularization'),
    confidence: given.number('confidence'),
    mean: given.number('mean'),
    range: rangeOf(given),
    ratings: ratings && (await readRatings(ratings, given, new ProgressLine(given), untilInterrupted())),
  }) as ImportOptions;
}

function rangeOf(given: Given): ImportOptions['range'] {
  const ends = given.text('range')?.split(',');
  if (ends !== undefined && ends.length !== 2)
    throw new UsageError(`--range must be LEAST,MOST, such as 1,5; it is '${ends.join()}'`);
  return ends && [numberOf('range', ends[0]!), numberOf('range', ends[1]!)];
}

function tensorsOf(given: Given): TensorNames | undefined {
  const text = given.text('tensors');
  if (text === undefined) return undefined;
  return Object.fromEntries(
    text.split(',').map((entry) => {
      const [role, ...name] = entry.split('=');
      if (name.length > 0 && TENSORS.includes(role as keyof TensorNames)) return [role, name.join('=')];
      throw new UsageError(`--tensors must be of the form itemFactors=NAME,userFactors=NAME; it has '${entry}'`);
    }),
  );
}

/** One id per line; numbers if all are whole numbers, as in files of ratings. */
async function idsIn(path: string | undefined): Promise<Id[] | undefined> {
  if (path === undefined) return undefined;
  const lines = (await (await fileAt(path)).text()).split(/\r?\n/);
  if (lines.at(-1) === '') lines.pop();
  const ids = new IdColumn();
  const indices = lines.map((line) => ids.addText(line));
  return indices.map((index) => ids.ids.at(index));
}
