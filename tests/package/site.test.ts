/** The documentation site as it is built into build/site. */
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { AxeBuilder } from '@axe-core/playwright';
import type { BrowserContext } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { serveFolder } from '../../scripts/lib/static-server.mjs';
import { launch } from '../browser/support/browser.js';
import { root } from './support/installed.js';

const folder = join(root, 'build/site');
const files = (await readdir(folder, { recursive: true })).filter((file) => !file.startsWith('matfac'));
const pages = files.filter((file) => file.endsWith('.html') && !file.startsWith('demo/'));
const texts = new Map(
  await Promise.all(pages.map(async (page) => [page, await readFile(join(folder, page), 'utf8')] as const)),
);

let site: Awaited<ReturnType<typeof serveFolder>>;
let browser: BrowserContext;

beforeAll(async () => {
  [site, browser] = await Promise.all([serveFolder({ folder }), launch()]);
});
afterAll(() => Promise.all([site.close(), browser.close()]));

test('there is a page for each solver, and the reference has every class', () => {
  for (const page of ['solvers/svdpp.html', 'reference/classes/Model.html', 'benchmarks.html', 'changelog.html'])
    expect(pages).toContain(page);
});

test('the page of benchmarks has a section for each result, with its machine and its charts', async () => {
  const page = texts.get('benchmarks.html')!.replaceAll('&#39;', "'");
  const results = join(root, 'bench/results');
  const names = (await readdir(results)).filter((file) => file.endsWith('.md')).map((file) => file.slice(0, -3));
  expect(names.length).toBeGreaterThan(10);
  for (const name of names) {
    const [title = ''] = (await readFile(join(results, `${name}.md`), 'utf8')).split('\n');
    expect(page, name).toContain(title.slice(2));
  }
  expect(page.match(/Measured on \d+ × /g)!.length).toBeGreaterThan(10);
  for (const [, chart] of page.matchAll(/<img [^>]*src="\/([^"]+\.svg)"/g)) expect(files, chart).toContain(chart);
});

test('every link leads to a page, and every anchor to an element', async () => {
  const broken: string[] = [];
  for (const [page, text] of texts) {
    for (const [, link = ''] of text.matchAll(/<a [^>]*?href="([^"]+)"/g)) {
      if (/^(?:https?:|mailto:)/.test(link)) continue;
      const [path = '', anchor] = decodeURIComponent(link).replaceAll('&amp;', '&').split('#');
      const target = path.startsWith('/') ? path.slice(1) : path === '' ? page : join(dirname(page), path);
      const file = target === '' || target.endsWith('/') ? `${target}index.html` : target;
      const found = texts.get(file);
      if (found === undefined ? !files.includes(file) : anchor && !found.includes(`id="${anchor}"`))
        broken.push(`${page}: ${link}`);
    }
  }
  expect(broken).toEqual([]);
});

test('no page loads more than 150 kB at first, gzipped and without the library', async () => {
  const sizes = new Map<string, number>();
  for (const file of files.filter((name) => /\.(?:js|css)$/.test(name)))
    sizes.set(file, gzipSync(await readFile(join(folder, file))).length);
  for (const [page, text] of texts) {
    const loaded = [...text.matchAll(/<(?:link|script) [^>]*?(?:href|src)="\/([^"]+\.(?:js|css))"/g)];
    const parts = new Set(loaded.map(([, file]) => file!));
    const total = [...parts].reduce((sum, file) => sum + sizes.get(file)!, gzipSync(text).length);
    expect(parts.size, page).toBeGreaterThan(2);
    expect(total, page).toBeLessThan(150_000);
  }
});

test.each(['light', 'dark'] as const)('axe finds nothing in %s colours', async (colorScheme) => {
  for (const path of ['', 'guide/quick-start.html', 'solvers/als.html', 'reference/functions/train.html']) {
    const page = await browser.newPage();
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await page.goto(site.url + path);
    await page.locator('h1').waitFor();
    const { violations } = await new AxeBuilder({ page }).setLegacyMode().analyze();
    expect(
      violations.map(({ id, nodes }) => `${path} ${id}: ${nodes.map(({ html }) => html.slice(0, 200)).join(' ')}`),
    ).toEqual([]);
    await page.close();
  }
});

test('a block runs in the page, and again after a change', async () => {
  const page = await browser.newPage();
  await page.goto(`${site.url}guide/similar-items.html`);
  const block = page.locator('.live-code').first();
  const output = block.locator('.live-code-output');
  await block.getByRole('button', { name: 'Run' }).click();
  await block.getByRole('button', { name: 'Run', disabled: false }).waitFor();
  expect(await output.textContent()).toMatch(/item: .+ score: /);
  await block.getByRole('button', { name: 'Edit' }).click();
  await block
    .getByRole('textbox')
    .fill("import { Ratings } from 'matfac';\nconsole.log((await Ratings.sample('tiny')).size > 9);");
  await block.getByRole('button', { name: 'Run' }).click();
  await output.getByText('true').waitFor();
  await block.getByRole('textbox').fill("import { Ratings } from 'matfac';\nRatings.from([]);");
  await block.getByRole('button', { name: 'Run' }).click();
  await output.getByText('MatfacError').waitFor();
  await page.close();
});

test('each solver has a figure of how it learns, which says what it shows', async () => {
  const solvers = pages.filter((page) => page.startsWith('solvers/') && !page.endsWith('baselines.html'));
  expect(solvers.length).toBe(9);
  for (const solver of solvers) {
    const [, metric, from, to] =
      /aria-label="(RMSE|NDCG@10)[^"]*?held-out ratings goes from ([\d.]+) to ([\d.]+)"/.exec(texts.get(solver)!) ?? [];
    // It learns: the error falls, or the ranking gets better.
    const gain = (Number(from) - Number(to)) * (metric === 'RMSE' ? 1 : -1);
    expect(gain, solver).toBeGreaterThan(0);
  }
});

test('the demo page is a part of the site', async () => {
  const page = await browser.newPage();
  await page.goto(site.url);
  await page.getByRole('link', { name: 'Demo' }).first().click();
  await page.getByRole('link', { name: 'Train on the sample' }).click();
  await page.getByText(/^Trained in .*s\. Rate three\.$/).waitFor();
  expect(page.url()).toBe(`${site.url}demo/#rate`);
  await page.close();
});

test('the search finds a page by a word in it', async () => {
  const page = await browser.newPage();
  await page.goto(`${site.url}guide/similar-items.html`);
  // Before the page's script is there, a click on its HTML is lost; the buttons of a block are enabled by it.
  await page.getByRole('button', { name: 'Run', disabled: false }).first().waitFor();
  await page
    .getByRole('button', { name: /search/i })
    .first()
    .click();
  await page.getByRole('searchbox').fill('Letterboxd');
  await page.locator('.results a').first().waitFor();
  expect(await page.locator('.results a').allTextContents()).toContainEqual(expect.stringContaining('list'));
  await page.close();
});
