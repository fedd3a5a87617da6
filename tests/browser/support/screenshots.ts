/**
 * Screenshots of each section after training, rating a few items and judging the model: at 1280 and 360 px, light and dark.
 * The page uses the font Inter if it is installed.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import type { WalkedData } from './real-data.js';
import { drawAll, giveStars, offered, openSection, train, useData } from './steps.js';
import { servePage, visit } from './visit.js';

const largest = 200_000;

/** For each item to rate, in order; 0 skips the item. */
const stars = [5, 0, 4, 1, 5];

export async function takeScreenshots(data: WalkedData, folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const site = await servePage();
  try {
    for (const width of [1280, 360]) {
      for (const colorScheme of ['light', 'dark'] as const) {
        // Tall enough that nothing scrolls, so that the bar stays at the top.
        const viewport = { width, height: width === 360 ? 16_000 : 10_000 };
        const { page, leave } = await visit(site, {
          viewport,
          colorScheme,
          reducedMotion: 'reduce',
          serviceWorkers: 'allow',
        });
        await useData(page, data);
        await train(page);
        for (const [row, n] of stars.entries()) if (n > 0) await giveStars(offered(page).nth(row), n);
        await openSection(page, 'trust');
        await drawAll(page);
        await page.getByRole('button', { name: 'Judge the model' }).click();
        await page.locator('.verdict').getByText('Your model’s').waitFor();
        await page.getByRole('button', { name: 'Try to connect elsewhere' }).click();
        await page.getByText('Your browser refused').waitFor();
        await page.getByText('The page is stored on this machine').waitFor();
        await page.evaluate(() => {
          (document.activeElement as HTMLElement).blur();
          scrollTo(0, 0);
        });
        await page.mouse.move(0, 0);
        const take = async (name: string, last: string, first = last) =>
          writeFileSync(join(folder, `${name}-${colorScheme}-${width}.png`), await picture(page, first, last));
        await page.setViewportSize({ width, height: 900 });
        await page.locator('#steps [aria-current]').waitFor({ state: 'detached' });
        await take('opening', '.hero', '.bar');
        await page.setViewportSize(viewport);
        for (const section of ['rate', 'start', 'train', 'learn', 'see', 'judge', 'keep', 'trust'])
          await take(section, `#${section}`);
        await leave();
      }
    }
  } finally {
    await site.close();
  }
}

/** The page from the top of one element to the bottom of another. */
async function picture(page: Page, first: string, last: string): Promise<Buffer> {
  const from = (await page.locator(first).boundingBox())!;
  const to = (await page.locator(last).boundingBox())!;
  const clip = { x: 0, y: from.y, width: page.viewportSize()!.width, height: to.y + to.height - from.y };
  const png = smaller(await page.screenshot({ clip }));
  if (png.length > largest)
    throw new Error(`The picture of ${last} has ${png.length} bytes; ${largest} are allowed (is pngquant installed?)`);
  return png;
}

/** Reduces a picture to 256 colours; without pngquant it stays as it is. */
function smaller(png: Buffer): Buffer {
  const { status, stdout } = spawnSync('pngquant', ['--speed', '1', '--quality', '80-100', '-'], {
    input: png,
    maxBuffer: 1e8,
  });
  return status === 0 ? stdout : png;
}
