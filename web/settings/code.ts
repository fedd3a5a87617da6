/** The code that repeats, with the package alone, what the visitor did on the page. */
import { type Model, type ModelOptions, type OptionName, SOLVER_OPTIONS, type Solver } from 'matfac';

export type CodeOptions = Partial<ModelOptions> & { solver: Solver };

/** Handled separately: epochs may be fewer, patience may be 0, and threads do not change the model. */
const OWN: readonly OptionName[] = ['epochs', 'patience', 'threads'];

/** The options of a model as `train` takes them, without relying on any default. */
export function optionsToRepeat(options: ModelOptions, epochs = options.epochs): CodeOptions {
  const names = SOLVER_OPTIONS[options.solver].filter((name) => !OWN.includes(name)) as (keyof ModelOptions)[];
  const chosen = Object.fromEntries(names.map((name) => [name, options[name]]));
  return { solver: options.solver, epochs, ...chosen, ...(options.patience > 0 && { patience: options.patience }) };
}

/** The epochs to train again: those that the training was given, if it ended by itself, or else those that were done. */
export const epochsToRepeat = ({ history, options }: Model, endedByItself: boolean): number =>
  endedByItself ? Math.max(history.length, options.epochs) : history.length;

export interface Repeat {
  /** The size of the sample, or the name of the file that was read. */
  source: { sample: string } | { file: string };
  options: CodeOptions;
  /** The share held out for validation; 0 for none. */
  validation: number;
}

/** A module for Node that reads the ratings, trains, prints the errors, and evaluates on held-out ratings. */
export function codeFor({ source, options, validation }: Repeat): string {
  const isFile = 'file' in source;
  const read = isFile
    ? `await Ratings.fromFile(new Blob([await readFile(${quoted(source.file)})]))`
    : `await Ratings.sample(${quoted(source.sample)}, { seed: 1 })`;
  const settings = { ...options, ...(validation > 0 && { validation }) };
  return `${isFile ? "import { readFile } from 'node:fs/promises';\n" : ''}import { evaluateAsync, Ratings, train } from 'matfac';

const ratings = ${read};
const options = ${written(options)};

// The model on the page.
const model = await train(ratings, ${'validation' in settings ? `{ ...options, validation: ${validation} }` : 'options'});
console.log(model.history.at(-1));

// Its evaluation on the page: trained without a fifth of the ratings, and tested on that fifth.
const { train: known, test } = ratings.split({ test: 0.2, seed: 1 });
const judged = await train(known, ${'patience' in options ? '{ ...options, patience: 0, epochs: model.history.length }' : 'options'});
console.log(await evaluateAsync(judged, test, { k: 10, exclude: known }));
`;
}

const quoted = (text: string) => `'${JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`;

function written(options: CodeOptions): string {
  const entries = Object.entries(options).map(
    ([name, value]) => `  ${name}: ${typeof value === 'string' ? quoted(value) : JSON.stringify(value)},`,
  );
  return `{\n${entries.join('\n')}\n}`;
}
