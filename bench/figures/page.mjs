// How long a visitor of the demo page waits, and the longest tasks of its main thread: Chromium, median and worst.
import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inChromium } from '../lib/chromium.mjs';
import { csvFile } from '../lib/csv-file.mjs';
import { rounded } from '../lib/figure.mjs';
import { namesFile } from '../lib/names-file.mjs';
import { median } from '../lib/statistics.mjs';
import { chooseRatings, longestTask, timeToAnswer, trainOnPage } from '../lib/visitor.mjs';

/** @typedef {import('playwright-core').Page} Page */

const built = fileURLToPath(new URL('../../web/dist', import.meta.url));
const RUNS = 5;

/** Each run is in a new browser. @param {string} what @param {number[]} figures */
const row = (what, figures) => ({ what, median: rounded(median(figures)), worst: rounded(Math.max(...figures)) });

/** @typedef {(page: Page) => Promise<void>} Act */

/** The longest task in each run while the visitor acts, after `before`. @param {Act} act @param {{before?: Act, runs?: number}} [how] */
async function longest(act, { before = async () => {}, runs = RUNS } = {}) {
  const found = [];
  for (let i = 0; i < runs; ++i) {
    const task = await inChromium({ folder: built }, async (page, url) => {
      await page.goto(url);
      await page.locator('[aria-label="Items to rate"] input').first().waitFor({ state: 'attached' });
      await before(page);
      return longestTask(page, act);
    });
    found.push(task);
  }
  return found;
}

/** Stars before and after a training, with the map in view. @param {string} solver @param {Record<string, number>} settings @returns {Act} */
const withStars = (solver, settings) => async (page) => {
  const stars = page.locator('[aria-label="Items to rate"] > li');
  await stars.nth(0).locator('label').nth(4).click();
  await page.locator('#see').scrollIntoViewIfNeeded();
  await trainOnPage(page, solver, settings);
  await stars.nth(1).locator('label').nth(1).click();
};

/** @param {Page} page */
async function judgeModel(page) {
  await page.getByRole('button', { name: 'Judge the model' }).click();
  await page.locator('.verdict').getByText('Your model’s').waitFor({ timeout: 120_000 });
}

/** @param {Page} page */
async function searchSettings(page) {
  await page.getByRole('button', { name: 'Search for settings' }).click();
  await page.getByText(/^Finished: /).waitFor({ timeout: 240_000 });
}

/** @type {import('../lib/figure.mjs').Run} */
export async function run({ full, log }) {
  if (!existsSync(`${built}/index.html`))
    throw new Error('web/dist must have the built page: run `npm run build:web` first');
  /** @type {import('../lib/figure.mjs').Figure['rows']} */
  const rows = [];
  const take = (/** @type {string} */ what, /** @type {number[]} */ figures) => {
    log(`${what}: ${figures.map((figure) => figure.toFixed(0)).join(', ')}`);
    rows.push(row(what, figures));
  };
  const answers = [];
  for (let i = 0; i < RUNS; ++i) answers.push(await inChromium({ folder: built }, timeToAnswer));
  take('from opening until a clicked star is a rating', answers);
  const als = 'Alternating least squares';
  take(
    'longest task: als, 64 factors, the sample',
    await longest((page) => trainOnPage(page, als, { Factors: 64, Epochs: 30 })),
  );
  take(
    'longest task: sgd, 64 factors, the sample',
    await longest((page) => trainOnPage(page, 'Stochastic gradient descent', { Factors: 64, Epochs: 30 })),
  );
  const read = (/** @type {string} */ file) => (/** @type {Page} */ page) => chooseRatings(page, file, basename(file));
  const million = read(await csvFile('ml1m'));
  const solvers = [
    { name: 'variational', act: withStars('Variational Bayes', {}) },
    { name: 'bayesian', act: withStars('Bayesian, by Gibbs sampling', { Epochs: 20 }) },
  ];
  for (const { name, act } of solvers) {
    take(`longest task: ${name}, the map and stars with it, the sample`, await longest(act));
    take(`longest task: ${name}, the map and stars with it, ml1m`, await longest(act, { before: million, runs: 2 }));
  }
  take('longest task: reading ml1m', await longest(million));
  take(
    'longest task: als on ml1m',
    await longest((page) => trainOnPage(page, als, { Epochs: 40 }), { before: million }),
  );
  const trained = async (/** @type {Page} */ page) => {
    await million(page);
    await page.locator('#judge').scrollIntoViewIfNeeded();
    await trainOnPage(page, als, { Epochs: 5 });
  };
  take('longest task: judging als on ml1m', await longest(judgeModel, { before: trained, runs: 2 }));
  if (full) {
    take('longest task: a search for settings on ml1m', await longest(searchSettings, { before: trained, runs: 2 }));
    const large = read(await csvFile('ml20m'));
    take('longest task: reading ml20m', await longest(large, { runs: 2 }));
    const named = namesFile({ rows: 8_000_000, users: 3_000_000, items: 500_000 });
    take('longest task: reading 8 million rows of 3 million users by name', await longest(read(named), { runs: 2 }));
    take(
      'longest task: als on ml20m, the map with it',
      await longest((page) => trainOnPage(page, als, { Epochs: 5 }), { before: large, runs: 2 }),
    );
  }
  return {
    title: 'The demo page (Chromium): milliseconds',
    notes: [
      'Each run is in a new browser. The time of a task is that of the processor; it includes what Playwright asks of the page.',
    ],
    rows,
    charts: {},
  };
}
