import { checkLimits } from '../../base/allowance.js';
import { checkNames, listed, mustBe } from '../../base/checks.js';
import { invalid, translate } from '../../base/errors.js';
import { show } from '../../base/show.js';
import { bytesOf } from '../../base/source.js';
import type { FactorsOptions } from '../../model/from-factors.js';
import type { ImportOptions, ModelFileSource, VectorFiles } from '../../model/import-options.js';
import type { Id } from '../../ratings/ids.js';
import { readNpz } from './implicit-npz.js';
import { readLibmf } from './libmf.js';
import type { Numbered } from './numbered.js';
import { readSafetensors } from './safetensors-factors.js';
import { readParquetVectors } from './spark-factors.js';
import { readVectors } from './vectors.js';

const FORMATS = ['spark', 'implicit', 'libmf', 'safetensors', 'csv'];
const NAMES = [
  ...['format', 'items', 'users', 'tensors', 'itemBias', 'userBias', 'mean', 'range', 'solver', 'regularization'],
  ...['biasRegularization', 'confidence', 'ratings', 'limits'],
];

/** @throws MatfacError `parse-error` for a file that is not of the format; `invalid-argument`; `unsupported`. */
export async function readFactors(
  source: ModelFileSource | VectorFiles,
  options: ImportOptions,
): Promise<FactorsOptions> {
  try {
    return await readFormat(source, options);
  } catch (failure) {
    throw translate(failure);
  }
}

async function readFormat(source: ModelFileSource | VectorFiles, options: ImportOptions): Promise<FactorsOptions> {
  checkNames('fromFile', options, NAMES);
  const { format, items, users, tensors, limits, ...given } = options;
  checkLimits(limits, ['bytes']);
  if (!FORMATS.includes(format)) throw mustBe('format', listed(FORMATS), format);
  if (tensors && format !== 'safetensors') throw invalid(`tensors must be left out for format ${show(format)}`);
  if (format !== 'spark' && format !== 'csv') {
    const bytes = await bytesOf(source as ModelFileSource);
    return { ...named(await numberedOf(bytes, format, options), items, users), ...given };
  }
  if (items || users)
    throw invalid(`items and users must be left out for format ${show(format)}, which has the ids in its files`);
  const files = vectorFiles(source, format);
  const read = format === 'spark' ? readParquetVectors : readVectors;
  const [itemSide, userSide] = [
    await read(files.items, limits),
    files.users.length > 0 ? await read(files.users, limits) : undefined,
  ];
  const own = format === 'spark' ? ({ solver: 'sgd', regularization: 0.1 } as const) : {};
  return {
    ...{ itemFactors: itemSide.vectors, items: itemSide.ids },
    ...(userSide ? { userFactors: userSide.vectors, users: userSide.ids } : {}),
    ...own,
    ...given,
  };
}

async function numberedOf(
  bytes: Uint8Array,
  format: 'implicit' | 'libmf' | 'safetensors',
  { solver, tensors, limits }: ImportOptions,
): Promise<Numbered> {
  if (format === 'implicit') return readNpz(bytes, solver, limits);
  return format === 'libmf' ? readLibmf(bytes) : readSafetensors(bytes, tensors);
}

function vectorFiles(source: unknown, format: string): { items: ModelFileSource[]; users: ModelFileSource[] } {
  const isPlain = typeof source === 'object' && source !== null && Object.getPrototypeOf(source) === Object.prototype;
  if (!isPlain) throw mustBe(`The source of format ${show(format)}`, '{items, users}', source);
  checkNames('the source', source, ['items', 'users']);
  const { items, users } = source as VectorFiles;
  if (items === undefined) throw invalid('The source must have items, the files of their vectors');
  const listed = (files: VectorFiles['items']) => (Array.isArray(files) ? [...files] : [files]) as ModelFileSource[];
  if (listed(items).length === 0) throw invalid('The source must have at least one file of items');
  return { items: listed(items), users: users === undefined ? [] : listed(users) };
}

/** Gives the rows the ids of the caller. */
function named(
  { itemRows, userRows, ...found }: Numbered,
  items?: ArrayLike<Id>,
  users?: ArrayLike<Id>,
): FactorsOptions {
  return { ...found, items: idsAt('items', itemRows, items), users: idsAt('users', userRows, users) };
}

function idsAt(name: string, rows: number[], ids: ArrayLike<Id> | undefined): Id[] {
  if (ids === undefined) return rows;
  const most = rows.reduce((last, row) => Math.max(last, row), -1);
  if (ids.length <= most)
    throw invalid(`${name} must have at least ${most + 1} ids, one per row; it has ${ids.length}`);
  return rows.map((row) => ids[row]!);
}
