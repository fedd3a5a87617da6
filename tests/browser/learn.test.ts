/** Learn: pause, resume, step, reset, compare, share the settings; every solver. */
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { solvers } from '../../web/settings/solvers.js';
import { chooseSolver, offered, setSettings, setting, train } from './support/steps.js';
import { type Site, servePage, type Visit, visit } from './support/visit.js';

let site: Site;
let visitor: Visit;

beforeAll(async () => {
  site = await servePage('/some/folder/');
});
afterAll(() => site.close());
beforeEach(async () => {
  visitor = await visit(site);
  await visitor.page.getByRole('heading', { name: 'The sample', exact: true }).waitFor();
});
afterEach(async () => {
  await visitor.leave();
  expect(visitor.complaints).toEqual([]);
});

const button = (name: string) => visitor.page.getByRole('button', { name, exact: true });
const epoch = () => visitor.page.locator('[data-view=progress] .figures dd').first().innerText();

/** The validation errors in the table. */
const errors = () =>
  visitor.page
    .locator('.epochs tbody tr')
    .evaluateAll((rows) => rows.map((row) => Number(row.children[3]!.textContent)));

test('the sample is loaded when the page opens, and one click trains on it', async () => {
  const { page } = visitor;
  expect(await offered(page).count()).toBe(8);
  expect(await offered(page).first().locator('small').innerText()).not.toBe('');
  await page.getByRole('link', { name: 'Train on the sample' }).click();
  await page.getByText(/^Trained on the sample in /).waitFor();
});

test('a paused and resumed training gives the same model', async () => {
  const { page } = visitor;
  await chooseSolver(page, 'Stochastic gradient descent');
  await setSettings(page, { Factors: 32, Epochs: 300 });
  await button('Step one epoch').click();
  await page.getByText('Paused after 1 of 300 epochs').waitFor();
  // In one task: a click from here might come after the last epoch.
  await page.evaluate(() => {
    const buttons = [...document.querySelectorAll('button')];
    for (const name of ['Resume', 'Pause']) buttons.find(({ textContent }) => textContent === name)!.click();
  });
  await page.getByText(/^Paused after \d+ of 300 epochs/).waitFor();
  expect(await page.locator('body > [role=status]').textContent()).toMatch(/^Paused after/);
  // The epoch in progress may still end; then nothing changes.
  await expect
    .poll(async () => {
      const before = await epoch();
      await page.waitForTimeout(400);
      return (await epoch()) === before;
    })
    .toBe(true);
  await button('Resume').click();
  await page.getByText(/^Trained on .* in /).waitFor();
  const paused = await errors();
  await train(page);
  expect(await errors()).toEqual(paused);
  expect(paused).toHaveLength(300);
});

test('it steps epoch by epoch: from the start, while paused, and from a finished model', async () => {
  const { page } = visitor;
  await setSettings(page, { Epochs: 3 });
  for (const n of [1, 2]) {
    await button('Step one epoch').click();
    await page.getByText(`Paused after ${n} of 3 epochs`).waitFor();
  }
  await button('Step one epoch').click();
  await page.getByText(/^Trained on /).waitFor();
  expect(await epoch()).toBe('3 / 3');
  await button('Step one epoch').click();
  await expect.poll(epoch).toBe('4 / 4');
  await page.getByText(/^Trained on /).waitFor();
  const stepped = await errors();
  await setSettings(page, { Epochs: 4 });
  await train(page);
  expect(await errors()).toEqual(stepped);
});

test('reset removes curves and model, and the run can still be compared with', async () => {
  const { page } = visitor;
  await train(page);
  await button('Reset').click();
  await page.getByText('The error curves appear here').waitFor();
  expect(await page.locator('.origin').innerText()).toBe('');
  await setSettings(page, { Factors: 2 });
  await train(page);
  const compared = page.getByRole('combobox', { name: 'Compare with' });
  expect(await compared.locator('option:checked').innerText()).toMatch(/^variational, \d+ epochs, best 0\.\d+/);
  expect(await page.locator('.curves .other').innerText()).toMatch(/^compared 0\.\d+$/);
  await compared.selectOption('no other run');
  expect(await page.locator('.curves .other').isVisible()).toBe(false);
});

test('the best epoch is the one with the lowest validation error', async () => {
  const { page } = visitor;
  await chooseSolver(page, 'Stochastic gradient descent');
  await setSettings(page, { Factors: 64, Epochs: 60, Regularization: 0, 'Learning rate': 0.02 });
  await train(page);
  const all = await errors();
  const best = all.indexOf(Math.min(...all)) + 1;
  expect(best).toBeLessThan(60);
  const told = await page.locator('[data-view=progress] .figures dt', { hasText: 'best, epoch' }).innerText();
  expect(Math.abs(Number(told.match(/\d+/)![0]) - best)).toBeLessThanOrEqual(1);
});

test('the address holds the settings and the seed, and restores them', async () => {
  const { page } = visitor;
  await chooseSolver(page, 'SVD++');
  await setSettings(page, { Factors: 7, Epochs: 2, Seed: 42 });
  await page.getByLabel('Validation share').selectOption('20%');
  await page.getByText('More settings').click();
  await page.getByLabel('Biases', { exact: true }).uncheck();
  const address = page.url();
  expect(address).toMatch(/\?solver=svd%2B%2B&validation=0.2&factors=7&epochs=2&seed=42&biases=false$/);
  await train(page);
  const first = await errors();

  const other = await visit(site);
  await other.page.goto(address);
  await other.page.getByRole('heading', { name: 'The sample', exact: true }).waitFor();
  expect(await setting(other.page, 'Seed').inputValue()).toBe('42');
  expect(await other.page.getByRole('combobox', { name: 'Solver' }).inputValue()).toBe('svd++');
  await train(other.page);
  const again = await other.page
    .locator('.epochs tbody tr')
    .evaluateAll((rows) => rows.map((row) => Number(row.children[3]!.textContent)));
  expect(again).toEqual(first);
  await other.leave();
});

test('an address with invalid settings still opens the page', async () => {
  const { page } = visitor;
  // A file still loading when the page is left would count as a failed request.
  await page.waitForLoadState('networkidle');
  await page.goto(`${site.url}?solver=magic&factors=many&validation=7&what=ever`);
  await page.getByRole('heading', { name: 'The sample', exact: true }).waitFor();
  expect(await page.getByRole('combobox', { name: 'Solver' }).inputValue()).toBe('variational');
  expect(await setting(page, 'Epochs').inputValue()).toBe('40');
  await train(page);
});

test('every solver trains on the sample', async () => {
  const { page } = visitor;
  for (const { title } of Object.values(solvers)) {
    await chooseSolver(page, title);
    if (await setting(page, 'Epochs').isVisible()) await setSettings(page, { Epochs: 2 });
    if (await setting(page, 'Factors').isVisible()) await setSettings(page, { Factors: 4 });
    await train(page);
    expect(await page.locator('.engine').innerText()).toMatch(/^Trained by WebAssembly with SIMD/);
    expect(await page.locator('[data-view=settings] [role=alert]').isVisible()).toBe(false);
  }
});
