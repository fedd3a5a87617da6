import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { strToU8, zipSync } from 'fflate';
import type { BrowserContext } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { serveFolder } from '../../scripts/lib/static-server.mjs';
import { launch } from '../browser/support/browser.js';
import { type Installed, installPackage, root, run } from './support/installed.js';

interface Block {
  /** The file and the number of the block. */
  name: string;
  isForPage: boolean;
  code: string;
}

/** Every block of JavaScript in the pages of the documentation and the README. */
async function blocks(): Promise<Block[]> {
  const folders = ['guide', 'solvers', 'cookbook', 'coming-from'].map((folder) => join(root, 'docs', folder));
  const pages = await Promise.all(
    folders.map(async (folder) => (await readdir(folder)).map((file) => join(folder, file))),
  );
  const files = [...pages.flat(), join(root, 'docs/index.md'), join(root, 'README.md')];
  const found: Block[] = [];
  for (const file of files.sort()) {
    const text = await readFile(file, 'utf8');
    for (const [, kind, code] of text.matchAll(/^```(js|js page|ts|ts page)\n([\s\S]*?)^```$/gm)) {
      const name = `${file.slice(root.length)}: block ${found.length + 1}`;
      found.push({ name, isForPage: kind!.endsWith('page'), code: code! });
    }
  }
  return found;
}

const all = await blocks();
let installed: Installed;
let browser: BrowserContext;
let site: Awaited<ReturnType<typeof serveFolder>>;

beforeAll(async () => {
  [installed, browser] = await Promise.all([installPackage(), launch()]);
  const { folder } = installed;
  const rows = Array.from({ length: 600 }, (_, row) => [row % 31, (row * 7) % 53, 1 + (row % 5), row]);
  await writeFile(join(folder, 'ratings.csv'), ['user,item,rating,timestamp', ...rows].join('\n'));
  const titles = Array.from(
    { length: 53 },
    (_, item) => `${item}|Film ${item}|01-Jan-1995||http://x${'|0'.repeat(19)}`,
  );
  const archive = {
    'ml-100k/u.data': strToU8(rows.map((row) => row.join('\t')).join('\n')),
    'ml-100k/u.item': strToU8(titles.join('\n')),
  };
  await writeFile(join(folder, 'ml-100k.zip'), zipSync(archive));
  await mkdir(join(folder, 'ml-100k'));
  for (const [part, isHeld] of [
    ['base', false],
    ['test', true],
  ] as const) {
    const lines = rows.filter((_, row) => (row % 7 === 0) === isHeld).map((row) => row.join('\t'));
    await writeFile(join(folder, `ml-100k/u1.${part}`), `${lines.join('\n')}\n`);
  }
  await cp(join(folder, 'node_modules/matfac/dist'), join(folder, 'matfac'), { recursive: true });
  site = await serveFolder({ folder });
});
afterAll(async () => {
  await Promise.all([browser.close(), site.close()]);
  await installed.remove();
});

test('the guide has blocks of both kinds', () => {
  expect(all.filter(({ isForPage }) => isForPage).length).toBeGreaterThan(3);
  expect(all.filter(({ isForPage }) => !isForPage).length).toBeGreaterThan(6);
});

/** Compares the output with the comments at the ends of the lines that print. */
function expectPrinted(code: string, printed: string) {
  for (const [, expected] of code.matchAll(/console\.log\(.*\); \/\/ (.+)$/gm)) expect(printed).toContain(expected);
  if (code.includes('console.log')) expect(printed).not.toBe('');
}

test.each(all.filter(({ isForPage }) => !isForPage))('$name runs in Node', async ({ code }) => {
  const file = join(installed.folder, 'block.mjs');
  await writeFile(file, code);
  expectPrinted(code, await run(process.execPath, [file], installed.folder));
});

test.each(all.filter(({ isForPage }) => isForPage))('$name runs in a page', async ({ code }) => {
  const folder = join(installed.folder, 'page');
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder);
  for (const file of ['ratings.csv', 'model.safetensors']) await cp(join(installed.folder, file), join(folder, file));
  const map = '<script type="importmap">{ "imports": { "matfac": "/matfac/index.js" } }</script>';
  await writeFile(
    join(folder, 'index.html'),
    `<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,">${map}<script type="module">${code}\nwindow.isDone = true;</script>`,
  );
  const tab = await browser.newPage();
  const printed: string[] = [];
  const faults: string[] = [];
  tab.on('console', (message) => printed.push(message.text()));
  tab.on('pageerror', (error) => faults.push(error.message));
  await tab.goto(`${site.url}page/`);
  await expect.poll(async () => faults.length > 0 || (await tab.evaluate('window.isDone'))).toBe(true);
  expect(faults).toEqual([]);
  expectPrinted(code, printed.join('\n'));
  await tab.close();
});
