/** Ratings in the Origin Private File System of a real browser: read, divided, trained, removed, and what fails. */
import { Ratings, train } from 'matfac';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { openRoom, type Room } from '../js/support/page.js';

let room: Room;
beforeAll(async () => {
  room = await openRoom();
});
beforeEach(() => room.renew());
afterAll(() => room.leave());

/** Functions for the page: a text of ratings, and what is in the storage. */
const TOOLS = `
  const textOf = (rows) => 'user,item,rating,timestamp\\n' + Array.from({ length: rows }, (_, row) =>
    [(row * 7919) % 1013, (row * 31 + row % 7) % 211, 1 + row % 5, 1e9 + row].join()).join('\\n');
  const stored = (text, options) => matfac.Ratings.fromFile(text, { ...options, storage: 'opfs' });
  const names = async () => {
    const root = await navigator.storage.getDirectory();
    const folder = await root.getDirectoryHandle('matfac-ratings', { create: true });
    const found = [];
    for await (const name of folder.keys()) found.push(name);
    return found;
  };
  // Whoever removes a file holds its lock meanwhile, and locks are given in the order in which they are asked for.
  const removal = (name) => navigator.locks.request('matfac ratings ' + name, () => {});
  const failing = async (act) => {
    try { await act(); } catch ({ code, message }) { return { code, message }; }
    throw new Error('Nothing was thrown');
  };
`;
const textOf = new Function('rows', `${TOOLS} return textOf(rows);`) as (rows: number) => string;

const run = <T>(body: string) => room.run<T>(`${TOOLS} ${body}`);

test('the same ratings, parts and model as in Node', async () => {
  const found = await run<{ [name: string]: unknown; factors: number[]; test: unknown[] }>(`
    const ratings = await stored(textOf(30_000));
    const { size, mean, range, users, items, hasTimestamps } = ratings;
    const { train, test } = await ratings.splitAsync({ by: 'user', test: 0.3 });
    const model = await matfac.train(ratings, { solver: 'als', epochs: 2, factors: 8 });
    const list = model.recommend(users[5]);
    const parts = await ratings.splitAsync({ seed: 3 });
    const rest = await matfac.train(parts.train, { solver: 'sgd', epochs: 1, validation: parts.test });
    for (const each of [ratings, train, parts.train]) each.dispose();
    await Promise.all((await names()).map(removal));
    return { size, mean, range, users: [...users], items: [...items], hasTimestamps, counts: [...ratings.itemCounts],
      test: [...test], left: await names(), trainSize: train.size, factors: [...model.itemFactors.data], list, epochs: rest.history.length };
  `);
  const expected = await Ratings.fromFile(textOf(30_000));
  const { size, mean, range, users, items } = expected;
  const parts = expected.split({ by: 'user', test: 0.3 });
  expect(found).toMatchObject({ size, mean, range, users, items, hasTimestamps: true, trainSize: parts.train.size });
  expect(found.counts).toEqual([...expected.itemCounts]);
  const inOrder = (rows: unknown[]) => rows.map((row) => JSON.stringify(row)).toSorted();
  expect(inOrder(found.test)).toEqual(inOrder([...parts.test]));
  const model = await train(expected, { solver: 'als', epochs: 2, factors: 8, threads: 1 });
  expect(found.factors).toEqual([...model.itemFactors.data]);
  expect(found.list).toEqual(model.recommend(users[5]!));
  expect(found.epochs).toBe(1);
  expect(found.left).toEqual([]);
});

