/** What a visitor does on the page and sees there. */
import { basename } from 'node:path';
import type { Page } from 'playwright-core';
import type { WalkedData } from './real-data.js';

export interface ChosenFile {
  name: string;
  mimeType: string;
  buffer: Buffer;
}

export const textFile = (name: string, text: string): ChosenFile => ({
  name,
  mimeType: 'text/plain',
  buffer: Buffer.from(text),
});

/** On a phone, a section that is closed until asked for. */
export async function openSection(page: Page, id: string): Promise<void> {
  const closed = page.locator(`#${id} > header > .fold[aria-expanded=false]`);
  if (await closed.isVisible()) await closed.click();
}

export async function useSample(page: Page): Promise<void> {
  await openSection(page, 'start');
  await page.getByRole('button', { name: 'Use the sample' }).click();
  await page.locator('.reading').waitFor({ state: 'hidden' });
  await page.getByRole('heading', { name: 'The sample', exact: true }).waitFor();
}

export async function drawMathematics(page: Page): Promise<void> {
  await openSection(page, 'learn');
  await page.locator('#learn').scrollIntoViewIfNeeded();
  await page.locator('.loss-number').waitFor();
}

export async function drawMap(page: Page): Promise<void> {
  await page.locator('#see').scrollIntoViewIfNeeded();
  await page.locator('#map').waitFor();
}

/** Scrolls to the later sections, which the page draws when a visitor comes near. */
export async function drawAll(page: Page): Promise<void> {
  await drawMathematics(page);
  await drawMap(page);
  await page.locator('#judge').scrollIntoViewIfNeeded();
  await page.locator('.machine').waitFor({ state: 'attached' });
}

export async function chooseFile(page: Page, label: string, file: ChosenFile | string): Promise<void> {
  await page.getByLabel(label).setInputFiles(file);
}

/** Waits until the ratings are on the page: before it reads them, it looks whether they are the visitor's own list. */
export async function chooseRatings(page: Page, file: ChosenFile | string): Promise<void> {
  await chooseFile(page, 'Choose ratings …', file);
  const name = typeof file === 'string' ? basename(file) : file.name;
  await page.locator('.summary').getByRole('heading', { name, exact: true }).waitFor();
}

/** The sample, or files with their titles. */
export async function useData(page: Page, { files }: WalkedData): Promise<void> {
  if (!files) return useSample(page);
  await chooseRatings(page, files.ratings);
  await chooseFile(page, 'Choose titles …', files.titles);
  await page.getByText(/^Titles from .* have one\.$/).waitFor();
}

export const setting = (page: Page, label: string) => page.getByRole('spinbutton', { name: label, exact: true });

/** A number in the summary of the ratings. */
export async function figure(page: Page, name: string): Promise<number> {
  const entry = page.locator('.summary .figures > div', { has: page.getByText(name, { exact: true }) });
  return Number((await entry.locator('dd').innerText()).replace(/,/g, ''));
}

/** Types into the fields with these labels. In Firefox, `fill` would not replace the content of a number field. */
export async function setSettings(page: Page, values: Record<string, string | number>): Promise<void> {
  for (const [label, value] of Object.entries(values)) {
    await setting(page, label).press('ControlOrMeta+a');
    await setting(page, label).pressSequentially(String(value));
  }
}

export const chooseSolver = (page: Page, title: string) =>
  page.getByRole('combobox', { name: 'Solver' }).selectOption({ label: title });

export async function startTraining(page: Page): Promise<void> {
  await openSection(page, 'train');
  await page.getByRole('button', { name: 'Start training' }).click();
}

export async function train(page: Page): Promise<void> {
  await startTraining(page);
  await page.getByText(/^Trained on .* in /).waitFor();
}

/**
 * Clicks a button as soon as the element has words like these. The click is the page's own: one from here might come
 * after the end of what it cancels.
 */
export const clickOnceItSays = (page: Page, selector: string, words: RegExp, name: string): Promise<void> =>
  page.evaluate(
    ([selector, words, name]) =>
      new Promise<void>((resolve) => {
        const look = () => {
          if (!new RegExp(words).test(document.querySelector<HTMLElement>(selector)?.innerText ?? '')) return;
          watcher.disconnect();
          const buttons = [...document.querySelectorAll('button')];
          buttons.find((button) => button.offsetParent && button.innerText === name)!.click();
          resolve();
        };
        const watcher = new MutationObserver(look);
        watcher.observe(document.body, { subtree: true, childList: true, characterData: true });
      }),
    [selector, words.source, name] as const,
  );

export const offered = (page: Page) => page.getByRole('list', { name: 'Items to rate' }).getByRole('listitem');

/** Searches the items to rate; an empty query shows the popular ones again. */
export async function searchFor(page: Page, query: string): Promise<void> {
  await page.getByRole('searchbox', { name: /^Rate what you know/ }).fill(query);
  await page.locator('[aria-label="Items to rate"]:not([aria-busy])').waitFor({ state: 'attached' });
}

export const yourRatings = (page: Page) =>
  page.getByRole('list', { name: /^Your \d+ ratings?$/ }).getByRole('listitem');

export const titlesIn = (items: ReturnType<typeof offered>) => items.locator('.title').allTextContents();

/** Rates the item of this row by mouse. */
export async function giveStars(row: ReturnType<Page['locator']>, stars: number): Promise<void> {
  await row
    .locator('label')
    .nth(stars - 1)
    .click();
}

export interface ShownRecommendation {
  title: string;
  /** What orders the list: the match, or the expected rating in a model without preference. */
  score: number;
  /** The expected rating below the match; NaN where there is none. */
  expected: number;
  reasons: { title: string; contribution: number }[];
}

export function recommendations(page: Page): Promise<ShownRecommendation[]> {
  return page.locator('.recommendations > li').evaluateAll((rows) => {
    const text = (element: Element, selector: string) => element.querySelector(selector)?.textContent ?? '';
    const number = (words: string) => Number(words.replace(/[^\d.−-]/g, '').replace('−', '-'));
    return rows.map((row) => ({
      title: text(row, '.title'),
      // Without what stands below it.
      score: Number(/[\d.]+/.exec(text(row, '.score'))?.[0]),
      expected: Number(/[\d.]+/.exec(text(row, '.expected'))?.[0]),
      reasons: [...row.querySelectorAll('.reasons > li')].map((reason) => ({
        title: text(reason, '.reason-name'),
        contribution: number(text(reason, '.reason-value')),
      })),
    }));
  });
}

/** By how many pixels the page is wider than the window without its scroll bar. */
export const overflow = (page: Page): Promise<number> =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

/** The points of a curve of the chart, from the first epoch to the last, in pixels. */
export const curveOf = (page: Page, kind: 'training' | 'validation'): Promise<number[][]> =>
  page.locator(`.chart path.of-${kind}`).evaluate((path) =>
    path
      .getAttribute('d')!
      .slice(1)
      .split('L')
      .map((point) => point.split(',').map(Number)),
  );
