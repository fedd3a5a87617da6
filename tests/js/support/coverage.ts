/** Under scripts/coverage, each file of tests leaves what it executed, also where its process is ended without an exit. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { takeCoverage } from 'node:v8';
import type { Page } from 'playwright-core';
import { afterAll } from 'vitest';

const folder = process.env.NODE_V8_COVERAGE;
if (folder) afterAll(takeCoverage);

let pages = 0;

/** Watches a page that loads `dist` from this address; call the result before the page is closed. */
export async function watchPage(page: Page, address: string): Promise<() => Promise<void>> {
  if (!folder) return async () => {};
  await page.coverage.startJSCoverage({ resetOnNavigation: false });
  return async () => {
    const result = (await page.coverage.stopJSCoverage()).map(({ url, functions }) => ({
      url: url.replace(address, new URL('../../../dist/', import.meta.url).href),
      functions,
    }));
    writeFileSync(join(folder, `page-${process.pid}-${++pages}.json`), JSON.stringify({ result }));
  };
}
