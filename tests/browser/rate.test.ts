/** What a recommendation shows: the expected rating and the match, as far as the kind of model has them. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  chooseSolver,
  giveStars,
  offered,
  overflow,
  recommendations,
  setSettings,
  titlesIn,
  train,
  useSample,
} from './support/steps.js';
import { type Site, servePage, type Visit, visit } from './support/visit.js';

let site: Site;
let visitor: Visit;

beforeAll(async () => {
  site = await servePage();
  visitor = await visit(site);
  await useSample(visitor.page);
  for (const [row, stars] of [5, 2, 4].entries()) await giveStars(offered(visitor.page).nth(row), stars);
});

afterAll(async () => {
  await visitor.leave();
  await site.close();
});

const preference = () => visitor.page.getByRole('checkbox', { name: 'Recommend what people take and like' });
const unit = () => visitor.page.locator('.columns > :last-child').innerText();
const certain = () => visitor.page.locator('.recommendations .interval').count();

test('a model of ratings is ordered by the match, beside the expected rating', async () => {
  const { page } = visitor;
  await train(page);
  expect(await unit()).toBe('Match');
  const found = await recommendations(page);
  expect(found).toHaveLength(10);
  for (const { score, expected } of found) {
    expect(expected).toBeGreaterThanOrEqual(1);
    expect(expected).toBeLessThanOrEqual(5);
    expect(score).toBeGreaterThan(0);
    expect(score).toBeLessThan(2);
  }
  expect(await certain()).toBe(10);
});

test('the three contributions and the baseline sum to the match', async () => {
  const { page } = visitor;
  const baselines = (await page.locator('.recommendations .parts').allInnerTexts()).map((words) =>
    Number(words.match(/baseline (−?[\d.]+)/)![1]!.replace('−', '-')),
  );
  for (const [i, { score, reasons }] of (await recommendations(page)).entries()) {
    const sum = reasons.reduce((all, { contribution }) => all + contribution, baselines[i]!);
    // Each of the five numbers is rounded to two decimals.
    expect(Math.abs(sum - score)).toBeLessThanOrEqual(0.0251);
  }
});

test('without preference it is ordered by the expected rating', async () => {
  const { page } = visitor;
  await page.getByText('More settings').click();
  expect(await preference().isChecked()).toBe(true);
  await preference().uncheck();
  expect(page.url()).toContain('preference=false');
  await train(page);
  expect(await unit()).toBe('Expected');
  const found = await recommendations(page);
  expect(found.map(({ expected }) => expected)).toEqual(Array(10).fill(Number.NaN));
  const scores = found.map(({ score }) => score);
  expect(scores).toEqual([...scores].sort((a, b) => b - a));
  expect(await page.locator('.note').textContent()).toMatch(/^The list goes by the expected rating/);
});

test('a textbook solver starts without preference', async () => {
  await chooseSolver(visitor.page, 'Stochastic gradient descent');
  expect(await preference().isChecked()).toBe(false);
});

test('a model of ordered ratings shows how likely each number of stars is', async () => {
  const { page } = visitor;
  await chooseSolver(page, 'Bayesian, by Gibbs sampling');
  await page.locator('details.fine').evaluate((details: HTMLDetailsElement) => details.setAttribute('open', ''));
  await page.getByRole('combobox', { name: 'Ratings are' }).selectOption({ label: 'Steps on a scale' });
  await setSettings(page, { Epochs: 10, 'Samples kept': 4 });
  await train(page);
  const bars = page.locator('.recommendations .score').getByRole('img');
  await bars.nth(9).waitFor();
  const found = await recommendations(page);
  for (const [i, words] of (await bars.evaluateAll((all) => all.map(({ ariaLabel }) => ariaLabel!))).entries()) {
    const stated = [...words.matchAll(/([\d.]+) stars?: ([\d.]+)%/g)].map(([, stars, share]) => [
      +stars!,
      +share! / 100,
    ]);
    expect(stated.map(([stars]) => stars)).toEqual([5, 4.5, 4, 3.5, 3, 2.5, 2, 1.5, 1, 0.5]);
    expect(Math.abs(stated.reduce((sum, [, share]) => sum + share!, 0) - 1)).toBeLessThan(0.03);
    const mean = stated.reduce((sum, [stars, share]) => sum + stars! * share!, 0);
    expect(Math.abs(mean - found[i]!.expected)).toBeLessThan(0.3);
    const heights = await bars
      .nth(i)
      .locator('span')
      .evaluateAll((all) => all.map((bar) => bar.clientHeight));
    const shares = stated.map(([, share]) => share!).reverse();
    expect(heights.indexOf(Math.max(...heights))).toBe(shares.indexOf(Math.max(...shares)));
  }
  expect(await overflow(page)).toBe(0);
  await page.getByRole('combobox', { name: 'Ratings are' }).selectOption({ label: 'Numbers' });
  await train(page);
  expect(await bars.count()).toBe(0);
});

test('a model of interactions has a match alone', async () => {
  const { page } = visitor;
  await chooseSolver(page, 'Implicit least squares');
  expect(await preference().isVisible()).toBe(false);
  await setSettings(page, { Epochs: 5 });
  await train(page);
  expect(await unit()).toBe('Match');
  const scores = (await recommendations(page)).map(({ score }) => score);
  expect(scores).toHaveLength(10);
  expect(scores).toEqual([...scores].sort((a, b) => b - a));
  expect(Math.max(...scores)).toBeLessThan(1.5);
  expect(await certain()).toBe(0);
});

test('a model of interactions asks what was taken; a dislike is no like, and is not recommended either', async () => {
  const { page } = visitor;
  const switches = offered(page).getByRole('button');
  const [liked, disliked, alsoLiked] = await titlesIn(offered(page));
  const pressed = () => switches.evaluateAll((all) => all.map((each) => each.ariaPressed === 'true'));
  expect((await pressed()).slice(0, 4)).toEqual([true, false, true, false]);
  expect(await offered(page).locator('input').count()).toBe(0);
  for (const { title, reasons } of await recommendations(page)) {
    expect(title).not.toBe(disliked);
    expect(reasons.map((reason) => reason.title).sort()).toEqual([liked, alsoLiked].sort());
  }
  const before = await recommendations(page);
  await switches.nth(3).click();
  expect((await pressed())[3]).toBe(true);
  expect(await recommendations(page)).not.toEqual(before);
  await switches.nth(3).click();
  expect(await recommendations(page)).toEqual(before);
});

test('there are no complaints, and no request to another host', () => {
  expect(visitor.complaints).toEqual([]);
});
