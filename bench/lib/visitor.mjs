// A visitor of the demo page who measures the tasks of its main thread.

/** @typedef {import('playwright-core').Page} Page */

/** @typedef {typeof globalThis & {answeredAfter?: number}} Watched */

/** @typedef {{name: string, ph: string, pid: number, tid: number, tdur?: number, args: {name?: string}}} TraceEvent */

/**
 * The processor time of the longest task of the main thread while `act` runs, in milliseconds. Unlike the time on a clock, it does
 * not depend on what else the machine does.
 * @param {Page} page
 * @param {(page: Page) => Promise<void>} act
 */
export async function longestTask(page, act) {
  const session = await page.context().newCDPSession(page);
  /** @type {TraceEvent[]} */
  const events = [];
  session.on('Tracing.dataCollected', ({ value }) => events.push(.../** @type {any[]} */ (value)));
  const traceConfig = { includedCategories: ['toplevel', '__metadata'] };
  await session.send('Tracing.start', { transferMode: 'ReportEvents', traceConfig });
  await act(page);
  // What the act leads to, such as a map of the new model, takes place after it.
  await page.waitForTimeout(1000);
  const complete = new Promise((resolve) => session.once('Tracing.tracingComplete', resolve));
  await session.send('Tracing.end');
  await complete;
  await session.detach();
  const thread = (/** @type {TraceEvent} */ { pid, tid }) => `${pid} ${tid}`;
  const main = new Set(
    events.filter(({ name, args }) => name === 'thread_name' && args.name === 'CrRendererMain').map(thread),
  );
  const tasks = events.filter((event) => event.ph === 'X' && event.name.endsWith('RunTask') && main.has(thread(event)));
  if (!tasks.some(({ tdur }) => tdur)) throw new Error('The trace must have the processor time of tasks; it has none');
  return tasks.reduce((longest, { tdur = 0 }) => Math.max(longest, tdur), 0) / 1000;
}

/** Milliseconds from the start of the navigation until a star that is clicked as soon as there is one is a rating. @param {Page} page @param {string} url */
export async function timeToAnswer(page, url) {
  await page.addInitScript(() => {
    const seen = new MutationObserver(() => {
      const star = /** @type {HTMLInputElement | null} */ (
        document.querySelector('[aria-label="Items to rate"] input')
      );
      if (!star) return;
      seen.disconnect();
      // As soon as the page can handle input.
      setTimeout(() => {
        star.click();
        const answered = document.querySelector('#yours')?.textContent === 'Your 1 rating';
        /** @type {Watched} */ (globalThis).answeredAfter = answered ? performance.now() : Number.NaN;
      });
    });
    seen.observe(document, { childList: true, subtree: true });
  });
  await page.goto(url);
  const found = await page.waitForFunction(() => /** @type {Watched} */ (globalThis).answeredAfter);
  return Number(await found.jsonValue());
}

/** @param {Page} page @param {string} file a path @param {string} name of the file */
export async function chooseRatings(page, file, name) {
  await page.getByLabel('Choose ratings …').setInputFiles(file);
  await page.locator('.summary').getByRole('heading', { name }).waitFor({ timeout: 120_000 });
}

/** @param {Page} page @param {string} solver its title @param {Record<string, number>} settings by their labels */
export async function trainOnPage(page, solver, settings) {
  await page.getByRole('combobox', { name: 'Solver' }).selectOption({ label: solver });
  for (const [label, value] of Object.entries(settings))
    await page.getByRole('spinbutton', { name: label, exact: true }).fill(String(value));
  await page.getByRole('button', { name: 'Start training' }).click();
  await page.getByText(/^Trained on .* in /).waitFor({ timeout: 120_000 });
}
