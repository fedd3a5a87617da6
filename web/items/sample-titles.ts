/** Titles and genres for the items of the built-in sample: real films, whose ratings are made up. */
import type { Id, Matrix, Ratings } from 'matfac';
import type { Title } from './item-list.js';
import list from './sample-films.txt?raw';

/** The two poles of each of the sample's strongest planted factors: users who like one pole like the other less. */
const poles = [
  ['Thriller', 'Comedy'],
  ['Science fiction', 'Romance'],
  ['Drama', 'Animation'],
  ['Adventure', 'Horror'],
  ['History', 'Fantasy'],
  ['Western', 'Music'],
] as const;

/** The letters of further genres in sample-films.txt. */
const letters: Readonly<Record<string, string>> = {
  T: 'Thriller',
  C: 'Comedy',
  S: 'Science fiction',
  R: 'Romance',
  D: 'Drama',
  A: 'Animation',
  V: 'Adventure',
  H: 'Horror',
  I: 'History',
  F: 'Fantasy',
  W: 'Western',
  M: 'Music',
};

/** An item chooses among this many of the best-known films that are left of its genre. */
const choice = 16;

interface Film {
  title: string;
  year: number;
  /** The main one first; never the two poles of one factor. */
  genres: [string, ...string[]];
}

/** The films of each main genre, roughly from the best known: lines of a title, its year and a letter for a further genre. */
export function sampleFilms(): Map<string, Film[]> {
  const films = new Map<string, Film[]>();
  for (const section of list.trim().split(/^# /m).slice(1)) {
    const [genre = '', ...lines] = section.trim().split('\n');
    films.set(
      genre,
      lines.map((line) => {
        const [, title = '', year, further] = /^(.+) (\d{4})(?: (\w))?$/.exec(line) ?? [];
        return { title, year: Number(year), genres: further ? [genre, letters[further] ?? further] : [genre] };
      }),
    );
  }
  return films;
}

/**
 * The same on every visit. From the most rated item on, each gets a film of the genre that is the pole of its largest
 * planted factor, and of the films at hand the one whose further genre agrees best with its other factors. A visitor who
 * rates thrillers high and comedies low should therefore get thrillers.
 */
export function sampleTitles({ rows, columns, data }: Matrix, { items, itemCounts }: Ratings): Map<Id, Title> {
  const counts = new Map(items.map((item, i) => [item, itemCounts[i]!]));
  const order = Array.from({ length: rows }, (_, row) => row + 1);
  order.sort((a, b) => (counts.get(b) ?? 0) - (counts.get(a) ?? 0));
  const left = sampleFilms();
  const titles = new Map<Id, Title>();
  for (const item of order) {
    const strengths = strengthsOf(data.subarray((item - 1) * columns, item * columns));
    const film = takeFilm(left, strengths);
    if (film) titles.set(item, { title: `${film.title} (${film.year})`, genres: film.genres });
  }
  return titles;
}

/** How much an item is of each genre, the strongest first. */
function strengthsOf(factors: Float32Array): Map<string, number> {
  const all = poles.flatMap(([above, below], k): [string, number][] => [
    [above, factors[k]!],
    [below, -factors[k]!],
  ]);
  return new Map(all.sort((a, b) => b[1] - a[1]));
}

function takeFilm(left: Map<string, Film[]>, strengths: ReadonlyMap<string, number>): Film | undefined {
  const films = [...strengths.keys()].map((genre) => left.get(genre)!).find(({ length }) => length > 0);
  const agreement = ({ genres: [, further] }: Film) => (further ? strengths.get(further)! : 0);
  let best = 0;
  for (const [i, film] of (films ?? []).slice(0, choice).entries()) {
    if (agreement(film) > agreement(films![best]!)) best = i;
  }
  return films?.splice(best, 1)[0];
}
