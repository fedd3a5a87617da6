/** Judge, and the code to leave with: the page's figures, and the same code in Node. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
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
  await train(visitor.page);
});

afterAll(async () => {
  await visitor.leave();
  await site.close();
});

const cells = (row: number) => visitor.page.locator('.judged tbody tr').nth(row).locator('td > span:first-child');

test('the model is judged beside its baselines, by keyboard', async () => {
  const { page } = visitor;
  await page.getByRole('button', { name: 'Judge the model' }).focus();
  await page.keyboard.press('Enter');
  await page.locator('.judged tbody tr').nth(2).waitFor();
  const [rmse, ndcg] = (await cells(0).allInnerTexts()).map(Number);
  expect(rmse).toBeLessThan(Number((await cells(1).allInnerTexts())[0]));
  expect(ndcg).toBeGreaterThan(0);
  expect(await cells(2).count()).toBe(2);
});

test('the code that is shown gives in Node the figures of the page', async () => {
  const { page } = visitor;
  const folder = await mkdtemp(join(tmpdir(), 'matfac-page-'));
  const code = await page.locator('pre code').innerText();
  const entry = pathToFileURL(join(import.meta.dirname, '../../dist/index.js')).href;
  await writeFile(join(folder, 'page.mjs'), code.replace("'matfac'", `'${entry}'`));
  const { stdout } = await promisify(execFile)(process.execPath, [join(folder, 'page.mjs')]);
  await rm(folder, { recursive: true });
  const printed = (name: string) => Number(new RegExp(`\\b${name}: ([^,\\n]+)`).exec(stdout)?.[1]);
  expect(printed('rmse').toFixed(3)).toBe((await cells(0).allInnerTexts())[0]);
  expect(printed('ndcg').toFixed(3)).toBe((await cells(0).allInnerTexts())[1]);
  const columns = await page.locator('.epochs thead th').allTextContents();
  const last = await page.locator('.epochs tbody tr').last().locator('th, td').allTextContents();
  const validation = last[columns.indexOf('Validation RMSE')];
  expect(printed('validationRmse').toFixed(4)).toBe(validation);
});

test('a search tries settings, the best on top', async () => {
  const { page } = visitor;
  await page.getByRole('button', { name: 'Search for settings' }).click();
  await page.getByText(/^Searching: /).waitFor();
  await page.getByText(/^Done: /).waitFor({ timeout: 50_000 });
  const scores = await page.locator('#judge .scroll tbody tr td:last-child').allInnerTexts();
  expect(scores.length).toBeGreaterThan(10);
  expect(scores.map(Number)).toEqual(scores.map(Number).sort((a, b) => a - b));
});

test('more different recommendations are other ones, the best still first', async () => {
  const { page } = visitor;
  await giveStars(offered(page).nth(0), 5);
  await giveStars(offered(page).nth(2), 2);
  const best = (await recommendations(page)).map(({ title }) => title);
  await page.getByLabel('From the best to the most different').fill('0.9');
  const others = (await recommendations(page)).map(({ title }) => title);
  expect(others).toHaveLength(10);
  expect(others[0]).toBe(best[0]);
  expect(others).not.toEqual(best);
});

test('a Bayesian model says how sure it is, and which rating would teach it most', async () => {
  const { page } = visitor;
  await chooseSolver(page, 'Bayesian, by Gibbs sampling');
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
});

test('a model is kept in the browser, and gone on with after a reload', async () => {
  const { page } = visitor;
  await page.getByRole('button', { name: 'Keep it in this browser' }).click();
  await page.getByText('A model is kept in this browser').waitFor();
  await page.reload();
  await page.getByRole('button', { name: 'Go on with the kept model' }).click();
  await page.getByText(/^Model: kept in this browser/).waitFor();
  await giveStars(offered(page).nth(0), 5);
  expect(await recommendations(page)).toHaveLength(10);
  await page.getByRole('button', { name: 'Forget it' }).click();
  await page.getByText('Or keep the model in this browser').waitFor();
});

test('it fits a telephone, and nothing was complained of', async () => {
  const { page, complaints } = visitor;
  await page.setViewportSize({ width: 360, height: 740 });
  expect(await overflow(page)).toBeLessThanOrEqual(0);
  expect(complaints).toEqual([]);
});
