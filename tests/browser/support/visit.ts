/** A visit to the page: a fresh browser that records everything that should not happen. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { BrowserContext, Page } from 'playwright-core';
import { serveFolder } from '../../../scripts/lib/static-server.mjs';
import { launch } from './browser.js';

const built = fileURLToPath(new URL('../../../web/dist', import.meta.url));

export type Site = Awaited<ReturnType<typeof serveFolder>>;

/** The built page on a static host, below a sub-path. */
export function servePage(base = '/'): Promise<Site> {
  if (!existsSync(`${built}/index.html`)) throw new Error('web/dist is not there: run `npm run build` first.');
  return serveFolder({ folder: built, base });
}

export interface Visit {
  page: Page;
  /** Console errors and warnings, uncaught errors, requests that failed or went elsewhere, policy violations. */
  complaints: string[];
  leave(): Promise<void>;
}

type Options = Parameters<typeof launch>[0];

/** In Chromium, unless `open` opens another browser. */
export async function visit(
  site: Site,
  options: Options = {},
  open: (options: Options) => Promise<BrowserContext> = launch,
): Promise<Visit> {
  // Without a service worker unless requested: its files may still be loading when the visitor leaves.
  const context = await open({ viewport: { width: 1280, height: 900 }, serviceWorkers: 'block', ...options });
  await context.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) =>
      console.error(`policy violated: ${violatedDirective}, ${blockedURI}`),
    );
  });
  const complaints = complaintsOf(context, site);
  const page = context.pages()[0] ?? (await context.newPage());
  await page.goto(site.url);
  return { page, complaints, leave: () => context.close() };
}

export function complaintsOf(context: BrowserContext, site: Site): string[] {
  const complaints: string[] = [];
  context.on('console', (message) => {
    const ofPlaywright = message.text() === 'Service Worker registration blocked by Playwright';
    if (ofPlaywright || (message.type() !== 'error' && message.type() !== 'warning')) return;
    complaints.push(`console: ${message.text()}`);
  });
  context.on('weberror', (error) => complaints.push(`uncaught: ${error.error().message}`));
  context.on('requestfailed', (request) => {
    // A page that is left cancels what it still loads (the icon and the manifest come last), and so does a training.
    const wasCancelled = /^(net::ERR|NS_BINDING)_ABORTED$/.test(request.failure()?.errorText ?? '');
    if (!(wasCancelled && request.url().startsWith(site.url))) complaints.push(`failed: ${request.url()}`);
  });
  context.on('response', (response) => {
    if (response.status() >= 400) complaints.push(`${response.status()}: ${response.url()}`);
  });
  context.on('request', (request) => {
    const own = request.url().startsWith(site.url) || /^(blob|about):/.test(request.url());
    if (!own) complaints.push(`a request went elsewhere: ${request.url()}`);
  });
  return complaints;
}
