import { existsSync } from 'node:fs';
import { type Browser, firefox } from 'playwright-core';

/** $FIREFOX, or the one where Debian puts it. */
const path = process.env.FIREFOX ?? '/usr/bin/firefox-esr';

export const hasFirefox = existsSync(path);

interface Message {
  method?: string;
  params?: { url: string; download?: string };
}

/** Of Playwright's inside, what is needed to speak to Firefox in its own words. */
interface Session {
  send(method: string, ...rest: unknown[]): unknown;
  connection: { _transport: { onmessage: (message: Message) => void } };
}
interface Inside {
  _connection: { toImpl(browser: Browser): { _browserSession: Session } };
}

/**
 * Playwright looks at a page from two worlds of scripts. Firefox 153 ends the tab when an element's `ariaLabelledByElements`
 * is read from both (it writes to a null pointer); without the property Playwright reads the attribute. The page reads neither.
 */
const firefoxUserPrefs = { 'accessibility.ARIAElementReflection.enabled': false };

/** A Firefox as it is published, driven by WebDriver BiDi. */
export async function launchFirefox(): Promise<Browser> {
  const browser = await firefox.launch({
    channel: 'moz-firefox',
    executablePath: path,
    headless: true,
    firefoxUserPrefs,
  });
  const session = (browser as unknown as Inside)._connection.toImpl(browser)._browserSession;
  answerForColours(session);
  nameDownloads(session);
  return browser;
}

/**
 * For each new context Playwright asks for a command that Firefox does not know yet, the emulation of colour schemes;
 * unanswered it would open no page.
 */
function answerForColours(session: Session): void {
  const send = session.send.bind(session);
  session.send = (method, ...rest) =>
    method === 'emulation.setMediaFeaturesOverride' ? Promise.resolve({}) : send(method, ...rest);
}

/** Playwright passes over a download that has no name of its own, as those of Firefox have none. */
function nameDownloads({ connection: { _transport: transport } }: Session): void {
  const hear = transport.onmessage;
  transport.onmessage = (message) => {
    if (message.method?.startsWith('browsingContext.download') && message.params) {
      message.params.download ??= message.params.url;
    }
    hear(message);
  };
}
