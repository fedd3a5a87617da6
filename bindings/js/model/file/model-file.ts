import { checksumOf, checksumSteps } from '../../base/checksum.js';
import { atOnce } from '../../base/pause.js';
import { corrupt, decodeTensors, encodeTensors, isRecord, type TensorFile } from '../../base/safetensors.js';
import { OPTIONS } from '../../core/catalogue.js';
import type { CoreOptions, CoreTensors } from '../../core/core.js';
import { type EpochReport, type OptionName, renamedOptions, typeOfOption } from '../../core/options.js';
import type { RatingsByUser } from '../../ratings/by-user.js';
import type { FeatureEncoding } from '../../ratings/features/encoding.js';
import type { Ids } from '../../ratings/ids.js';
import { type Dtype, floatsOf, tensorOf } from './float-tensors.js';
import { addIds, ITEMS, idsOf, USERS } from './ids-file.js';
import { addTensors, tensorsOf } from './tensors-file.js';

/** How the features of a model's users and items were made; null for a side without. */
export interface SideEncodings {
  users: FeatureEncoding | null;
  items: FeatureEncoding | null;
}

/** The contents of a model outside the core. */
export interface ModelContents {
  tensors: CoreTensors;
  users: Ids;
  items: Ids;
  options: Required<CoreOptions>;
  history: readonly EpochReport[];
  /** Null in a model that was saved without its ratings. */
  rated: RatingsByUser | null;
  /** How many users rated each item, in a model without its ratings; null where that is unknown, or `rated` tells it. */
  itemCounts: Int32Array | null;
  /** Null without features. Of a file, not checked yet. */
  features: SideEncodings | null;
}

const FORMAT = 'matfac';
const VERSION = '1';
/** What files that lack these options mean. */
const BEFORE = { confidence: 1, weights: 'raw', discount: 0, preference: false, time: 'none', likelihood: 'gaussian' };

/**
 * The file: tensors under fixed names, everything else as JSON in the metadata. What it takes of the contents it takes before it first
 * yields.
 * @throws MatfacError `unsupported`.
 */
export function* encodingSteps(contents: ModelContents, dtype: Dtype): Generator<void, Uint8Array<ArrayBuffer>> {
  const { tensors, users, items, options, history, rated, itemCounts, features } = contents;
  const { mean, scale, minimum, maximum } = tensors;
  const finite = (value: number) => (Number.isFinite(value) ? value : null);
  const metadata: TensorFile['metadata'] = {
    format: FORMAT,
    format_version: VERSION,
    solver: options.solver,
    options: JSON.stringify(options),
    mean: JSON.stringify(mean),
    scale: JSON.stringify(scale),
    range: JSON.stringify([finite(minimum), finite(maximum)]),
    history: JSON.stringify(history),
    ...(features && { features: JSON.stringify(features) }),
  };
  const file: TensorFile = { tensors: new Map(), metadata };
  addIds(file, USERS, users, dtype !== 'float32');
  addIds(file, ITEMS, items, dtype !== 'float32');
  addTensors(file.tensors, contents, dtype);
  if (rated && users.size > 0) addRated(file.tensors, rated);
  else if (itemCounts) addCounts(file.tensors, itemCounts);
  yield;
  metadata.checksum = yield* checksumSteps(file);
  yield;
  return encodeTensors(file);
}

/** The same at once. */
export const encodeModel = (...args: Parameters<typeof encodingSteps>): Uint8Array<ArrayBuffer> =>
  atOnce(encodingSteps(...args));

/**
 * Reads and checks the whole file before anything is made of it; `keep` leaves the codes of the items as they are.
 * @throws MatfacError `corrupt-model`; `invalid-argument` for `keep` with a file that has none.
 */
