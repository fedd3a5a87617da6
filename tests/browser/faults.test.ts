/** What can go wrong around the page: its files, its storage, other tabs and other versions of it. */
import { readFile } from 'node:fs/promises';
import { Ratings, train as trainHere } from 'matfac';
import type { Page, Route } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { serveFolder } from '../../scripts/lib/static-server.mjs';
import { chooseFile, chooseRatings, drawAll, startTraining, textFile, train, useSample } from './support/steps.js';
import { deployment, findNewerVersion } from './support/versions.js';
import { type Site, servePage, type Visit, visit } from './support/visit.js';

let site: Site;
let visitor: Visit;

beforeAll(async () => {
  site = await servePage();
});
afterAll(() => site.close());

const sample = async (page: Page) => {
  await page.getByRole('heading', { name: 'The sample', exact: true }).waitFor();
  await drawAll(page);
};
const problem = (page: Page, section: string) =>
  page.locator(`[data-view=${section}] [role=alert]`).filter({ hasText: /./ });
const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });

/** What only a developer could use. */
const forDevelopers = /-s[A-Z]{3}|configure|columns: ?\{|workerUrl|wasmUrl|worker: false|undefined|\[object/;

describe('files of the page', () => {
  beforeEach(async () => {
    visitor = await visit(site);
  });
  afterEach(() => visitor.leave());

  const cut = async (route: Route) => {
    const response = await route.fetch();
    const body = await response.body();
    await route.fulfill({ response, body: body.subarray(0, body.length / 2) });
  };
  test.each<[string, (route: Route) => Promise<void>]>([
    ['is missing', (route) => route.fulfill({ status: 404, body: 'Not found' })],
    ['cannot be fetched', (route) => route.abort()],
    ['is cut short', cut],
    ['is a page that says “not found”', (route) => route.fulfill({ contentType: 'text/html', body: '<h1>404</h1>' })],
  ])('the WebAssembly %s: the page says so, and works once it is there', async (_, answer) => {
    const { page } = visitor;
    await page.route('**/matfac-*.wasm', answer);
    await page.reload();
    await problem(page, 'start').getByText('A part of this page could not be loaded').waitFor();
    expect(await problem(page, 'start').innerText()).not.toMatch(forDevelopers);
    await page.unroute('**/matfac-*.wasm');
    await useSample(page);
    await train(page);
  });

  test('the WebAssembly has a wrong type: it works all the same', async () => {
    const { page } = visitor;
    await page.route('**/matfac-*.wasm', async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, contentType: 'text/plain' });
    });
    await page.reload();
    await sample(page);
    await train(page);
  });

  test.each<[string, (route: Route) => Promise<void>]>([
    ['is missing', (route) => route.fulfill({ status: 404, body: 'Not found' })],
    ['is no script', (route) => route.fulfill({ contentType: 'text/javascript', body: 'const = broken' })],
    ['is a page that says “not found”', (route) => route.fulfill({ contentType: 'text/html', body: '<h1>404</h1>' })],
    [
      'imports what is not there',
      (route) => route.fulfill({ contentType: 'text/javascript', body: "import './nowhere.js';" }),
    ],
  ])('the script of the worker %s: the page says so, and works once it is there', async (_, answer) => {
    const { page } = visitor;
    await sample(page);
    await page.route(/worker-.*\.js/, answer);
    await startTraining(page);
    await problem(page, 'settings').getByText('The worker could not be started').waitFor();
    expect(await problem(page, 'settings').innerText()).not.toMatch(forDevelopers);
    await page.unroute(/worker-.*\.js/);
    await train(page);
    expect(await problem(page, 'settings').count()).toBe(0);
  });

  test('a part that is loaded only for files is missing: the sample stays, and a file is read once it is there', async () => {
    const { page } = visitor;
    await sample(page);
    await page.route('**/read-file-*.js', (route) => route.fulfill({ status: 404, body: 'Not found' }));
    const file = textFile('mine.csv', 'user,item,rating\n1,2,3\n2,2,4\n');
    await chooseFile(page, 'Choose ratings …', file);
    await problem(page, 'start').getByText('A part of this page could not be loaded').waitFor();
    expect(await page.locator('.summary h3').innerText()).toBe('The sample');
    await page.unroute('**/read-file-*.js');
    // The engine remembers for this document that the script could not be loaded.
    await page.reload();
    await chooseRatings(page, file);
  });
});

