/** Judge, and the code under Keep: it gives the figures of the page in Node. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  chooseSolver,
  drawAll,
  giveStars,
  offered,
  overflow,
  recommendations,
  setSettings,
  setting,
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
  await train(visitor.page);
  await drawAll(visitor.page);
});

afterAll(async () => {
  await visitor.leave();
  await site.close();
});

const judged = (name: string) => visitor.page.locator('.judged tbody tr', { hasText: new RegExp(`^${name}`) });
const cells = (name: string) => judged(name).locator('td > span:first-child');
const bar = (name: string) =>
  judged(name)
    .locator('.judge-bar')
    .first()
    .evaluate((element) => Number((element as HTMLElement).style.getPropertyValue('--share')));

test('the model is compared with its baselines, by keyboard', async () => {
  const { page } = visitor;
  await page.getByRole('button', { name: 'Judge the model' }).focus();
  await page.keyboard.press('Enter');
  await page.locator('.verdict').getByText('Your model’s stars are').waitFor();
  const [rmse, ndcg] = (await cells('Your model').allInnerTexts()).map(Number);
  const averages = Number((await cells('Biases alone').allInnerTexts())[0]);
  expect(rmse).toBeLessThan(averages);
  // The longer bar is the better one, whichever way the measure goes.
  expect(await bar('Your model')).toBe(1);
  expect(await bar('Biases alone')).toBeCloseTo(rmse! / averages, 2);
  const told = /stars are ([\d.]+)% closer than averages/.exec(await page.locator('.verdict').innerText());
  expect(Number(told?.[1])).toBeCloseTo(100 * (1 - rmse! / averages), 0);
  // Those that predict no ratings have no RMSE: their first figure is NDCG. On real ratings, too, both are well ahead.
  const [taken, popular] = await Promise.all(
    ['What people take', 'Popularity'].map(async (name) => Number((await cells(name).allInnerTexts())[0])),
  );
  expect(popular).toBeGreaterThan(0.1);
  expect(ndcg).toBeGreaterThan(1.3 * popular!);
  expect(taken).toBeGreaterThan(1.3 * popular!);
  for (const name of ['What people take', 'Popularity']) expect(await cells(name).count()).toBe(2);
});

test('the displayed code gives the figures of the page in Node', async () => {
  const { page } = visitor;
  const folder = await mkdtemp(join(tmpdir(), 'matfac-page-'));
  await page.getByRole('tab', { name: 'Node' }).click();
  const code = await page.locator('pre code').innerText();
  const entry = pathToFileURL(join(import.meta.dirname, '../../dist/index.js')).href;
  await writeFile(join(folder, 'page.mjs'), code.replace("'matfac'", `'${entry}'`));
  const { stdout } = await promisify(execFile)(process.execPath, [join(folder, 'page.mjs')]);
  await rm(folder, { recursive: true });
  const printed = (name: string) => Number(new RegExp(`\\b${name}: ([^,\\n]+)`).exec(stdout)?.[1]);
  expect(printed('rmse').toFixed(3)).toBe((await cells('Your model').allInnerTexts())[0]);
  expect(printed('ndcg').toFixed(3)).toBe((await cells('Your model').allInnerTexts())[1]);
  const columns = await page.locator('.epochs thead th').allTextContents();
  const last = await page.locator('.epochs tbody tr').last().locator('th, td').allTextContents();
  const validation = last[columns.indexOf('Validation RMSE')];
  expect(printed('validationRmse').toFixed(4)).toBe(validation);
});

const search = async (title: string) => {
  const { page } = visitor;
  await page.getByLabel('Settings of').selectOption({ label: title });
  await page.getByRole('button', { name: 'Search for settings' }).click();
  await page.getByText(/^Searching: /).waitFor();
  await page.getByText(/^Finished: /).waitFor();
  const columns = await page.locator('.trials thead th:not(:last-child)').allInnerTexts();
  const rows = await page
    .locator('.trials tbody tr')
    .evaluateAll((all) => all.map((row) => [...row.querySelectorAll('th, td')].map((cell) => cell.textContent ?? '')));
  return { columns, rows };
};

test('a search lists its trials, the best first', async () => {
  const { page } = visitor;
  expect(await page.getByLabel('Settings of').inputValue()).toBe('als');
  const { columns, rows } = await search('Alternating least squares');
  expect(columns).toEqual(['Factors', 'Regularization', 'Epochs', 'RMSE']);
  const scores = rows.map((row) => Number(row[3]));
  expect(scores.length).toBeGreaterThan(10);
  expect(scores).toEqual([...scores].sort((a, b) => a - b));
});

test('a row of a search sets the settings under Train, whichever solver they belong to', async () => {
  const { page } = visitor;
  const { columns, rows } = await search('Stochastic gradient descent');
  expect(columns).toEqual(['Factors', 'Regularization', 'Learning rate', 'Learning rate decay', 'Epochs', 'RMSE']);
  const there = page.getByRole('link', { name: 'These settings are now set under Train' });
  expect(await there.isVisible()).toBe(false);
  await page.getByRole('button', { name: 'Use these settings: rank 1', exact: true }).click();
  expect(await page.getByRole('combobox', { name: 'Solver' }).inputValue()).toBe('sgd');
  const [best] = rows as [string[]];
  for (const [place, label] of columns.slice(0, -1).entries()) {
    expect(await setting(page, label).inputValue(), label).toBe(best[place]);
  }
  expect(page.url()).toContain('solver=sgd');
  await there.click();
  await train(page);
  // The search evaluates on a fifth of the ratings, Train on a tenth.
  const searched = Number(best[columns.length - 1]);
  const validation = await page.locator('.figures div', { hasText: 'validation RMSE' }).locator('dd').innerText();
  expect(Math.abs(Number(validation) - searched)).toBeLessThan(0.03);
});

test('settings of a solver that is evaluated by NDCG can be searched', async () => {
  const { columns, rows } = await search('Implicit least squares');
  expect(columns.slice(-2)).toEqual(['Epochs', 'NDCG@10']);
  const scores = rows.map((row) => Number(row[columns.length - 1]));
  expect(scores).toEqual([...scores].sort((a, b) => b - a));
  expect(scores[0]).toBeGreaterThan(0.05);
});

test('more diverse recommendations differ, and the best stays first', async () => {
  const { page } = visitor;
  await giveStars(offered(page).nth(0), 5);
  await giveStars(offered(page).nth(2), 2);
  const best = (await recommendations(page)).map(({ title }) => title);
  await page.getByLabel('From the best to the most diverse').fill('0.9');
  const others = (await recommendations(page)).map(({ title }) => title);
  expect(others).toHaveLength(10);
  expect(others[0]).toBe(best[0]);
  expect(others).not.toEqual(best);
});

test.each(['Bayesian, by Gibbs sampling', 'Variational Bayes'])(
  'a model of %s shows how certain it is, and which rating would teach it most',
  async (solver) => {
    const { page } = visitor;
    await chooseSolver(page, solver);
    await setSettings(page, { Epochs: 40 });
    await train(page);
    const next = page.getByRole('list', { name: 'Rate this next' }).getByRole('listitem');
    const [first] = await titlesIn(next);
    await giveStars(next, 4);
    await expect.poll(async () => (await titlesIn(next))[0]).not.toBe(first);
    const rows = page.locator('.recommendations > li');
    for (const words of await rows.locator('.interval').allInnerTexts()) {
      const [low, high] = words
        .replace(/[^\d.–]/g, '')
        .split('–')
        .map(Number);
      expect(high! - low!).toBeGreaterThan(0.3);
    }
    expect(await rows.locator('.interval').count()).toBe(10);
  },
);

test('a model is kept in the browser and opened after a reload', async () => {
  const { page } = visitor;
  await page.getByRole('button', { name: 'Keep it in this browser' }).click();
  await page.getByText('A model is kept in this browser').waitFor();
  await page.reload();
  await drawAll(page);
  await page.getByRole('button', { name: 'Open the kept model' }).click();
  await page.getByText(/^Model: kept in this browser/).waitFor();
  await giveStars(offered(page).nth(0), 5);
  expect(await recommendations(page)).toHaveLength(10);
  await page.getByRole('button', { name: 'Delete it' }).click();
  await page.getByText('Or keep the model in this browser').waitFor();
});

test('it fits a phone, and there are no complaints', async () => {
  const { page, complaints } = visitor;
  await page.setViewportSize({ width: 360, height: 740 });
  expect(await overflow(page)).toBeLessThanOrEqual(0);
  expect(complaints).toEqual([]);
});
