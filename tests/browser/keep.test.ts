/** Keep: the model is saved in smaller number formats and opened again. */
import { readFile } from 'node:fs/promises';
import { Model } from 'matfac';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { chooseFile, drawAll, train, useSample } from './support/steps.js';
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

async function saved(dtype: string): Promise<string> {
  const { page } = visitor;
  await page.getByLabel('Number format').selectOption(dtype);
  const coming = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Download the model' }).click();
  return (await coming).path();
}

test('smaller number formats predict nearly the same, and can be opened again', async () => {
  const { page } = visitor;
  expect(await page.locator('.code-card').isVisible()).toBe(true);
  await page.getByRole('radio', { name: /To share or publish/ }).check();
  const files = { float32: await saved('float32'), float16: await saved('float16'), int8: await saved('int8') };
  const [whole, half, quarter] = await Promise.all(Object.values(files).map((path) => readFile(path)));
  expect(half!.length).toBeLessThan(0.8 * whole!.length);
  expect(quarter!.length).toBeLessThan(half!.length);
  const [exact, small] = await Promise.all([Model.load(whole!), Model.load(quarter!)]);
  const visitorOf = (model: Model) => model.foldIn([{ item: model.items[0]!, rating: 5 }]);
  for (const item of exact.items.slice(0, 20))
    expect(Math.abs(visitorOf(exact).predict(item) - visitorOf(small).predict(item))).toBeLessThan(0.1);
  await chooseFile(page, 'Open a model …', { name: 'small.safetensors', mimeType: '', buffer: quarter! });
  await page.getByText('Model: small.safetensors').waitFor();
  // An opened model has no code, even if its items are the same: how it was trained is unknown.
  expect(await page.locator('.code-card').isVisible()).toBe(false);
  expect(visitor.complaints).toEqual([]);
});
