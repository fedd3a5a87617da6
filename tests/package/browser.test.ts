import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BrowserContext } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { serveFolder } from '../../scripts/lib/static-server.mjs';
import { launch } from '../browser/support/browser.js';
import { type Installed, installPackage } from './support/installed.js';

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

/** A page as one writes it by hand: no bundler, an import map, one module. */
const page = (matfac: string) => `<!doctype html>
<title>matfac</title>
<script type="importmap">{ "imports": { "matfac": "${matfac}" } }</script>
<ol></ol>
<p></p>
<script type="module">
  import { Ratings, train } from 'matfac';
  try {
    const training = train(await Ratings.sample('tiny'), { worker: true });
    const model = await training;
    const user = model.users[0];
    for (const { item, score } of model.recommend(user, { n: 5 })) {
      document.querySelector('ol').append(Object.assign(document.createElement('li'), { textContent: item + ': ' + score }));
    }
    document.querySelector('p').textContent = 'done';
  } catch (error) {
    document.querySelector('p').textContent = error.code + ': ' + error.message;
  }
</script>
`;

/** Opens the page and gives what it shows, and the addresses of the workers it started. */
async function visit(url: string) {
  const tab = await browser.newPage();
  const workers: string[] = [];
  const complaints: string[] = [];
  tab.on('worker', (worker) => workers.push(worker.url()));
  tab.on('pageerror', (error) => complaints.push(error.message));
  tab.on('requestfailed', (request) => complaints.push(`failed: ${request.url()}`));
  await tab.goto(url);
  await tab.waitForFunction(() => document.querySelector('p')?.textContent !== '');
  return {
    status: await tab.textContent('p'),
    recommendations: await tab.locator('li').allTextContents(),
    workers,
    complaints,
  };
}

function expectRecommendations({ status, recommendations, complaints }: Awaited<ReturnType<typeof visit>>) {
  expect(complaints).toEqual([]);
  expect(status).toBe('done');
  expect(recommendations).toHaveLength(5);
  for (const line of recommendations) expect(line).toMatch(/^\d+: -?\d/);
}

test('trains in a worker of a plain page', async () => {
  await writeFile(join(installed.folder, 'index.html'), page('./node_modules/matfac/dist/index.js'));
  const site = await serve();
  const seen = await visit(site);
  expectRecommendations(seen);
  expect(seen.workers).toEqual([`${site}node_modules/matfac/dist/worker.js`]);
});

test('trains in a worker of a page below a sub-path', async () => {
  await writeFile(join(installed.folder, 'index.html'), page('./node_modules/matfac/dist/index.js'));
  const site = await serve({ base: '/some/where/' });
  const seen = await visit(site);
  expectRecommendations(seen);
  expect(seen.workers).toEqual([`${site}node_modules/matfac/dist/worker.js`]);
});

test('trains in a worker when the package comes from another origin', async () => {
  const cdn = await serve({ headers: { 'Access-Control-Allow-Origin': '*' } });
  await writeFile(join(installed.folder, 'index.html'), page(`${cdn}node_modules/matfac/dist/index.js`));
  const seen = await visit(await serve());
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
  await tab.waitForFunction(() => document.querySelector('p')?.textContent !== '');
  expect(await tab.textContent('p')).toMatch(/^unsupported: .*matfac\.wasm/);
});
