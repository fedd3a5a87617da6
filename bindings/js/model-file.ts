import type { CoreOptions, CoreTensors } from './core.js';
import { type Id, Ids, isId } from './ids.js';
import type { EpochReport } from './options.js';
import { type PosteriorSizes, readPosterior, writePosterior } from './posterior-file.js';
import type { Rated } from './rated.js';
import { corrupt, decodeTensors, encodeTensors, isRecord, type Tensor, type TensorFile } from './safetensors.js';

/** All that a model is, apart from its copy in the core. */
export interface ModelContents {
  tensors: CoreTensors;
  users: Ids;
  items: Ids;
  options: Required<CoreOptions>;
  history: readonly EpochReport[];
  /** Null in a model that was saved without its ratings. */
  rated: Rated | null;
}

const FORMAT = 'matfac';
const VERSION = '1';

/** The file: tensors under fixed names, everything else as JSON in the metadata. */
export function encodeModel({
  tensors,
  users,
  items,
  options,
  history,
  rated,
}: ModelContents): Uint8Array<ArrayBuffer> {
  const { columns, userFactors, itemFactors, itemImplicit, userBias, itemBias, mean, minimum, maximum, posterior } =
    tensors;
  const file = new Map<string, Tensor>();
  const add = (name: string, data: Float32Array | Int32Array, ...shape: number[]) => {
    file.set(name, { dtype: data instanceof Int32Array ? 'I32' : 'F32', shape, data });
  };
  add('item_factors', itemFactors, items.size, columns);
  if (itemImplicit.length > 0) add('item_implicit', itemImplicit, items.size, columns);
  if (itemBias.length > 0) add('item_bias', itemBias, items.size);
  if (users.size > 0) {
    add('user_factors', userFactors, users.size, columns);
    if (userBias.length > 0) add('user_bias', userBias, users.size);
    if (rated) {
      add('rated_offsets', rated.offsets, rated.offsets.length);
      add('rated_items', rated.items, rated.items.length);
      add('rated_values', rated.values, rated.values.length);
    }
  }
  if (posterior) writePosterior(posterior, sizesOf(options, users.size, items.size), add);
  const finite = (value: number) => (Number.isFinite(value) ? value : null);
  const metadata = {
    format: FORMAT,
    format_version: VERSION,
    solver: options.solver,
    options: JSON.stringify(options),
    mean: JSON.stringify(mean),
    range: JSON.stringify([finite(minimum), finite(maximum)]),
    users: JSON.stringify(users.list),
    items: JSON.stringify(items.list),
    history: JSON.stringify(history),
  };
  return encodeTensors({ tensors: file, metadata });
}

/** Reads and checks everything before anything is made of it. @throws MatfacError `corrupt-model`. */
export function decodeModel(bytes: Uint8Array): ModelContents {
  const file = decodeTensors(bytes);
  const { metadata } = file;
  if (metadata.format !== FORMAT) throw corrupt('its metadata do not say format: matfac');
  if (metadata.format_version !== VERSION) {
    throw corrupt(
      `its format_version is ${metadata.format_version ?? 'missing'}; this version of matfac reads ${VERSION}`,
    );
  }
  const users = idsOf(metadata, 'users');
  const items = idsOf(metadata, 'items');
  if (items.size === 0) throw corrupt('it has no items');
  const options = optionsOf(metadata);
  const [minimum, maximum] = rangeOf(metadata);
  const mean = json(metadata, 'mean');
  if (typeof mean !== 'number' || !Number.isFinite(mean)) throw corrupt('its mean is not a number');

  const { factors, samples } = options;
  const columns = factors * samples;
  const found = file.tensors.get('item_factors')?.shape[1] ?? 0;
  if (found !== columns) throw corrupt(`its item_factors have ${found} columns, and its options say ${columns}`);
  const hasBiases = file.tensors.has('item_bias');
  const bias = (name: string, count: number) =>
    hasBiases && count > 0 ? floats(file, name, count) : new Float32Array();
  const tensors: CoreTensors = {
    factors,
    columns,
    userFactors: users.size > 0 ? floats(file, 'user_factors', users.size, columns) : new Float32Array(),
    itemFactors: floats(file, 'item_factors', items.size, columns),
    itemImplicit: file.tensors.has('item_implicit')
      ? floats(file, 'item_implicit', items.size, columns)
      : new Float32Array(),
    userBias: options.solver === 'bpr' ? new Float32Array() : bias('user_bias', users.size),
    itemBias: bias('item_bias', items.size),
    mean,
    minimum,
    maximum,
    posterior: posteriorOf(file, sizesOf(options, users.size, items.size)),
  };
  if (!hasBiases && file.tensors.has('user_bias')) throw corrupt('it has user_bias and no item_bias');
  return { tensors, users, items, options, history: historyOf(metadata), rated: ratedOf(file, users.size, items.size) };
}

function sizesOf(options: Required<CoreOptions>, users: number, items: number): PosteriorSizes {
  const { factors, samples, biases, implicit } = options;
  return { users, items, factors, samples, hasBiases: biases, hasImplicit: implicit !== 'none' };
}

