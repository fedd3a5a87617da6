/** A visitor's own list: it is offered as ratings, its titles are found, and it is recommended by. */
import { strToU8, zipSync } from 'fflate';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { chooseFile, chooseRatings, figure, recommendations, textFile, train } from './support/steps.js';
import { type Site, servePage, type Visit, visit } from './support/visit.js';

let site: Site;
let visitor: Visit;

beforeAll(async () => {
  site = await servePage();
});
afterAll(() => site.close());
beforeEach(async () => {
  visitor = await visit(site);
});
afterEach(async () => {
  await visitor.leave();
  expect(visitor.complaints).toEqual([]);
});

const film = (item: number) => `Film No${item} (${1950 + item})`;
const archive = () => {
  const ratings = Array.from({ length: 400 }, (_, row) => `${row % 23},${(row * 7) % 40},${1 + (row % 5)}`);
  const titles = Array.from({ length: 40 }, (_, item) => `${item},${film(item)},Drama`);
  return Buffer.from(
    zipSync({
      'ratings.csv': strToU8(`userId,movieId,rating\n${ratings.join('\n')}`),
      'movies.csv': strToU8(`movieId,title,genres\n${titles.join('\n')}`),
    }),
  );
};
const own = textFile(
  'letterboxd.csv',
  'Date,Name,Year,Letterboxd URI,Rating\n2024-01-01,Film No3,1953,a,5\n2024-01-02,Film No8,1958,b,1.5\n2024-01-03,Another One,1990,c,4\n',
);
const openFilms = () =>
  chooseRatings(visitor.page, { name: 'films.zip', mimeType: 'application/zip', buffer: archive() });
const takeOwn = async () => {
  await chooseFile(visitor.page, 'Choose ratings …', own);
  await visitor.page.getByRole('button', { name: 'These are my own ratings' }).click();
};

test("one person's list becomes the visitor's stars, and recommendations follow", async () => {
  const { page } = visitor;
  await openFilms();
  await train(page);
  await takeOwn();
  // What screen readers are told has the same words.
  await page.locator('.own-list').getByText('2 ratings taken from letterboxd.csv; 1 title not found.').waitFor();
  await page.getByText('Titles that were not found').click();
  await page.getByText('Another One (1990): no such title').waitFor();
  await page.getByRole('heading', { name: 'Your 2 ratings' }).waitFor();
  const found = await recommendations(page);
  expect(found.length).toBeGreaterThan(0);
  const titles = found.map(({ title }) => title);
  expect(titles).not.toContain(film(3));
  expect(titles).not.toContain(film(8));
  // The ratings of many are still the ones that were opened.
  expect(await figure(page, 'users')).toBe(23);
});

test('a list of which the sample has no title says what to open first', async () => {
  await takeOwn();
  await visitor.page.getByText(/None of the 3 titles of letterboxd\.csv is in the sample/).waitFor();
});

test('the offer can be declined: the file is read as ratings of many', async () => {
  const { page } = visitor;
  await openFilms();
  const rows = Array.from({ length: 12 }, (_, row) => `p${row % 3},Story ${row},${1 + (row % 5)}`);
  await chooseFile(page, 'Choose ratings …', textFile('stories.csv', `who,title,rating\n${rows.join('\n')}`));
  await page.getByRole('button', { name: 'Read them as ratings of many' }).click();
  await page.getByRole('heading', { name: 'stories.csv' }).waitFor();
  expect(await figure(page, 'items')).toBe(12);
});
