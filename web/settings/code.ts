/** The code that repeats, with the package alone, what the visitor did on the page. */
import { type Id, type Model, type ModelOptions, type OptionName, SOLVER_OPTIONS, type Solver } from 'matfac';

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
  /** The visitor's ratings, as they are folded into the model. */
  stars?: readonly { item: Id; rating: number }[];
}

/** Where the code runs: as a module of Node or of a bundled page, or as a page that loads the package from a CDN. */
export type Place = 'browser' | 'cdn' | 'node';

/** The version of the package that the page is built with. */
export const VERSION = '0.1.0';

/** Code that reads the ratings, trains, prints the errors and the recommendations, and evaluates on held-out ratings. */
export function codeFor(repeat: Repeat, place: Place = 'node'): string {
  const code = moduleFor(repeat, place);
  if (place !== 'cdn') return code;
  const address = `https://cdn.jsdelivr.net/npm/matfac@${VERSION}/dist/index.js`;
  return `<script type="importmap">{ "imports": { "matfac": "${address}" } }</script>
<script type="module">
${code.replaceAll(/^(?=.)/gm, '  ')}</script>
`;
}

function moduleFor({ source, options, validation, stars = [] }: Repeat, place: Place): string {
  const isFile = 'file' in source;
  const readsDisk = isFile && place === 'node';
  const read = !isFile
    ? `await Ratings.sample(${quoted(source.sample)}, { seed: 1 })`
    : readsDisk
      ? `await Ratings.fromFile(new Blob([await readFile(${quoted(source.file)})]))`
      : `await Ratings.fromFile(await (await fetch(${quoted(encodeURIComponent(source.file))})).blob())`;
  const settings = { ...options, ...(validation > 0 && { validation }) };
  return `${readsDisk ? "import { readFile } from 'node:fs/promises';\n" : ''}import { evaluateAsync, Ratings, train } from 'matfac';

const ratings = ${read};
const options = ${written(options)};

// The model on the page.
const model = await train(ratings, ${'validation' in settings ? `{ ...options, validation: ${validation} }` : 'options'});
console.log(model.history.at(-1));
${stars.length > 0 ? foldedIn(stars) : ''}
// Its evaluation on the page: trained without a fifth of the ratings, and tested on that fifth.
const { train: known, test } = ratings.split({ test: 0.2, seed: 1 });
const judged = await train(known, ${'patience' in options ? '{ ...options, patience: 0, epochs: model.history.length }' : 'options'});
console.log(await evaluateAsync(judged, test, { k: 10, exclude: known }));
`;
}

const foldedIn = (stars: NonNullable<Repeat['stars']>): string => `
// You, with your stars: nothing is trained again.
const you = model.foldIn([
${stars.map(({ item, rating }) => `  { item: ${typeof item === 'string' ? quoted(item) : item}, rating: ${rating} },`).join('\n')}
]);
console.log(you.recommend({ n: 10 }));
`;

const quoted = (text: string) => `'${JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`;

function written(options: CodeOptions): string {
  const entries = Object.entries(options).map(
    ([name, value]) => `  ${name}: ${typeof value === 'string' ? quoted(value) : JSON.stringify(value)},`,
  );
  return `{\n${entries.join('\n')}\n}`;
}