export function decodeModel(bytes: Uint8Array, keep = false): ModelContents {
  const file = decodeTensors(bytes);
  const { metadata } = file;
  checkKind(file);
  const rows = (name: string) => file.tensors.get(name)?.shape[0] ?? 0;
  const users = idsOf(file, USERS, rows('user_factors'));
  const items = idsOf(file, ITEMS, rows('item_factors'));
  if (items.size === 0) throw corrupt('it has no items');
  const options = optionsOf(metadata);
  const [minimum, maximum] = rangeOf(metadata);
  const mean = json(metadata, 'mean');
  if (typeof mean !== 'number' || !Number.isFinite(Math.fround(mean))) throw corrupt('its mean is not a number');
  // Files of earlier versions have options in units of a rating.
  const scale = metadata.scale === undefined ? 1 : json(metadata, 'scale');
  // No standard deviation of ratings is further from their range; a fold-in would not be finite.
  const width = maximum - minimum > 0 && Number.isFinite(maximum - minimum) ? maximum - minimum : 1;
  const fits = typeof scale === 'number' && (scale === 1 || (scale >= 1e-6 * width && scale <= 1e6 * width));
  if (!fits) {
    throw corrupt('its scale is not a number that fits its range');
  }

  const { factors, samples } = options;
  const columns = factors * samples;
  const found = file.tensors.get('item_factors')?.shape[1] ?? 0;
  if (found !== columns) throw corrupt(`its item_factors have ${found} columns, and its options say ${columns}`);
  const tensors = {
    factors,
    columns,
    mean,
    scale,
    minimum,
    maximum,
    ...tensorsOf(file, options, { users: users.size, items: items.size, keep }),
  };
  const rated = ratedOf(file, users.size, items.size);
  const itemCounts = rated ? null : countsOf(file, items.size);
  const features = metadata.features === undefined ? null : (json(metadata, 'features') as SideEncodings);
  return { tensors, users, items, options, history: historyOf(metadata), rated, itemCounts, features };
}

function checkKind(file: TensorFile): void {
  const { format, format_version: version, checksum } = file.metadata;
  if (format !== FORMAT) throw corrupt('its metadata do not say format: matfac');
  if (version !== VERSION) {
    throw corrupt(`its format_version is ${version ?? 'missing'}; this version of matfac reads ${VERSION}`);
  }
  const sum = checksumOf(file);
  if (checksum !== sum) throw corrupt(`its checksum is ${checksum ?? 'missing'}, and its contents have ${sum}`);
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

/** Checks the names and types of the options; the core checks their values. */
function optionsOf(metadata: TensorFile['metadata']): Required<CoreOptions> {
  const found = json(metadata, 'options');
  if (!isRecord(found)) throw corrupt('its options are not an object');
  const options = renamedOptions(found);
  for (const [name, value] of Object.entries(BEFORE)) options[name] ??= value;
  for (const name of ['factors', 'samples']) {
    if (!Number.isInteger(options[name])) throw corrupt(`its option ${name} is not a whole number`);
  }
  if (options.solver !== metadata.solver) throw corrupt('its solver is not that of its options');
  for (const [name, value] of Object.entries(options)) {
    const kind = Object.hasOwn(OPTIONS, name) ? typeOfOption(name as OptionName) : 'string';
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

function addRated(tensors: TensorFile['tensors'], { offsets, items, values }: RatingsByUser): void {
  tensors.set('rated_offsets', { dtype: 'I32', shape: [offsets.length], data: offsets });
  tensors.set('rated_items', { dtype: 'I32', shape: [items.length], data: items });
  tensors.set('rated_values', { dtype: 'F32', shape: [values.length], data: values });
}

function addCounts(tensors: TensorFile['tensors'], counts: Int32Array): void {
  const shape = [counts.length];
  const fits = counts.every((count) => count < 2 ** 16);
  if (fits) tensors.set('item_counts', { dtype: 'U16', shape, data: Uint16Array.from(counts) });
  else tensors.set('item_counts', { dtype: 'I32', shape, data: counts });
}

function countsOf({ tensors }: TensorFile, itemCount: number): Int32Array | null {
  if (!tensors.has('item_counts')) return null;
  const counts = Int32Array.from(tensorOf(tensors, 'item_counts', ['U16', 'I32'], [itemCount]).data);
  if (counts.some((count) => count < 0)) throw corrupt('its item_counts have a number below 0');
  return counts;
}

function ratedOf(file: TensorFile, userCount: number, itemCount: number): RatingsByUser | null {
  const size = file.tensors.get('rated_items')?.data.length;
  if (size === undefined || userCount === 0) return null;
  const offsets = tensorOf(file.tensors, 'rated_offsets', ['I32'], [userCount + 1]).data as Int32Array;
  const items = tensorOf(file.tensors, 'rated_items', ['I32'], [size]).data as Int32Array;
  const values = floatsOf(file, 'rated_values', [size]);
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
