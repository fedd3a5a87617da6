/** The whole way in Firefox, in short: the sample, a training, stars, recommendations, a file. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hasFirefox, launchFirefox } from './support/firefox.js';
import {
  chooseFile,
  figure,
  giveStars,
  offered,
  recommendations,
  searchFor,
  textFile,
  titlesIn,
  train,
} from './support/steps.js';
import { complaintsOf, type Site, servePage } from './support/visit.js';

if (!hasFirefox) console.warn('SKIPPED: the page was not tried in Firefox. Install firefox-esr, or set FIREFOX.');

describe.skipIf(!hasFirefox)('Firefox', () => {
  let site: Site;
  let browser: Browser;
  let page: Page;
  let complaints: string[];

  beforeAll(async () => {
    site = await servePage('/some/folder/');
    browser = await launchFirefox();
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, serviceWorkers: 'block' });
    complaints = complaintsOf(context, site);
    page = await context.newPage();
    await page.goto(site.url);
  }, 60_000);
  afterAll(async () => {
    await browser.close();
    await site.close();
  });

  test('learns from the sample in a worker', async () => {
    await page.getByRole('heading', { name: 'The sample', exact: true }).waitFor();
    expect(await figure(page, 'users')).toBe(943);
    await train(page);
    expect(await page.locator('.engine').innerText()).toMatch(/^Learned by WebAssembly with SIMD/);
  });

  test('finds an item, and recommends for its stars, with the reason and without the item', async () => {
    const [first] = await titlesIn(offered(page));
    await searchFor(page, first!);
    await giveStars(offered(page).first(), 5);
    const found = await recommendations(page);
    expect(found).toHaveLength(10);
    for (const { title, reasons } of found) {
      expect(title).not.toBe(first);
      expect(reasons.map((reason) => reason.title)).toEqual([first]);
    }
  });

  test('reads a file of one’s own and learns from it', async () => {
    const rows = Array.from({ length: 90 }, (_, i) => `ann${i % 9},item ${Math.floor(i / 9)},${1 + ((i * 3) % 5)}`);
    await chooseFile(page, 'Choose ratings …', textFile('mine.csv', `member,film,stars\n${rows.join('\n')}\n`));
    await page.locator('.summary').getByRole('heading', { name: 'mine.csv' }).waitFor();
    expect(await figure(page, 'ratings')).toBe(90);
    await train(page);
  });

  test('nothing was complained of, and nothing was asked of any other host', () => {
    expect(complaints).toEqual([]);
  });
});
