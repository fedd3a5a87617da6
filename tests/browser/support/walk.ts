/** A walk through the sections of the page, with any ratings and in any browser. */
import { basename } from 'node:path';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import type { WalkedData } from './real-data.js';
import {
  chooseFile,
  chooseSolver,
  clickOnceItSays,
  curveOf,
  drawAll,
  drawMap,
  drawMathematics,
  figure,
  giveStars,
  offered,
  overflow,
  recommendations,
  searchFor,
  setSettings,
  setting,
  titlesIn,
  train,
  useData,
  yourRatings,
} from './steps.js';

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });

/** The numbers of the table of epochs, row by row. */
const epochs = (page: Page) =>
  page
    .locator('.epochs tbody tr')
    .evaluateAll((rows) => rows.map((row) => [...row.children].map((cell) => Number(cell.textContent))));

/** The sections from top to bottom, one test each. The caller checks the complaints afterwards. */
export function walkTests(page: () => Page, data: WalkedData): void {
  test('Start', () => start(page(), data));
  test('Train', () => learn(page()));
  test('See', () => see(page(), data.known[0]!));
  test('Rate', () => rate(page(), data.known));
  test('Judge', () => judge(page()));
  test('Rate, with a model that estimates its uncertainty', () => rateUncertain(page()));
  test('Keep', () => keep(page(), data.source));
  test('For everyone', () => forEveryone(page()));
}

/** Start: the ratings are read and described, and their items have titles. */
async function start(page: Page, data: WalkedData): Promise<void> {
  await useData(page, data);
  expect(await figure(page, 'users')).toBe(data.users);
  expect(await figure(page, 'items')).toBe(data.items);
  for (const title of await titlesIn(offered(page))) expect(title).not.toMatch(/^Item /);
}

/** Train: a training is stepped, resumed, paused, reset and compared with. */
async function learn(page: Page): Promise<void> {
  await chooseSolver(page, 'Stochastic gradient descent');
  await setSettings(page, { Factors: 32, Epochs: 100_000 });
  await button(page, 'Step one epoch').click();
  await page.getByText('Paused after 1 of 100,000 epochs').waitFor();
  await button(page, 'Resume').click();
  await page.locator('.run-state', { hasText: 'left' }).waitFor();
  await button(page, 'Pause').click();
  await page.getByText(/^Paused after \d+ of 100,000 epochs/).waitFor();
  await button(page, 'Reset').click();
  await page.getByText('The error curves appear here').waitFor();

  await chooseSolver(page, 'Alternating least squares');
  await train(page);
  const validation = (await epochs(page)).map((row) => row[3]!);
  expect(validation.at(-1)).toBeLessThan(validation[0]!);
  const points = await curveOf(page, 'validation');
  expect(points).toHaveLength(validation.length);
  expect(points.at(-1)![1]).toBeGreaterThan(points[0]![1]!);
  await page.getByRole('combobox', { name: 'Compare with' }).selectOption({ index: 1 });
  await page.locator('.curves .other').waitFor();
  expect(await page.locator('.engine').innerText()).toMatch(/^Trained by WebAssembly with SIMD/);
}

/** See and Learn: a search on the map, the errors, a step on the small matrix; the tables agree. */
async function see(page: Page, words: string): Promise<void> {
  await drawMap(page);
  await expect.poll(() => page.locator('.map-words').innerText()).toMatch(/^[\d,]+ items, [^…]*$/);
  await page.getByLabel('Find an item on the map').fill(words);
  await page.locator('.found button').first().waitFor();
  await page.getByLabel('Find an item on the map').press('Enter');
  await page.locator('.near button').nth(7).waitFor();
  const title = await page.locator('.about h4').innerText();
  await page.locator('.near button').first().click();
  expect(await page.locator('.about h4').innerText()).not.toBe(title);
  await page.locator('.map-panel summary').click();
  await page.locator('.map-panel tbody tr').nth(99).waitFor();

  await page.locator('.errors-panel summary').click();
  const shares = page.locator('.errors-panel tbody td:nth-child(2)');
  const counts = (await shares.allInnerTexts()).map((text) => Number(text.replace(/,/g, '')));
  const size = (await page.locator('.errors-panel .words').innerText()).match(/on ([\d,]+) ratings/)![1]!;
  expect(counts.reduce((sum, n) => sum + n, 0)).toBe(Number(size.replace(/,/g, '')));

  await drawMathematics(page);
  const loss = async () => Number(await page.locator('.loss-number').innerText());
  const before = await loss();
  await button(page, 'Step').click();
  await page.getByText('after 1 step', { exact: true }).waitFor();
  expect(await loss()).toBeLessThan(before);
}

