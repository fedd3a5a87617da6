/** Learn the mathematics: the steps on the small matrix, number by number, by mouse and by keyboard. */
import { AxeBuilder } from '@axe-core/playwright';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openSection, overflow } from './support/steps.js';
import { type Site, servePage, type Visit, visit } from './support/visit.js';

let site: Site;
let visitor: Visit;

beforeAll(async () => {
  site = await servePage();
  visitor = await visit(site);
  await visitor.page.locator('#learn').scrollIntoViewIfNeeded();
  await visitor.page.locator('.loss-number').waitFor();
});

afterAll(async () => {
  await visitor.leave();
  await site.close();
});

const value = (text: string | null) => Number((text ?? '').replace('−', '-'));

const loss = async () => value(await visitor.page.locator('.loss-number').innerText());

/** The numbers of R, U, V or E, row by row; NaN for a dot. */
const table = async (place: number) => {
  const rows = await visitor.page
    .locator('.matrix')
    .nth(place)
    .locator('tbody tr')
    .evaluateAll((all) => all.map((row) => [...row.querySelectorAll('td')].map((cell) => cell.textContent)));
  return rows.map((row) => row.map(value));
};

const press = (name: string) => visitor.page.getByRole('button', { name, exact: true }).click();

async function choose(method: string): Promise<void> {
  await visitor.page.getByRole('radio', { name: method, exact: true }).check({ force: true });
  await press('Start over');
}

/** The text of a line whose formula begins so, without spaces. */
const line = async (beginning: string) => {
  const lines = await visitor.page.locator('.lines > li').allTextContents();
  return lines.map((text) => text.replace(/\s/g, '')).find((text) => text.startsWith(beginning))!;
};

/** The sum of the products in a line such as "=4×(−0.2)+5×0.3=0.7", and what it says that they are. */
function summed(numbers: string): { sum: number; said: number } {
  const [, terms = '', said = ''] = numbers.replaceAll('−', '-').split('=');
  const products = terms.match(/(\(?-?[\d.]+\)?×)?\(?-?[\d.]+\)?/g)!;
  const of = (text: string) => Number(text.replace(/[()]/g, ''));
  const sum = products.reduce((total, product) => total + product.split('×').reduce((all, x) => all * of(x), 1), 0);
  return { sum, said: Number(said) };
}

const numbersOf = async (place: number) =>
  (await visitor.page.locator('.lines > li .numbers').nth(place).innerText()).replace(/\s/g, '');

test('E is U Vᵀ − R where R has a rating, its gaps show the prediction, and the loss is ½ Σ e²', async () => {
  const [r, u, v, e] = await Promise.all([0, 1, 2, 3].map(table));
  let squares = 0;
  for (const [n, row] of r!.entries()) {
    for (const [m, rating] of row.entries()) {
      const estimate = u![n]![0]! * v![m]![0]! + u![n]![1]! * v![m]![1]!;
      const error = e![n]![m]!;
      expect(Math.abs((Number.isNaN(error) ? 0 : error + rating) - (Number.isNaN(error) ? 0 : estimate))).toBeLessThan(
        0.03,
      );
      if (Number.isNaN(error)) expect(Math.abs(rating - estimate)).toBeLessThan(0.08);
      else squares += error ** 2 / 2;
    }
  }
  expect(Math.abs(squares - (await loss()))).toBeLessThan(0.5);
});

test('steps reduce the loss of every method', async () => {
  const { page } = visitor;
  for (const method of ['Batch', 'Regularized', 'ALS']) {
    await choose(method);
    await page.getByText('after 0 steps').waitFor();
    const before = await loss();
    await press('Step');
    await page.getByText('after 1 step', { exact: true }).waitFor();
    const after = await loss();
    expect(after).toBeLessThan(before);
    await press('Ten steps');
    await page.getByText('after 11 steps').waitFor();
    expect(await loss()).toBeLessThan(after);
  }
});

test('the sums written out are the results that stand beside them, and the step takes them', async () => {
  await choose('ALS');
  await visitor.page.getByText('after 0 steps').waitFor();
  await press('Ten steps');
  await press('Step');
  await visitor.page.getByText('after 11 steps').waitFor();
  // r̂, then a₁₁, a₁₂, a₂₂, b₁ and b₂ of the user's equations.
  for (const place of [0, 3, 4, 5, 6, 7]) {
    const { sum, said } = summed(await numbersOf(place));
    expect(Math.abs(sum - said)).toBeLessThan(0.1);
  }
  const solved = [value((await numbersOf(9)).split('=').at(-1)!), value((await numbersOf(10)).split('=').at(-1)!)];
  const [, person = ''] = (await visitor.page.locator('#arithmetic').innerText()).match(/n = (\w+)/)!;
  await press('Step');
  await visitor.page.getByText('after 12 steps').waitFor();
  const row = ['Ada', 'Ben', 'Cleo', 'Dev', 'Eve', 'Finn'].indexOf(person);
  expect((await table(1))[row]).toEqual(solved);
});

