/** From the built-in sample to recommendations, with the page hosted below a sub-path. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  chooseSolver,
  curveOf,
  figure,
  giveStars,
  offered,
  recommendations,
  searchFor,
  setSettings,
  setting,
  startTraining,
  titlesIn,
  train,
  useSample,
  yourRatings,
} from './support/steps.js';
import { type Site, servePage, type Visit, visit } from './support/visit.js';

let site: Site;
let visitor: Visit;

beforeAll(async () => {
  site = await servePage('/some/folder/');
  visitor = await visit(site);
});

afterAll(async () => {
  await visitor.leave();
  await site.close();
});

test('the sample is read and described', async () => {
  const { page } = visitor;
  await useSample(page);
  expect(await figure(page, 'users')).toBe(943);
  expect(await figure(page, 'items')).toBeGreaterThan(1600);
  expect(await figure(page, 'ratings')).toBeGreaterThan(80_000);
  expect(await figure(page, 'mean rating')).toBeGreaterThan(3);
});

test('a training shows its curves and numbers, and the validation error falls', async () => {
  const { page } = visitor;
  await train(page);
  await page.locator('#train').getByText('Show as a table').click();
  const rows = await page
    .locator('.epochs tbody tr')
    .evaluateAll((all) => all.map((row) => [...row.children].map((cell) => Number(cell.textContent))));
  // It converges before the largest number of epochs, and says so.
  const epochs = await setting(page, 'Epochs').inputValue();
  expect(rows.length).toBeLessThan(Number(epochs));
  expect(await page.locator('.run-state').innerText()).toContain(
    `It stopped by itself after ${rows.length} of ${epochs} epochs.`,
  );
  const validation = rows.map((row) => row[3]!);
  expect(validation.at(-1)).toBeLessThan(validation[0]!);
  expect(validation.at(-1)).toBeGreaterThan(0.3);
  const points = await curveOf(page, 'validation');
  expect(points).toHaveLength(rows.length);
  const [[left, top], [right, bottom]] = [points[0]!, points.at(-1)!] as [[number, number], [number, number]];
  expect(right - left).toBeGreaterThan(400);
  expect(bottom - top).toBeGreaterThan(30);
  for (const [i, [x, y]] of points.entries()) {
    expect((x! - left) / (right - left)).toBeCloseTo(i / (rows.length - 1), 2);
    const share = (validation[i]! - validation[0]!) / (validation.at(-1)! - validation[0]!);
    expect((y! - top) / (bottom - top)).toBeCloseTo(share, 2);
  }

  // The caption has the values at the pointer, and of the last epoch without it.
  const caption = page.locator('.curves figcaption');
  await page.locator('.chart svg').hover({ position: { x: left + 1, y: 100 } });
  expect(await caption.innerText()).toMatch(/epoch 1\b/);
  expect(await caption.innerText()).toContain(`validation ${validation[0]!.toFixed(4)}`);
  expect(await page.locator('.chart .pointed circle').count()).toBe(2);
  await page.mouse.move(0, 0);
  expect(await caption.innerText()).toContain(`epoch ${rows.length}`);
  expect(await page.locator('.chart .pointed circle').count()).toBe(0);
});

test('rating items gives recommendations with reasons at once, without the rated items', async () => {
  const { page } = visitor;
  const titles = await titlesIn(offered(page));
  expect(new Set(titles).size).toBe(8);
  await giveStars(offered(page).nth(0), 5);
  const first = await recommendations(page);
  expect(first).toHaveLength(10);
  await giveStars(offered(page).nth(1), 1);
  await giveStars(offered(page).nth(2), 4);

  const found = await recommendations(page);
  expect(found).toHaveLength(10);
  expect(found.map(({ title }) => title)).not.toEqual(first.map(({ title }) => title));
  const matches = found.map(({ score }) => score);
  expect(matches).toEqual([...matches].sort((a, b) => b - a));
  const ratings = found.map(({ expected }) => expected);
  expect(Math.max(...ratings)).toBeLessThanOrEqual(5);
  expect(Math.min(...ratings)).toBeGreaterThanOrEqual(1);
  expect(ratings).not.toEqual([...ratings].sort((a, b) => b - a));
  for (const { title, reasons } of found) {
    expect(titles.slice(0, 3)).not.toContain(title);
    expect(reasons.map((reason) => reason.title).sort()).toEqual(titles.slice(0, 3).sort());
    expect(reasons.some(({ contribution }) => contribution !== 0)).toBe(true);
  }
});

test('a recommended item that is searched for and rated is no longer recommended', async () => {
  const { page } = visitor;
  const wanted = (await recommendations(page))[0]!.title;
  await searchFor(page, wanted);
  expect((await titlesIn(offered(page)))[0]).toBe(wanted);
  await giveStars(offered(page).first(), 3);
  const titles = (await recommendations(page)).map(({ title }) => title);
  expect(titles).toHaveLength(10);
  expect(titles).not.toContain(wanted);
  expect((await titlesIn(yourRatings(page)))[0]).toBe(wanted);
  await searchFor(page, '');
});

test('a search forgives a typo, matches the beginning of a word, and reports when nothing matches', async () => {
  const { page } = visitor;
  const wanted = (await titlesIn(offered(page)))[0]!;
  const word = wanted.split(' ').reduce((longest, each) => (each.length > longest.length ? each : longest));
  for (const query of [word.slice(0, -1), word.slice(0, -2) + word.slice(-1)]) {
    await searchFor(page, query);
    expect(await titlesIn(offered(page)), query).toContain(wanted);
  }
  await searchFor(page, 'zzzzzzzz');
  expect(await offered(page).count()).toBe(0);
  expect(await page.getByText('No items match.').isVisible()).toBe(true);
  await searchFor(page, '');
  expect(await titlesIn(offered(page))).toHaveLength(8);
});

test('a rating can be changed and removed, with its effect', async () => {
  const { page } = visitor;
  const before = await recommendations(page);
  const last = (await titlesIn(yourRatings(page)))[0]!;
  await page.getByRole('button', { name: `Remove your rating of ${last}` }).click();
  expect(await yourRatings(page).count()).toBe(3);
  const without = await recommendations(page);
  expect(without[0]!.title).toBe(last);
  await giveStars(yourRatings(page).first(), 1);
  // By keyboard, without losing the focus.
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  expect(await yourRatings(page).first().locator('input:checked').inputValue()).toBe('3');
  await giveStars(yourRatings(page).first(), 1);
  expect(await recommendations(page)).not.toEqual(without);
  expect(await recommendations(page)).not.toEqual(before);
  await page.getByRole('button', { name: 'Remove all' }).click();
  expect(await recommendations(page)).toEqual([]);
  expect(await page.getByText('Rate an item, and ten recommendations').isVisible()).toBe(true);
});

test.each([
  ['Thriller', 'Comedy'],
  ['Comedy', 'Thriller'],
  ['Science fiction', 'Romance'],
])('a visitor who rates %s high and %s low gets the first recommended, not the second', async (liked, disliked) => {
  const { page } = visitor;
  for (const [genre, stars] of [
    [liked, 5],
    [disliked, 1],
  ] as const) {
    await searchFor(page, genre);
    for (const row of [0, 1, 2, 3]) {
      expect(await offered(page).nth(row).locator('small').innerText()).toContain(genre);
      await giveStars(offered(page).nth(row), stars);
    }
  }
  const genres = await page.locator('.recommendations > li > .name > small').allInnerTexts();
  expect(genres).toHaveLength(10);
  expect(genres.filter((all) => all.includes(liked)).length).toBeGreaterThanOrEqual(6);
  expect(genres.filter((all) => all.includes(disliked)).length).toBeLessThanOrEqual(1);
  await searchFor(page, '');
  await page.getByRole('button', { name: 'Remove all' }).click();
});

test('three similar ratings are reported to say little about a taste, until one differs', async () => {
  const { page } = visitor;
  const words = page.getByText('You gave all of these nearly the same number of stars');
  for (const row of [0, 1]) await giveStars(offered(page).nth(row), 5);
  expect(await words.isVisible()).toBe(false);
  await giveStars(offered(page).nth(2), 5);
  expect(await words.isVisible()).toBe(true);
  await giveStars(offered(page).nth(3), 2);
  expect(await words.isVisible()).toBe(false);
  await page.getByRole('button', { name: 'Remove all' }).click();
});

test('cancelling keeps the model of the completed epochs', async () => {
  const { page } = visitor;
  await chooseSolver(page, 'Stochastic gradient descent');
  await setSettings(page, { Factors: 64, Epochs: 100_000 });
  await startTraining(page);
  await page.locator('.run-state', { hasText: 'left' }).waitFor();
  await page.getByRole('button', { name: 'Cancel', exact: true }).click();
  await page.getByText(/^Cancelled after \d+ of 100,000 epochs/).waitFor();
  expect(await page.locator('.origin').innerText()).toMatch(/^Model: the sample, \d+ epochs? of sgd$/);
  await giveStars(offered(page).nth(3), 5);
  expect(await recommendations(page)).toHaveLength(10);
});

test('a diverging training is reported below the settings, and the previous model stays', async () => {
  const { page } = visitor;
  const before = await page.locator('.origin').innerText();
  await chooseSolver(page, 'Batch gradient descent');
  await setSettings(page, { 'Learning rate': 1000, Epochs: 50 });
  await startTraining(page);
  const problem = page.locator('[data-view=settings] [role=alert]');
  await problem.waitFor();
  expect(await problem.innerText()).toMatch(/learning ?rate/i);
  expect(await page.locator('.origin').innerText()).toBe(before);
  expect(await recommendations(page)).toHaveLength(10);
});

test.each([
  ['Factors', '0', /factors/],
  ['Epochs', '0.5', /epochs/],
  ['Regularization', '-1', /regularization/],
])('%s of "%s" is rejected with a message that names it', async (label, value, words) => {
  const { page } = visitor;
  // Choosing a solver resets its settings.
  await chooseSolver(page, 'Stochastic gradient descent');
  await chooseSolver(page, 'Alternating least squares');
  await setting(page, label).fill(value);
  expect(await setting(page, label).inputValue()).toBe(value);
  // By the keyboard: a click is lost if the page moves below the mouse while its button is down.
  await setting(page, label).press('Enter');
  const problem = page.locator('[data-view=settings] [role=alert]');
  await problem.getByText(words).waitFor();
  expect(await recommendations(page)).toHaveLength(10);
  await problem.getByRole('button', { name: 'Dismiss' }).click();
});

test('there are no complaints, and no request to another host', () => {
  expect(visitor.complaints).toEqual([]);
});
