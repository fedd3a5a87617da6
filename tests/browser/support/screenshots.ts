/**
 * Pictures of the page for docs/screenshots, as a visitor sees it who trained on the sample and rated a few items:
 * the opening and the work, at 1280 and 360 px, light and dark. Inter, where it is installed, is the font of the page.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { giveStars, offered, train, useSample } from './steps.js';
import { servePage, visit } from './visit.js';

const folder = fileURLToPath(new URL('../../../docs/screenshots/', import.meta.url));
const largest = 200_000;

/** Item by item as they are offered; 0 is passed over. */
const stars = [5, 0, 4, 1, 5];

export async function takeScreenshots(): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const site = await servePage();
  try {
    for (const width of [1280, 360]) {
      for (const colorScheme of ['light', 'dark'] as const) {
        // High enough that nothing scrolls, so that the bar stays on top.
        const viewport = { width, height: width === 360 ? 16_000 : 9000 };
        const { page, leave } = await visit(site, { viewport, colorScheme, reducedMotion: 'reduce' });
        await useSample(page);
        await train(page);
        for (const [row, n] of stars.entries()) if (n > 0) await giveStars(offered(page).nth(row), n);
        await page.mouse.move(0, 0);
        await picture(page, '#top', '#start', `opening-${colorScheme}-${width}`);
        for (const section of ['learn', 'see', 'rate', 'judge', 'leave']) {
          await picture(page, `#${section}`, `#${section}`, `${section}-${colorScheme}-${width}`);
        }
        await leave();
      }
    }
  } finally {
    await site.close();
  }
}

/** The page from the top of one element to the bottom of another. */
async function picture(page: Page, first: string, last: string, name: string): Promise<void> {
  const from = (await page.locator(first).boundingBox())!;
  const to = (await page.locator(last).boundingBox())!;
  const clip = { x: 0, y: from.y, width: page.viewportSize()!.width, height: to.y + to.height - from.y };
  const path = `${folder}${name}.png`;
  const png = smaller(await page.screenshot({ clip }));
  if (png.length > largest)
    throw new Error(`${path} has ${png.length} bytes; ${largest} are allowed (is pngquant installed?)`);
  writeFileSync(path, png);
}

/** A palette of 256 colours is enough for a page; without pngquant the picture stays as it is. */
function smaller(png: Buffer): Buffer {
  const { status, stdout } = spawnSync('pngquant', ['--speed', '1', '--quality', '80-100', '-'], {
    input: png,
    maxBuffer: 1e8,
  });
  return status === 0 ? stdout : png;
}