describe('storage', () => {
  afterEach(() => visitor.leave());

  const withoutStorage: [how: string, script: () => void][] = [
    ['is not there', () => Object.defineProperty(window, 'indexedDB', { value: undefined })],
    [
      'is forbidden',
      () => {
        IDBFactory.prototype.open = () => {
          throw new DOMException('The operation is insecure.', 'SecurityError');
        };
      },
    ],
  ];
  test.each(withoutStorage)('it %s: the page says so, and the model stays', async (_, script) => {
    visitor = await visit(site);
    const { page, complaints } = visitor;
    await page.addInitScript(script);
    await page.reload();
    await sample(page);
    await train(page);
    await button(page, 'Keep it in this browser').click();
    await problem(page, 'keep').waitFor();
    expect(await problem(page, 'keep').innerText()).toMatch(/storage|IndexedDB/);
    expect(await problem(page, 'keep').innerText()).not.toMatch(forDevelopers);
    expect(await button(page, 'Open the kept model').isVisible()).toBe(false);
    const download = page.waitForEvent('download');
    await button(page, 'Download the model').click();
    expect((await download).suggestedFilename()).toBe('model.safetensors');
    expect(complaints).toEqual([]);
  });

  test('two tabs share one kept model', async () => {
    visitor = await visit(site);
    const { page, complaints } = visitor;
    const other = await page.context().newPage();
    // A tab in the background draws seldom.
    await page.bringToFront();
    await sample(page);
    await train(page);
    await button(page, 'Keep it in this browser').click();
    await page.getByText('A model is kept in this browser').waitFor();
    await other.bringToFront();
    await other.goto(site.url);
    await sample(other);
    await button(other, 'Open the kept model').click();
    await other.getByText(/^Model: kept in this browser/).waitFor();

    await button(page, 'Delete it').click();
    await page.getByText('Or keep the model in this browser').waitFor();
    await button(other, 'Open the kept model').click();
    await problem(other, 'keep').getByText('The model is no longer kept in this browser').waitFor();
    expect(await button(other, 'Open the kept model').isVisible()).toBe(false);
    // What the other tab has opened is its own.
    await button(other, 'Keep it in this browser').click();
    await other.getByText('A model is kept in this browser').waitFor();
    await page.bringToFront();
    await page.reload();
    await sample(page);
    await button(page, 'Open the kept model').click();
    await page.getByText(/^Model: kept in this browser/).waitFor();
    expect(complaints).toEqual([]);
  });
});

describe('other versions', () => {
  /** Puts a file where the page keeps its model. */
  const keep = (page: Page, bytes: Uint8Array) =>
    page.evaluate(
      (numbers) =>
        new Promise<void>((resolve, reject) => {
          const request = indexedDB.open('matfac');
          request.onupgradeneeded = () => request.result.createObjectStore('models');
          request.onsuccess = () => {
            const transaction = request.result.transaction('models', 'readwrite');
            transaction.objectStore('models').put(Uint8Array.from(numbers), 'page');
            transaction.oncomplete = () => {
              request.result.close();
              resolve();
            };
            transaction.onabort = () => reject(transaction.error);
          };
        }),
      [...bytes],
    );

  afterEach(() => visitor.leave());

  test('a model kept by an earlier version is opened', async () => {
    visitor = await visit(site);
    const { page, complaints } = visitor;
    await sample(page);
    await keep(page, await readFile(new URL('../golden/before-scale.safetensors', import.meta.url)));
    await page.reload();
    await sample(page);
    await button(page, 'Open the kept model').click();
    await page.getByText(/^Model: kept in this browser/).waitFor();
    expect(complaints).toEqual([]);
  });

  test('a model kept by a version that writes another format is not opened, and the page says why', async () => {
    visitor = await visit(site);
    const { page, complaints } = visitor;
    await sample(page);
    await train(page);
    const bytes = (await trainHere(await Ratings.sample('tiny'), { epochs: 1 })).save();
    const later = Buffer.from(bytes).toString('latin1').replace('"format_version":"1"', '"format_version":"2"');
    await keep(page, Buffer.from(later, 'latin1'));
    await page.reload();
    await sample(page);
    await button(page, 'Open the kept model').click();
    await problem(page, 'keep').getByText('format_version is 2; this version of matfac reads 1').waitFor();
    expect(await button(page, 'Delete it').isVisible()).toBe(true);
    expect(complaints).toEqual([]);
  });

  test('a page that is open while a newer one is deployed keeps working', async () => {
    const { folder, deploy, remove } = await deployment();
    const own = await serveFolder({ folder });
    visitor = await visit(own, { serviceWorkers: 'allow' });
    const { page, complaints } = visitor;
    await sample(page);
    await page.getByText('The page is stored on this machine').waitFor();
    await deploy('newer');
    await findNewerVersion(page, own.url);
    // This part of the page was not loaded before, and the server has it no more.
    await chooseRatings(page, textFile('mine.csv', 'user,item,rating\n1,2,3\n2,2,4\n'));
    expect(complaints).toEqual([]);
    await own.close();
    await remove();
  });
});
