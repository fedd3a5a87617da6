import { execFileSync, spawn } from 'node:child_process';
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import type { BrowserContext } from 'playwright-core';
import * as vite from 'vite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { serveFolder } from '../../scripts/lib/static-server.mjs';
import { launch } from '../browser/support/browser.js';
import { type Installed, installPackage, root, run } from './support/installed.js';

let installed: Installed;
let browser: BrowserContext;
beforeAll(async () => {
  [installed, browser] = await Promise.all([installPackage(), launch()]);
});
afterAll(async () => {
  await browser.close();
  await installed.remove();
});

/** A copy of an example with the packed package. */
async function copyOf(name: string): Promise<string> {
  const folder = join(installed.folder, name);
  await cp(join(root, 'examples', name), folder, { recursive: true });
  const { dependencies } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
  expect(dependencies).toHaveProperty('matfac');
  await mkdir(join(folder, 'node_modules/matfac'), { recursive: true });
  await run(
    'tar',
    ['-xzf', installed.tarball, '--strip-components=1', '-C', join(folder, 'node_modules/matfac')],
    root,
  );
  return folder;
}

/** Opens a page and waits for five recommendations in a list. */
async function recommendations(url: string, list = 'ol') {
  const tab = await browser.newPage();
  const workers: string[] = [];
  const faults: string[] = [];
  tab.on('worker', (worker) => workers.push(worker.url()));
  tab.on('pageerror', (error) => faults.push(error.message));
  await tab.goto(url);
  await tab.waitForFunction((name) => document.querySelectorAll(`${name} li`).length > 0, list);
  const entries = await tab.locator(`${list} li`).allTextContents();
  expect(faults).toEqual([]);
  expect(entries).toHaveLength(5);
  for (const entry of entries) expect(entry).toMatch(/^\d+: \d\.\d\d$/);
  return { tab, workers, entries };
}

test('node', async () => {
  const folder = await copyOf('node');
  const rows = Array.from({ length: 900 }, (_, row) => `u${row % 31},film ${(row * 7) % 53},${1 + (row % 5)}`);
  await writeFile(join(folder, 'ratings.csv'), ['user,item,rating', 'nobody', ...rows].join('\n'));
  const printed = await run(process.execPath, ['recommend.mjs', 'ratings.csv', 'u3'], folder);
  expect(printed).toMatch(
    /^900 ratings of 53 items by 31 users\n1 rows were skipped\non ratings held out: RMSE \d\.\d+, NDCG/,
  );
  expect(printed).toMatch(/for u3:\n( {2}\d\.\d\d film \d+\n){10}$/);
});

test('vite: built, and with a file of ratings', async () => {
  const folder = await copyOf('vite');
  await vite.build({ root: folder, logLevel: 'error' });
  const site = await serveFolder({ folder: join(folder, 'dist') });
  try {
    const { tab, workers } = await recommendations(site.url);
    expect(workers).toHaveLength(1);
    const file = {
      name: 'r.csv',
      mimeType: 'text/csv',
      buffer: Buffer.from('ann,dune,5\nann,emma,2\nbob,dune,4\nbob,ran,5\n'),
    };
    await tab.locator('input').setInputFiles(file);
    await tab.locator('[role=status]', { hasText: /^For user ann, by 4 ratings:$/ }).waitFor();
    expect(await tab.locator('li').allTextContents()).toEqual([expect.stringMatching(/^ran: /)]);
  } finally {
    await site.close();
  }
});

test('cdn: the package comes from another origin', async () => {
  const folder = await copyOf('cdn');
  const cdn = await serveFolder({
    folder: join(folder, 'node_modules/matfac'),
    headers: { 'Access-Control-Allow-Origin': '*' },
  });
  // The tests need no network: a server of another origin stands for the CDN.
  const page = await readFile(join(folder, 'index.html'), 'utf8');
  expect(page).toContain('https://cdn.jsdelivr.net/npm/matfac@0.1.0/dist/index.js');
  await writeFile(join(folder, 'index.html'), page.replace('https://cdn.jsdelivr.net/npm/matfac@0.1.0/', cdn.url));
  const site = await serveFolder({ folder });
  try {
    const { workers } = await recommendations(site.url);
    expect(workers).toEqual([expect.stringMatching(/^blob:/)]);
  } finally {
    await Promise.all([site.close(), cdn.close()]);
  }
});

test('worker: a worker of the page', async () => {
  const site = await serveFolder({ folder: await copyOf('worker') });
  try {
    expect((await recommendations(site.url)).workers).toEqual([`${site.url}recommender.js`]);
  } finally {
    await site.close();
  }
});

/** Next.js is too large to install with everything else: it comes from the registry, if one is reachable. */
function hasRegistry(): boolean {
  try {
    execFileSync('npm', ['view', 'next', 'version'], { stdio: 'ignore', timeout: 20_000 });
    return true;
  } catch {
    console.warn('SKIPPED: there is no npm registry within reach, from which examples/next gets Next.js');
    return false;
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

test.skipIf(!hasRegistry())('next: on the server and in the browser', { timeout: 600_000 }, async () => {
  const folder = join(installed.folder, 'next');
  await cp(join(root, 'examples/next'), folder, { recursive: true });
  await run('npm', ['install', '--no-audit', '--no-fund', '--prefer-offline', installed.tarball], folder);
  process.env.NEXT_TELEMETRY_DISABLED = '1';
  await run('npm', ['run', 'build'], folder);
  const port = await freePort();
  const server = spawn(
    process.execPath,
    [join(folder, 'node_modules/next/dist/bin/next'), 'start', '-H', '127.0.0.1', '-p', String(port)],
    { cwd: folder, stdio: 'ignore' },
  );
  try {
    const url = `http://127.0.0.1:${port}/`;
    await expect
      .poll(() =>
        fetch(url).then(
          ({ ok }) => ok,
          () => false,
        ),
      )
      .toBe(true);
    const { tab, workers, entries } = await recommendations(url, '#trained');
    expect(workers).toHaveLength(1);
    // The same seed gives the same model on the server and here.
    expect(await tab.locator('#server li').allTextContents()).toEqual(entries);
    expect(await tab.locator('#folded li').count()).toBe(5);
  } finally {
    server.kill();
  }
});
