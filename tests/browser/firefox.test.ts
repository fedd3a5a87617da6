/** Every section of the page in Firefox: with the sample, with real MovieLens files, without a network; and axe. */
import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hasFirefox, launchFirefox } from './support/firefox.js';
import { movieLens, sample } from './support/real-data.js';
import {
  chooseRatings,
  drawAll,
  figure,
  giveStars,
  offered,
  recommendations,
  textFile,
  train,
} from './support/steps.js';
import { story } from './support/story.js';
import { complaintsOf, type Site, servePage } from './support/visit.js';
import { trust, walkTests } from './support/walk.js';

if (!hasFirefox) console.warn('SKIPPED: the page was not tried in Firefox. Install firefox-esr, or set FIREFOX.');

describe.skipIf(!hasFirefox)('Firefox', () => {
  let browser: Browser;

  beforeAll(async () => {
    browser = await launchFirefox();
  });
  afterAll(() => browser.close());

  for (const data of [sample, ...movieLens]) {
    describe.skipIf(!data.isHere)(`on ${data.name}`, () => {
      let site: Site;
      let page: Page;
      let complaints: string[];

      beforeAll(async () => {
        site = await servePage('/some/folder/');
        const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, serviceWorkers: 'block' });
        complaints = complaintsOf(context, site);
        page = await context.newPage();
        await page.goto(site.url);
      });
      afterAll(async () => {
        await page.context().close();
        await site.close();
      });

      walkTests(() => page, data);

      test('Trust', async () => {
        expect(complaints).toEqual([]);
        await trust(page);
      });
    });
  }

  test('ten recommendations with reasons in two clicks and three stars', async () => {
    const site = await servePage();
    for (const viewport of [
      { width: 1280, height: 900 },
      { width: 360, height: 740 },
    ]) {
      const context = await browser.newContext({ viewport, serviceWorkers: 'block' });
      const page = await context.newPage();
      await page.goto(site.url);
      await story(page);
      await context.close();
    }
    await site.close();
  });

  test('axe finds no violations', async () => {
    const site = await servePage();
    const page = await browser.newPage();
    await page.goto(site.url);
    await train(page);
    await giveStars(offered(page).first(), 5);
    // The slow check of colour contrast runs in Chromium.
    const { violations } = await new AxeBuilder({ page }).setLegacyMode().disableRules('color-contrast').analyze();
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual([]);
    await page.close();
    await site.close();
  });

  test('reads a file and trains on it', async () => {
    const site = await servePage();
    const page = await browser.newPage();
    await page.goto(site.url);
    const rows = Array.from({ length: 90 }, (_, i) => `ann${i % 9},item ${Math.floor(i / 9)},${1 + ((i * 3) % 5)}`);
    await chooseRatings(page, textFile('mine.csv', `member,film,stars\n${rows.join('\n')}\n`));
    expect(await figure(page, 'ratings')).toBe(90);
    await train(page);
    await page.close();
    await site.close();
  });

  test('opens and works without a network after one visit', async () => {
    const site = await servePage('/offline/');
    const page = await browser.newPage({ serviceWorkers: 'allow' });
    await page.goto(site.url);
    await drawAll(page);
    await page.locator('.machine').getByText('The page is stored on this machine').waitFor();
    await site.close();
    await page.reload();
    await page.getByRole('heading', { name: 'The sample', exact: true }).waitFor();
    await train(page);
    await giveStars(offered(page).first(), 5);
    expect(await recommendations(page)).toHaveLength(10);
    await page.close();
  });
});
