import {
  defined,
  mustBe,
  plainOptions,
  reading,
  requireFinite,
  requireInstance,
  requireOneOf,
} from '../base/checks.js';
import { guard, invalid } from '../base/errors.js';
import { atOnce } from '../base/pause.js';
import { show } from '../base/show.js';
import type { CoreOptions } from '../core/core.js';
import { loadCore } from '../core/load.js';
import { isImplicit, requireRead } from '../core/options.js';
import { noTensors } from '../core/tensors.js';
import { groupByUser, type RatingsByUser } from '../ratings/by-user.js';
import { badId, GrowingIds, type Id, type Ids, isId } from '../ratings/ids.js';
import { knownPairs } from '../ratings/known-pairs.js';
import { Ratings, tableOf } from '../ratings/ratings.js';
import type { ModelContents } from './file/model-file.js';

/** One row per item or user: an array of rows, or all numbers row by row. */
export type FactorRows = ArrayLike<ArrayLike<number>> | { rows: number; columns: number; data: ArrayLike<number> };

/** The solvers whose fold-in a model can use; `implicit-als` and `bpr` take observed pairs without ratings. */
export type FactorsSolver = 'als' | 'sgd' | 'nmf' | 'implicit-als' | 'bpr';

/** A model trained elsewhere, and how visitors are folded into it. */
export interface FactorsOptions {
  itemFactors: FactorRows;
  /** The id of each row of `itemFactors`. */
  items: ArrayLike<Id>;
  userFactors?: FactorRows;
  /** The id of each row of `userFactors`. */
  users?: ArrayLike<Id>;
  /** One per row of `itemFactors`. With a bias or a mean, a visitor has a bias too. */
  itemBias?: ArrayLike<number>;
  /** One per row of `userFactors`. */
  userBias?: ArrayLike<number>;
  /** Added to every prediction; default 0. */
  mean?: number;
  /** The range that predictions are clipped to; default: none. */
  range?: readonly [minimum: number, maximum: number];
  /**
   * The solver whose fold-in computes the factors of a visitor with n ratings. `als` (default) weights the penalty by λ √n,
   * `sgd` (at least 0.1) and `nmf` by λ n, as Spark MLlib and LIBMF do; `implicit-als` and `bpr` take observed pairs.
   */
  solver?: FactorsSolver;
  /** λ of the fold-in in units of a rating, above 0 for als and implicit-als; default: that of the solver, 0.007 for implicit-als. */
  regularization?: number;
  /** λ of a visitor's bias; default: `regularization`. */
  biasRegularization?: number;
  /** implicit-als: α, the weight of a rating; default 1. */
  confidence?: number;
  /** The ratings of the users, for exclusion and explanation; those of unknown users and items are ignored. */
  ratings?: Ratings;
}

const SOLVERS: readonly string[] = ['als', 'sgd', 'nmf', 'implicit-als', 'bpr'];
const NAMES = [
  ...['itemFactors', 'items', 'userFactors', 'users', 'itemBias', 'userBias', 'mean', 'range'],
  ...['solver', 'regularization', 'biasRegularization', 'confidence', 'ratings'],
];

/** Checks what can be checked without the core, then loads it. @throws MatfacError `invalid-argument` that names what does not fit. */
export async function contentsOfFactors(given: FactorsOptions): Promise<ModelContents> {
  const { options, ...contents } = reading('The factors', () => checked(plainOptions('fromFactors', given, NAMES)));
  const core = await loadCore();
  return { ...contents, options: guard(() => core.resolveOptions(options)) };
}

function checked(given: FactorsOptions) {
  const { solver = 'als', mean = 0, range = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY] } = given;
  requireOneOf('solver', solver, SOLVERS);
  const itemFactors = matrixOf('itemFactors', given.itemFactors);
  if (itemFactors.rows === 0) throw invalid('itemFactors must have at least one row');
  const { columns } = itemFactors;
  const userFactors = matrixOf('userFactors', given.userFactors ?? { rows: 0, columns, data: [] }, columns);
  const items = idsOf('items', given.items, itemFactors.rows);
  const users = idsOf('users', given.users ?? [], userFactors.rows);
  const biases = given.itemBias !== undefined || given.userBias !== undefined || mean !== 0;
  const biasOf = (name: 'itemBias' | 'userBias', rows: number) =>
    biases && !(solver === 'bpr' && name === 'userBias') ? listOf(name, given[name], rows) : new Float32Array();
  if (solver === 'bpr' && given.userBias) throw invalid('userBias must be left out: models of bpr have none');
  const [minimum, maximum] = checkRange(range);
  return {
    tensors: {
      ...noTensors(),
      factors: columns,
      columns,
      userFactors: userFactors.data,
      itemFactors: itemFactors.data,
      userBias: biasOf('userBias', users.size),
      itemBias: biasOf('itemBias', items.size),
      mean: requireFinite('mean', mean),
      scale: 1,
      minimum,
      maximum,
    },
    users,
    items,
    history: [],
    rated: ratedIn(given.ratings, users, items, isImplicit(solver)),
    itemCounts: null,
    features: null,
    options: foldInOptions(given, solver, columns, biases),
  };
}