describe('files', () => {
  test('go with the disposal, with an abort and with an error', async () => {
    const found = await run<{ [name: string]: unknown }>(`
      const ratings = await stored(textOf(1000));
      const during = await names();
      ratings.dispose();
      await removal(during[0]);
      const after = await names();
      const stop = new AbortController();
      const aborted = await failing(() => stored(textOf(500_000), { signal: stop.signal, onProgress: () => stop.abort() }));
      const afterAbort = await names();
      const bad = await failing(() => stored('user,item\\n'));
      return { during: during.length, after, aborted: aborted.code, afterAbort, bad: bad.code, afterBad: await names() };
    `);
    expect(found).toEqual({
      ...{ during: 1, after: [] },
      ...{ aborted: 'aborted', afterAbort: [] },
      ...{ bad: 'parse-error', afterBad: [] },
    });
  });

  test('of a page that is gone go with the next reading, those of another tab stay', async () => {
    await run('globalThis.kept = await stored(textOf(1000));');
    const [left] = await run<string[]>('return names()');
    const other = await room.page.context().newPage();
    await other.goto(`${room.own}index.js`);
    const inOther = (body: string) =>
      other.evaluate(`(async () => { const matfac = await import('${room.own}index.js'); ${TOOLS} ${body} })()`);
    await inOther('globalThis.kept = await stored(textOf(1000));');
    expect(await run('return names()')).toHaveLength(2);
    await room.renew();
    // The browser frees what the page held on its own time.
    const names = await run<string[]>(
      `await removal('${left}'); globalThis.kept = await stored(textOf(1000)); return names();`,
    );
    expect(names).toHaveLength(2);
    expect(names).not.toContain(left);
    expect(await inOther('return (await matfac.train(kept, { epochs: 1, factors: 4 })).history.length')).toBe(1);
    await inOther('kept.dispose();');
    expect(await run('kept.dispose(); await Promise.all((await names()).map(removal)); return names();')).toEqual([]);
    await other.close();
  });

  test('a training that is cancelled before its first epoch lets the next one begin', async () => {
    const found = await run<{ epochs: number; left: string[] }>(`
      const ratings = await stored(textOf(30_000));
      for (let time = 0; time < 3; time++) {
        const training = matfac.train(ratings, { factors: 32, epochs: 50 });
        training.cancel();
        await training.catch(() => {});
        const other = matfac.train(ratings, { factors: 32, epochs: 50 });
        for await (const _ of other) break;
        other.cancel();
        await other.catch(() => {});
      }
      const [name] = await names();
      const training = matfac.train(ratings, { epochs: 2 });
      for await (const _ of training) break;
      ratings.dispose();
      const { history } = await training;
      await removal(name);
      return { epochs: history.length, left: await names() };
    `);
    expect(found).toEqual({ epochs: 2, left: [] });
  });
});

describe('failures', () => {
  test('no Origin Private File System, and no worker', async () => {
    const found = await run<{ code: string; message: string }[]>(`
      const noWorker = await failing(() => stored(textOf(100), { worker: false }));
      Object.defineProperty(StorageManager.prototype, 'getDirectory', { value: undefined });
      return [noWorker, await failing(() => stored(textOf(100)))];
    `);
    expect(found.map(({ code }) => code)).toEqual(['unsupported', 'unsupported']);
    expect(found[0]!.message).toMatch('worker must not be false');
    expect(found[1]!.message).toMatch("storage must be 'memory': there is no Origin Private File System here");
  });

  test('a file that is deleted in the meantime', async () => {
    const found = await run<{ code: string; message: string }>(`
      const ratings = await stored(textOf(1000));
      await (await navigator.storage.getDirectory()).removeEntry('matfac-ratings', { recursive: true });
      return failing(() => matfac.train(ratings, { epochs: 1 }));
    `);
    expect(found.code).toBe('disposed');
    expect(found.message).toMatch(/^The stored ratings are gone .*read the ratings again$/);
  });

  test('no space, in the midst of reading and of training', async () => {
    const small = await openRoom();
    try {
      const session = await small.page.context().newCDPSession(small.page);
      const origin = new URL(small.own).origin;
      const quota = (quotaSize: number) => session.send('Storage.overrideQuotaForOrigin', { origin, quotaSize });
      await quota(3_000_000);
      const reading = await small.run<{ code: string; message: string; left: string[] }>(`
        ${TOOLS}
        const error = await failing(() => stored(textOf(400_000)));
        return { ...error, left: await names() };
      `);
      expect(reading.left).toEqual([]);
      expect(reading.code).toBe('out-of-memory');
      expect(reading.message).toMatch('There is not enough storage for the ratings');
      await quota(200_000_000);
      await small.run(`${TOOLS} globalThis.kept = await stored(textOf(213_000));`);
      await quota(3_000_000);
      const training = await small.run<{ code: string; message: string }>(
        `${TOOLS} return failing(() => matfac.train(kept, { solver: 'sgd', epochs: 2 }));`,
      );
      expect(training.code).toBe('out-of-memory');
      expect(training.message).toMatch('There is not enough storage for the ratings');
    } finally {
      await small.leave();
    }
  });
});
