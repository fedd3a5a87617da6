/** Ratings in storage, a file in Node: the same table as in memory, the parts of a split, and what fails. */
import { execFile } from 'node:child_process';
import { readdirSync, readlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { type ColumnSource, parquetWriteBuffer } from 'hyparquet-writer';
import { type Duplicates, type Rating, Ratings, type ReadOptions, type SplitOptions } from 'matfac';
import { describe, expect, test } from 'vitest';
import { failure } from './support/failure.js';

/** Numbers from 0 to 1 in a fixed order (the Weyl sequence of the golden ratio). */
const draw = (index: number) => (index * 0.6180339887498949) % 1;

/** Lines in no order of the users, with repeated pairs. */
function lines(count: number, line: (user: number, item: number, row: number) => string): string {
  const all: string[] = [];
  for (let row = 0; row < count; row++) {
    const user = Math.floor(draw(row * 7) ** 2 * 4000);
    all.push(line(user, Math.floor(draw(row * 13 + 5) ** 3 * 900), row));
  }
  return all.join('\n');
}

const half = (row: number) => 0.5 + Math.floor(draw(row * 3) * 10) / 2;
const timedLines = (count: number) =>
  lines(count, (user, item, row) => `${user},${item},${half(row)},${1e9 + Math.floor(draw(row * 11) * 3e8)}`);
const timed = timedLines(40_000);
const few = 'user,item,rating\n7,b,4\n3,a,1\n7,a,5\n3,c,2.5\n7,b,3\n9,d,1\n';

const stored = (source: string | Blob, options: ReadOptions = {}) =>
  Ratings.fromFile(source, { ...options, storage: 'opfs' });

/** What ratings tell without their rows. */
function told({ size, users, items, mean, range, implicit, hasTimestamps, itemCounts, source, skipped }: Ratings) {
  return { size, users, items, mean, range, implicit, hasTimestamps, itemCounts, source, skipped };
}

const keyOf = ({ user, item }: Rating) => `${user} ${item}`;
const byPair = (ratings: Iterable<Rating>) => [...ratings].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));

