/** What five visitors come for, each from opening the page to what they take away. */
import { openAsBlob } from 'node:fs';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Id, Model, Ratings, Titles, train as trainInNode } from 'matfac';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { serveFolder } from '../../../scripts/lib/static-server.mjs';
import type { Listed, ListedBook } from './own-lists.js';
import {
  type ChosenFile,
  chooseFile,
  chooseRatings,
  chooseSolver,
  drawAll,
  drawMap,
  drawMathematics,
  figure,
  giveStars,
  offered,
  openSection,
  overflow,
  recommendations,
  setSettings,
  setting,
  titlesIn,
  train,
  yourRatings,
} from './steps.js';

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });

/** Files of ratings and of titles, opened and trained on by the button of the first screen. */
async function openAndTrain(page: Page, ratings: ChosenFile | string, titles: ChosenFile | string): Promise<void> {
  await openSection(page, 'start');
  await chooseRatings(page, ratings);
  await chooseFile(page, 'Choose titles …', titles);
  await page.getByText(/^Titles from .* have one\.$/).waitFor();
  await page.locator('#try').click();
  await page
    .locator('.training-state')
    .getByText(/^Trained in/)
    .waitFor();
}

/** The title on the page says the film of a list, whichever way round its article stands. */
const isFilm = (shown: string, { title, year }: Pick<Listed, 'title' | 'year'>) =>
  shown.includes(title.replace(/^The /, '')) && shown.endsWith(`(${year})`);

const chosenStars = (page: Page) =>
  yourRatings(page).evaluateAll((rows) =>
    rows.map((row) => ({
      title: row.querySelector('.title')?.textContent ?? '',
      stars: Number(row.querySelector<HTMLInputElement>('input:checked')?.value),
    })),
  );

async function bringList(page: Page, list: ChosenFile): Promise<void> {
  await openSection(page, 'start');
  await chooseFile(page, 'Choose ratings …', list);
  await button(page, 'These are my own ratings').click();
}

const favourites: readonly Listed[] = [
  { title: 'Pulp Fiction', year: 1994, stars: 5 },
  { title: 'The Shawshank Redemption', year: 1994, stars: 4 },
  { title: 'Fargo', year: 1996, stars: 5 },
  { title: 'Alien', year: 1979, stars: 4 },
  { title: 'Sleepless in Seattle', year: 1993, stars: 1 },
];
const unknown: Listed = { title: 'No Such Film Anywhere', year: 2016, stars: 3 };

/** How a service exports ratings, and what was watched without one, where that is another's. */
interface FilmLists {
  exported: (list: readonly Listed[]) => ChosenFile;
  watched?: (list: readonly Listed[]) => ChosenFile;
}

/** A film lover brings an export, gets recommendations with reasons, tells what else was seen, and comes back another day. */
export async function filmLover(
  page: Page,
  data: { ratings: string; titles: string },
  { exported, watched = exported }: FilmLists,
): Promise<void> {
  await openAndTrain(page, data.ratings, data.titles);
  const list = exported([...favourites, unknown]);
  await bringList(page, list);
  await page.locator('.own-list').getByText(`5 ratings taken from ${list.name}; 1 title not found.`).waitFor();
  for (const { title, stars } of await chosenStars(page)) {
    const film = favourites.find((each) => isFilm(title, each));
    expect(film?.stars, title).toBe(stars);
  }
  const found = await recommendations(page);
  expect(found).toHaveLength(10);
  for (const { title, reasons } of found) {
    expect(
      favourites.some((film) => isFilm(title, film)),
      title,
    ).toBe(false);
    expect(reasons.length).toBeGreaterThan(0);
    for (const reason of reasons)
      expect(
        favourites.some((film) => isFilm(reason.title, film)),
        reason.title,
      ).toBe(true);
  }

  // A recommended film that was seen, but not rated.
  const known = found.map(({ title }) => /^([^()]+) \((\d{4})\)$/.exec(title)).find((match) => match !== null)!;
  const seen = { title: known[1]!, year: Number(known[2]), stars: null };
  const history = watched([...favourites, seen]);
  await bringList(page, history);
  await page
    .locator('.own-list')
    .getByText(`5 ratings taken from ${history.name}; 1 title without one will not be recommended.`)
    .waitFor();
  const others = await recommendations(page);
  expect(others).toHaveLength(10);
  expect(others.slice(0, 9)).toEqual(found.filter(({ title }) => title !== known[0]));

  await drawMap(page);
  await page.locator('.map-words').filter({ hasText: '“You” are in the middle' }).waitFor();
  await page.waitForFunction(() => {
    const { stars, model } = JSON.parse(localStorage.getItem('matfac-session') ?? '{}');
    return stars === 5 && typeof model === 'string';
  });
  // A session was kept before the second list came, and the page writes the next one a little later.
  await expect.poll(() => seenInSession(page)).toBe(1);
  await page.reload();
  await button(page, 'Continue').click();
  await page.getByText(/^Continued with /).waitFor({ state: 'attached' });
  expect(await recommendations(page)).toEqual(others);
  expect(await overflow(page)).toBeLessThanOrEqual(0);
}

