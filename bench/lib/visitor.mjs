// A visitor of the demo page who measures the long tasks of its main thread.

/** @typedef {import('playwright-core').Page} Page */

/** @typedef {typeof globalThis & {longTasks: number[], answeredAfter?: number}} Watched */

/** Milliseconds of the tasks over 50 ms; the API does not report shorter ones. @param {Page} page */
export async function watchTasks(page) {
  await page.addInitScript(() => {
    const watched = /** @type {Watched} */ (globalThis);
    watched.longTasks = [];
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) watched.longTasks.push(duration);
    }).observe({ type: 'longtask' });
  });
}

/** The long tasks since the last call. @param {Page} page */
export async function longTasks(page) {
  // An entry arrives in another task, some time after the task that it reports.
  await page.waitForTimeout(200);
  return page.evaluate(() => /** @type {Watched} */ (globalThis).longTasks.splice(0));
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
