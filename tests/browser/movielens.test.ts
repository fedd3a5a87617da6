/** From a real MovieLens file with its titles to recommendations; another visitor opens the saved model. */
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { realData } from './support/real-data.js';
import {
  chooseFile,
  drawAll,
  figure,
  giveStars,
  offered,
  recommendations,
  searchFor,
  titlesIn,
  train,
} from './support/steps.js';
import { type Site, servePage, type Visit, visit } from './support/visit.js';

const ratings = realData('ml-latest-small.ratings.csv.gz');
const titles = realData('ml-latest-small.movies.csv.gz');
const here = ratings !== null && titles !== null;
if (!here) {
  console.warn(
    'SKIPPED: the page was not tried on MovieLens. Set MATFAC_DATA to a folder with ml-latest-small.*.csv.gz.',
  );
}

describe.skipIf(!here)('MovieLens latest-small', () => {
  let site: Site;
  let visitor: Visit;
  let model: string;

  beforeAll(async () => {
    site = await servePage('/demo/');
    visitor = await visit(site);
  });
  afterAll(async () => {
    await visitor.leave();
    await site.close();
  });

  test('is read, still gzipped, and joined with its titles', async () => {
    const { page } = visitor;
    await chooseFile(page, 'Choose ratings …', ratings!);
    await chooseFile(page, 'Choose titles …', titles!);
    await page.getByText('9,066 of 9,066 items have one').waitFor();
    const words = await page.locator('.summary').innerText();
    expect(await figure(page, 'ratings')).toBe(100_004);
    expect(await figure(page, 'users')).toBe(671);
    for (const column of ['userId', 'movieId', 'rating', 'timestamp']) expect(words).toContain(column);
    expect(await titlesIn(offered(page))).toContain('Forrest Gump (1994)');
  });

  test('is trained on, to the validation error of a good model', async () => {
    const { page } = visitor;
    await train(page);
    const validation = await page.locator('.figures div', { hasText: 'validation RMSE' }).locator('dd').innerText();
    expect(Number(validation)).toBeLessThan(0.92);
  });

  test('finds films by words of their titles, with or without accents', async () => {
    const { page } = visitor;
    await searchFor(page, 'amelie');
    expect((await titlesIn(offered(page)))[0]).toMatch(/Am[eé]lie/);
    await searchFor(page, '260');
    expect((await titlesIn(offered(page)))[0]).toMatch(/^Star Wars: Episode IV/);
  });

  test('recommends films by title, and gives rated films as reasons', async () => {
    const { page } = visitor;
    const rated: string[] = [];
    for (const [query, stars] of [
      ['star wars: episode iv', 5],
      ['empire strikes back', 5],
      ['alien (1979)', 4],
      ['sleepless in seattle', 1],
    ] as const) {
      await searchFor(page, query);
      rated.push((await titlesIn(offered(page)))[0]!);
      await giveStars(offered(page).first(), stars);
    }
    const found = await recommendations(page);
    expect(found).toHaveLength(10);
    for (const { title, reasons } of found) {
      expect(title).not.toMatch(/^Item /);
      expect(rated).not.toContain(title);
      for (const reason of reasons) expect(rated).toContain(reason.title);
    }
  });

  test('is saved as safetensors', async () => {
    const { page } = visitor;
    await drawAll(page);
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Download the model' }).click();
    const saved = await download;
    expect(saved.suggestedFilename()).toMatch(/\.safetensors$/);
    model = await saved.path();
    const bytes = await readFile(model);
    const header = JSON.parse(bytes.subarray(8, 8 + Number(bytes.readBigUInt64LE())).toString());
    expect(header.item_factors.shape[0]).toBe(9066);
    expect(header.user_factors.shape[0]).toBe(671);
  });

  test('gives another visitor the same recommendations for the same ratings', async () => {
    const other = await visit(site);
    const { page } = other;
    await drawAll(page);
    await chooseFile(page, 'Open a model …', { name: 'kept.safetensors', mimeType: '', buffer: await readFile(model) });
    await page.getByText('Model: kept.safetensors').waitFor();
    expect((await titlesIn(offered(page)))[0]).toMatch(/^Item \d+$/);
    await chooseFile(page, 'Choose titles …', titles!);
    await page.getByText(/Titles from .*9,125/).waitFor();
    for (const [query, stars] of [
      ['star wars: episode iv', 5],
      ['empire strikes back', 5],
      ['alien (1979)', 4],
      ['sleepless in seattle', 1],
    ] as const) {
      await searchFor(page, query);
      await giveStars(offered(page).first(), stars);
    }
    expect(await recommendations(page)).toEqual(await recommendations(visitor.page));
    await other.leave();
    expect(other.complaints).toEqual([]);
  });

  test('there are no complaints', () => {
    expect(visitor.complaints).toEqual([]);
  });
});
