/** The last session is offered after a reload, and a model says when its ratings are no longer those on the page. */
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import {
  chooseFile,
  chooseRatings,
  drawAll,
  giveStars,
  offered,
  recommendations,
  setSettings,
  textFile,
  titlesIn,
  train,
  useSample,
  yourRatings,
} from './support/steps.js';
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

const button = (name: string) => visitor.page.getByRole('button', { name, exact: true });
const offer = () => visitor.page.locator('#session');

/** Waits until the session is written with so many stars, and with a model. */
const kept = (page: Page, stars: number) =>
  expect
    .poll(() => page.evaluate(() => JSON.parse(localStorage.getItem('matfac-session') ?? '{}')))
    .toMatchObject({ stars, model: expect.any(String) });

const rows = Array.from({ length: 90 }, (_, i) => `ann${i % 9},item ${Math.floor(i / 9)},${1 + ((i * 3) % 5)}`);
const mine = textFile('mine.csv', `member,film,stars\n${rows.join('\n')}\n`);

test('on the sample: the stars and the model are back after a reload, until the session is cleared', async () => {
  const { page } = visitor;
  await useSample(page);
  expect(await offer().isVisible()).toBe(false);
  await train(page);
  for (const [row, stars] of [5, 2, 4].entries()) await giveStars(offered(page).nth(row), stars);
  const [before, rated] = [await recommendations(page), await titlesIn(yourRatings(page))];
  await kept(page, 3);
  await page.reload();
  await offer().getByText('the sample, 3 ratings of yours, a model').waitFor();
  expect(await recommendations(page)).toEqual([]);
  await button('Continue').click();
  await expect.poll(() => recommendations(page)).toEqual(before);
  expect(await titlesIn(yourRatings(page))).toEqual(rated);
  expect(await offer().isVisible()).toBe(false);

  await kept(page, 3);
  await page.reload();
  await button('Clear it').click();
  await expect.poll(() => page.evaluate(() => localStorage.length)).toBe(0);
  await page.reload();
  await useSample(page);
  expect(await offer().isVisible()).toBe(false);
});

test('on a file: its ratings are read again, with its model', async () => {
  const { page } = visitor;
  await chooseRatings(page, mine);
  await setSettings(page, { Factors: 3 });
  await train(page);
  await giveStars(offered(page).first(), 5);
  await kept(page, 1);
  const before = await recommendations(page);
  expect(before.length).toBeGreaterThan(5);
  await page.reload();
  await button('Continue').click();
  await page.locator('.summary').getByRole('heading', { name: 'mine.csv' }).waitFor();
  await expect.poll(() => recommendations(page)).toEqual(before);
  expect(page.url()).toContain('factors=3');
  await drawAll(page);
  await button('Clear the last session').click();
  await page.getByText('Cleared.').waitFor();
  expect(await page.evaluate(() => localStorage.length)).toBe(0);
});

test('after new ratings the model is said to be of older ones, its curves go, and one click retrains', async () => {
  const { page } = visitor;
  await useSample(page);
  await train(page);
  await chooseFile(page, 'Choose ratings …', mine);
  await page.getByText('This model is of older ratings: the sample,').waitFor();
  await page.getByText('The error curves appear here').waitFor();
  await button('Retrain on mine.csv').click();
  await page.getByText(/^Trained on mine\.csv in /).waitFor();
  expect(await page.locator('.training-state').innerText()).toMatch(/^Trained in .*Rate three\.$/);
});

test('the sample that is on the page already stays, with its model', async () => {
  const { page } = visitor;
  await useSample(page);
  await train(page);
  await useSample(page);
  await page.getByText(/^Trained on the sample in /).waitFor();
  expect(await page.locator('.training-state.outdated').count()).toBe(0);
});
