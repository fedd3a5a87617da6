/** The page's story at both widths, links that land at their headings, and what can be undone. */
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import {
  chooseSolver,
  giveStars,
  offered,
  recommendations,
  setSettings,
  titlesIn,
  train,
  yourRatings,
} from './support/steps.js';
import { story } from './support/story.js';
import { type Site, servePage, type Visit, visit } from './support/visit.js';

let site: Site;
let visitor: Visit;

beforeAll(async () => {
  site = await servePage('/some/folder/');
});
afterAll(() => site.close());
afterEach(async () => {
  await visitor.leave();
  expect(visitor.complaints).toEqual([]);
});

const button = (name: string) => visitor.page.getByRole('button', { name, exact: true });

test.each([
  [1280, 900],
  [360, 740],
])('%i px: ten recommendations with reasons in two clicks and three stars', async (width, height) => {
  visitor = await visit(site, { viewport: { width, height } });
  await story(visitor.page);
});

test.each([
  ['the script', '**/assets/index-*.js'],
  ['the ratings', '**/assets/sample-titles-*.js'],
])('a click that comes before %s trains once they are there', async (_, file) => {
  visitor = await visit(site);
  const { page } = visitor;
  let release = () => {};
  const isClicked = new Promise<void>((resolve) => {
    release = resolve;
  });
  await page.route(file, async (route) => {
    await isClicked;
    await route.continue();
  });
  const isHeld = page.waitForRequest(file);
  await page.goto(`${site.url}?factors=8`, { waitUntil: 'commit' });
  await isHeld;
  await page.getByRole('link', { name: 'Train on the sample' }).click();
  release();
  await page.getByText(/^Trained in .*s\. Rate three\.$/).waitFor();
  expect(page.url()).toBe(`${site.url}?factors=8#rate`);
  await expect.poll(() => page.locator('#steps [aria-current]').innerText()).toBe('Rate');
});

test('the gaps of the little matrix fill; at once where no motion is wanted', async () => {
  visitor = await visit(site);
  const { page } = visitor;
  await page.locator('.hero-figure rect').first().waitFor();
  await expect.poll(() => page.locator('.hero-figure .gap').count()).toBe(0);
  const filled = await page.locator('.hero-figure .filled').count();
  expect(filled).toBeGreaterThan(30);
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await page.goto(`${site.url}?factors=8`);
  await page.locator('.hero-figure rect').first().waitFor();
  expect(await page.locator('.hero-figure .filled').count()).toBe(filled);
});

test.each([
  [1280, 900],
  [360, 740],
])('%i px: an address with a section lands at its heading, and so does a link of the bar', async (width, height) => {
  visitor = await visit(site, { viewport: { width, height }, reducedMotion: 'reduce' });
  const { page } = visitor;
  const top = (id: string) => page.locator(id).evaluate((element) => Math.round(element.getBoundingClientRect().top));
  await page.goto(`${site.url}?factors=8#keep`);
  await expect.poll(() => page.locator('#steps [aria-current]').innerText()).toBe('Take it');
  await expect.poll(() => top('#keep-title')).toBeLessThan(160);
  expect(await top('#keep-title')).toBeGreaterThan(0);
  await page.goto(site.url);
  await page.locator('#steps').getByRole('link', { name: 'Trust' }).click();
  await expect.poll(() => page.locator('#steps [aria-current]').innerText()).toBe('Trust');
  await page.locator('.machine').waitFor();
});

test('the command to install is copied', async () => {
  visitor = await visit(site, { permissions: ['clipboard-read', 'clipboard-write'] });
  const { page } = visitor;
  await page.locator('.install').getByRole('button', { name: 'Copy' }).click();
  await page.locator('.install').getByText('Copied.').waitFor();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe('npm install matfac');
});

test('a borrowed taste is recommended for, and gives way to the visitor’s own ratings', async () => {
  visitor = await visit(site);
  const { page } = visitor;
  await train(page);
  await giveStars(offered(page).nth(0), 2);
  const own = await titlesIn(yourRatings(page));
  await page.locator('.persona').first().click();
  const rated = await yourRatings(page).evaluateAll((rows) =>
    rows.map((row) => ({
      genres: row.querySelector('small')?.textContent?.split(', ') ?? [],
      stars: Number(row.querySelector<HTMLInputElement>('input:checked')?.value),
    })),
  );
  const liked = rated.filter(({ stars }) => stars === 5);
  expect(liked.length).toBe(5);
  expect(rated.length).toBeGreaterThan(5);
  const shared = liked[0]!.genres.filter((genre) => liked.every(({ genres }) => genres.includes(genre)));
  expect(shared.length).toBeGreaterThan(0);
  const genres = await page.locator('.recommendations > li > .name > small').allInnerTexts();
  expect(genres.filter((all) => shared.some((genre) => all.includes(genre))).length).toBeGreaterThanOrEqual(5);
  await button('Undo').click();
  expect(await titlesIn(yourRatings(page))).toEqual(own);
  expect(await button('Undo').isVisible()).toBe(false);
});

test('a reset is undone: the model, its curves and its recommendations are back', async () => {
  visitor = await visit(site);
  const { page } = visitor;
  await train(page);
  await giveStars(offered(page).nth(0), 5);
  const before = await recommendations(page);
  await button('Reset').click();
  expect(await recommendations(page)).toEqual([]);
  await button('Undo').click();
  expect(await recommendations(page)).toEqual(before);
  await page.getByText(/^Trained on the sample in /).waitFor();
});

test('while a training is paused, its snapshot recommends, and what it recommends moves with each epoch', async () => {
  visitor = await visit(site);
  const { page } = visitor;
  await page.getByRole('heading', { name: 'The sample', exact: true }).waitFor();
  await giveStars(offered(page).nth(0), 5);
  await giveStars(offered(page).nth(1), 1);
  await chooseSolver(page, 'Alternating least squares');
  await setSettings(page, { Epochs: 500 });
  await button('Step one epoch').click();
  await page.getByText('Paused after epoch 1 of 500.').waitFor();
  await expect.poll(() => recommendations(page)).toHaveLength(10);
  expect(await page.locator('.origin').innerText()).toBe('Model: the sample, while it is trained with als');
  const first = await recommendations(page);
  await button('Step one epoch').click();
  await page.getByText('Paused after epoch 2 of 500.').waitFor();
  await expect.poll(() => recommendations(page)).not.toEqual(first);
  await button('Cancel').click();
  await page.getByText(/^Cancelled after 2 of 500 epochs/).waitFor();
  expect(await page.locator('.origin').innerText()).toBe('Model: the sample, 2 epochs of als');
  expect(await recommendations(page)).toHaveLength(10);
});
