/** The browsers in which a test can run: each gives visitors who know nothing of one another. */
import type { BrowserContext } from 'playwright-core';
import { launch } from './browser.js';
import { launchFirefox } from './firefox.js';

export interface Opened {
  context(options?: Parameters<typeof launch>[0]): Promise<BrowserContext>;
  close(): Promise<void>;
}

/** A Chromium for each visitor. */
export const openChromium = async (): Promise<Opened> => ({ context: launch, close: async () => {} });

/** One Firefox for all of them, which takes seconds to start. */
export async function openFirefox(): Promise<Opened> {
  const browser = await launchFirefox();
  return { context: (options) => browser.newContext(options), close: () => browser.close() };
}
