import { defined } from '../base/checks.js';
import { type ItemRating, type Recommendation, type RecommendOptions, Titles } from '../index.js';
import { type Command, type Given, numberOf, UsageError } from './command.js';
import { fileAt, readModel } from './input.js';
import { decimals, print, table } from './terminal.js';

export const recommendCommand: Command = {
  name: 'recommend',
  usage: 'MODEL (--user ID | --rate ITEM=RATING,…) [options]',
  files: [1, 1],
  about: 'Recommends items to a user of the model, or to a visitor by a few ratings (fold-in, without retraining).',
  flags: [
    { name: 'user', value: 'ID', help: 'a user of the model' },
    {
      name: 'rate',
      value: 'ITEM=RATING',
      many: true,
      help: "a visitor's ratings, separated by commas or repeated",
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
    'matfac recommend model.safetensors --user ann --by rating --json',
  ],
  async run(given) {
    const user = given.text('user');
    const rates = given.texts('rate');
    if ((user === undefined) === (rates.length === 0)) {
      throw new UsageError(
        user === undefined ? '--user or --rate is missing' : '--user and --rate must not be given together',
      );
    }
    const titles = given.text('titles');
    const names = titles === undefined ? undefined : await Titles.fromFile(await fileAt(titles));
    const model = await readModel(given.files[0]!);
    const options = defined({
      n: given.number('n'),
      by: given.text('by') as RecommendOptions['by'],
      exclude: excludeOf(given),
    });
    const found =
      user === undefined ? model.foldIn(ratingsOf(rates)).recommend(options) : model.recommend(user, options);
    const entries = found.map((entry) => ({ ...entry, ...defined({ title: names?.get(entry.item)?.title }) }));
    print(given, entries, entries.length > 0 ? tableOf(entries) : 'No items are left to recommend');
  },
};

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
