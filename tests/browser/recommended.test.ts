/** What a visitor does with the recommendations: rates those that are known, copies the list, shares the settings. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { giveStars, offered, recommendations, setSettings, titlesIn, train, yourRatings } from './support/steps.js';
import { type Site, servePage, type Visit, visit } from './support/visit.js';

let site: Site;
let visitor: Visit;

beforeEach(async () => {
  site = await servePage();
  visitor = await visit(site, { permissions: ['clipboard-read', 'clipboard-write'] });
  await train(visitor.page);
});
afterEach(async () => {
  await visitor.leave();
  await site.close();
  expect(visitor.complaints).toEqual([]);
});

const clipboard = () => visitor.page.evaluate(() => navigator.clipboard.readText());

test('a recommended item that is known is rated in one click and a key, and another takes its place', async () => {
  const { page } = visitor;
  await giveStars(offered(page).nth(0), 5);
  await giveStars(offered(page).nth(1), 2);
  const [, second] = await recommendations(page);
  await page.getByRole('button', { name: `Rate it: ${second!.title}`, exact: true }).click();
  expect((await titlesIn(offered(page)))[0]).toBe(second!.title);
  expect(new Set(await titlesIn(offered(page))).size).toBe(8);
  // Its first star has the focus.
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  expect((await titlesIn(yourRatings(page)))[0]).toBe(second!.title);
  expect(await yourRatings(page).first().locator('input:checked').inputValue()).toBe('4');
  const after = (await recommendations(page)).map(({ title }) => title);
  expect(after).toHaveLength(10);
  expect(after).not.toContain(second!.title);
});

test('the list is copied, a line for each title', async () => {
  const { page } = visitor;
  await giveStars(offered(page).nth(0), 5);
  const titles = (await recommendations(page)).map(({ title }) => title);
  await page.getByRole('button', { name: 'Copy the list' }).click();
  await page.getByText('Copied.').waitFor();
  expect(await clipboard()).toBe(titles.map((title, i) => `${i + 1}. ${title}`).join('\n'));
});

test('the link to these settings is copied', async () => {
  const { page } = visitor;
  await setSettings(page, { Seed: 7 });
  await page.getByRole('button', { name: 'Share these settings' }).click();
  await page.getByText('The link with these settings is copied.').waitFor();
  expect(await clipboard()).toBe(page.url());
  expect(new URL(await clipboard()).searchParams.get('seed')).toBe('7');
});
