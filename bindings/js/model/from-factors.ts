import { checkNames, defined } from '../base/checks.js';
import { guard, invalid } from '../base/errors.js';
import { show } from '../base/show.js';
import type { CoreOptions } from '../core/core.js';
import { loadCore } from '../core/load.js';
import { isImplicit } from '../core/options.js';
import { groupByUser, type RatingsByUser } from '../ratings/by-user.js';
import { badId, GrowingIds, type Id, type Ids, isId } from '../ratings/ids.js';
import { Ratings, tableOf } from '../ratings/ratings.js';
import type { ModelContents } from './file/model-file.js';

/** A row an item or a user: rows of numbers, or all numbers row by row. */
export type FactorRows = ArrayLike<ArrayLike<number>> | { rows: number; columns: number; data: ArrayLike<number> };

/** Whose fold-in a model can have: `als`, `sgd`, `nmf`; of what was seen alone `implicit-als`, `bpr`. */
export type FactorsSolver = 'als' | 'sgd' | 'nmf' | 'implicit-als' | 'bpr';

/** A model trained elsewhere, and how a visitor is folded into it. */
export interface FactorsOptions {
  itemFactors: FactorRows;
  /** The id of each row of `itemFactors`. */
  items: ArrayLike<Id>;
  userFactors?: FactorRows;
  /** The id of each row of `userFactors`. */
  users?: ArrayLike<Id>;
  /** One a row of `itemFactors`. With a bias or a mean, a visitor has a bias too. */
  itemBias?: ArrayLike<number>;
  /** One a row of `userFactors`. */
  userBias?: ArrayLike<number>;
  /** What every prediction starts from; default 0. */
  mean?: number;
  /** Predictions are clipped to these; default: not at all. */
  range?: readonly [minimum: number, maximum: number];
  /**
   * By whose fold-in a visitor with n ratings comes in: `als` (the default) holds factors near zero by λ √n, `sgd` and `nmf`
   * by λ n, as Spark MLlib and LIBMF train; `implicit-als` and `bpr` take what was seen. `sgd`
   * holds them by 0.1 at least.
   */
  solver?: FactorsSolver;
  /** λ of the fold-in, above 0 for als and implicit-als; default: the solver's own. */
  regularization?: number;
  /** Of a visitor's bias; default: `regularization`. */
  biasRegularization?: number;
  /** implicit-als: α of a rating's weight; default 1. */
  confidence?: number;
  /** What the users rated, for exclusion and explanation; of users and items not in the model nothing is taken. */
  ratings?: Ratings;
}

const SOLVERS: readonly string[] = ['als', 'sgd', 'nmf', 'implicit-als', 'bpr'];
const NAMES = [
  ...['itemFactors', 'items', 'userFactors', 'users', 'itemBias', 'userBias', 'mean', 'range'],
  ...['solver', 'regularization', 'biasRegularization', 'confidence', 'ratings'],
];

/** Checks what can be checked without the core, then loads it. @throws MatfacError `invalid-argument` that names what does not fit. */
export async function contentsOfFactors(given: FactorsOptions): Promise<ModelContents> {
  const { options, ...contents } = checked(given);
  const core = await loadCore();
  return { ...contents, options: guard(() => core.resolveOptions(options)) };
}

function checked(given: FactorsOptions) {
  checkNames('fromFactors', given, NAMES);
  const { solver = 'als', mean = 0, range = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY] } = given;
  if (!SOLVERS.includes(solver)) throw invalid(`solver is ${show(solver)}; allowed are ${SOLVERS.join(', ')}`);
  const itemFactors = matrixOf('itemFactors', given.itemFactors);
  if (itemFactors.rows === 0) throw invalid('itemFactors has no rows; a model has at least one item');
  const { columns } = itemFactors;
  const userFactors = matrixOf('userFactors', given.userFactors ?? { rows: 0, columns, data: [] }, columns);
  const items = idsOf('items', given.items, itemFactors.rows);
  const users = idsOf('users', given.users ?? [], userFactors.rows);
  const biases = given.itemBias !== undefined || given.userBias !== undefined || mean !== 0;
  const biasOf = (name: 'itemBias' | 'userBias', rows: number) =>
    biases && !(solver === 'bpr' && name === 'userBias') ? listOf(name, given[name], rows) : new Float32Array();
  if (solver === 'bpr' && given.userBias) throw invalid('userBias: models of bpr have none');
  const [minimum, maximum] = checkRange(range);
  return {
    tensors: {
      factors: columns,
      columns,
      userFactors: userFactors.data,
      itemFactors: itemFactors.data,
      itemImplicit: new Float32Array(),
      userBias: biasOf('userBias', users.size),
      itemBias: biasOf('itemBias', items.size),
      mean: finite('mean', mean),
      minimum,
      maximum,
      posterior: null,
      state: new Float32Array(),
    },
    users,
    items,
    history: [],
    rated: ratedIn(given.ratings, users, items, isImplicit(solver)),
    itemCodes: null,
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
  for (const [name, value] of Object.entries(numbers)) finite(name, value);
  return { solver, factors, biases, ...numbers };
}