/** The options that were given; the core fills in the defaults of the solver and checks them. */
function foldInOptions(
  { regularization, biasRegularization, confidence }: FactorsOptions,
  solver: FactorsSolver,
  factors: number,
  biases: boolean,
): CoreOptions {
  const numbers = defined({ regularization, biasRegularization, confidence });
  requireRead(solver, numbers);
  for (const [name, value] of Object.entries(numbers)) requireFinite(name, value);
  const implicit = solver === 'implicit-als' && ({ confidence: 1, regularization: 0.007, weights: 'raw' } as const);
  const rated = !isImplicit(solver) && { preference: false };
  return { solver, factors, biases, ...rated, ...implicit, ...numbers };
}

function matrixOf(
  name: string,
  given: unknown,
  columns?: number,
): { rows: number; columns: number; data: Float32Array } {
  const { rows, columns: width, data } = isMatrix(given) ? given : flattened(name, given);
  if (data.length !== rows * width) {
    throw invalid(`${name} must have ${rows * width} numbers, ${rows} rows of ${width} columns; it has ${data.length}`);
  }
  if (columns !== undefined && width !== columns && rows > 0) {
    throw invalid(`${name} must have ${columns} columns like itemFactors; it has ${width}`);
  }
  return { rows, columns: width, data: numbersOf(name, data) };
}

function isMatrix(given: unknown): given is { rows: number; columns: number; data: ArrayLike<number> } {
  if (typeof given !== 'object' || given === null) return false;
  const { rows, columns, data } = given as { rows?: unknown; columns?: unknown; data?: unknown };
  const isCount = (value: unknown) => Number.isSafeInteger(value) && (value as number) >= 0;
  return isCount(rows) && isCount(columns) && isList(data);
}

function flattened(name: string, given: unknown) {
  if (!isList(given)) throw mustBe(name, 'rows of numbers, or {rows, columns, data}', given);
  const first: unknown = given[0] ?? [];
  const columns = isList(first) ? first.length : 0;
  const data = new Float64Array(given.length * columns);
  for (let row = 0; row < given.length; row++) {
    const numbers: unknown = given[row];
    if (!isList(numbers) || numbers.length !== columns) {
      const found = isList(numbers) ? `${numbers.length} numbers` : show(numbers);
      throw invalid(`${name}: row ${row} must be ${columns} numbers like the first; it is ${found}`);
    }
    for (let column = 0; column < columns; column++) {
      const value = numbers[column];
      if (typeof value !== 'number') throw notFinite(name, row * columns + column, value);
      data[row * columns + column] = value;
    }
  }
  return { rows: given.length, columns, data };
}

function isList(value: unknown): value is ArrayLike<unknown> {
  return Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView));
}

function numbersOf(name: string, data: ArrayLike<unknown>): Float32Array {
  const numbers = new Float32Array(data.length);
  for (let index = 0; index < numbers.length; index++) {
    const value = data[index];
    numbers[index] = value as number;
    if (typeof value === 'number' && Number.isFinite(numbers[index])) continue;
    throw notFinite(name, index, value);
  }
  return numbers;
}

function notFinite(name: string, index: number, value: unknown): Error {
  return mustBe(`${name}: number ${index}`, 'finite as a float32', value);
}

function listOf(name: string, given: unknown, rows: number): Float32Array {
  if (given === undefined) return new Float32Array(rows);
  if (!isList(given) || given.length !== rows) {
    const found = isList(given) ? `${given.length} numbers` : show(given);
    throw invalid(`${name} must be ${rows} numbers, one per row; it is ${found}`);
  }
  return numbersOf(name, given);
}

function idsOf(name: 'items' | 'users', given: unknown, rows: number): Ids {
  const matrix = name === 'items' ? 'itemFactors' : 'userFactors';
  if (!isList(given)) throw mustBe(name, 'a list of ids', given);
  if (given.length !== rows) {
    throw invalid(`${name} must have ${rows} ids, one per row of ${matrix}; it has ${given.length}`);
  }
  const ids = new GrowingIds();
  for (let row = 0; row < rows; row++) {
    const id = given[row];
    if (!isId(id)) throw badId(`id number ${row} of ${name}`, id);
    if (ids.add(id) !== row) throw invalid(`${name} must not repeat an id; it has ${show(id)} twice`);
  }
  return ids.seal();
}

function checkRange(range: unknown): readonly [number, number] {
  const isPair = isList(range) && range.length === 2 && (range[0] as number) <= (range[1] as number);
  if (!isPair) throw mustBe('range', '[least, most]', range);
  return range as unknown as readonly [number, number];
}

function ratedIn(ratings: unknown, users: Ids, items: Ids, isWeights: boolean): RatingsByUser | null {
  if (ratings === undefined) return null;
  requireInstance('ratings', ratings, Ratings, 'Ratings');
  if (users.size === 0) throw invalid('ratings need userFactors and users, whose ratings they are');
  const table = tableOf(ratings);
  if (table.implicit && !isWeights)
    throw invalid('ratings must have rating values, because the solver predicts ratings');
  const pairs = atOnce(knownPairs('ratings', table, { users, items }));
  const kept = { users: [] as number[], items: [] as number[], values: [] as number[] };
  for (let row = 0; row < pairs.users.length; row++) {
    const [user, item] = [pairs.users[row]!, pairs.items[row]!];
    if (user < 0 || item < 0) continue;
    kept.users.push(user);
    kept.items.push(item);
    kept.values.push(table.columns.values[row]!);
  }
  const columns = {
    users: Int32Array.from(kept.users),
    items: Int32Array.from(kept.items),
    values: Float32Array.from(kept.values),
  };
  return atOnce(groupByUser(columns, users.size));
}
