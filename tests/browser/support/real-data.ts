import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const folder = process.env.MATFAC_DATA ?? fileURLToPath(new URL('../../../../shared/data', import.meta.url));

/** The path of a real data file, or null if it is not on this machine. */
export function realData(name: string): string | null {
  const path = `${folder}/${name}`;
  return existsSync(path) ? path : null;
}

/** Ratings for a walk through the page, and what it should find in them. */
export interface WalkedData {
  name: string;
  /** Whether it is on this machine. */
  isHere: boolean;
  /** Their files; null for the built-in sample. */
  files: { ratings: string; titles: string } | null;
  users: number;
  items: number;
  /** Queries that each find an item. */
  known: readonly string[];
  /** A part of the code under Keep. */
  source: string;
}

export const sample: WalkedData = {
  name: 'the sample',
  isHere: true,
  files: null,
  users: 943,
  items: 1679,
  known: ['thriller', 'romance'],
  source: "Ratings.sample('ml100k'",
};

const films = ['star wars', 'alien (1979)'];

/** MovieLens as published. Missing files are reported. */
export const movieLens: WalkedData[] = [
  {
    name: 'MovieLens latest-small',
    ratings: 'ml-latest-small.ratings.csv.gz',
    titles: 'ml-latest-small.movies.csv.gz',
    users: 671,
    items: 9066,
  },
  {
    name: 'MovieLens 100K',
    ratings: 'ml-100k.u1.base.gz',
    titles: 'ml-100k.u.item.gz',
    users: 943,
    items: 1650,
  },
].map(({ name, users, items, ...files }) => {
  const [ratings, titles] = [realData(files.ratings), realData(files.titles)];
  const isHere = ratings !== null && titles !== null;
  if (!isHere)
    console.warn(`SKIPPED: no walk on ${name}. Set MATFAC_DATA to a folder with ${files.ratings} and ${files.titles}.`);
  return {
    name,
    isHere,
    files: isHere ? { ratings, titles } : null,
    users,
    items,
    known: films,
    source: files.ratings,
  };
});
