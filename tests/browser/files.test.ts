/** Good files and bad files: the page says how a file was read, and a bad file changes nothing. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { strToU8, zipSync } from 'fflate';
import { Model, train as matfacTrain, Ratings } from 'matfac';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import {
  chooseFile,
  chooseRatings,
  clickOnceItSays,
  drawAll,
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

/** Drops files on the page. */
const drop = (page: Page, files: { name: string; bytes: number[] }[]) =>
  page.evaluate((all) => {
    const transfer = new DataTransfer();
    for (const { name, bytes } of all) transfer.items.add(new File([Uint8Array.from(bytes)], name));
    document.body.dispatchEvent(new DragEvent('drop', { dataTransfer: transfer, bubbles: true, cancelable: true }));
  }, files);

const rows = (n: number) =>
  Array.from({ length: n }, (_, i) => `ann${i % 7},item ${(i * 5) % 11},${1 + ((i * 3) % 5)}`).join('\n');

test('a CSV file: columns, counts and string ids', async () => {
  const { page } = visitor;
  await chooseRatings(page, textFile('mine.csv', `member,film,stars\n${rows(77)}\n`));
  const words = await page.locator('.summary').innerText();
  expect(await figure(page, 'users')).toBe(7);
  expect(await figure(page, 'items')).toBe(11);
  for (const column of ['member', 'film', 'stars']) expect(words).toContain(column);
  expect(await titlesIn(offered(page))).toContain('Item item 5');
});

test('a wrongly detected column can be changed: two roles swap their columns, and a role may have none', async () => {
  const { page } = visitor;
  // The film is in the column where a user is expected.
  const lines = Array.from({ length: 60 }, (_, i) => `${i % 10},${(i * 7) % 12},${1 + (i % 5)}`);
  await chooseRatings(page, textFile('mine.csv', `user,item,score\n${lines.join('\n')}\n`));
  expect([await figure(page, 'users'), await figure(page, 'items')]).toEqual([10, 12]);
  await page.getByLabel('Who', { exact: true }).selectOption('item');
  await expect.poll(() => figure(page, 'users')).toBe(12);
  expect(await figure(page, 'items')).toBe(10);
  expect(await page.locator('.summary').innerText()).toContain('user in “item”, item in “user”');
  await page.getByLabel('How highly').selectOption('None');
  await page.getByText('each row says that somebody took something').waitFor();
  expect(await page.getByRole('combobox', { name: 'Solver' }).inputValue()).toBe('implicit-als');
  await train(page);
});

test('the MovieLens zip can be dropped as it is: its ratings are read and its titles joined', async () => {
  const { page } = visitor;
  const ratings = Array.from(
    { length: 60 },
    (_, i) => `${1 + (i % 6)},${1 + Math.floor(i / 6)},${1 + (i % 5)},${1e9 + i}`,
  );
  const movies = Array.from({ length: 10 }, (_, i) => `${1 + i},"Film ${i}, the (1999)",Drama|Comedy`);
  const zip = zipSync({
    'ml-tiny/README.txt': strToU8('A data set.'),
    'ml-tiny/movies.csv': strToU8(`movieId,title,genres\n${movies.join('\n')}\n`),
    'ml-tiny/ratings.csv': strToU8(`userId,movieId,rating,timestamp\n${ratings.join('\n')}\n`),
  });
  await drop(page, [{ name: 'ml-tiny.zip', bytes: [...zip] }]);
  await page.getByText('10 of 10 items have one').waitFor();
  expect(await page.locator('.summary').innerText()).toContain('ml-tiny/ratings.csv in a zip archive');
  expect(await figure(page, 'ratings')).toBe(60);
  expect((await titlesIn(offered(page)))[0]).toMatch(/^Film \d, the \(1999\)$/);
  await train(page);
});

test('a bad row is reported with its line, the sample stays, and the page offers to skip the row', async () => {
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

  await problem.getByRole('button', { name: 'Skip unreadable rows' }).click();
  await page.locator('.summary').getByRole('heading', { name: 'broken.csv' }).waitFor();
  await page.getByText('1 row could not be read and was skipped').click();
  expect(await page.locator('.skipped li').innerText()).toMatch(/^Line 42/);
  expect(await problem.isVisible()).toBe(false);
});

test.each([
  ['an empty file', ''],
  ['a picture', '\u0089PNG\r\n\u001a\n\u0000\u0000\u0000\rIHDR'],
  ['prose', 'Once upon a time there was a matrix.\nIt had gaps.\n', 'looks like prose, not like a table'],
])('%s is rejected, and ratings, model and stars stay', async (_, content, words = '') => {
  const { page } = visitor;
  await useSample(page);
  await train(page);
  await giveStars(offered(page).first(), 5);
  const before = await recommendations(page);
  await chooseFile(page, 'Choose ratings …', textFile('bad.csv', content));
  const problem = page.locator('[data-view=start] [role=alert]').filter({ hasText: /./ });
  await problem.waitFor();
  expect((await problem.innerText()).length).toBeGreaterThan(20);
  expect(await problem.innerText()).not.toContain('unexpected error');
  expect(await problem.innerText()).toContain(words);
  expect(await problem.getByRole('button', { name: 'Skip unreadable rows' }).count()).toBe(0);
  expect(await page.locator('.choosing').isVisible()).toBe(false);
  expect(await page.locator('.summary h3').innerText()).toBe('The sample');
  expect(await recommendations(page)).toEqual(before);
});

