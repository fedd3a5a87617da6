/** The page stays responsive while it works, fits a phone, and works without a mouse. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launch } from './support/browser.js';
import {
  chooseFile,
  drawAll,
  giveStars,
  offered,
  overflow,
  recommendations,
  setSettings,
  startTraining,
  textFile,
  train,
  useSample,
  yourRatings,
} from './support/steps.js';
import { type Site, servePage, visit } from './support/visit.js';

declare global {
  interface Window {
    /** The heading of the visitor's ratings right after a click on the first star. */
    firstAnswer: string | undefined;
  }
}

let site: Site;

beforeAll(async () => {
  site = await servePage();
});
afterAll(() => site.close());

// `npm run bench -- page` measures how long tasks take; these tests check what that depends on.
test('the page responds while a worker trains: what a visitor does in the meantime is done before the training ends', async () => {
  const { page, leave, complaints } = await visit(site);
  await useSample(page);
  await setSettings(page, { Factors: 64, Epochs: 100_000 });
  await startTraining(page);
  await page.waitForFunction(() => (document.querySelector<HTMLProgressElement>('#train progress')?.value ?? 0) > 0);
  expect(page.workers().length).toBeGreaterThanOrEqual(1);
  for (const [row, stars] of [
    [0, 5],
    [1, 2],
  ] as const)
    await giveStars(offered(page).nth(row), stars);
  await expect.poll(() => page.locator('#yours').textContent()).toBe('Your 2 ratings');
  expect(await page.getByRole('button', { name: 'Pause' }).isVisible()).toBe(true);
  await page.getByRole('button', { name: 'Cancel' }).click();
  await page.getByRole('button', { name: 'Start training' }).waitFor();
  await leave();
  expect(complaints).toEqual([]);
});

test('the first items to rate respond as soon as they appear', async () => {
  const context = await launch({ serviceWorkers: 'block' });
  await context.addInitScript(() => {
    const seen = new MutationObserver(() => {
      const star = document.querySelector<HTMLInputElement>('[aria-label="Items to rate"] input');
      if (!star) return;
      seen.disconnect();
      // As soon as the page can handle input.
      setTimeout(() => {
        star.click();
        window.firstAnswer = document.querySelector('#yours')?.textContent ?? 'nothing';
      });
    });
    seen.observe(document, { childList: true, subtree: true });
  });
  const page = await context.newPage();
  await page.goto(site.url);
  const answer = await page.waitForFunction(() => window.firstAnswer).then((handle) => handle.jsonValue());
  await context.close();
  expect(answer).toBe('Your 1 rating');
});

test.each(['light', 'dark'] as const)(
  '360 px wide, %s: nothing overflows before, during and after training',
  async (colorScheme) => {
    const { page, leave, complaints } = await visit(site, {
      viewport: { width: 360, height: 740 },
      colorScheme,
      hasTouch: true,
    });
    expect(await overflow(page)).toBeLessThanOrEqual(0);
    await page.getByText('See for yourself').click();
    await useSample(page);
    await train(page);
    await page.locator('#train').getByText('Show as a table').click();
    await offered(page).first().locator('label').nth(3).tap();
    expect(await offered(page).first().locator('input:checked').inputValue()).toBe('4');
    expect(await recommendations(page)).toHaveLength(10);
    expect(await overflow(page)).toBeLessThanOrEqual(0);
    await leave();
    expect(complaints).toEqual([]);
  },
);

test('a phone shows the links to all sections; where they do not fit, an arrow says so until the last is in view', async () => {
  const { page, leave, complaints } = await visit(site, { viewport: { width: 360, height: 740 }, hasTouch: true });
  const bar = page.locator('#steps');
  const arrow = () => bar.evaluate((nav) => getComputedStyle(nav, '::after').content);
  const isInView = (name: string) =>
    bar.getByRole('link', { name }).evaluate((link) => {
      const { left, right } = link.getBoundingClientRect();
      return left >= 0 && right <= innerWidth;
    });
  for (const name of ['Rate', 'Data', 'Train', 'Learn', 'See', 'Judge', 'Take it', 'Trust'])
    expect(await isInView(name), name).toBe(true);
  expect(await arrow()).toBe('none');

  await page.setViewportSize({ width: 240, height: 740 });
  await expect.poll(arrow).toBe('"›"');
  expect(await isInView('Trust')).toBe(false);
  await bar.evaluate((nav) => nav.scrollTo({ left: nav.scrollWidth }));
  await expect.poll(arrow).toBe('none');
  expect(await isInView('Trust')).toBe(true);
  await leave();
  expect(complaints).toEqual([]);
});

