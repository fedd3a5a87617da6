import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrowserContext, chromium } from 'playwright-core';

const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** What takes this long hangs, on a machine as slow or as busy as it may be: no test measures time. */
const HUNG = 120_000;

type Options = NonNullable<Parameters<typeof chromium.launchPersistentContext>[1]>;

/** A Chromium with a fresh profile: $CHROMIUM, or Debian's. */
export async function launch(options: Options = {}): Promise<BrowserContext> {
  const profile = await mkdtemp(join(tmpdir(), 'matfac-chromium-'));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    headless: true,
    args: flags,
    ...options,
  });
  context.setDefaultTimeout(HUNG);
  context.on('close', () => void rm(profile, { recursive: true, force: true, maxRetries: 5 }));
  return context;
}
