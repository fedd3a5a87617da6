/** See, the map: it follows a training, and can be searched, clicked and moved by mouse and keyboard. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { realData } from './support/real-data.js';
import {
  chooseFile,
  chooseRatings,
  chooseSolver,
  drawMap,
  giveStars,
  offered,
  overflow,
  recommendations,
  setSettings,
  startTraining,
  textFile,
  train,
  useSample,
} from './support/steps.js';
import { type Site, servePage, type Visit, visit } from './support/visit.js';

let site: Site;
let visitor: Visit;

beforeAll(async () => {
  site = await servePage();
  visitor = await visit(site);
  await drawMap(visitor.page);
});

afterAll(async () => {
  await visitor.leave();
  await site.close();
});

const near = () => visitor.page.locator('.near button');

/** The canvas as it stays: what changed before is drawn in the next frame, and without motion that is the last. */
async function settledPicture(): Promise<string> {
  const { page } = visitor;
  await page.emulateMedia({ reducedMotion: 'reduce' });
  return page.locator('.map-canvas').evaluate(async (element) => {
    for (let i = 0; i < 2; i++) await new Promise(requestAnimationFrame);
    return (element as HTMLCanvasElement).toDataURL();
  });
}

test('during training the map shows its epochs, afterwards the model', async () => {
  const { page } = visitor;
  await useSample(page);
  await page.evaluate(() => {
    const words = document.querySelector('.map-words')!;
    const seen = new Set<string>();
    Object.assign(window, { seen });
    new MutationObserver(() => seen.add(words.textContent ?? '')).observe(words, {
      childList: true,
      characterData: true,
      subtree: true,
    });
  });
  await chooseSolver(page, 'Stochastic gradient descent');
  await setSettings(page, { Epochs: 10_000 });
  await startTraining(page);
  await page.waitForFunction(() =>
    [...(window as unknown as { seen: Set<string> }).seen].some((words) => /After epoch \d+/.test(words)),
  );
  await page.getByRole('button', { name: 'Cancel', exact: true }).click();
  await page.getByText(/^Cancelled after /).waitFor();
  // How far it came is chance; the other tests see the map of a whole training.
  await setSettings(page, { Epochs: 15 });
  await train(page);
  await expect.poll(() => page.locator('.map-words').innerText()).toMatch(/^1,6\d\d items[^…]*$/);
});

test('an item found by keyboard shows its nearest items, sorted by cosine; each can be selected in turn', async () => {
  const { page } = visitor;
  await page.getByText('Show as a table').last().scrollIntoViewIfNeeded();
  await page.locator('.map-panel summary').click();
  const title = await page.locator('.map-panel tbody th').first().innerText();
  await page.getByLabel('Find an item on the map').fill(title);
  await page.keyboard.press('Enter');
  expect(await page.locator('.about h4').innerText()).toBe(title);
  expect(await near().count()).toBe(8);
  const cosines = (await page.locator('.near button > span:last-child').allInnerTexts()).map(Number);
  expect(cosines).toEqual([...cosines].sort((a, b) => b - a));
  expect(cosines[0]).toBeLessThanOrEqual(1);
  const next = await near().first().locator('.name').innerText();
  await near().first().focus();
  await page.keyboard.press('Enter');
  expect(await page.locator('.about h4').innerText()).toBe(next.split('\n')[0]);
});

test('without a choice, the items recommended are listed and ringed, and the visitor is on the map and moves', async () => {
  const { page } = visitor;
  await page.getByRole('button', { name: 'Clear the selection' }).click();
  await page.getByText('The best known:').waitFor();
  // The view is still that of the item selected, where nothing has to change.
  await page.getByRole('button', { name: 'Show all' }).click();
  const before = await settledPicture();
  expect(await page.locator('.map-words').innerText()).toContain('Rate a few items');
  await giveStars(offered(page).first(), 5);
  await page.getByText('Recommended to you, ringed:').waitFor();
  const listed = () => page.locator('.map-side .plain .name').allInnerTexts();
  const ringed = async () => (await listed()).map((text) => text.split('\n')[0]);
  const recommended = async () => (await recommendations(page)).map(({ title }) => title).slice(0, 8);
  // The two lists are drawn one after the other.
  await expect
    .poll(async () => [await ringed(), await recommended()])
    .toSatisfy(([a, b]) => a.length === 8 && `${a}` === `${b}`);
  expect(await page.locator('.map-words').innerText()).toContain('“You” are in the middle of what you liked');
  expect(await settledPicture()).not.toBe(before);
  const first = await listed();
  await giveStars(offered(page).nth(3), 5);
  await expect.poll(listed).not.toEqual(first);
});