test('a phone scrolls through a dozen screens at most: what a first visit does not need is closed until asked for', async () => {
  const { page, leave, complaints } = await visit(site, { viewport: { width: 360, height: 740 }, hasTouch: true });
  const isShown = (selector: string) => page.locator(selector).isVisible();
  await page.getByRole('link', { name: 'Train on the sample' }).tap();
  await page.getByText(/^Trained in .*s\. Rate three\.$/).waitFor();
  for (const [row, stars] of [5, 4, 2].entries())
    await offered(page)
      .nth(row)
      .locator('label')
      .nth(stars - 1)
      .tap();
  const reason = page.locator('.recommendations > li').first().locator('.reasons > li').nth(1);
  expect(await reason.isVisible()).toBe(false);
  await drawAll(page);
  await page.getByRole('button', { name: 'Judge the model' }).tap();
  await page.locator('.verdict').getByText('Your model’s').waitFor();
  for (const section of ['start', 'train', 'trust']) expect(await isShown(`#${section} > [data-view]`)).toBe(false);
  await page.locator('#learn').getByRole('button', { name: 'Close' }).tap();
  expect(await isShown('#learn > [data-view]')).toBe(false);
  expect(await page.evaluate(() => document.documentElement.scrollHeight)).toBeLessThanOrEqual(9000);

  await page.getByRole('button', { name: 'Show all reasons' }).tap();
  expect(await reason.isVisible()).toBe(true);
  await page.locator('#steps').getByRole('link', { name: 'Train' }).tap();
  expect(await isShown('#train > [data-view]')).toBe(true);
  await chooseFile(page, 'Choose ratings …', textFile('broken.csv', 'user,item,rating\n1,1,often\n'));
  await page.locator('#start .problem:visible').waitFor();
  expect(await isShown('#start > [data-view]')).toBe(true);
  expect(await overflow(page)).toBeLessThanOrEqual(0);
  await leave();
  expect(complaints).toEqual([]);
});

test('by keyboard only: from the top of the page to a recommendation', async () => {
  const { page, leave, complaints } = await visit(site);
  const focused = () =>
    page.evaluate(() => document.activeElement?.closest('label, button, a, summary')?.textContent ?? '');
  const tabTo = async (words: RegExp) => {
    for (let i = 0; i < 60; i++) {
      await page.keyboard.press('Tab');
      if (words.test(await focused())) return;
    }
    throw new Error(`Tab does not reach ${words}`);
  };
  await page.keyboard.press('Tab');
  expect(await focused()).toBe('Skip to the ratings');
  await tabTo(/^Train on the sample$/);
  await page.keyboard.press('Enter');
  await page.getByText(/^Trained on .* in /).waitFor();
  await tabTo(/^1 star$/);
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  expect(await yourRatings(page).count()).toBe(1);
  expect(await yourRatings(page).first().locator('input:checked').inputValue()).toBe('3');
  expect(await recommendations(page)).toHaveLength(10);
  await leave();
  expect(complaints).toEqual([]);
});

test('progress and results are announced to screen readers', async () => {
  const { page, leave } = await visit(site);
  const spoken = page.locator('body > [role=status]');
  await useSample(page);
  expect(await spoken.textContent()).toMatch(/^Read the sample: .* ratings of 1,6\d\d items by 943 users$/);
  await train(page);
  expect(await spoken.textContent()).toContain('Training is finished');
  await leave();
});

test('the policy is in force: the page cannot reach another host', async () => {
  const { page, leave, complaints } = await visit(site);
  const outcome = await page.evaluate(() =>
    fetch('https://example.org/').then(
      () => 'reached',
      () => 'refused',
    ),
  );
  expect(outcome).toBe('refused');
  await expect.poll(() => complaints.join('\n')).toContain('policy violated: connect-src');
  await leave();
});
