/** What happens to the page while it works: memory that cannot grow, full storage, a freeze, a newer version. */
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterEach, expect, test } from 'vitest';
import { serveFolder } from '../../scripts/lib/static-server.mjs';
import { withSmallMemory } from './support/small-memory.js';
import { chooseSolver, drawAll, setSettings, startTraining, train } from './support/steps.js';
import { deployment, findNewerVersion, newestVersionServes } from './support/versions.js';
import { type Site, servePage, type Visit, visit } from './support/visit.js';

let site: Site;
let visitor: Visit;
afterEach(async () => {
  await visitor.leave();
  await site.close();
});

const sample = (page: Page) => page.getByRole('heading', { name: 'The sample', exact: true }).waitFor();
const problem = (page: Page, section: string) =>
  page.locator(`[data-view=${section}] [role=alert]`).filter({ hasText: /./ });
const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
const progress = (page: Page) =>
  page.evaluate(() => document.querySelector<HTMLProgressElement>('#train progress')?.value ?? 0);
const beyond = (page: Page, value: number) =>
  page.waitForFunction(
    (before) => document.querySelector<HTMLProgressElement>('#train progress')!.value > before,
    value,
  );

/** A training that does not end by itself; returns when it is under way. */
async function startEndlessTraining(page: Page): Promise<void> {
  await chooseSolver(page, 'Alternating least squares');
  await setSettings(page, { Factors: 16, Epochs: 100_000 });
  await startTraining(page);
  await page.locator('.run-state', { hasText: 'left' }).waitFor();
}

/** The training goes on, and its model is there when it is cancelled. */
async function expectItTrains(page: Page): Promise<void> {
  await beyond(page, await progress(page));
  await button(page, 'Cancel').click();
  await page.getByRole('button', { name: 'Start training' }).waitFor();
  await drawAll(page);
  await button(page, 'Download the model').waitFor();
  expect(await problem(page, 'settings').count()).toBe(0);
}

test('a memory that cannot grow: the page says what to do, and a smaller training succeeds', async () => {
  const { folder, remove } = await deployment();
  const assets = join(folder, 'assets');
  const modules = (await readdir(assets)).filter((name) => /^matfac-.*\.wasm$/.test(name));
  expect(modules.length).toBeGreaterThanOrEqual(1);
  for (const name of modules) {
    const path = join(assets, name);
    const bytes = await readFile(path);
    // Those with threads get their memory from the page, which shares it.
    if (!name.includes('threads')) await writeFile(path, withSmallMemory(bytes, 160));
  }
  site = await serveFolder({ folder });
  visitor = await visit(site);
  const { page } = visitor;
  await sample(page);
  await chooseSolver(page, 'Alternating least squares');
  await setSettings(page, { Factors: 1024, Epochs: 2 });
  await startTraining(page);
  await problem(page, 'settings')
    .getByText(/memory/i)
    .waitFor();
  expect(await problem(page, 'settings').innerText()).toMatch(/fewer/);
  await setSettings(page, { Factors: 4, Epochs: 2 });
  await train(page);
  expect(await problem(page, 'settings').count()).toBe(0);
  await remove();
});

test('the storage is full: the page says so, and the model stays, to be downloaded', async () => {
  site = await servePage();
  visitor = await visit(site);
  const { page } = visitor;
  const session = await page.context().newCDPSession(page);
  await session.send('Storage.overrideQuotaForOrigin', { origin: new URL(site.url).origin, quotaSize: 20_000 });
  await sample(page);
  await train(page);
  await drawAll(page);
  await button(page, 'Keep it in this browser').click();
  await problem(page, 'keep')
    .getByText(/no room/)
    .waitFor();
  expect(await button(page, 'Open the kept model').isVisible()).toBe(false);
  const download = page.waitForEvent('download');
  await button(page, 'Download the model').click();
  expect((await download).suggestedFilename()).toBe('model.safetensors');
});

/** The processes of the pages of this browser. */
async function processesOf(page: Page): Promise<number[]> {
  const session = await page.context().browser()!.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  return processInfo.filter(({ type }) => type === 'renderer').map(({ id }) => id);
}

/** What Linux says of a process: T is stopped. */
const stateOf = async (id: number) => /\) (\w) /.exec(await readFile(`/proc/${id}/stat`, 'utf8'))?.[1];

// By the system: Chromium's own freeze needs a hidden page, and one that is tested is always visible.
test('a page that is frozen in the midst of a training, and thawed, trains on', async () => {
  site = await servePage();
  visitor = await visit(site);
  const { page, complaints } = visitor;
  await sample(page);
  await startEndlessTraining(page);
  const processes = await processesOf(page);
  for (const id of processes) process.kill(id, 'SIGSTOP');
  await expect.poll(() => Promise.all(processes.map(stateOf))).toEqual(processes.map(() => 'T'));
  for (const id of processes) process.kill(id, 'SIGCONT');
  await expectItTrains(page);
  expect(complaints).toEqual([]);
});

test('a newer version arrives in the midst of a training: the old one trains on, and the next visit has the new', async () => {
  const { folder, deploy, remove } = await deployment();
  site = await serveFolder({ folder, base: '/app/' });
  visitor = await visit(site, { serviceWorkers: 'allow' });
  const { page } = visitor;
  await sample(page);
  await drawAll(page);
  await page.getByText('The page is stored on this machine').waitFor();
  await startEndlessTraining(page);
  await deploy('newer');
  await findNewerVersion(page, site.url);
  await expectItTrains(page);
  expect(await page.title()).not.toContain('newer');
  // It takes over when no page of the old version is open.
  await page.goto(new URL('/', site.url).href);
  await newestVersionServes(page, site.url);
  await page.goto(site.url);
  await sample(page);
  expect(await page.title()).toContain('newer');
  await train(page);
  await remove();
});
