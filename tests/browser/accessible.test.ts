/** axe finds no violations: light and dark, wide and narrow, before and after training, with all details open. */
import { AxeBuilder } from '@axe-core/playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { drawAll, giveStars, offered, openSection, train } from './support/steps.js';
import { type Site, servePage, visit } from './support/visit.js';

let site: Site;

beforeAll(async () => {
  site = await servePage();
});
afterAll(() => site.close());

test.each([
  ['light', 1280],
  ['dark', 1280],
  ['light', 360],
  ['dark', 360],
] as const)('%s, %i px', async (colorScheme, width) => {
  const { page, leave } = await visit(site, {
    viewport: { width, height: 800 },
    colorScheme,
    reducedMotion: 'reduce',
    // axe is injected into the page as a script.
    bypassCSP: true,
  });
  const findings = async () => {
    const { violations } = await new AxeBuilder({ page }).setLegacyMode().analyze();
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
  };
  for (const section of ['start', 'trust']) await openSection(page, section);
  await page.getByRole('heading', { name: 'The sample', exact: true }).waitFor();
  expect(await findings()).toEqual([]);
  await train(page);
  await drawAll(page);
  await giveStars(offered(page).first(), 5);
  await drawAll(page);
  for (const summary of await page.locator('summary:visible').all()) await summary.click();
  expect(await findings()).toEqual([]);
  await leave();
});
