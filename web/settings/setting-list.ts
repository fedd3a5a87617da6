/** The fields of the form, from the library's catalogue of options: which solvers read each, and its values. */
import { OPTION_RANGES, OPTIONS, type OptionName, SOLVER_OPTIONS, SOLVERS, type Solver } from 'matfac';
import { settingWords } from './setting-words.js';
import type { SettingName, SettingValue } from './settings.js';

export interface Setting {
  name: SettingName;
  label: string;
  words: string;
  fits: readonly Solver[];
  /** A number with these bounds, a choice, or else yes and no. */
  number?: { min: number; max?: number; step: string };
  choices?: readonly (readonly [value: SettingValue, label: string])[];
  /** Shown among the settings that few visitors need. */
  isFine?: boolean;
}

/** On the page, `train` chooses the number itself or takes one of these. */
const threadChoices = [['auto', 'Automatic'], ...[1, 2, 4, 8].map((n) => [n, String(n)] as const)] as const;

const names = Object.keys(OPTIONS) as OptionName[];
const solverNames = Object.keys(SOLVERS) as Solver[];
const inOrder = [...(Object.keys(settingWords) as OptionName[]), ...names.filter((name) => !(name in settingWords))];

const reads = (solver: Solver): readonly OptionName[] => SOLVER_OPTIONS[solver];
const common = names.filter((name) => solverNames.every((solver) => reads(solver).includes(name)));

export const settings: readonly Setting[] = inOrder.map((name) => {
  const { label, words, isFine = true, choices } = settingWords[name] ?? { label: spelledOut(name), words: '' };
  const fits = solverNames.filter((solver) => isOffered(name, solver));
  return { name, label, words, fits, isFine, ...controlOf(name, choices ?? {}) };
});

/**
 * The options that the solver reads, except those that make no difference to a baseline, which trains in an instant: threads and
 * patience, and epochs where one is enough, because there is nothing to set.
 */
function isOffered(name: OptionName, solver: Solver): boolean {
  if (!reads(solver).includes(name)) return false;
  if (SOLVERS[solver].hasFactors || !common.includes(name) || name === 'seed') return true;
  return name === 'epochs' && reads(solver).length > common.length;
}

function controlOf(
  name: OptionName,
  labels: { readonly [choice: string]: string },
): Pick<Setting, 'number' | 'choices'> {
  if (name === 'threads') return { choices: threadChoices };
  const option = OPTIONS[name];
  if (option.kind === 'choice') return { choices: option.choices.map((choice) => [choice, labels[choice] ?? choice]) };
  if (option.kind === 'switch') return {};
  const range = OPTION_RANGES[name as keyof typeof OPTION_RANGES];
  const min = 'above' in range ? range.above : range.least;
  return {
    number: { min, ...('most' in range && { max: range.most }), step: option.kind === 'whole' ? '1' : 'any' },
  };
}

/** learningRate → Learning rate. */
function spelledOut(name: string): string {
  return name
    .replace(/^./, (first) => first.toUpperCase())
    .replace(/[A-Z]/g, (letter, at) => (at ? ` ${letter.toLowerCase()}` : letter));
}
