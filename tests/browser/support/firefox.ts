import { existsSync } from 'node:fs';
import { type Browser, firefox } from 'playwright-core';

/** $FIREFOX, or Debian's. */
const path = process.env.FIREFOX ?? '/usr/bin/firefox-esr';

export const hasFirefox = existsSync(path);

interface Message {
  method?: string;
  params?: { url: string; download?: string };
}

/** The parts of Playwright's internals that these workarounds need. */
interface Session {
  send(method: string, ...rest: unknown[]): unknown;
  connection: { _transport: { onmessage: (message: Message) => void } };
}
interface Inside {
  _connection: { toImpl(browser: Browser): { _browserSession: Session } };
}

/**
 * Playwright runs its scripts in two worlds. Firefox 153 crashes the tab (a write to a null pointer) when both read an
 * element's `ariaLabelledByElements`; without the property, Playwright reads the attribute. The page reads neither.
 */
const firefoxUserPrefs = { 'accessibility.ARIAElementReflection.enabled': false };

/** An unmodified Firefox, driven by WebDriver BiDi. */
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
 * For each new context, Playwright sends a command that Firefox does not support yet, the emulation of colour schemes.
 * Without a response it would open no page.
 */
function answerForColours(session: Session): void {
  const send = session.send.bind(session);
  session.send = (method, ...rest) =>
    method === 'emulation.setMediaFeaturesOverride' ? Promise.resolve({}) : send(method, ...rest);
}

/** Playwright ignores downloads without a name, and Firefox sends none. */
function nameDownloads({ connection: { _transport: transport } }: Session): void {
  const hear = transport.onmessage;
  transport.onmessage = (message) => {
    if (message.method?.startsWith('browsingContext.download') && message.params) {
      message.params.download ??= message.params.url;
    }
    hear(message);
  };
}
