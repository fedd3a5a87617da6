import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BrowserContext } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { serveFolder } from '../../scripts/lib/static-server.mjs';
import { launch } from '../browser/support/browser.js';
import { type Installed, installPackage } from './support/installed.js';
import { document, expectRecommendations, script, visit } from './support/page.js';

type Site = Awaited<ReturnType<typeof serveFolder>>;

let installed: Installed;
let browser: BrowserContext;
let sites: Site[] = [];

beforeAll(async () => {
  installed = await installPackage();
});
afterAll(() => installed.remove());
beforeEach(async () => {
  browser = await launch();
});
afterEach(async () => {
  await browser.close();
  await Promise.all(sites.map((site) => site.close()));
  sites = [];
});

async function serve(options: Omit<Parameters<typeof serveFolder>[0], 'folder'> = {}): Promise<string> {
  const site = await serveFolder({ folder: installed.folder, ...options });
  sites.push(site);
  return site.url;
}

/** A page written by hand: no bundler, an import map, one module. */
const page = (matfac: string) =>
  document(`<script type="importmap">{ "imports": { "matfac": "${matfac}" } }</script>
<script type="module">${script('{ worker: true }')}</script>`);

test('trains in a worker of a plain page', async () => {
  await writeFile(join(installed.folder, 'index.html'), page('./node_modules/matfac/dist/index.js'));
  const site = await serve();
  const seen = await visit(browser, site);
  expectRecommendations(seen);
  expect(seen.workers).toEqual([`${site}node_modules/matfac/dist/worker.js`]);
});

test('trains in a worker of a page below a sub-path', async () => {
  await writeFile(join(installed.folder, 'index.html'), page('./node_modules/matfac/dist/index.js'));
  const site = await serve({ base: '/some/where/' });
  const seen = await visit(browser, site);
  expectRecommendations(seen);
  expect(seen.workers).toEqual([`${site}node_modules/matfac/dist/worker.js`]);
});

test('trains in a worker when the package comes from another origin', async () => {
  const cdn = await serve({ headers: { 'Access-Control-Allow-Origin': '*' } });
  await writeFile(join(installed.folder, 'index.html'), page(`${cdn}node_modules/matfac/dist/index.js`));
  const seen = await visit(browser, await serve());
  expectRecommendations(seen);
  expect(seen.workers).toHaveLength(1);
  expect(seen.workers[0]).toMatch(/^blob:/);
});

test('a missing .wasm file is an error that says what to do', async () => {
  const dist = 'node_modules/matfac/dist';
  await writeFile(join(installed.folder, 'index.html'), page(`./${dist}/index.js`));
  const tab = await browser.newPage();
  await tab.route('**/*.wasm', (route) => route.fulfill({ status: 404, body: 'Not found' }));
  await tab.goto(await serve());
  await tab.waitForFunction(() => window.document.querySelector('p')?.textContent !== '');
  expect(await tab.textContent('p')).toMatch(/^unsupported: .*matfac\.wasm/);
});