function posteriorOf(file: TensorFile, sizes: PosteriorSizes) {
  const priors = file.tensors.get('posterior_priors');
  if (!priors) return null;
  return readPosterior(priors.shape[0] ?? 0, sizes, (name, ...shape) => floats(file, name, ...shape));
}

function json(metadata: TensorFile['metadata'], name: string): unknown {
  const text = metadata[name];
  if (text === undefined) throw corrupt(`its metadata have no ${name}`);
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw corrupt(`its ${name} are not JSON`, cause);
  }
}

function idsOf(metadata: TensorFile['metadata'], name: string): Ids {
  const list = json(metadata, name);
  if (!Array.isArray(list)) throw corrupt(`its ${name} are not a list`);
  const bad = list.findIndex((id) => !isId(id));
  if (bad >= 0) throw corrupt(`number ${bad + 1} of its ${name} is no id`);
  const ids = Ids.from(list as Id[]);
  if (ids.size !== list.length) throw corrupt(`some of its ${name} come twice`);
  return ids.seal();
}

const TEXT_OPTIONS = ['solver', 'implicit', 'sweep'];
const SWITCHES = ['biases', 'adaptive'];

/** Names and kinds of the options; the core checks what they say. */
function optionsOf(metadata: TensorFile['metadata']): Required<CoreOptions> {
  const options = json(metadata, 'options');
  if (!isRecord(options)) throw corrupt('its options are not an object');
  for (const name of ['factors', 'samples']) {
    if (!Number.isInteger(options[name])) throw corrupt(`its option ${name} is not a whole number`);
  }
  if (options.solver !== metadata.solver) throw corrupt('its solver is not that of its options');
  for (const [name, value] of Object.entries(options)) {
    const kind = TEXT_OPTIONS.includes(name) ? 'string' : SWITCHES.includes(name) ? 'boolean' : 'number';
    if (typeof value !== kind) throw corrupt(`its option ${name} is not a ${kind}`);
  }
  return options as unknown as Required<CoreOptions>;
}

function rangeOf(metadata: TensorFile['metadata']): [number, number] {
  const range = json(metadata, 'range');
  const isEnd = (end: unknown) => end === null || (typeof end === 'number' && Number.isFinite(end));
  if (!Array.isArray(range) || range.length !== 2 || !range.every(isEnd)) throw corrupt('its range is not two numbers');
  const [minimum, maximum] = [range[0] ?? Number.NEGATIVE_INFINITY, range[1] ?? Number.POSITIVE_INFINITY];
  if (minimum > maximum) throw corrupt('its range ends before it begins');
  return [minimum, maximum];
}

const REPORT_NAMES = [
  'epoch',
  'epochs',
  'loss',
  'trainRmse',
  'validationRmse',
  'validationNdcg',
  'seconds',
  'ratingsPerSecond',
];
const REPORT_NEEDS = ['epoch', 'epochs', 'loss', 'seconds'];

function historyOf(metadata: TensorFile['metadata']): EpochReport[] {
  const history = json(metadata, 'history');
  if (!Array.isArray(history)) throw corrupt('its history is not a list');
  for (const report of history) {
    const isWhole =
      isRecord(report) &&
      REPORT_NEEDS.every((name) => name in report) &&
      Object.entries(report).every(([name, value]) => REPORT_NAMES.includes(name) && typeof value === 'number');
    if (!isWhole) throw corrupt('its history has something else than reports');
  }
  return history as EpochReport[];
}

function tensor(file: TensorFile, name: string, dtype: Tensor['dtype'], shape: number[]): Tensor['data'] {
  const found = file.tensors.get(name);
  if (!found) throw corrupt(`it has no tensor ${name}`);
  const [is, needed] = [`${found.dtype} [${found.shape}]`, `${dtype} [${shape}]`];
  if (is !== needed) throw corrupt(`its tensor ${name} is ${is}, not ${needed}`);
  return found.data;
}

function floats(file: TensorFile, name: string, ...shape: number[]): Float32Array {
  const data = tensor(file, name, 'F32', shape) as Float32Array;
  if (!data.every(Number.isFinite)) throw corrupt(`its tensor ${name} has values that are not finite`);
  return data;
}

function ratedOf(file: TensorFile, userCount: number, itemCount: number): Rated | null {
  const size = file.tensors.get('rated_items')?.data.length;
  if (size === undefined || userCount === 0) return null;
  const offsets = tensor(file, 'rated_offsets', 'I32', [userCount + 1]) as Int32Array;
  const items = tensor(file, 'rated_items', 'I32', [size]) as Int32Array;
  const values = floats(file, 'rated_values', size);
  const ordered = offsets.every((offset, place) => offset >= (place === 0 ? 0 : offsets[place - 1]!));
  if (!ordered || offsets[0] !== 0 || offsets[userCount] !== size) throw corrupt('its rated_offsets are not in order');
  const seen = new Int32Array(itemCount).fill(-1);
  for (let user = 0; user < userCount; user++) {
    for (let place = offsets[user]!; place < offsets[user + 1]!; place++) {
      const item = items[place]!;
      if (item < 0 || item >= itemCount)
        throw corrupt(`its rated_items have ${item}, and there are ${itemCount} items`);
      if (seen[item] === user) throw corrupt('a user rated an item twice');
      seen[item] = user;
    }
  }
  return { offsets, items, values };
}