test('the sign is that of E = R̂ − R in every method', async () => {
  await choose('Batch');
  await visitor.page.getByText('after 0 steps').waitFor();
  const { sum, said } = summed(await numbersOf(1));
  expect(Math.abs(sum - said)).toBeLessThan(0.011);
  expect(await line('enm')).toMatch(/^enm=r\^nm−rnm=/);
  expect(await line('∂L∂un')).toMatch(/^∂L∂un=∑menmvm=/);
  await choose('Stochastic');
  await visitor.page.getByText('after 0 steps, in pass 1').waitFor();
  expect(await line('enm')).toMatch(/^enm=r\^nm−rnm=/);
  expect(await line('un←')).toMatch(/^un←un−ηenmvm=/);
  expect(await line('vm←')).toMatch(/^vm←vm−ηenmun=/);
});

test('the arrow keys choose another pair, and its arithmetic is shown', async () => {
  const { page } = visitor;
  await choose('Batch');
  await page.getByText('after 0 steps').waitFor();
  await page.getByRole('button', { name: 'Ada, Androids: 4' }).click();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowDown');
  expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe('Ben, Black Hole: 4');
  expect(await page.locator('#arithmetic').innerText()).toContain('n = Ben, m = Black Hole');
});

test('a term lights the cells of its numbers, by mouse and by keyboard', async () => {
  const { page } = visitor;
  const lit = () => page.locator('.matrix td.lit').allTextContents();
  await choose('Batch');
  await page.getByText('after 0 steps').waitFor();
  await page.getByRole('button', { name: 'Ben, Black Hole: 4' }).click();
  const [, u, v] = await Promise.all([0, 1, 2].map(table));
  await page.locator('.term').first().hover();
  expect((await lit()).map(value)).toEqual([u![1]![0], v![1]![0]]);
  await page.locator('.term').first().focus();
  await page.keyboard.press('ArrowRight');
  expect((await lit()).map(value)).toEqual([u![1]![1], v![1]![1]]);
  expect(await page.locator('.term[tabindex="0"]').count()).toBe(1);
  await page.keyboard.press('Tab');
  expect(await lit()).toEqual([]);
});

test('a stochastic step changes only the rows of its pair, by keyboard', async () => {
  const { page } = visitor;
  await page.getByRole('radio', { name: 'Batch', exact: true }).focus();
  await page.keyboard.press('ArrowRight');
  await page.getByText('after 0 steps, in pass 1').waitFor();
  const before = await table(1);
  await page.getByRole('button', { name: 'Step', exact: true }).focus();
  await page.keyboard.press('Enter');
  await page.getByText('after 1 step, in pass 1').waitFor();
  const after = await table(1);
  expect(after.filter((row, n) => String(row) !== String(before[n])).length).toBeLessThanOrEqual(1);
  await press('The rest of this pass');
  await page.getByText(/after \d\d steps, in pass 2/).waitFor();
  expect(await loss()).toBeLessThan(160);
});

test('it plays until it is paused', async () => {
  const { page } = visitor;
  await choose('Batch');
  await page.getByText('after 0 steps').waitFor();
  await press('Play');
  await page.getByText(/^after ([3-9]|\d\d+) steps$/).waitFor();
  await press('Pause');
  await page.getByRole('button', { name: 'Play', exact: true }).waitFor();
});

test('a learning rate that diverges is reported, and the factors stay as they were', async () => {
  const { page } = visitor;
  await choose('Stochastic');
  await page.getByText('after 0 steps, in pass 1').waitFor();
  const before = await loss();
  await page.getByLabel('Learning rate η').fill('1000');
  await page.getByLabel('Learning rate η').blur();
  for (let i = 0; i < 3; i++) await press('The rest of this pass');
  const problem = page.locator('#learn [role=alert]');
  await problem.waitFor();
  expect(await problem.innerText()).toMatch(/learning rate of 1000/);
  expect(await loss()).toBe(before);
  await press('Start over');
  await problem.waitFor({ state: 'hidden' });
});

describe.each([
  [1280, 'light'],
  [360, 'dark'],
] as const)('at %i px, %s', (width, colorScheme) => {
  beforeAll(async () => {
    await visitor.page.emulateMedia({ colorScheme });
    await visitor.page.setViewportSize({ width, height: 740 });
    await openSection(visitor.page, 'learn');
  });

  test.each(['Batch', 'Stochastic', 'Regularized', 'ALS'])(
    '%s is accessible, and nothing is clipped',
    async (method) => {
      const { page } = visitor;
      await choose(method);
      await page.getByText(/^after 0 steps/).waitFor();
      const { violations } = await new AxeBuilder({ page }).include('#learn').analyze();
      expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target).join(' ')}`)).toEqual([]);
      expect(await overflow(page)).toBeLessThanOrEqual(0);
      const clipped = await page
        .locator('#learn td, #learn th, #learn .numbers, #learn .formula, #learn .objective')
        .evaluateAll((all) =>
          all.filter((each) => each.scrollWidth > each.clientWidth + 1).map((each) => each.textContent),
        );
      expect(clipped).toEqual([]);
    },
  );

  test('there are no complaints', () => expect(visitor.complaints).toEqual([]));
});
