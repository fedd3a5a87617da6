import { plainOptions } from '../base/checks.js';
import { guard, invalid, MatfacError } from '../base/errors.js';
import { hash32 } from '../base/hash32.js';
import { show } from '../base/show.js';
import { OPTIONS } from '../core/catalogue.js';
import type { CoreModule, CoreOptions } from '../core/core.js';
import {
  checkOptionNames,
  coreOptionsOf,
  type OptionName,
  type Solver,
  type TrainOptions,
  typeOfOption,
} from '../core/options.js';

/** Numbers between two ends, both included: all as likely (`linear`), or their logarithms are (`log`, ends above 0). */
export type SearchRange =
  | { linear: readonly [from: number, to: number] }
  | { log: readonly [from: number, to: number] };

type Choices<T> = T | readonly T[] | ([T] extends [number] ? SearchRange : never);

type SearchName = 'solver' | Exclude<OptionName, 'patience' | 'threads'>;

/**
 * Options of `train` to search over: an array of choices, a range of numbers (rounded where they are whole: factors, epochs,
 * samples, seed), or one value for all trials. What a solver has no use for is left out of its trials.
 */
export type SearchSpace = { [N in SearchName]?: Choices<NonNullable<TrainOptions[N]>> };

/** The options of a trial: what was drawn, and of what was not, the solver and the epochs. */
export type TrialOptions = Pick<TrainOptions, SearchName> & { solver: Solver; epochs: number };

const OPTION_NAMES = Object.keys(OPTIONS) as OptionName[];
const NAMES = ['solver', ...OPTION_NAMES.filter((name) => name !== 'patience' && name !== 'threads')] as SearchName[];

type Value = number | string | boolean;
/** Of one option: choices, or the ends of a range. */
type Dimension = { name: SearchName; choices: Value[] } | { name: SearchName; scale: 'linear' | 'log'; ends: Ends };
type Ends = readonly [number, number];

/** A space that was checked, for each of its solvers the dimensions that it has a use for. */
export interface CheckedSpace {
  solvers: Solver[];
  of: Map<Solver, { dimensions: Dimension[]; epochs: number }>;
}

/**
 * Checks every choice and both ends of every range as `train` would: one that no solver of the space takes is an error.
 * @throws MatfacError `invalid-argument`.
 */
export function checkSpace(core: CoreModule, given: SearchSpace, implicit: boolean): CheckedSpace {
  checkOptionNames('the space of search', given, NAMES);
  const space = plainOptions('the space of search', given, NAMES);
  const dimensions = NAMES.filter((name) => space[name] !== undefined).map((name) => dimensionOf(name, space[name]));
  if (dimensions.length === 0) {
    throw invalid(
      'search: the space is empty; give options of train, say {factors: [8, 16], regularization: {log: [0.01, 1]}}',
    );
  }
  const own = dimensions.find(({ name }) => name === 'solver');
  const named: readonly unknown[] = own ? valuesOf(own) : [undefined];
  const solvers = named.map((solver) => coreOptionsOf({ solver } as TrainOptions, implicit).solver as Solver);
  const of: CheckedSpace['of'] = new Map();
  for (const solver of solvers) of.set(solver, { dimensions: [], epochs: epochsOf(core, solver) });
  for (const dimension of dimensions) if (dimension !== own) offer(core, dimension, of);
  return { solvers, of };
}

/** Gives a dimension to each solver, less what the solver does not take. */
function offer(core: CoreModule, dimension: Dimension, of: CheckedSpace['of']): void {
  const taken = [...of.keys()].map((solver) => ({ solver, ...takenBy(core, solver, dimension) }));
  for (const [place, value] of valuesOf(dimension).entries()) {
    const refusals = taken.map((each) => each.refusals[place] ?? null);
    if (refusals.includes(null)) continue;
    throw invalid(`search: the space has ${show(value)} for ${dimension.name}: ${refusals[0]!.message}`);
  }
  for (const { solver, narrowed } of taken) if (narrowed) of.get(solver)!.dimensions.push(narrowed);
}

