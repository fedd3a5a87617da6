/** The films of the page's sample: facts about them are plausible, and they agree with what the ratings are made from. */
import { Ratings } from 'matfac';
import { expect, test } from 'vitest';
import { sampleFilms, sampleTitles } from '../../web/items/sample-titles.js';

const poles = [
  ['Thriller', 'Comedy'],
  ['Science fiction', 'Romance'],
  ['Drama', 'Animation'],
  ['Adventure', 'Horror'],
  ['History', 'Fantasy'],
  ['Western', 'Music'],
] as const;
const genres: readonly string[] = poles.flat();

const [ratings, factors] = await Promise.all([Ratings.sample('ml100k'), Ratings.sampleItemFactors('ml100k')]);
const titles = sampleTitles(factors, ratings);

/** The planted factor along a genre. */
function strengthOf(item: number, genre: string): number {
  const k = poles.findIndex((pair) => (pair as readonly string[]).includes(genre));
  return factors.data[(item - 1) * factors.columns + k]! * (poles[k]![0] === genre ? 1 : -1);
}

test('each film is listed once, with a plausible year and genres of the list, never the poles of one factor', () => {
  const films = [...sampleFilms().values()].flat();
  expect([...sampleFilms().keys()]).toEqual(expect.arrayContaining([...genres]));
  expect(films.length).toBeGreaterThanOrEqual(factors.rows);
  const names = films.map(({ title, year }) => `${title.toLowerCase()} ${year}`);
  expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([]);
  for (const { title, year, genres: own } of films) {
    expect(title.trim(), title).not.toBe('');
    expect(year >= 1900 && year <= 2025, `${title} ${year}`).toBe(true);
    expect(own.length >= 1 && own.length <= 2 && own.every((genre) => genres.includes(genre)), title).toBe(true);
    expect(
      poles.some((pair) => pair.every((pole) => own.includes(pole))),
      title,
    ).toBe(false);
  }
});

test('every item of the sample is a film of its own', () => {
  expect([...titles.keys()].sort((a, b) => Number(a) - Number(b))).toEqual(
    Array.from({ length: factors.rows }, (_, row) => row + 1),
  );
  const named = [...titles.values()].map(({ title }) => title);
  expect(new Set(named).size).toBe(factors.rows);
  for (const title of named) expect(title).toMatch(/ \(\d{4}\)$/);
});

test('the main genre is the strongest planted pole of the item; further genres agree with the planted factors', () => {
  const further: boolean[] = [];
  for (const [item, { genres: own }] of titles) {
    const [main, other] = own as [string, string?];
    const strongest = genres.reduce((a, b) => (strengthOf(Number(item), b) > strengthOf(Number(item), a) ? b : a));
    expect(main).toBe(strongest);
    if (other) further.push(strengthOf(Number(item), other) > 0);
  }
  expect(further.length).toBeGreaterThan(500);
  // Half would agree by chance.
  expect(further.filter((agrees) => agrees).length / further.length).toBeGreaterThan(0.7);
});

test('the same on every visit', () => {
  expect([...sampleTitles(factors, ratings)]).toEqual([...titles]);
});
