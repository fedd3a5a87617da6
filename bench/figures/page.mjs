// How long a visitor of the demo page waits, and the longest tasks of its main thread: Chromium, median and worst.
import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inChromium } from '../lib/chromium.mjs';
import { csvFile } from '../lib/csv-file.mjs';
import { rounded } from '../lib/figure.mjs';
import { namesFile } from '../lib/names-file.mjs';
import { median } from '../lib/statistics.mjs';
import { chooseRatings, longTasks, timeToAnswer, trainOnPage, watchTasks } from '../lib/visitor.mjs';

/** @typedef {import('playwright-core').Page} Page */

const built = fileURLToPath(new URL('../../web/dist', import.meta.url));
const RUNS = 5;

/** Each run is in a new browser. @param {string} what @param {number[]} figures */
const row = (what, figures) => ({ what, median: rounded(median(figures)), worst: rounded(Math.max(...figures)) });

/** What a visitor does, and the longest task in the meantime in each run; 0 if none is over 50 ms. */
async function longest(/** @type {(page: Page) => Promise<void>} */ act, /** @type {number} */ runs = RUNS) {
  const found = [];
  for (let i = 0; i < runs; ++i) {
    const tasks = await inChromium({ folder: built }, async (page, url) => {
      await watchTasks(page);
      await page.goto(url);
      await page.locator('[aria-label="Items to rate"] input').first().waitFor({ state: 'attached' });
      await longTasks(page);
      await act(page);
      return longTasks(page);
    });
    found.push(Math.max(0, ...tasks));
  }
  return found;
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
  take(
    'longest task: als, 64 factors, the sample',
    await longest((page) => trainOnPage(page, 'Alternating least squares', { Factors: 64, Epochs: 30 })),
  );
  take(
    'longest task: sgd, 64 factors, the sample',
    await longest((page) => trainOnPage(page, 'Stochastic gradient descent', { Factors: 64, Epochs: 30 })),
  );
  take(
    'longest task: bayesian, the map and stars with it, the sample',
    await longest(async (page) => {
      const stars = page.locator('[aria-label="Items to rate"] > li');
      await stars.nth(0).locator('label').nth(4).click();
      await page.locator('#see').scrollIntoViewIfNeeded();
      await trainOnPage(page, 'Bayesian, by Gibbs sampling', {});
      await stars.nth(1).locator('label').nth(1).click();
    }),
  );
  const read = (/** @type {string} */ file) => (/** @type {Page} */ page) => chooseRatings(page, file, basename(file));
  const million = await csvFile('ml1m');
  take('longest task: reading ml1m', await longest(read(million)));
  take(
    'longest task: als on ml1m',
    await longest(async (page) => {
      await read(million)(page);
      await longTasks(page);
      await trainOnPage(page, 'Alternating least squares', { Epochs: 40 });
    }),
  );
  if (full) {
    const large = await csvFile('ml20m');
    take('longest task: reading ml20m', await longest(read(large), 2));
    const named = namesFile({ rows: 8_000_000, users: 3_000_000, items: 500_000 });
    take('longest task: reading 8 million rows of 3 million users by name', await longest(read(named), 2));
    take(
      'longest task: als on ml20m, the map with it',
      await longest(async (page) => {
        await read(large)(page);
        await longTasks(page);
        await trainOnPage(page, 'Alternating least squares', { Epochs: 5 });
      }, 2),
    );
  }
  return {
    title: 'The demo page (Chromium): milliseconds',
    notes: [`Each run is in a new browser. A task under 50 ms counts as 0, because the browser does not report it.`],
    rows,
    charts: {},
  };
}
