/** The page's promises: nothing leaves it, it works without a network, and it says clearly what the browser lacks. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { serveFolder } from '../../scripts/lib/static-server.mjs';
import { drawAll, giveStars, offered, recommendations, startTraining, train } from './support/steps.js';
import { type Site, servePage, type Visit, visit } from './support/visit.js';

let site: Site;

beforeAll(async () => {
  site = await servePage('/some/folder/');
});
afterAll(() => site.close());

const sample = ({ page }: Visit) => page.getByRole('heading', { name: 'The sample', exact: true }).waitFor();
const machine = ({ page }: Visit) => page.locator('.machine');

test('the policy is shown, and a visitor can test it', async () => {
  const visitor = await visit(site);
  const { page } = visitor;
  await drawAll(page);
  const shown = await page.locator('.policy').innerText();
  expect(shown).toContain("connect-src 'self'");
  expect(shown).toBe(await page.locator('meta[http-equiv="Content-Security-Policy"]').getAttribute('content'));
  await page.getByRole('button', { name: 'Try to connect elsewhere' }).click();
  await page.getByText('Your browser refused to connect to https://example.org/').waitFor();
  await visitor.leave();
});

test('after one visit it works without a network, and with threads although the host sends no headers', async () => {
  const own = await servePage('/offline/');
  const visitor = await visit(own, { serviceWorkers: 'allow' });
  const { page } = visitor;
  await sample(visitor);
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(false);
  await drawAll(page);
  await machine(visitor).getByText('The page is stored on this machine').waitFor();
  await own.close();
  await page.reload();
  await sample(visitor);
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
  await page.getByText('More settings').click();
  await page.getByLabel('Threads', { exact: true }).selectOption('2');
  await train(page);
  expect(await page.locator('.engine').innerText()).toMatch(
    /^Trained by WebAssembly with SIMD and threads, on 2 threads, in about \d+ MB of memory\.$/,
  );
  await giveStars(offered(page).first(), 5);
  expect(await recommendations(page)).toHaveLength(10);
  await visitor.leave();
});

test('a browser without SIMD is told so, and which browsers have it', async () => {
  const visitor = await visit(site);
  const { page } = visitor;
  await page.addInitScript(() => {
    WebAssembly.validate = () => false;
  });
  await page.reload();
  const problem = page.locator('[data-view=start] [role=alert]').filter({ hasText: /./ });
  await problem.getByText('WebAssembly SIMD').waitFor();
  expect(await problem.innerText()).toContain('Firefox 100');
  await visitor.leave();
});

test('a worker that cannot start is reported, and the page stays usable', async () => {
  const visitor = await visit(site);
  const { page } = visitor;
  await sample(visitor);
  await page.route(/worker-.*\.js/, (route) => route.abort());
  await startTraining(page);
  const problem = page.locator('[data-view=settings] [role=alert]');
  await problem.getByText('worker could not be started').waitFor();
  await page.unroute(/worker-.*\.js/);
  await train(page);
  expect(await problem.isVisible()).toBe(false);
  await visitor.leave();
});

test('a training too large for the memory is reported with advice', async () => {
  const visitor = await visit(site);
  const { page } = visitor;
  await sample(visitor);
  await page.getByLabel('Solver').selectOption('bayesian');
  await page.getByLabel('Factors', { exact: true }).fill('1024');
  await page.getByText('More settings').click();
  await page.getByLabel('Samples kept').fill('1024');
  await startTraining(page);
  const problem = page.locator('[data-view=settings] [role=alert]');
  await problem.getByText(/memory/i).waitFor();
  expect(await problem.innerText()).toMatch(/fewer/);
  await visitor.leave();
});

test.each([
  ['first button', /^Train on/, 236_000],
  ['button beside the settings, with the curves and what is near them', 'Start training', 258_000],
])('opening the page and training by its %s fetch few bytes, gzipped', async (_, button, limit) => {
  const { gzipSync } = await import('node:zlib');
  const visitor = await visit(site);
  const { page } = visitor;
  // What the first visit still loads does not count.
  await page.goto('about:blank');
  const sizes = new Map<string, Promise<number>>();
  page.on('response', (response) => {
    if (!response.url().startsWith(site.url)) return;
    const size = response.body().then((body) => gzipSync(body, { level: 9 }).length);
    sizes.set(response.url(), size);
  });
  // A star is kept with the session a while later: whether that comes before the recommendations is chance.
  await page.route('**/assets/session-*.js', () => {});
  await page.goto(site.url);
  await sample(visitor);
  await page.getByRole('button', { name: button }).click();
  await page.getByText(/^Trained on .* in /).waitFor();
  await giveStars(offered(page).first(), 5);
  expect(await recommendations(page)).toHaveLength(10);
  const fetched = await Promise.all([...sizes].map(async ([url, size]) => [url, await size] as const));
  const names = [...sizes.keys()].join('\n');
  for (const part of ['.wasm', '.css', 'index-', 'worker-']) expect(names).toContain(part);
  const isTitles = (url: string) => url.includes('sample-titles-');
  const bytesOf = (some: readonly (readonly [string, number])[]) => some.reduce((sum, [, size]) => sum + size, 0);
  const [titles, others] = [fetched.filter(([url]) => isTitles(url)), fetched.filter(([url]) => !isTitles(url))];
  expect(bytesOf(others), others.map(([url, size]) => `${size} ${url}`).join('\n')).toBeLessThanOrEqual(limit);
  expect(titles).toHaveLength(1);
  expect(bytesOf(titles)).toBeLessThanOrEqual(22_000);
  await visitor.leave();
});

test('the page works on any host and in any folder: it contains no address of its own', async () => {
  const { fileURLToPath } = await import('node:url');
  const folder = fileURLToPath(new URL('../../web/dist', import.meta.url));
  const other = await serveFolder({ folder, base: '/a/b/c/' });
  const visitor = await visit(other);
  await sample(visitor);
  await visitor.leave();
  expect(visitor.complaints).toEqual([]);
  await other.close();
});
