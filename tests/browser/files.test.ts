/** Files good and bad: what was understood is said, and a bad file costs nothing that was there before. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import {
  chooseFile,
  figure,
  giveStars,
  offered,
  recommendations,
  textFile,
  titlesIn,
  train,
  useSample,
} from './support/steps.js';
import { type Site, servePage, type Visit, visit } from './support/visit.js';

let site: Site;
let visitor: Visit;

beforeAll(async () => {
  site = await servePage();
});
afterAll(() => site.close());
beforeEach(async () => {
  visitor = await visit(site);
});
afterEach(async () => {
  await visitor.leave();
  expect(visitor.complaints).toEqual([]);
});

const rows = (n: number) =>
  Array.from({ length: n }, (_, i) => `ann${i % 7},item ${(i * 5) % 11},${1 + ((i * 3) % 5)}`).join('\n');

test('a csv of one’s own: columns, counts and string ids', async () => {
  const { page } = visitor;
  await chooseFile(page, 'Choose ratings …', textFile('mine.csv', `member,film,stars\n${rows(77)}\n`));
  const summary = page.locator('.summary');
  await summary.getByRole('heading', { name: 'mine.csv' }).waitFor();
  const words = await summary.innerText();
  expect(await figure(page, 'users')).toBe(7);
  expect(await figure(page, 'items')).toBe(11);
  for (const column of ['member', 'film', 'stars']) expect(words).toContain(column);
  expect(await titlesIn(offered(page))).toContain('Item item 5');
});

test('a bad row is named with its line, the sample stays, and skipping it is offered', async () => {
  const { page } = visitor;
  await useSample(page);
  await chooseFile(
    page,
    'Choose ratings …',
    textFile('broken.csv', `user,item,rating\n${rows(40)}\n7,8,five\n${rows(9)}\n`),
  );
  const problem = page.locator('[data-view=start] [role=alert]').filter({ hasText: /./ });
  await problem.waitFor();
  expect(await problem.innerText()).toMatch(/line 42/i);
  expect(await page.locator('.summary h3').innerText()).toBe('The sample');

  await problem.getByRole('button', { name: 'Skip rows that cannot be read' }).click();
  await page.locator('.summary').getByRole('heading', { name: 'broken.csv' }).waitFor();
  await page.getByText('1 row could not be read and was skipped').click();
  expect(await page.locator('.skipped li').innerText()).toMatch(/^Line 42/);
  expect(await problem.isVisible()).toBe(false);
});

test.each([
  ['an empty file', ''],
  ['a picture', '\u0089PNG\r\n\u001a\n\u0000\u0000\u0000\rIHDR'],
  ['prose', 'Once upon a time there was a matrix.\nIt had gaps.\n'],
])('%s is refused, and ratings, model and stars stay', async (_, content) => {
  const { page } = visitor;
  await useSample(page);
  await train(page);
  await giveStars(offered(page).first(), 5);
  const before = await recommendations(page);
  await chooseFile(page, 'Choose ratings …', textFile('bad.csv', content));
  const problem = page.locator('[data-view=start] [role=alert]').filter({ hasText: /./ });
  await problem.waitFor();
  expect((await problem.innerText()).length).toBeGreaterThan(20);
  expect(await problem.innerText()).not.toContain('did not expect');
  expect(await page.locator('.summary h3').innerText()).toBe('The sample');
  expect(await recommendations(page)).toEqual(before);
});

test('a broken model is refused beside its button, and the model in use stays', async () => {
  const { page } = visitor;
  await useSample(page);
  await train(page);
  await giveStars(offered(page).first(), 5);
  const before = await recommendations(page);
  await chooseFile(page, 'Open a model …', textFile('model.safetensors', 'no tensors here'));
  const problem = page.locator('[data-view=leave] [role=alert]').filter({ hasText: /./ });
  await problem.waitFor();
  expect(await problem.innerText()).not.toContain('did not expect');
  expect(await recommendations(page)).toEqual(before);
});

test('ratings and titles dropped together find their places', async () => {
  const { page } = visitor;
  const files = [
    [
      'ratings.csv',
      `userId,movieId,rating\n${Array.from({ length: 60 }, (_, i) => `${i % 6},${(i * 7) % 10},${1 + (i % 5)}`).join('\n')}\n`,
    ],
    [
      'movies.csv',
      `movieId,title,genres\n${Array.from({ length: 10 }, (_, i) => `${i},"Film ${i}, the (1999)",Drama|Comedy`).join('\n')}\n`,
    ],
  ];
  await page.evaluate((contents) => {
    const transfer = new DataTransfer();
    for (const [name, text] of contents) transfer.items.add(new File([text!], name!));
    document.body.dispatchEvent(new DragEvent('drop', { dataTransfer: transfer, bubbles: true, cancelable: true }));
  }, files);
  await page.getByText('10 of 10 items have one').waitFor();
  const [first] = await titlesIn(offered(page));
  expect(first).toMatch(/^Film \d, the \(1999\)$/);
  expect(await offered(page).first().locator('small').innerText()).toBe('Drama, Comedy');
});

test('reading shows how far it is, and can be cancelled; what was there stays', async () => {
  const { page } = visitor;
  await useSample(page);
  const folder = await mkdtemp(join(tmpdir(), 'matfac-ratings-'));
  try {
    const path = join(folder, 'large.csv');
    await writeFile(path, `user,item,rating\n${`${rows(10_000)}\n`.repeat(300)}`);
    await chooseFile(page, 'Choose ratings …', path);
    const reading = page.locator('.reading');
    await reading.getByText(/^Reading large\.csv: [\d,]+ rows, [\d.]+ MB of [\d.]+ MB$/).waitFor();
    expect(await reading.locator('progress').evaluate((bar) => (bar as HTMLProgressElement).value)).toBeGreaterThan(0);
    await reading.getByRole('button', { name: 'Cancel' }).click();
    await reading.waitFor({ state: 'hidden' });
    expect(await page.locator('.summary h3').innerText()).toBe('The sample');
    await train(page);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('a file too big for the memory is told so in clear words, and the page goes on as it was', async () => {
  const { page } = visitor;
  await useSample(page);
  // As an engine does that has no room for so large an array.
  await page.evaluate(() => {
    globalThis.Int32Array = new Proxy(Int32Array, {
      construct(target, [size, ...rest], made) {
        if (typeof size === 'number' && size > 200_000) throw new RangeError('Array buffer allocation failed');
        return Reflect.construct(target, [size, ...rest], made);
      },
    });
  });
  await chooseFile(
    page,
    'Choose ratings …',
    textFile('huge.csv', `user,item,rating\n${`${rows(10_000)}\n`.repeat(25)}`),
  );
  const problem = page.locator('[data-view=start] [role=alert]').filter({ hasText: /./ });
  await problem.getByText('too much for the memory of a page').waitFor();
  expect(await problem.innerText()).toContain('fewer ratings');
  expect(await page.locator('.summary h3').innerText()).toBe('The sample');
  await train(page);
});

test('a model without its users recommends all the same, and stars outlive another training', async () => {
  const { page } = visitor;
  await useSample(page);
  await train(page);
  await giveStars(offered(page).first(), 5);
  const before = await recommendations(page);
  await train(page);
  expect(await recommendations(page)).toEqual(before);

  await page.getByLabel('With its users and their ratings').uncheck();
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Download the model' }).click();
  const buffer = await readFile(await (await download).path());
  await chooseFile(page, 'Open a model …', { name: 'items-only.safetensors', mimeType: '', buffer });
  await page.getByText('Model: items-only.safetensors').waitFor();
  expect(await page.locator('[data-view=leave] .card p').first().innerText()).toContain('with no users');
  expect(await recommendations(page)).toEqual(before);
});
