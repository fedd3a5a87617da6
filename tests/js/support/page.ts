import { fileURLToPath } from 'node:url';
import type { BrowserContext, Page } from 'playwright-core';
import { serveFolder } from '../../../scripts/lib/static-server.mjs';
import { launch } from '../../browser/support/browser.js';
import { watchPage } from './coverage.js';

const dist = fileURLToPath(new URL('../../../dist', import.meta.url));

/** An empty page in Chromium, with the package on its own origin and on another one. */
export interface Room {
  own: string;
  other: string;
  page: Page;
  /** A new page, in which nothing of the package is loaded. */
  renew(): Promise<void>;
  /** Serves this text as a script at `path` of the page's origin. */
  script(path: string, text: string): Promise<void>;
  /** Runs the body of an async function in the page; `matfac` is the package, from this address. */
  run<T>(body: string, from?: string): Promise<T>;
  leave(): Promise<void>;
}

/** Lets pages share memory between threads. */
const ISOLATION = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
};

export async function openRoom({ isolated = false } = {}): Promise<Room> {
  const own = await serveFolder({ folder: dist, headers: isolated ? ISOLATION : {} });
  const other = await serveFolder({ folder: dist, headers: { 'Access-Control-Allow-Origin': '*' } });
  const context: BrowserContext = await launch();
  const room: Room = {
    own: own.url,
    other: other.url,
    page: context.pages()[0] ?? (await context.newPage()),
    async renew() {
      // Any document of that origin will do, but Chromium must get it from the server to let it request another origin.
      await room.page.goto(`${own.url}index.js`);
    },
    async script(path, text) {
      await context.route(`${own.url}${path}`, (route) =>
        route.fulfill({ contentType: 'text/javascript', body: text }),
      );
    },
    run(body, from = own.url) {
      // As text: the test runner would rewrite the import of a function.
      return room.page.evaluate(`(async () => { const matfac = await import('${from}index.js'); ${body} })()`);
    },
    async leave() {
      await writeCoverage();
      await context.close();
      await Promise.all([own.close(), other.close()]);
    },
  };
  const writeCoverage = await watchPage(room.page, own.url);
  await room.renew();
  return room;
}
