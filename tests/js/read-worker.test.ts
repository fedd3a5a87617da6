/** A page's worker reads the same ratings as the page itself and Node. */
import { gzipSync } from 'node:zlib';
import { strToU8, zipSync } from 'fflate';
import { Ratings, type ReadOptions } from 'matfac';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { failure } from './support/failure.js';
import { openRoom, type Room } from './support/page.js';

let room: Room;
beforeAll(async () => {
  room = await openRoom();
});
beforeEach(() => room.renew());
afterAll(() => room.leave());

/** All properties of ratings, for a comparison. */
const ALL = `const all = (ratings) => {
  const { source, skipped, size, users, items, mean, range, implicit } = ratings;
  const titles = [...source?.itemTitles ?? []];
  return { source: { ...source, itemTitles: titles }, skipped, size, users: [...users], items: [...items], mean, range, implicit,
    counts: [...ratings.itemCounts], rows: [...ratings].map((row) => Object.values(row)), last: ratings.at(size - 1) };
};`;
type All = { [name: string]: unknown; size: number; users: unknown[] };
const all = new Function('ratings', `${ALL} return all(ratings);`) as (ratings: Ratings) => All;

/** Runs in the page; `read` reads the file, and `begun` counts the workers. */
function reading<T>(file: Uint8Array | string, body: string): Promise<T> {
  const bytes = Buffer.from(file).toString('base64');
  return room.run<T>(`
    ${ALL}
    let begun = 0;
    const Plain = Worker;
    globalThis.Worker = class extends Plain { constructor(...all) { super(...all); begun++; } };
    const blob = await (await fetch('data:;base64,${bytes}')).blob();
    const read = (options, source = blob) => matfac.Ratings.fromFile(source, options);
    const failing = async (reading) => {
      try { await reading; } catch ({ name, code, message, line, column }) { return { name, code, message, line, column }; }
      throw new Error('Nothing was thrown');
    };
    ${body}
  `);
}

const words = (count: number) =>
  Array.from({ length: count }, (_, row) => `né ${(row * 7919) % 613},film-${(row * 31) % 211},${1 + (row % 5)}`);
const csv = `who,film,stars\n${words(3000).join('\n')}\n`;
/** Longer than files that are read without a worker. */
const long = `user,item,rating\n${Array.from({ length: 80_000 }, (_, row) => `user${row % 9973},${row},3`).join('\n')}\n`;

const files: [name: string, file: Uint8Array | string, options: ReadOptions][] = [
  ['strings', csv, {}],
  ['numbers with times', 'u,i,r,t\n1,10,4,5\n4294967303,10,3,6\n7,20,1,7\n', {}],
  ['numbers that turn out to be strings', '1,10,4\n007,10,3\n7,20,1\n', {}],
  ['no ratings', 'a,b\na,c\nd,b\n', { columns: { rating: null } }],
  ['gzipped', gzipSync(csv), {}],
  ['JSON with both kinds', '[{"user":7,"item":"x","rating":1},{"user":"7","item":"\\ud800","rating":2}]', {}],
  ['bad rows left out', 'a,b,1\na,c,x\nd,,2\nd,b,4\n', { badRows: 'skip', columns: { user: 0, item: 1, rating: 2 } }],
  ['pairs twice, summed', 'a,b,1\na,b,2\nd,b,4\n', { duplicates: 'sum' }],
  [
    'MovieLens with titles',
    zipSync({
      'ml/ratings.csv': strToU8('userId,movieId,rating,timestamp\n1,10,4,1\n2,20,3,2\n'),
      'ml/movies.csv': strToU8(
        `movieId,title,genres\n${Array.from({ length: 9000 }, (_, id) => `${id},"Film, ${id}",Drama|War`).join('\n')}\n`,
      ),
    }),
    {},
  ],
];

test.each(files)('%s: the same in a worker, in the page and in Node', async (_, file, options) => {
  const asked = JSON.stringify(options);
  const found = await reading<{ there: All; here: All; begun: number }>(
    file,
    `const there = all(await read({ ...${asked}, worker: true }));
     const here = all(await read({ ...${asked}, worker: false }));
     return { there, here, begun };`,
  );
  const inNode = all(await Ratings.fromFile(new Blob([file as string]), options));
  expect(inNode.size).toBeGreaterThan(1);
  expect(found).toEqual({ there: inNode, here: inNode, begun: 1 });
  await expect.poll(() => room.page.workers().length).toBe(0);
});

test('a text, a Response and a stream go to the worker too', async () => {
  const found = await reading<All[]>(
    csv,
    `const sources = [await blob.text(), new Response(blob), blob.stream()];
     const found = [];
     for (const source of sources) found.push(all(await read({ worker: true }, source)));
     if (begun !== 3) throw new Error('There were ' + begun + ' workers');
     return found;`,
  );
  const inNode = all(await Ratings.fromFile(csv));
  expect(found).toEqual([inNode, inNode, inNode]);
});

