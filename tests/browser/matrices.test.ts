/** See, a step number by number: gradient descent on the small matrix, by mouse and by keyboard. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { overflow } from './support/steps.js';
import { type Site, servePage, type Visit, visit } from './support/visit.js';

let site: Site;
let visitor: Visit;

beforeAll(async () => {
  site = await servePage();
  visitor = await visit(site);
  await visitor.page.locator('.loss-number').waitFor();
});

afterAll(async () => {
  await visitor.leave();
  await site.close();
});

const loss = async () => Number(await visitor.page.locator('.loss-number').innerText());

const number = (text: string) => Number(text.replace('−', '-'));

/** The numbers of a table, row by row, without the factors at its edges. */
const table = (place: number, cells: string) =>
  visitor.page
    .locator('.matrix')
    .nth(place)
    .locator('tbody tr')
    .evaluateAll(
      (rows, selector) =>
        rows.map((row) =>
          [...row.querySelectorAll(selector)].map((cell) => Number(cell.textContent?.replace('−', '-'))),
        ),
      cells,
    );

test('the displayed loss is ½ Σ e² of the displayed errors, and E is R̂ − R', async () => {
  const e = (await table(2, 'td:not(.factor, .corner)')).slice(-6);
  const squares = e.flat().reduce((sum, x) => sum + x * x, 0) / 2;
  expect(Math.abs(squares - (await loss()))).toBeLessThan(0.3);
  const estimates = (await table(1, 'td:not(.factor, .corner)')).slice(-6);
  const ratings = (await table(0, 'td')).slice(-6);
  for (const [n, row] of ratings.entries())
    for (const [m, rating] of row.entries())
      expect(Math.abs(e[n]![m]! - (Number.isNaN(rating) ? 0 : estimates[n]![m]! - rating))).toBeLessThan(0.011);
});

test('batch steps reduce the loss', async () => {
  const { page } = visitor;
  const before = await loss();
  await page.getByRole('button', { name: 'Take this step' }).click();
  await page.getByText('after 1 step').waitFor();
  const after = await loss();
  expect(after).toBeLessThan(before);
  await page.getByRole('button', { name: 'Ten steps' }).click();
  await page.getByText('after 11 steps').waitFor();
  expect(await loss()).toBeLessThan(after);
});

test('the arrow keys choose another pair, and its arithmetic is shown', async () => {
  const { page } = visitor;
  await page.getByRole('button', { name: 'Ada, Androids: 4' }).click();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowDown');
  expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe('Ben, Black Hole: 4');
  expect(await page.locator('.arithmetic h4').innerText()).toContain('n = Ben, m = Black Hole');
  const shown = (await table(1, 'td:not(.factor, .corner)')).slice(-6)[1]![1]!;
  expect(number(await page.locator('.arithmetic dd strong').first().innerText())).toBe(shown);
});

test('a stochastic step changes only the rows of its pair, by keyboard', async () => {
  const { page } = visitor;
  await page.getByRole('radio', { name: 'Batch', exact: true }).focus();
  await page.keyboard.press('ArrowRight');
  await page.getByText('after 0 steps, in pass 1').waitFor();
  const before = await table(1, '.factor');
  await page.getByRole('button', { name: 'Take this step' }).focus();
  await page.keyboard.press('Enter');
  await page.getByText('after 1 step, in pass 1').waitFor();
  const after = await table(1, '.factor');
  const users = after.slice(-6).filter((row, n) => String(row) !== String(before.slice(-6)[n]));
  expect(users.length).toBeLessThanOrEqual(1);
  await page.getByRole('button', { name: 'The rest of this pass' }).click();
  await page.getByText(/after \d\d steps, in pass 2/).waitFor();
  expect(await loss()).toBeLessThan(160);
});

test('a learning rate that diverges is reported, and the factors stay as they were', async () => {
  const { page } = visitor;
  const before = await loss();
  await page.getByLabel('Learning rate η').fill('1000');
  await page.getByLabel('Learning rate η').blur();
  for (let i = 0; i < 3; i++) await page.getByRole('button', { name: 'The rest of this pass' }).click();
  const problem = page.locator('#see [role=alert]');
  await problem.waitFor();
  expect(await problem.innerText()).toMatch(/learning rate of 1000/);
  expect(await loss()).toBe(before);
});

test('it fits a phone, and there are no complaints', async () => {
  const { page, complaints } = visitor;
  await page.setViewportSize({ width: 360, height: 740 });
  expect(await overflow(page)).toBeLessThanOrEqual(0);
  expect(complaints).toEqual([]);
});