/** Rate: popular items and found ones are rated, changed and removed; the slider diversifies. */
async function rate(page: Page, liked: readonly string[]): Promise<void> {
  const popular = await titlesIn(offered(page));
  expect(new Set(popular).size).toBe(8);
  await giveStars(offered(page).nth(7), 1);
  await giveStars(offered(page).nth(6), 3);
  for (const words of liked) {
    await searchFor(page, words);
    await giveStars(offered(page).first(), 5);
  }
  const rated = await titlesIn(yourRatings(page));
  expect(rated.length).toBe(2 + liked.length);
  const found = await recommendations(page);
  expect(found).toHaveLength(10);
  for (const { title, reasons } of found) {
    expect(rated).not.toContain(title);
    expect(reasons.length).toBeGreaterThan(0);
    for (const reason of reasons) expect(rated).toContain(reason.title);
  }

  await searchFor(page, '');
  await button(page, `Remove your rating of ${popular[7]}`).click();
  expect(await titlesIn(yourRatings(page))).not.toContain(popular[7]);
  const best = (await recommendations(page)).map(({ title }) => title);
  await page.getByLabel('From the best to the most diverse').fill('0.9');
  const different = (await recommendations(page)).map(({ title }) => title);
  expect(different[0]).toBe(best[0]);
  expect(different).not.toEqual(best);
  await page.getByLabel('From the best to the most diverse').fill('0');
  expect((await recommendations(page)).map(({ title }) => title)).toEqual(best);
}

/** Rate with a Bayesian model: an interval around each prediction, and the item whose rating would teach it most. */
async function rateUncertain(page: Page): Promise<void> {
  await chooseSolver(page, 'Bayesian, by Gibbs sampling');
  await setSettings(page, { Factors: 4, Epochs: 10 });
  await train(page);
  const next = page.getByRole('list', { name: 'Rate this next' }).getByRole('listitem');
  const [first] = await titlesIn(next);
  await giveStars(next, 4);
  await expect.poll(async () => (await titlesIn(next))[0]).not.toBe(first);
  expect((await titlesIn(yourRatings(page)))[0]).toBe(first);
  const intervals = await page.locator('.recommendations .interval').allInnerTexts();
  expect(intervals).toHaveLength(10);
  for (const words of intervals) expect(words).toMatch(/\d\.\d–\d\.\d$/);
}

/** Judge: the model is compared with its baselines; a search for settings is cancelled once it has found some. */
async function judge(page: Page): Promise<void> {
  await drawAll(page);
  await button(page, 'Judge the model').click();
  await page.locator('.verdict').getByText('Your model’s').waitFor();
  const rmse = async (name: string) => {
    const row = page.locator('.judged tbody tr', { hasText: new RegExp(`^${name}`) });
    return Number(await row.locator('td > span:first-child').first().innerText());
  };
  expect(await rmse('Your model')).toBeLessThan(await rmse('Biases alone'));

  const cancelled = clickOnceItSays(page, '.trials tbody tr:nth-child(2)', /\d/, 'Cancel the search');
  await button(page, 'Search for settings').click();
  await cancelled;
  await page.getByText(/^Cancelled: \d+ of [\d,]+ training runs/).waitFor();
  const factors = await page.locator('.trials tbody th').first().innerText();
  await button(page, 'Use these settings: rank 1').click();
  expect(await setting(page, 'Factors').inputValue()).toBe(factors);
}

/** Keep: the code; the model is saved as a file and opened again, then kept in the browser through a reload. */
async function keep(page: Page, source: string): Promise<void> {
  expect(await page.locator('pre code').innerText()).toContain(source);
  const before = await recommendations(page);
  expect(before).toHaveLength(10);
  const coming = page.waitForEvent('download');
  await button(page, 'Download the model').click();
  const path = await (await coming).path();
  await button(page, 'Keep it in this browser').click();
  await page.getByText('A model is kept in this browser').waitFor();
  await chooseFile(page, 'Open a model …', path);
  await page.getByText(`Model: ${basename(path)}`).waitFor();
  expect(await recommendations(page)).toEqual(before);

  await page.reload();
  await drawAll(page);
  await button(page, 'Open the kept model').click();
  await page.getByText(/^Model: kept in this browser/).waitFor();
  await giveStars(offered(page).first(), 5);
  expect(await recommendations(page)).toHaveLength(10);
  await button(page, 'Delete it').click();
  await page.getByText('Or keep the model in this browser').waitFor();
}

/** For everyone: nothing is wider than a phone, and rating by keyboard keeps the focus. */
async function forEveryone(page: Page): Promise<void> {
  const before = page.viewportSize()!;
  await page.setViewportSize({ width: 360, height: 740 });
  expect(await overflow(page)).toBeLessThanOrEqual(0);
  await offered(page).nth(2).locator('input').first().focus();
  await page.keyboard.press('Space');
  await page.keyboard.press('ArrowRight');
  expect(await yourRatings(page).first().locator('input:checked').getAttribute('value')).toBe(
    await page.evaluate(() => (document.activeElement as HTMLInputElement).value),
  );
  expect((await titlesIn(yourRatings(page)))[0]).toBe((await titlesIn(offered(page)))[2]);
  await page.setViewportSize(before);
}

/** Trust: the policy as the browser has read it, and the refusal of what it forbids. */
export async function trust(page: Page): Promise<void> {
  await drawAll(page);
  expect(await page.locator('.policy').innerText()).toContain("connect-src 'self'");
  await button(page, 'Try to connect elsewhere').click();
  await page.getByText('Your browser refused to connect to https://example.org/').waitFor();
}