test('the ends of the axes are named', async () => {
  const names = await visitor.page.locator('.axis span').allInnerTexts();
  expect(names.map((text) => text.replace(/[^↑←↓→]/g, ''))).toEqual(['↑', '←', '↓', '→']);
  for (const name of names) expect(name.length).toBeGreaterThan(3);
  expect(await visitor.page.locator('.map-canvas').getAttribute('aria-label')).toMatch(
    /From left to right: .+ to .+\./,
  );
});

test('zooming keeps the chosen item where it is', async () => {
  const { page } = visitor;
  const title = (await page.locator('.map-side .plain .name').first().innerText()).split('\n')[0]!;
  await page.locator('.map-side .plain').first().click();
  await page.locator('.about h4', { hasText: title }).waitFor();
  // The choice puts the item in the middle; two keys move it aside, and the zoom leaves it there.
  await page.locator('.map-canvas').focus();
  for (let i = 0; i < 2; i++) await page.keyboard.press('ArrowLeft');
  for (let i = 0; i < 2; i++) await page.getByRole('button', { name: 'Zoom in' }).click();
  const box = (await page.locator('.map-canvas').boundingBox())!;
  await page.mouse.click(box.x + box.width / 2 + 80, box.y + box.height / 2);
  expect(await page.locator('.about h4').innerText()).toBe(title);
  await page.getByRole('button', { name: 'Show all' }).click();
});

test('keys zoom and move the canvas, and a click selects a point', async () => {
  const { page } = visitor;
  await page.getByRole('button', { name: 'Clear the selection' }).click();
  const canvas = page.locator('.map-canvas');
  await canvas.focus();
  await page.keyboard.press('0');
  const whole = await settledPicture();
  await page.keyboard.press('+');
  await page.keyboard.press('ArrowLeft');
  expect(await settledPicture()).not.toBe(whole);
  await page.keyboard.press('0');
  expect(await settledPicture()).toBe(whole);
  await page.locator('.about h4').waitFor({ state: 'detached' });
  const box = (await canvas.boundingBox())!;
  await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
  await page.locator('.about h4').waitFor();
});

test('it is coloured by the genres of a real titles file', async (context) => {
  const [ratings, movies] = [realData('ml-latest-small.ratings.csv.gz'), realData('ml-latest-small.movies.csv.gz')];
  if (!ratings || !movies) return context.skip('ml-latest-small is not on this machine');
  const { page } = visitor;
  await chooseRatings(page, ratings);
  await chooseFile(page, 'Choose titles …', movies);
  await train(page);
  await page.locator('.legend').getByText('Comedy').waitFor();
  expect(await page.locator('.legend li').count()).toBe(7);
  await page.locator('.map-below').getByText('Popularity').click();
  await page.locator('.legend').getByText('most rated').waitFor();
});

test('it fits a phone, and there are no complaints', async () => {
  const { page, complaints } = visitor;
  await startTraining(page);
  await page.setViewportSize({ width: 360, height: 740 });
  expect(await overflow(page)).toBeLessThanOrEqual(0);
  expect(complaints).toEqual([]);
});

test('of too many items only the best known are drawn, and the others can still be found', async () => {
  const { page, complaints } = visitor;
  await page.setViewportSize({ width: 1280, height: 900 });
  const all = 50_400;
  // The last items have one rating, the rest two.
  const lines = Array.from({ length: 2 * all - 300 }, (_, row) => `${row % 97},item-${row % all},${1 + (row % 5)}`);
  await chooseRatings(page, textFile('many.csv', `user,item,rating\n${lines.join('\n')}\n`));
  await chooseSolver(page, 'Alternating least squares');
  await setSettings(page, { Epochs: 2 });
  await train(page);
  await expect
    .poll(() => page.locator('.map-words').innerText())
    .toMatch(/^The 50,000 best known of 50,400 items, on the two axes/);
  await page.getByLabel('Find an item on the map').fill(`item-${all - 1}`);
  await page.keyboard.press('Enter');
  await page
    .locator('.about h4')
    .getByText(`Item item-${all - 1}`, { exact: true })
    .waitFor();
  expect(await near().count()).toBe(8);
  expect(complaints).toEqual([]);
});