/** How many files without a name this process has open. */
function openFiles(): number {
  const names = readdirSync('/proc/self/fd').map((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`);
    } catch {
      return '';
    }
  });
  return names.filter((name) => /matfac-.*\.ratings \(deleted\)$/.test(name)).length;
}

function parquet(): ArrayBuffer {
  const rows = Array.from({ length: 3000 }, (_, row) => row);
  const columnData: ColumnSource[] = [
    { name: 'user', data: rows.map((row) => `u${(row * 7919) % 97}`), type: 'STRING' },
    { name: 'item', data: rows.map((row) => (row * 31) % 83), type: 'INT32' },
    { name: 'rating', data: rows.map(half), type: 'DOUBLE' },
  ];
  return parquetWriteBuffer({ columnData, rowGroupSize: 700 });
}

describe('stored ratings tell the same as ratings in memory', () => {
  const policies: Duplicates[] = ['first', 'last', 'latest', 'sum', 'mean', 'max'];
  test.each(policies)('repeated pairs: %s', async (duplicates) => {
    const expected = await Ratings.fromFile(timed, { duplicates });
    const ratings = await stored(timed, { duplicates });
    const { mean, ...rest } = told(expected);
    expect(told(ratings)).toMatchObject(rest);
    // The sum has another order.
    expect(ratings.mean).toBeCloseTo(mean, 12);
    // Every rating is in the test part of one of these.
    const users = new Set<unknown>();
    for (const seed of [1, 2, 3]) {
      const [own, other] = [
        await ratings.splitAsync({ by: 'user', test: 0.5, seed }),
        expected.split({ by: 'user', test: 0.5, seed }),
      ];
      expect(byPair(own.test)).toEqual(byPair(other.test));
      for (const user of own.test.users) users.add(user);
      own.train.dispose();
    }
    expect(users.size).toBeGreaterThan(0.8 * ratings.userCount);
    ratings.dispose();
  });

  const files: [name: string, source: string | Blob, options: ReadOptions][] = [
    ['a few', few, {}],
    ['users in order', '3,a,1\n3,c,2.5\n7,b,3\n7,a,5\n9,d,1\n', {}],
    ['no ratings', 'a,b\na,c\nd,b\n', { columns: { rating: null } }],
    ['JSON', '[{"user":7,"item":"x","rating":1},{"user":"7","item":"\\ud800","rating":2}]', {}],
    ['bad rows left out', 'a,b,1\na,c,x\nd,,2\nd,b,4\n', { badRows: 'skip', columns: { user: 0, item: 1, rating: 2 } }],
    ['gzipped, and more than a partition has', new Blob([gzipSync(timedLines(300_000))]), {}],
    ['a matrix', '%%MatrixMarket matrix coordinate real general\n3 4 4\n1 1 5\n3 2 1.5\n2 4 2\n1 3 4\n', {}],
    ['a wide matrix', 'user,i1,i2\na,1,2\nb,,5\n', { layout: 'matrix' }],
    ['numbers that turn out to be strings', '1,10,4\n007,10,3\n7,20,1\n', {}],
    ['one user', 'film,stars\nx,4\ny,2\n', { user: 'me' }],
    ['Parquet, which a thread reads', new Blob([parquet()]), {}],
    ['more values than codes', lines(3000, (user, item, row) => `${user},${item},${row / 7}`), {}],
    ['events', 'u,i,e\n1,2,view\n1,2,buy\n2,2,view\n', { columns: { event: 2 }, events: { view: 1, buy: 4 } }],
  ];
  test.each(files)('%s', async (_, source, options) => {
    const expected = await Ratings.fromFile(source, options);
    const ratings = await stored(source, options);
    const { mean, ...rest } = told(expected);
    expect(told(ratings)).toMatchObject(rest);
    expect(ratings.mean).toBeCloseTo(mean, 10);
    if (ratings.userCount > 1) {
      const options: SplitOptions = { by: 'user', test: 0.5 };
      const { train, test } = await ratings.splitAsync(options);
      const other = expected.split(options);
      expect(byPair(test)).toEqual(byPair(other.test));
      expect(told(train)).toMatchObject({ size: other.train.size, users: other.train.users, items: other.train.items });
      train.dispose();
    }
    ratings.dispose();
  });

  test('times in whole seconds, days and months exchanged as in memory', async () => {
    const text = 'u,i,r,when\na,x,1,01/02/2020\na,y,2,25/02/2020 10:30:59\nb,x,3,03/04/1969\n';
    const expected = await Ratings.fromFile(text);
    const ratings = await stored(text);
    const options: SplitOptions = { by: 'time', test: 0.34 };
    const { train, test } = await ratings.splitAsync(options);
    expect(byPair(test)).toEqual(byPair(expected.split(options).test));
    const rest = await train.splitAsync({ by: 'time', test: 0.5 });
    expect(byPair(rest.test)).toEqual(byPair(expected.split(options).train.split({ by: 'time', test: 0.5 }).test));
    for (const each of [ratings, train, rest.train]) each.dispose();
  });

  test('the error for repeated pairs', async () => {
    const own = await failure(() => stored(timed, { duplicates: 'error' }));
    const other = await failure(() => Ratings.fromFile(timed, { duplicates: 'error' }));
    expect([own.code, own.message]).toEqual([other.code, other.message]);
    expect((await failure(() => stored(few, { duplicates: 'latest' }))).message).toBe(
      (await failure(() => Ratings.fromFile(few, { duplicates: 'latest' }))).message,
    );
  });
});

describe('a split of stored ratings', () => {
  test('each way divides as in memory, rows counted by user', async () => {
    const text = lines(
      60_000,
      (user, item, row) => `${user},${item},${half(row)},${1e9 + Math.floor(draw(row * 11) * 1e3)}`,
    );
    const ratings = await stored(text);
    const rows = byUserThenItem(await Ratings.fromFile(text));
    const expected = Ratings.from(rows);
    for (const options of [{}, { test: 0.5, seed: 7 }, { by: 'time', test: 0.3 }, { by: 'leave-last-out' }] as const) {
      const { train, test } = await ratings.splitAsync(options);
      const other = expected.split(options);
      expect([...test].map(keyOf).toSorted()).toEqual([...other.test].map(keyOf).toSorted());
      expect(byPair(test)).toEqual(byPair(other.test));
      expect(train.size).toBe(other.train.size);
      expect([...train.users].toSorted()).toEqual([...other.train.users].toSorted());
      expect(train.mean).toBeCloseTo(other.train.mean, 12);
      train.dispose();
    }
    ratings.dispose();
  });

  test('refuses what in memory is refused', async () => {
    const ratings = await stored(few);
    const other = await Ratings.fromFile(few);
    for (const options of [{ by: 'time' }, { test: 2 }, { by: 'x' }, { test: 0.001 }, { seed: -1 }] as SplitOptions[]) {
      const own = await failure(() => ratings.splitAsync(options));
      const expected = await failure(() => other.splitAsync(options));
      expect([own.code, own.message]).toEqual([expected.code, expected.message]);
    }
    const signal = AbortSignal.abort();
    expect((await failure(() => ratings.splitAsync({ signal }))).code).toBe('aborted');
    ratings.dispose();
  });
});

/** In the order of a store. */
function byUserThenItem(ratings: Ratings): Rating[] {
  const [users, items] = [ratings.users, ratings.items].map((ids) => new Map(ids.map((id, index) => [id, index])));
  return [...ratings].sort(
    (a, b) => users!.get(a.user)! - users!.get(b.user)! || items!.get(a.item)! - items!.get(b.item)!,
  );
}

describe('what fails', () => {
  test('rows that are not in memory', async () => {
    const ratings = await stored(few);
    const acts = [
      () => ratings.at(0),
      () => [...ratings],
      () => ratings.split(),
      () => ratings.filter({ minPerUser: 2 }),
    ];
    for (const act of acts) {
      const { code, message } = await failure(act);
      expect(code).toBe('unsupported');
      expect(message).toMatch('splitAsync gives a test part in memory');
    }
    ratings.dispose();
  });

  test('another storage, and a disposed file', async () => {
    const { code, message } = await failure(() => Ratings.fromFile(few, { storage: 'disk' as 'opfs' }));
    expect([code, message]).toEqual(['invalid-argument', "storage must be 'memory' or 'opfs'; it is 'disk'"]);
    const ratings = await stored(few);
    ratings.dispose();
    ratings.dispose();
    expect((await failure(() => ratings.splitAsync())).code).toBe('disposed');
    expect(ratings.size).toBe(5);
  });

  test.skipIf(process.platform !== 'linux')('no file stays: not after an error, an abort or a disposal', async () => {
    const before = openFiles();
    await failure(() => stored('user,item\n'));
    await failure(() => stored(timed, { duplicates: 'error' }));
    const stop = new AbortController();
    const options = { signal: stop.signal, onProgress: () => stop.abort() };
    expect((await failure(() => stored(timed, options))).code).toBe('aborted');
    expect(openFiles()).toBe(before);
    const ratings = await stored(few);
    expect(openFiles()).toBe(before + 1);
    ratings.dispose();
    expect(openFiles()).toBe(before);
    expect(readdirSync(tmpdir()).filter((name) => /^matfac-.*\.ratings$/.test(name))).toEqual([]);
  });

  test('times of more than 136 years', async () => {
    const { message } = await failure(() => stored('u,i,r,when\na,x,1,1850-01-01\na,y,2,2001-01-01\n'));
    expect(message).toMatch('must span less than 136 years');
  });

  test.skipIf(process.platform !== 'linux')('no space on the disk, while reading and while training', async () => {
    const found = await inProcess<string[]>(
      `const failing = async (act) => { try { await act(); } catch ({ code, message }) { return [code, message]; } };
       const textOf = (rows) => Array.from({ length: rows }, (_, row) => [Math.floor(row / 6), (row * 31) % 997, row % 5].join()).join('\\n');
       const stored = (rows) => Ratings.fromFile(textOf(rows), { storage: 'opfs' });
       const ratings = await stored(60_000);
       return [...await failing(() => stored(300_000)), ...await failing(() => train(ratings, { solver: 'sgd', epochs: 2 }))];`,
      'ulimit -f 1200',
    );
    const message = expect.stringMatching(
      /^There is not enough storage for the ratings \(EFBIG.*; free space on the disk/,
    );
    expect(found).toEqual(['out-of-memory', message, 'out-of-memory', message]);
  });

  test.skipIf(process.platform !== 'linux')('the file of forgotten ratings goes with them', async () => {
    const found = await inProcess<number[]>(
      `const { readdirSync, readlinkSync } = await import('node:fs');
       const open = () => readdirSync('/proc/self/fd').map((fd) => '/proc/self/fd/' + fd).filter((path) => {
         try { return readlinkSync(path).includes('matfac-'); } catch { return false; }
       }).length;
       const used = (ratings) => ratings.size > 0 && open();
       const before = used(await Ratings.fromFile('u,i,r\\na,b,1\\nb,c,2\\n', { storage: 'opfs' }));
       // What a collection finds is told in a later task.
       for (let turn = 0; open() > 0 && turn < 100; turn++) { gc(); await new Promise(setImmediate); }
       return [before, open()];`,
    );
    expect(found).toEqual([1, 0]);
  });
});

/** What the body of an async function returns in a process of its own, after a command of the shell. */
async function inProcess<T>(body: string, before = 'true'): Promise<T> {
  const address = new URL('../../dist/index.js', import.meta.url).href;
  const code = `const { Ratings, train } = await import('${address}'); const run = async () => { ${body} };
    console.log(JSON.stringify(await run()));`;
  const command = `${before}; exec "$0" --expose-gc --input-type=module -e "$1"`;
  const { stdout } = await promisify(execFile)('bash', ['-c', command, process.execPath, code]);
  return JSON.parse(stdout) as T;
}