/** How many items of the visitor's own list have no rating, in the session that the page keeps; there must be one. */
const seenInSession = (page: Page) =>
  page.evaluate(
    () =>
      new Promise<number | undefined>((resolve, reject) => {
        const opening = indexedDB.open('matfac-page');
        opening.onerror = () => reject(opening.error);
        opening.onsuccess = () => {
          const base = opening.result;
          const reading = base.transaction('session').objectStore('session').get('last');
          reading.onerror = () => reject(reading.error);
          reading.onsuccess = () => {
            base.close();
            resolve(reading.result?.own?.seen.length);
          };
        };
      }),
  );

/** What a shop has sold, as its customers and articles. */
export interface ShopData {
  log: ChosenFile;
  products: ChosenFile;
  names: ReadonlyMap<string, string>;
  purchases: number;
  customers: number;
}

/** A shop opens its log of purchases, tries a customer, looks how good the model is, and publishes it without its customers. */
export async function shop(page: Page, { log, products, names, purchases, customers }: ShopData): Promise<void> {
  await openAndTrain(page, log, products);
  expect(await figure(page, 'ratings')).toBe(purchases);
  expect(await figure(page, 'users')).toBe(customers);
  expect(await figure(page, 'items')).toBe(names.size);
  // What was bought has no stars.
  await openSection(page, 'train');
  expect(await page.getByRole('combobox', { name: 'Solver' }).inputValue()).toBe('implicit-als');
  expect(await page.locator('.stars').count()).toBe(0);
  const taken: string[] = [];
  for (const row of [0, 2, 5]) {
    taken.push((await titlesIn(offered(page)))[row]!);
    await offered(page)
      .nth(row)
      .getByRole('button', { name: /^I took / })
      .click();
  }
  const found = await recommendations(page);
  expect(found).toHaveLength(10);
  for (const { title, reasons } of found) {
    expect([...names.values()]).toContain(title);
    expect(taken).not.toContain(title);
    for (const reason of reasons) expect(taken).toContain(reason.title);
  }
  expect(await page.locator('.columns').innerText()).toContain('Match');

  await drawAll(page);
  await button(page, 'Judge the model').click();
  await page
    .locator('.verdict')
    .getByText(/^Your model’s top ten is [\d.]+ times as good/)
    .waitFor();
  const model = await Model.load(await published(page));
  expect(model.userCount).toBe(0);
  const ids = new Map([...names].map(([sku, name]) => [name, sku]));
  const basket = taken.map((title) => ({ item: ids.get(title)! }));
  const offers = model.foldIn(basket).recommend({ n: 10 });
  expect(offers.map(({ item }) => names.get(String(item)))).toEqual(found.map(({ title }) => title));
  expect(await overflow(page)).toBeLessThanOrEqual(0);
}

/** The model without anything of its users, as the page saves it. */
async function published(page: Page): Promise<Buffer> {
  await page.getByRole('radio', { name: /To share or publish/ }).check();
  const coming = page.waitForEvent('download');
  await button(page, 'Download the model').click();
  return readFile(await (await coming).path());
}

const dist = fileURLToPath(new URL('../../../dist', import.meta.url));

const ownPage = (liked: readonly { item: Id; rating: number }[]) => `<!doctype html><meta charset="utf-8">
<link rel="icon" href="data:,"><ol></ol>
<script type="module">
  import { Model } from './matfac/serve.js';
  const model = await Model.load(await fetch('model.safetensors'));
  const best = model.foldIn(${JSON.stringify(liked)}).recommend({ n: 10 });
  document.querySelector('ol').append(...best.map(({ item }) => Object.assign(document.createElement('li'), { textContent: item })));
</script>`;