test('by default, a worker reads files that are not small', async () => {
  const begun = (file: string) => reading<number>(file, 'await read(); return begun;');
  expect(await begun(csv)).toBe(0);
  expect(await begun(long)).toBe(1);
});

test('a model is trained on such ratings and on their parts, with the same ids', async () => {
  const found = await reading<{ best: string; known: boolean; stranger: string; same: boolean }>(
    csv,
    `const ratings = await read({ worker: true });
     const { train, test } = ratings.split({ by: 'user', test: 0.3 });
     const model = await matfac.train(train, { epochs: 2, factors: 4 });
     const same = JSON.stringify(model.users) === JSON.stringify(train.users);
     const best = model.recommend(train.users[3], { exclude: 'none' })[0].item;
     const { code } = await failing((async () => model.recommend(test.users[0]))());
     return { best, known: ratings.items.includes(best), stranger: code, same };`,
  );
  expect(found).toEqual({
    best: expect.stringMatching(/^film-\d+$/),
    known: true,
    stranger: 'unknown-id',
    same: true,
  });
});

test('progress increases up to the end of the file', async () => {
  const told = await reading<{ bytes: number; totalBytes: number; rows: number }[]>(
    long,
    'const told = []; await read({ onProgress: (progress) => told.push(progress) }); return told;',
  );
  const { length } = long;
  for (const [place, { bytes, rows, totalBytes }] of told.entries()) {
    expect(totalBytes).toBe(length);
    expect(bytes).toBeGreaterThanOrEqual(told[place - 1]?.bytes ?? 0);
    expect(rows).toBeGreaterThanOrEqual(told[place - 1]?.rows ?? 0);
  }
  expect(told.at(-1)).toEqual({ bytes: length, totalBytes: length, rows: 80_000 });
});

describe('errors', () => {
  test('in the file, with its line and column', async () => {
    const file = 'user,item,rating\nann,alien,5\nbob,brazil,good\n';
    const there = await reading(file, 'return failing(read({ worker: true }));');
    const { name, code, message, line, column } = await failure(() => Ratings.fromFile(file));
    expect(line).toBe(3);
    expect(there).toEqual({ name, code, message, line, column });
  });

  test('in the options, before a worker is started', async () => {
    const found = await reading(csv, "return [await failing(read({ worker: 'yes' })), begun];");
    expect(found).toEqual([expect.objectContaining({ code: 'invalid-argument' }), 0]);
  });

  test('an aborted signal ends the worker', async () => {
    const found = await reading<{ code: string }[]>(
      long,
      `const stop = new AbortController();
       const reading = read({ worker: true, signal: stop.signal, onProgress: () => stop.abort() });
       return [await failing(reading), await failing(read({ worker: true, signal: AbortSignal.abort() }))];`,
    );
    expect(found.map(({ code }) => code)).toEqual(['aborted', 'aborted']);
    await expect.poll(() => room.page.workers().length).toBe(0);
  });

  test('an error of onProgress ends it', async () => {
    const found = await reading<{ message: string }>(
      long,
      "return failing(read({ worker: true, onProgress: () => { throw new Error('mine'); } }));",
    );
    expect(found.message).toBe('mine');
    await expect.poll(() => room.page.workers().length).toBe(0);
  });

  test('a worker that is lost', async () => {
    await room.script('lost.js', "postMessage({ kind: 'ready' }); onmessage = () => { throw new Error('gone'); };");
    const gone = await reading(long, "matfac.configure({ workerUrl: '/lost.js' }); return failing(read());");
    expect(gone).toMatchObject({
      code: 'unsupported',
      message: expect.stringMatching(/reading worker was lost \(.*gone\); worker: false/),
    });
    await room.renew();
    await room.script('full.js', "postMessage({ kind: 'ready' }); onmessage = () => new Float32Array(2 ** 50);");
    const full = await reading(long, "matfac.configure({ workerUrl: '/full.js' }); return failing(read());");
    expect(full).toMatchObject({ code: 'out-of-memory', message: expect.stringMatching(/fewer ratings/) });
  });

  test('a worker that cannot be started: the page reads the file, unless a worker was asked for', async () => {
    const found = await reading<{ size: number; error: { code: string; message: string } }>(
      long,
      `matfac.configure({ workerUrl: '/nowhere.js' });
       return { size: (await read()).size, error: await failing(read({ worker: true })) };`,
    );
    expect(found.size).toBe(80_000);
    expect(found.error).toMatchObject({ code: 'unsupported', message: expect.stringMatching(/workerUrl/) });
  });

  test('in Node there are no Web Workers to request', async () => {
    const error = await failure(() => Ratings.fromFile(csv, { worker: true }));
    expect(error.code).toBe('unsupported');
    expect(error.message).toMatch(/worker must not be true here, where there are no Web Workers: leave it out/);
  });
});
