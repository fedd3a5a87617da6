import { existsSync } from 'node:fs';
import { type Browser, firefox } from 'playwright-core';

/** $FIREFOX, or the one where Debian puts it. */
const path = process.env.FIREFOX ?? '/usr/bin/firefox-esr';

export const hasFirefox = existsSync(path);

/** Of Playwright's inside, what is needed to speak to Firefox in its own words. */
interface Inside {
  _connection: { toImpl(browser: Browser): { _browserSession: { send(method: string, ...rest: unknown[]): unknown } } };
}

/**
 * A Firefox as it is published, driven by WebDriver BiDi. For each new context Playwright asks for a command that this one
 * does not know yet, the emulation of colour schemes; unanswered it would open no page, so it is answered here.
 */
export async function launchFirefox(): Promise<Browser> {
  const browser = await firefox.launch({ channel: 'moz-firefox', executablePath: path, headless: true });
  const session = (browser as unknown as Inside)._connection.toImpl(browser)._browserSession;
  const send = session.send.bind(session);
  session.send = (method, ...rest) =>
    method === 'emulation.setMediaFeaturesOverride' ? Promise.resolve({}) : send(method, ...rest);
  return browser;
}
