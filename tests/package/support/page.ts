/** A small page that trains, and what a visitor sees on it. */
import type { BrowserContext } from 'playwright-core';
import { expect } from 'vitest';

/** The module of the page; it finds matfac by its name. */
export const script = (options = '{}') => `import { Ratings, train } from 'matfac';
try {
  const model = await train(await Ratings.sample('tiny'), ${options});
  for (const { item, score } of model.recommend(model.users[0], { n: 5 })) {
    document.querySelector('ol').append(Object.assign(document.createElement('li'), { textContent: item + ': ' + score }));
  }
  document.querySelector('p').textContent = 'done';
} catch (error) {
  document.querySelector('p').textContent = error.code + ': ' + error.message;
}
`;

/** The document; `module` is a script element, or more than one. */
export const document = (module: string) => `<!doctype html>
<meta charset="utf-8">
<title>matfac</title>
<link rel="icon" href="data:,">
<ol></ol>
<p></p>
${module}
`;

/** Opens the page and returns what it shows and the addresses of the workers that it started. */
export async function visit(browser: BrowserContext, url: string) {
  const tab = await browser.newPage();
  const workers: string[] = [];
  const complaints: string[] = [];
  tab.on('worker', (worker) => workers.push(worker.url()));
  tab.on('pageerror', (error) => complaints.push(error.message));
  tab.on('requestfailed', (request) => complaints.push(`failed: ${request.url()}`));
  tab.on('response', (response) => {
    if (response.status() >= 400) complaints.push(`${response.status()}: ${response.url()}`);
  });
  await tab.goto(url);
  await tab.waitForFunction(() => window.document.querySelector('p')?.textContent !== '');
  return {
    status: await tab.textContent('p'),
    recommendations: await tab.locator('li').allTextContents(),
    workers,
    complaints,
  };
}

export function expectRecommendations({ status, recommendations, complaints }: Awaited<ReturnType<typeof visit>>) {
  expect(complaints).toEqual([]);
  expect(status).toBe('done');
  expect(recommendations).toHaveLength(5);
  for (const line of recommendations) expect(line).toMatch(/^\d+: -?\d/);
}