test('a broken model is rejected below its button, and the current model stays', async () => {
  const { page } = visitor;
  await useSample(page);
  await train(page);
  await giveStars(offered(page).first(), 5);
  const before = await recommendations(page);
  await drawAll(page);
  const problem = page.locator('[data-view=keep] [role=alert]').filter({ hasText: /./ });
  const png = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 0x0d]);
  await chooseFile(page, 'Open a model …', { name: 'photo.png', mimeType: '', buffer: png });
  await problem.getByText('photo.png is not a model of matfac: it begins like a PNG image.').waitFor();
  const cut = Buffer.from((await matfacTrain(await Ratings.sample('tiny'), { epochs: 1 })).save().subarray(0, 5000));
  await chooseFile(page, 'Open a model …', { name: 'cut.safetensors', mimeType: '', buffer: cut });
  await problem.getByText('cut.safetensors is not a model of matfac: it is damaged, cut off').waitFor();
  await chooseFile(page, 'Open a model …', textFile('model.safetensors', 'no tensors here'));
  await problem.getByText('model.safetensors is not a model of matfac: it begins like a text.').waitFor();
  expect(await recommendations(page)).toEqual(before);
});

test('ratings and titles can be dropped together', async () => {
  const { page } = visitor;
  const ratings = Array.from({ length: 60 }, (_, i) => `${i % 6},${(i * 7) % 10},${1 + (i % 5)}`);
  const movies = Array.from({ length: 10 }, (_, i) => `${i},"Film ${i}, the (1999)",Drama|Comedy`);
  await drop(page, [
    { name: 'ratings.csv', bytes: [...strToU8(`userId,movieId,rating\n${ratings.join('\n')}\n`)] },
    { name: 'movies.csv', bytes: [...strToU8(`movieId,title,genres\n${movies.join('\n')}\n`)] },
  ]);
  await page.getByText('10 of 10 items have one').waitFor();
  const [first] = await titlesIn(offered(page));
  expect(first).toMatch(/^Film \d, the \(1999\)$/);
  expect(await offered(page).first().locator('small').innerText()).toBe('Drama, Comedy');
});

test('reading shows its progress and can be cancelled; the present ratings stay', async () => {
  const { page } = visitor;
  await useSample(page);
  const folder = await mkdtemp(join(tmpdir(), 'matfac-ratings-'));
  try {
    const path = join(folder, 'large.csv');
    await writeFile(path, `user,item,rating\n${`${rows(10_000)}\n`.repeat(300)}`);
    const words = /^Reading large\.csv: [\d,]+ rows, [\d.]+ MB of [\d.]+ MB/;
    const cancelled = clickOnceItSays(page, '.reading', words, 'Cancel');
    await chooseFile(page, 'Choose ratings …', path);
    await cancelled;
    const reading = page.locator('.reading');
    await reading.waitFor({ state: 'hidden' });
    // The bar stays as it was when the reading ended.
    expect(await reading.locator('progress').evaluate((bar) => (bar as HTMLProgressElement).value)).toBeGreaterThan(0);
    expect(await page.locator('.summary h3').innerText()).toBe('The sample');
    await train(page);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('a file too large for the memory gives a clear message, and the page stays as it was', async () => {
  const { page } = visitor;
  await useSample(page);
  // What an engine does in the reading worker when it cannot allocate so large an array.
  const withoutRoom = `globalThis.Int32Array = new Proxy(Int32Array, {
    construct(target, [size, ...rest], made) {
      if (typeof size === 'number' && size > 200_000) throw new RangeError('Array buffer allocation failed');
      return Reflect.construct(target, [size, ...rest], made);
    },
  });`;
  await page.route('**/worker-*.js', async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: `${await response.text()}\n${withoutRoom}` });
  });
  await chooseFile(
    page,
    'Choose ratings …',
    textFile('huge.csv', `user,item,rating\n${`${rows(10_000)}\n`.repeat(25)}`),
  );
  const problem = page.locator('[data-view=start] [role=alert]').filter({ hasText: /./ });
  await problem.getByText('ran out of memory').waitFor();
  expect(await problem.innerText()).toContain('fewer ratings');
  expect(await page.locator('.summary h3').innerText()).toBe('The sample');
  await page.unroute('**/worker-*.js');
  await train(page);
});

test('a model without its users recommends just the same, and stars survive another training', async () => {
  const { page } = visitor;
  await useSample(page);
  await train(page);
  await giveStars(offered(page).first(), 5);
  const before = await recommendations(page);
  await train(page);
  expect(await recommendations(page)).toEqual(before);

  await drawAll(page);
  await page.getByRole('radio', { name: /To share or publish/ }).check();
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Download the model' }).click();
  expect((await download).suggestedFilename()).toBe('model-to-share.safetensors');
  const buffer = await readFile(await (await download).path());
  const shared = await Model.load(buffer);
  expect([shared.userCount, shared.history]).toEqual([0, []]);
  await chooseFile(page, 'Open a model …', { name: 'items-only.safetensors', mimeType: '', buffer });
  await page.getByText('Model: items-only.safetensors').waitFor();
  expect(await page.locator('[data-view=keep] .card p').first().innerText()).toContain('with no users');
  expect(await page.getByRole('radio', { name: /For me/ }).isVisible()).toBe(false);
  expect(await recommendations(page)).toEqual(before);
});
