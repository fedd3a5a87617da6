import { defined } from '../base/checks.js';
import { DEFAULTS, OPTION_WORDS, OPTIONS, SOLVERS } from '../core/catalogue.js';
import { type OptionName, readsOption, type Solver, typeOfOption } from '../core/options.js';
import type { TrainOptions } from '../index.js';
import { dashed, type Flag, type Given, UsageError } from './command.js';

const SOLVER_NAMES = Object.keys(SOLVERS) as Solver[];

/** Few enough to be named in the help. */
const FEW = 4;

/** `train` and `search` have flags of their own for these. */
const OWN: readonly OptionName[] = ['threads', 'seed', 'patience'];

const NAMES = (Object.keys(OPTIONS) as OptionName[]).filter((name) => !OWN.includes(name));

/** A switch is off unless it is named; one that some solver has on takes `true` or `false`. */
function isPlainSwitch(name: OptionName): boolean {
  const defaults: readonly { readonly [option: string]: unknown }[] = Object.values(DEFAULTS);
  return OPTIONS[name].kind === 'switch' && !defaults.some((each) => each[name] === true);
}

function valueName(name: OptionName): string {
  const option = OPTIONS[name];
  if (option.kind === 'choice') return option.choices.join('|');
  return { whole: 'N', real: 'X', switch: 'BOOL' }[option.kind];
}

/** What an option does, and which solvers read it where they are few: "sgd, svd++: the length of …". */
export function helpOf(name: OptionName): string {
  const words: string = OPTION_WORDS[name];
  const plain = `${words.charAt(0).toLowerCase()}${words.slice(1)}`;
  const readers = SOLVER_NAMES.filter((solver) => readsOption(solver, name));
  return readers.length <= FEW ? `${readers.join(', ')}: ${plain}` : plain;
}

/** The solver, and what it reads. */
export const TRAINING_FLAGS: readonly Flag[] = [
  {
    name: 'solver',
    value: 'NAME',
    help: `${SOLVER_NAMES.join(', ')} (default variational; implicit-als for ratings without values)`,
  },
  ...NAMES.map((name) => ({
    name,
    ...(isPlainSwitch(name) ? {} : { value: valueName(name) }),
    help: helpOf(name),
  })),
];

/** How a flag is written: a number, a word, true or false. */
export function typeOfFlag(name: string): 'number' | 'string' | 'boolean' {
  return name === 'solver' ? 'string' : typeOfOption(name as OptionName);
}

/** @throws UsageError for anything else. */
export function booleanOf(name: string, text: string): boolean {
  if (text === 'true' || text === 'false') return text === 'true';
  throw new UsageError(`${dashed(name)} must be true or false; it is '${text}'`);
}

/** The options that were given. The library checks names and ranges. */
export function trainingOptions(given: Given): TrainOptions {
  const entries = TRAINING_FLAGS.map(({ name, value }) => [
    name,
    value ? flagValue(given, name) : given.has(name) || undefined,
  ]);
  return defined(Object.fromEntries(entries)) as TrainOptions;
}

function flagValue(given: Given, name: string) {
  const type = typeOfFlag(name);
  if (type === 'number') return given.number(name);
  const text = given.text(name);
  return type === 'boolean' && text !== undefined ? booleanOf(name, text) : text;
}
