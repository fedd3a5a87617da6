/** The page's story: from opening to ten recommendations with reasons in two clicks and three stars. */
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { giveStars, offered, overflow, recommendations, titlesIn } from './steps.js';

export async function story(page: Page): Promise<void> {
  await page.getByRole('link', { name: 'Train on the sample' }).click();
  // The click lands at Rate, where the first stars are in view once the model is there.
  await page.getByText(/^Trained in .*s\. Rate three\.$/).waitFor();
  await expect.poll(() => page.locator('#steps [aria-current]').innerText()).toBe('Rate');
  const isInView = (selector: string) =>
    page.locator(selector).evaluate((element) => {
      const { top, bottom } = element.getBoundingClientRect();
      return top >= 0 && bottom <= innerHeight;
    });
  await expect.poll(() => isInView('#rate-title')).toBe(true);
  expect(await isInView('[aria-label="Items to rate"] > li:first-child')).toBe(true);

  const titles = await titlesIn(offered(page));
  for (const [row, stars] of [5, 4, 2].entries()) await giveStars(offered(page).nth(row), stars);
  await page.getByText(/^Trained in .*s\.$/).waitFor();
  const narrow = page.getByRole('link', { name: 'See your recommendations' });
  if (await narrow.isVisible()) await narrow.click();
  const found = await recommendations(page);
  expect(found).toHaveLength(10);
  for (const { title, reasons } of found) {
    expect(titles.slice(0, 3)).not.toContain(title);
    expect(reasons.map((reason) => reason.title)).toHaveLength(3);
    // What was liked and speaks for it leads.
    const speaks = reasons.filter((reason) => reason.title !== titles[2] && reason.contribution > 0);
    expect(reasons.slice(0, speaks.length)).toEqual(speaks);
  }
  await expect
    .poll(() =>
      page
        .locator('.recommendations > li')
        .first()
        .evaluate((row) => row.getBoundingClientRect().top < innerHeight),
    )
    .toBe(true);
  expect(await overflow(page)).toBeLessThanOrEqual(0);
}
