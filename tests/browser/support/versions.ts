/** Two versions of the built page, one deployed over the other. */
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';

const built = fileURLToPath(new URL('../../../web/dist', import.meta.url));

export interface Deployment {
  folder: string;
  /** Replaces the page by one whose scripts have other names, as another build has, and whose title ends in `mark`. */
  deploy(mark: string): Promise<void>;
  remove(): Promise<void>;
}

export async function deployment(): Promise<Deployment> {
  const folder = await mkdtemp(join(tmpdir(), 'matfac-page-'));
  await cp(built, folder, { recursive: true });
  return {
    folder,
    deploy: async (mark) => {
      const version = await mkdtemp(join(tmpdir(), 'matfac-page-'));
      await cp(built, version, { recursive: true });
      await rename(version, mark);
      await rm(folder, { recursive: true });
      await cp(version, folder, { recursive: true });
      await rm(version, { recursive: true });
    },
    remove: () => rm(folder, { recursive: true }),
  };
}

/** Opens another tab, whereupon the browser looks for a newer version; returns when that is installed and waits. */
export async function findNewerVersion(page: Page, url: string): Promise<void> {
  // Asked for by `update()` while a worker of the page starts, Chromium may never look.
  const state = page.evaluate(async () => {
    const registration = await navigator.serviceWorker.ready;
    const newer = () => registration.installing ?? registration.waiting;
    if (!newer()) await new Promise((found) => registration.addEventListener('updatefound', found, { once: true }));
    const worker = newer()!;
    if (worker.state === 'installing')
      await new Promise((over) => worker.addEventListener('statechange', over, { once: true }));
    return worker.state;
  });
  const tab = await page.context().newPage();
  await tab.goto(url);
  expect(await state).toBe('installed');
  await tab.close();
}

/** From a page beside it: returns when no version waits, and the one that serves `url` has taken over. */
export const newestVersionServes = (page: Page, url: string): Promise<void> =>
  page.evaluate(async (scope) => {
    const registration = await navigator.serviceWorker.getRegistration(scope);
    const newest = registration?.waiting ?? registration?.active;
    if (!newest) throw new Error(`nothing serves ${scope}`);
    while (newest.state !== 'activated') {
      if (newest.state === 'redundant') throw new Error('the newest version was given up');
      await new Promise((changed) => newest.addEventListener('statechange', changed, { once: true }));
    }
  }, url);

async function rename(folder: string, mark: string): Promise<void> {
  const scripts = (await readdir(join(folder, 'assets'))).filter((name) => name.endsWith('.js'));
  const names = new RegExp(scripts.map((name) => `(?<![\\w-])${name.replaceAll('.', '\\.')}`).join('|'), 'g');
  const texts = ['index.html', 'service-worker.js', ...scripts.map((name) => `assets/${name}`)];
  for (const path of texts) {
    let text = await readFile(join(folder, path), 'utf8');
    text = text.replace(names, (name) => `${mark}-${name}`);
    if (path === 'index.html') text = text.replace('</title>', ` ${mark}</title>`);
    // The revision by which the service worker knows that index.html is another.
    if (path === 'service-worker.js') text = text.replace(/("?revision"?:\s*["'`])([0-9a-f]{32})/g, `$1${mark}$2`);
    const name = scripts.find((script) => path === `assets/${script}`);
    await rm(join(folder, path));
    await writeFile(join(folder, name ? `assets/${mark}-${name}` : path), text);
  }
}