/** A front-end developer tries the demo, publishes its model, and recommends the same on a page of their own. */
export async function developer(page: Page, data: { ratings: string; titles: string }): Promise<void> {
  expect(await page.locator('.install code').innerText()).toBe('npm install matfac');
  await openAndTrain(page, data.ratings, data.titles);
  const shown = await titlesIn(offered(page));
  for (const [row, stars] of [5, 4, 1].entries()) await giveStars(offered(page).nth(row), stars);
  const found = (await recommendations(page)).map(({ title }) => title);
  expect(found).toHaveLength(10);
  await drawAll(page);
  const code = await page.locator('pre code').innerText();
  expect(code).toContain("from 'matfac'");

  const titles = await Titles.fromFile(await openAsBlob(data.titles));
  const idOf = (title: string) => [...titles].find(([, each]) => each.title === title)![0];
  const liked = [5, 4, 1].map((rating, row) => ({ item: idOf(shown[row]!), rating }));
  // The code of the page has the same visitor.
  for (const { item, rating } of liked) expect(code).toContain(`{ item: ${item}, rating: ${rating} }`);
  const folder = await mkdtemp(join(tmpdir(), 'matfac-own-page-'));
  await mkdir(join(folder, 'matfac'));
  await cp(dist, join(folder, 'matfac'), { recursive: true });
  await writeFile(join(folder, 'model.safetensors'), await published(page));
  await writeFile(join(folder, 'index.html'), ownPage(liked));
  const host = await serveFolder({ folder });
  try {
    await page.goto(host.url);
    await page.locator('li').nth(9).waitFor();
    const ids = (await page.locator('li').allInnerTexts()).map(Number);
    expect(ids.map((id) => titles.get(id)?.title)).toEqual(found);
  } finally {
    await host.close();
    await rm(folder, { recursive: true });
  }
}

/** A student steps through the textbook's matrix, trains the same method on real ratings, and checks its numbers with the library. */
export async function student(page: Page, data: { ratings: string; titles: string }): Promise<void> {
  await drawMathematics(page);
  const loss = async () => Number(await page.locator('.loss-number').innerText());
  for (const method of ['Batch', 'Stochastic', 'Regularized', 'ALS']) {
    await page.getByRole('radio', { name: method, exact: true }).check({ force: true });
    await button(page, 'Start over').click();
    await page.getByText('after 0 steps').waitFor();
    const before = await loss();
    await button(page, method === 'Stochastic' ? 'The rest of this pass' : 'Ten steps').click();
    await page.getByText(/^after [1-9]\d* steps/).waitFor();
    expect(await loss(), method).toBeLessThan(before);
  }

  await openSection(page, 'start');
  await chooseRatings(page, data.ratings);
  await openSection(page, 'train');
  await chooseSolver(page, 'Stochastic gradient descent');
  await setSettings(page, { Factors: 8, Epochs: 5, Seed: 7, Regularization: 0.1, 'Learning rate': 0.02 });
  await train(page);
  await page.locator('#train').getByText('Show as a table').click();
  const shown = await page
    .locator('.epochs tbody tr')
    .evaluateAll((rows) => rows.map((row) => [...row.children].map((cell) => cell.textContent)));
  const ratings = await Ratings.fromFile(await openAsBlob(data.ratings));
  const model = await trainInNode(ratings, {
    solver: 'sgd',
    factors: 8,
    epochs: 5,
    seed: 7,
    regularization: 0.1,
    learningRate: 0.02,
    biases: true,
    validation: 0.1,
  });
  const told = model.history.map(({ epoch, trainRmse, validationRmse }) => [
    String(epoch),
    trainRmse!.toFixed(4),
    validationRmse!.toFixed(4),
  ]);
  expect(shown.map((cells) => [cells[0], cells[2], cells[3]])).toEqual(told);

  // The address has the settings, for a fellow student.
  const address = new URL(page.url());
  expect(Object.fromEntries(address.searchParams)).toMatchObject({
    solver: 'sgd',
    factors: '8',
    epochs: '5',
    seed: '7',
  });
  await button(page, 'Share these settings').click();
  await page
    .locator('#train .actions [role=status]')
    .filter({ hasText: /these settings/ })
    .waitFor();
  await page.goto(address.href);
  await openSection(page, 'train');
  for (const [label, value] of Object.entries({ Factors: '8', Epochs: '5', Seed: '7' }))
    expect(await setting(page, label).inputValue(), label).toBe(value);
  expect(await page.getByRole('combobox', { name: 'Solver' }).inputValue()).toBe('sgd');
  expect(await overflow(page)).toBeLessThanOrEqual(0);
}

/** A reader whose library is matched by ISBN; a book that was read but not rated is not recommended. */
export async function reader(
  page: Page,
  { ratings, titles, read }: { ratings: ChosenFile; titles: ChosenFile; read: readonly ListedBook[] },
  library: ChosenFile,
): Promise<void> {
  await openAndTrain(page, ratings, titles);
  await bringList(page, library);
  await page
    .locator('.own-list')
    .getByText(`3 ratings taken from ${library.name}; 1 title without one will not be recommended.`)
    .waitFor();
  const stars = new Map((await chosenStars(page)).map((book) => [book.title, book.stars]));
  expect(stars).toEqual(new Map(read.filter((book) => book.stars > 0).map((book) => [book.title, book.stars])));
  const found = (await recommendations(page)).map(({ title }) => title);
  expect(found).toHaveLength(10);
  for (const { title } of read) expect(found).not.toContain(title);
  expect(await overflow(page)).toBeLessThanOrEqual(0);
}
