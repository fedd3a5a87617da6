import { defined } from '../base/checks.js';
import {
  type Id,
  type ItemRating,
  MatfacError,
  type Model,
  type Recommendation,
  type RecommendOptions,
  readProfile,
  type Title,
  Titles,
} from '../index.js';
import { type Command, type Given, numberOf, UsageError } from './command.js';
import { fileAt, inFile, readModel } from './input.js';
import { decimals, note, print, table } from './terminal.js';

export const recommendCommand: Command = {
  name: 'recommend',
  usage: 'MODEL (--user ID | --rate ITEM=RATING,… | --profile FILE) [options]',
  files: [1, 1],
  about:
    'Recommends items to a user of the model, or to a visitor by a few ratings or by an own list (fold-in, without retraining).',
  flags: [
    { name: 'user', value: 'ID', help: 'a user of the model' },
    {
      name: 'rate',
      value: 'ITEM=RATING',
      many: true,
      help: "a visitor's ratings, separated by commas or repeated",
    },
    {
      name: 'profile',
      value: 'FILE',
      help: "one person's list: an export of Letterboxd, IMDb, Goodreads, Trakt or Netflix, or titles and ratings; needs --titles",
    },
    { name: 'n', value: 'N', help: 'the number of items (default 10)' },
    {
      name: 'by',
      value: 'preference|rating',
      help: 'order by what a user will take and like (default, where the model knows it), or by the predicted rating',
    },
    {
      name: 'exclude',
      value: 'rated|none|LIST',
      help: 'items to leave out: rated (default), none, or ids separated by commas',
    },
    { name: 'titles', value: 'FILE', help: "the items' titles (movies.csv, u.item, JSON, Parquet)" },
  ],
  examples: [
    'matfac recommend model.safetensors --user 42 -n 10',
    'matfac recommend model.safetensors --rate 50=5,181=4 --titles u.item',
    'matfac recommend model.safetensors --profile letterboxd.zip --titles movies.csv',
    'matfac recommend model.safetensors --user ann --by rating --json',
  ],
  async run(given) {
    const who = oneOf(given);
    const titles = given.text('titles');
    const names = titles === undefined ? undefined : await Titles.fromFile(await fileAt(titles));
    const model = await readModel(given.files[0]!);
    const options = defined({
      n: given.number('n'),
      by: given.text('by') as RecommendOptions['by'],
      exclude: excludeOf(given),
    });
    const found =
      who === 'user'
        ? model.recommend(given.text('user')!, options)
        : await recommendToVisitor(given, model, names, options);
    const entries = found.map((entry) => ({ ...entry, ...defined({ title: names?.get(entry.item)?.title }) }));
    print(given, entries, entries.length > 0 ? tableOf(entries) : 'No items are left to recommend');
  },
};

/** How the command says to whom it recommends. */
function oneOf(given: Given): 'user' | 'rate' | 'profile' {
  const names = (['user', 'rate', 'profile'] as const).filter((name) => given.texts(name).length > 0);
  const [name, other] = names;
  if (name === undefined) throw new UsageError('--user, --rate or --profile is missing');
  if (other !== undefined) throw new UsageError(`--${name} and --${other} must not be given together`);
  return name;
}

async function recommendToVisitor(
  given: Given,
  model: Model,
  titles: Map<Id, Title> | undefined,
  options: RecommendOptions,
): Promise<Recommendation[]> {
  const path = given.text('profile');
  if (path === undefined) return model.foldIn(ratingsOf(given.texts('rate'))).recommend(options);
  const { ratings, taken } = await readOwnList(given, path, model, titles);
  const { exclude = 'rated' } = options;
  const known = exclude === 'rated' ? [...ratings.map(({ item }) => item), ...taken] : exclude;
  return model.foldIn(ratings).recommend({ ...options, exclude: known });
}

/** The ratings of the list, and the other items that its owner knows. */
async function readOwnList(given: Given, path: string, model: Model, titles: Map<Id, Title> | undefined) {
  try {
    const list = await readProfile(await fileAt(path), { model, ...(titles ? { titles } : {}) });
    for (const { message } of list.source.notes) note(given, `${message}.`);
    const { ratings, unrated, unmatched } = list;
    note(given, `${ratings.length} ratings of ${path} are of items of the model; ${unmatched.length} are not.`);
    for (const { line, title, reason } of unmatched.slice(0, SHOWN)) note(given, `  line ${line}: ${title}: ${reason}`);
    if (unmatched.length > SHOWN) note(given, `  and ${unmatched.length - SHOWN} more`);
    if (ratings.length === 0) {
      const message = 'the list must have ratings of items of the model; it has none';
      throw new MatfacError('parse-error', message);
    }
    return { ratings, taken: unrated.map(({ item }) => item) };
  } catch (failure) {
    throw inFile(path, failure);
  }
}

/** How many entries without an item are printed. */
const SHOWN = 10;

/** The score, the predicted rating in a model of ratings, and the item with its title. */
function tableOf(entries: readonly (Recommendation & { title?: string })[]): string {
  const ifRated = (cell: string) => (entries[0]?.rating === undefined ? [] : [cell]);
  const rows = entries.map(({ item, score, rating, title }) => [
    decimals(score),
    ...ifRated(decimals(rating, 2)),
    title === undefined ? String(item) : `${item}  ${title}`,
  ]);
  return table([['score', ...ifRated('rating'), 'item'], ...rows]);
}

function excludeOf(given: Given): RecommendOptions['exclude'] | undefined {
  const exclude = given.text('exclude');
  if (exclude === undefined || exclude === 'rated' || exclude === 'none') return exclude;
  return exclude.split(',');
}

/** Parses ITEM=RATING, or ITEM for implicit feedback. */
function ratingsOf(rates: readonly string[]): ItemRating[] {
  return rates
    .flatMap((rate) => rate.split(','))
    .map((rate) => {
      const end = rate.lastIndexOf('=');
      const item = end < 0 ? rate : rate.slice(0, end);
      return end < 0 ? { item } : { item, rating: numberOf('rate', rate.slice(end + 1)) };
    });
}