function dimensionOf(name: SearchName, value: unknown): Dimension {
  if (Array.isArray(value)) {
    if (value.length > 0) return { name, choices: value };
    throw invalid(`search: the space has no choice for ${name}; its array is empty`);
  }
  if (typeof value !== 'object' || value === null) return { name, choices: [value as Value] };
  const [scale, ...more] = Object.keys(value);
  const ends: unknown = (value as Record<string, unknown>)[scale ?? ''];
  const isNumber = name !== 'solver' && typeOfOption(name) === 'number';
  if (!isNumber || more.length > 0 || (scale !== 'linear' && scale !== 'log')) {
    const range = isNumber ? ', {linear: [from, to]} or {log: [from, to]}' : '';
    throw invalid(
      `search: the space has ${show(value)} for ${name}; allowed are an array of choices or one value${range}`,
    );
  }
  return { name, scale, ends: endsOf(name, scale, ends) };
}

function endsOf(name: string, scale: 'linear' | 'log', ends: unknown): Ends {
  const least = scale === 'log' ? Number.MIN_VALUE : Number.NEGATIVE_INFINITY;
  if (
    Array.isArray(ends) &&
    ends.length === 2 &&
    ends.every(Number.isFinite) &&
    ends[0] >= least &&
    ends[0] <= ends[1]
  ) {
    return [ends[0], ends[1]];
  }
  const shown = Array.isArray(ends) ? `[${ends.map(show).join(', ')}]` : show(ends);
  const allowed = `two finite numbers${scale === 'log' ? ' above 0' : ''}, the smaller first`;
  throw invalid(`search: the space has {${scale}: ${shown}} for ${name}; it must be ${allowed}`);
}

function valuesOf(dimension: Dimension): readonly Value[] {
  return 'choices' in dimension ? dimension.choices : dimension.ends;
}

/** What a solver says to each value of a dimension, and the dimension with what it takes alone. */
function takenBy(core: CoreModule, solver: Solver, dimension: Dimension) {
  const { name } = dimension;
  const refusals = valuesOf(dimension).map((value) => refusalOf(core, { solver, [name]: value }));
  if (refusals.every((refusal) => refusal === null)) return { refusals, narrowed: dimension };
  if (!('choices' in dimension)) return { refusals, narrowed: null };
  const choices = dimension.choices.filter((_, place) => refusals[place] === null);
  return { refusals, narrowed: choices.length > 0 ? { ...dimension, choices } : null };
}

function refusalOf(core: CoreModule, options: CoreOptions): MatfacError | null {
  try {
    guard(() => core.resolveOptions(coreOptionsOf(options as TrainOptions, false)));
    return null;
  } catch (failure) {
    if (failure instanceof MatfacError && failure.code === 'invalid-argument') return failure;
    throw failure;
  }
}

function epochsOf(core: CoreModule, solver: Solver): number {
  return guard(() => core.resolveOptions({ solver })).epochs;
}

/** So many different draws from the space, or fewer where there are no more. */
export function drawTrials({ solvers, of }: CheckedSpace, trials: number, seed: number): TrialOptions[] {
  const key = hash32(seed % 2 ** 32);
  let draws = 0;
  // Weyl's sequence, hashed: numbers from 0 to less than 1.
  const draw = () => hash32(Math.imul(++draws, 0x9e3779b9) ^ key) / 2 ** 32;
  const drawn = new Map<string, TrialOptions>();
  // Among few combinations the last ones take many draws to find.
  for (let attempt = 0; attempt < 100 * trials + 1000 && drawn.size < trials; attempt++) {
    const solver = solvers[Math.floor(draw() * solvers.length)]!;
    const { dimensions, epochs } = of.get(solver)!;
    const values = dimensions.map((dimension) => [dimension.name, valueAt(dimension, draw())]);
    const options: TrialOptions = { solver, epochs, ...Object.fromEntries(values) };
    const name = JSON.stringify(options);
    if (!drawn.has(name)) drawn.set(name, options);
  }
  return [...drawn.values()];
}

/** The value at a place between 0 and 1. */
function valueAt(dimension: Dimension, place: number): Value {
  if ('choices' in dimension) return dimension.choices[Math.floor(place * dimension.choices.length)]!;
  const [from, to] = dimension.ends;
  const value = dimension.scale === 'log' ? from * (to / from) ** place : from + (to - from) * place;
  // Rounding may step over the ends by a bit.
  const inside = Math.min(to, Math.max(from, value));
  return dimension.name !== 'solver' && OPTIONS[dimension.name].kind === 'whole' ? Math.round(inside) : inside;
}
