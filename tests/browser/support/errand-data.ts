/** Real MovieLens files for the errands, and what a shop and a reader of books would have. */
import { readFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import type { ShopData } from './errands.js';
import type { ListedBook } from './own-lists.js';
import { type Purchase, purchaseLogs } from './purchase-logs.js';
import { realData } from './real-data.js';
import { textFile } from './steps.js';

export interface Files {
  ratings: string;
  titles: string;
}

/** Null, and said, where a file is missing. */
function filesOf(names: Files): Files | null {
  const [ratings, titles] = [realData(names.ratings), realData(names.titles)];
  if (ratings && titles) return { ratings, titles };
  console.warn(`SKIPPED: errands on ${names.ratings}. Set MATFAC_DATA to a folder with it and ${names.titles}.`);
  return null;
}

export const latestSmall = filesOf({
  ratings: 'ml-latest-small.ratings.csv.gz',
  titles: 'ml-latest-small.movies.csv.gz',
});
export const hundredThousand = filesOf({ ratings: 'ml-100k.u1.base.gz', titles: 'ml-100k.u.item.gz' });

const linesOf = async (path: string) =>
  gunzipSync(await readFile(path))
    .toString('latin1')
    .trim()
    .split('\n');

/** Sales that are real choices of real people: who gave a film of MovieLens 100K four stars or more has bought it. */
export async function salesOf({ ratings, titles }: Files, format: keyof typeof purchaseLogs): Promise<ShopData> {
  const log = (await linesOf(ratings)).flatMap((line): Purchase[] => {
    const [user, item, rating, time] = line.split('\t').map(Number);
    return rating! >= 4 ? [{ customer: `C-${user}`, sku: `DVD-${item}`, time: time! }] : [];
  });
  const sold = new Set(log.map(({ sku }) => sku));
  // A few films come twice under one title; articles are told apart by their numbers.
  const names = new Map(
    (await linesOf(titles)).flatMap((line): [string, string][] => {
      const [item, title] = line.split('|');
      const sku = `DVD-${item}`;
      return sold.has(sku) ? [[sku, `${title} no. ${item}`]] : [];
    }),
  );
  const rows = [...names].map(([sku, name]) => `${sku},"${name.replaceAll('"', '""')}"`);
  return {
    log: purchaseLogs[format](log),
    products: textFile('products.csv', `sku,product_name\n${rows.join('\n')}\n`),
    names,
    purchases: log.length,
    customers: new Set(log.map(({ customer }) => customer)).size,
  };
}

const shelf = Array.from({ length: 30 }, (_, i) => ({
  title: `The ${['Paper', 'Silent', 'Winter', 'Distant', 'Crooked'][i % 5]} ${['Lighthouse', 'Orchard', 'Station', 'River', 'Garden', 'Bridge'][i % 6]}`,
  author: `Author ${String.fromCharCode(65 + (i % 13))}. ${['Ostler', 'Quill', 'Reed'][i % 3]}`,
  isbn: `97809000${String(10_000 + i)}`,
}));

/** Readers who love the even books or the odd ones. */
export const books = {
  ratings: textFile(
    'book-ratings.csv',
    `user_id,book_id,rating\n${Array.from({ length: 600 }, (_, i) => {
      const [reader, book] = [i % 40, (i * 7 + Math.floor(i / 40)) % 30];
      return `${reader},${book},${reader % 2 === book % 2 ? 4 + (i % 2) : 1 + (i % 2)}`;
    }).join('\n')}\n`,
  ),
  titles: textFile(
    'books.csv',
    `book_id,isbn13,title,authors\n${shelf.map(({ title, author, isbn }, i) => `${i},${isbn},${title},${author}`).join('\n')}\n`,
  ),
  /** A reader of even books. */
  read: [0, 2, 4, 1].map((book, i): ListedBook => ({ ...shelf[book]!, stars: [5, 4, 0, 1][i]! })),
};