function matrixOf(
  name: string,
  given: unknown,
  columns?: number,
): { rows: number; columns: number; data: Float32Array } {
  const { rows, columns: width, data } = isMatrix(given) ? given : flattened(name, given);
  if (data.length !== rows * width) {
    throw invalid(`${name} has ${data.length} numbers; ${rows} rows of ${width} columns need ${rows * width}`);
  }
  if (columns !== undefined && width !== columns && rows > 0) {
    throw invalid(`${name} has ${width} columns, and itemFactors has ${columns}; they must be equal`);
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
  if (!isList(given)) throw invalid(`${name} is ${show(given)}; it must be rows of numbers, or {rows, columns, data}`);
  const first: unknown = given[0] ?? [];
  const columns = isList(first) ? first.length : 0;
  const data = new Float64Array(given.length * columns);
  for (let row = 0; row < given.length; row++) {
    const numbers: unknown = given[row];
    if (!isList(numbers) || numbers.length !== columns) {
      const found = isList(numbers) ? `${numbers.length} numbers` : show(numbers);
      throw invalid(`${name}: row ${row} is ${found}; it must be ${columns} numbers like the first`);
    }
    for (let column = 0; column < columns; column++) data[row * columns + column] = numbers[column] as number;
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
    throw invalid(`${name}: number ${index} is ${show(value)}; it must be a finite number of float32`);
  }
  return numbers;
}

function listOf(name: string, given: unknown, rows: number): Float32Array {
  if (given === undefined) return new Float32Array(rows);
  if (!isList(given) || given.length !== rows) {
    throw invalid(
      `${name} is ${isList(given) ? `${given.length} numbers` : show(given)}; it must be ${rows}, one a row`,
    );
  }
  return numbersOf(name, given);
}

function idsOf(name: 'items' | 'users', given: unknown, rows: number): Ids {
  const matrix = name === 'items' ? 'itemFactors' : 'userFactors';
  if (!isList(given)) throw invalid(`${name} is ${show(given)}; it must be a list of ids`);
  if (given.length !== rows) {
    throw invalid(`${name} has ${given.length} ids, and ${matrix} ${rows} rows; they must be equal`);
  }
  const ids = new GrowingIds();
  for (let row = 0; row < rows; row++) {
    const id = given[row];
    if (!isId(id)) throw badId(`id number ${row} of ${name}`, id);
    if (ids.add(id) !== row) throw invalid(`${name}: ${show(id)} is there twice`);
  }
  return ids.seal();
}

function finite(name: string, value: unknown): number {
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  throw invalid(`${name} is ${show(value)}; it must be a finite number`);
}

function checkRange(range: unknown): readonly [number, number] {
  const isPair = isList(range) && range.length === 2 && (range[0] as number) <= (range[1] as number);
  if (!isPair) throw invalid(`range is ${show(range)}; it must be [least, most]`);
  return range as unknown as readonly [number, number];
}

function ratedIn(ratings: unknown, users: Ids, items: Ids, isWeights: boolean): RatingsByUser | null {
  if (ratings === undefined) return null;
  if (!(ratings instanceof Ratings)) throw invalid(`ratings is ${show(ratings)}; it must be Ratings`);
  if (users.size === 0) throw invalid('ratings need userFactors and users: they are what the users rated');
  const table = tableOf(ratings);
  if (table.implicit && !isWeights)
    throw invalid('ratings: these have no rating values, and the solver predicts ratings');
  const [rows, columns] = [users.findAll(table.users.list as Id[]), items.findAll(table.items.list as Id[])];
  const kept = { users: [] as number[], items: [] as number[], values: [] as number[] };
  for (let row = 0; row < table.columns.users.length; row++) {
    const [user, item] = [rows[table.columns.users[row]!]!, columns[table.columns.items[row]!]!];
    if (user < 0 || item < 0) continue;
    kept.users.push(user);
    kept.items.push(item);
    kept.values.push(table.columns.values[row]!);
  }
  const all = groupByUser(
    {
      users: Int32Array.from(kept.users),
      items: Int32Array.from(kept.items),
      values: Float32Array.from(kept.values),
    },
    users.size,
  );
  for (;;) {
    const { done, value } = all.next();
    if (done) return value;
  }
}
