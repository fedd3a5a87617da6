/** A file whose columns the library cannot tell: the page shows its first rows and asks. Notes say what else is odd. */
import { gzipSync, strToU8, zipSync } from 'fflate';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { type ChosenFile, chooseFile, chooseRatings, figure, textFile, train, useSample } from './support/steps.js';
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

/** Neither titles nor values say which of the first three is who and what. */
const rows = Array.from({ length: 60 }, (_, i) => [`k${i}`, `ann${i % 6}`, `"Film ${i % 10}, the"`, 1 + (i % 5)]);
const csv = `kkk,aaa,bbb,rating\n${rows.map((row) => row.join()).join('\n')}\n`;

const problem = () => visitor.page.locator('[data-view=start] [role=alert]').filter({ hasText: /./ });
const choosing = () => visitor.page.locator('.choosing');
const cells = () => choosing().locator('tbody tr').first().locator('td').allTextContents();
const titles = () => choosing().locator('thead th').allTextContents();

async function choose(labels: { [role: string]: string }): Promise<void> {
  for (const [role, title] of Object.entries(labels)) {
    await choosing().getByLabel(role, { exact: true }).selectOption({ label: title });
  }
  await choosing().getByRole('button', { name: 'Read the file' }).click();
}

test('the columns are chosen beside the first rows', async () => {
  const { page } = visitor;
  await useSample(page);
  await chooseFile(page, 'Choose ratings …', textFile('mine.csv', csv));
  await problem().waitFor();
  expect(await problem().innerText()).toMatch(/Please say below which column is which/);
  expect(await problem().innerText()).not.toMatch(/columns:|\{/);
  expect(await problem().getByRole('button').allTextContents()).toEqual(['Dismiss']);
  await choosing().waitFor();
  expect(await titles()).toEqual(['kkk', 'aaa', 'bbb', 'rating']);
  expect(await cells()).toEqual(['k0', 'ann0', 'Film 0, the', '1']);
  expect(await choosing().locator('tbody tr').count()).toBe(5);
  // The title of the rating is known.
  const chosen = (role: string) => choosing().getByLabel(role, { exact: true }).inputValue();
  expect(await Promise.all(['Who', 'What', 'How highly', 'When'].map(chosen))).toEqual(['', '', '3', '']);
  // The sample stays until the file is read.
  expect(await page.locator('.summary h3').innerText()).toBe('The sample');

  await choosing().getByRole('button', { name: 'Read the file' }).click();
  await page.getByText('Please choose a column for who and another one for what.').waitFor();
  await choose({ Who: 'aaa', What: 'bbb', 'How highly': 'rating' });
  await page.locator('.summary').getByRole('heading', { name: 'mine.csv' }).waitFor();
  expect([await figure(page, 'users'), await figure(page, 'items'), await figure(page, 'ratings')]).toEqual([
    6, 10, 30,
  ]);
  expect(await choosing().isVisible()).toBe(false);
  expect(await problem().count()).toBe(0);
  await train(page);
});

test('a wrong choice is reported, and can be changed', async () => {
  const { page } = visitor;
  await chooseFile(page, 'Choose ratings …', textFile('mine.csv', csv));
  await choose({ Who: 'aaa', What: 'bbb', 'How highly': 'kkk' });
  await problem().getByText('Line 2').waitFor();
  expect(await choosing().getByLabel('Who', { exact: true }).inputValue()).toBe('1');
  await choose({ 'How highly': 'None' });
  await page.getByText('each row says that somebody took something').waitFor();
  expect(await figure(page, 'items')).toBe(10);
});

test('it can be left, and another file replaces it', async () => {
  const { page } = visitor;
  await chooseFile(page, 'Choose ratings …', textFile('mine.csv', csv));
  await choosing().getByRole('button', { name: 'Leave it' }).click();
  expect(await choosing().isVisible()).toBe(false);
  expect(await problem().count()).toBe(0);
  await chooseFile(page, 'Choose ratings …', textFile('mine.csv', csv));
  await choosing().waitFor();
  await chooseRatings(page, textFile('other.csv', 'user,item,rating\n1,2,3\n'));
  expect(await choosing().isVisible()).toBe(false);
});

const json = JSON.stringify(rows.map(([kkk, aaa, bbb, rating]) => ({ kkk, aaa, bbb, rating })));
const kinds: [name: string, file: ChosenFile, shown: string[]][] = [
  [
    'in gzip',
    { name: 'mine.csv.gz', mimeType: '', buffer: Buffer.from(gzipSync(strToU8(csv))) },
    ['k0', 'ann0', 'Film 0, the', '1'],
  ],
  ['JSON', textFile('mine.json', json), ['k0', 'ann0', '"Film 0, the"', '1']],
  [
    'tabs',
    textFile('mine.tsv', csv.replaceAll('"', '').replaceAll(', ', ' ').replaceAll(',', '\t')),
    ['k0', 'ann0', 'Film 0 the', '1'],
  ],
];
test.each(kinds)('the first rows of a file: %s', async (_, file, shown) => {
  const { page } = visitor;
  await chooseFile(page, 'Choose ratings …', file);
  await choosing().waitFor();
  expect(await titles()).toEqual(['kkk', 'aaa', 'bbb', 'rating']);
  expect(await cells()).toEqual(shown);
  await choose({ Who: 'aaa', What: 'bbb', 'How highly': 'rating' });
  await page.locator('.summary').getByRole('heading', { name: file.name }).waitFor();
  expect(await figure(page, 'users')).toBe(6);
});

test('the choice is shown once it is whole, however late its script comes', async () => {
  const { page } = visitor;
  let release = () => {};
  const isAsked = new Promise<void>((resolve) => {
    release = resolve;
  });
  await page.route('**/assets/choose-columns-*.js', async (route) => {
    await isAsked;
    await route.continue();
  });
  await chooseFile(page, 'Choose ratings …', textFile('mine.csv', csv));
  await problem().getByText('Please say below which column is which').waitFor();
  expect(await choosing().isVisible()).toBe(false);
  release();
  await choosing().waitFor();
  expect(await titles()).toEqual(['kkk', 'aaa', 'bbb', 'rating']);
});

test('of a zip archive the titles are shown, without rows', async () => {
  const { page } = visitor;
  const buffer = Buffer.from(zipSync({ 'ratings.csv': strToU8(csv) }));
  await chooseFile(page, 'Choose ratings …', { name: 'mine.zip', mimeType: '', buffer });
  await choosing().waitFor();
  expect(await choosing().locator('table').count()).toBe(0);
  await choose({ Who: 'aaa', What: 'bbb' });
  await page.locator('.summary').getByRole('heading', { name: 'mine.zip' }).waitFor();
  expect(await figure(page, 'items')).toBe(10);
});

test('what is odd about the ratings is noted', async () => {
  const { page } = visitor;
  const notes = () => page.locator('.summary .notes li').allTextContents();
  await chooseRatings(page, textFile('few.csv', 'user,item,rating\n1,2,3\n2,2,4\n'));
  expect(await notes()).toEqual(['There are only 2 ratings: too few to learn from.']);

  const good = Array.from({ length: 12 }, (_, i) => `${i % 4},${i % 3},${1 + (i % 5)}`);
  const bad = Array.from({ length: 30 }, (_, i) => `${i % 4},${i},none`);
  await chooseFile(
    page,
    'Choose ratings …',
    textFile('bad.csv', `user,item,rating\n${[...good, ...bad].join('\n')}\n`),
  );
  await problem().getByRole('button', { name: 'Skip unreadable rows' }).click();
  await page.locator('.summary').getByRole('heading', { name: 'bad.csv' }).waitFor();
  expect(await notes()).toEqual([
    'Most rows could not be read: another column may have the ratings, or this is no table of ratings.',
  ]);
  await useSample(page);
  expect(await notes()).toEqual([]);
});
