/** How rows become features. The library's sources are tested, because the sparse rows are not public. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MatfacError } from '../../bindings/js/base/errors.js';
import { alignedTo } from '../../bindings/js/ratings/features/aligned.js';
import { RowEncoder } from '../../bindings/js/ratings/features/encoding.js';
import type { FeatureOptions } from '../../bindings/js/ratings/features/feature-options.js';
import type { FeatureRow } from '../../bindings/js/ratings/features/field-table.js';
import { Features, madeOf } from '../../bindings/js/ratings/features.js';
import { GrowingIds } from '../../bindings/js/ratings/ids.js';

/** The features of each id by name. */
function denseOf(features: Features): { [name: string]: number }[] {
  const { offsets, columns, values, names, ids } = madeOf(features).table;
  return Array.from({ length: ids.size }, (_, row) =>
    Object.fromEntries(
      Array.from({ length: offsets[row + 1]! - offsets[row]! }, (_, at) => {
        const entry = offsets[row]! + at;
        return [names[columns[entry]!]!, values[entry]!];
      }),
    ),
  );
}

const messagesOf = async (rows: Iterable<FeatureRow>, options?: FeatureOptions) =>
  (await Features.from(rows, options)).notes.map(({ message }) => message);

async function failureOf(work: () => Promise<unknown>): Promise<MatfacError> {
  const failure = await work().then(
    () => undefined,
    (cause: unknown) => cause,
  );
  if (failure instanceof MatfacError) return failure;
  throw failure ?? new Error('Nothing was thrown');
}

describe('Features.from', () => {
  test('standardizes numbers; a missing one is the mean', async () => {
    const features = await Features.from([
      { id: 1, age: 20 },
      { id: 2, age: 30 },
      { id: 3, age: null },
      { id: 4, age: 40 },
    ]);
    expect(features.names).toEqual(['age']);
    const far = Math.fround(10 / Math.sqrt(200 / 3));
    expect(denseOf(features)).toEqual([{ age: -far }, {}, {}, { age: far }]);
  });

  test('numbers of many values have a feature for each fifth of the rows too', async () => {
    const rows = Array.from({ length: 100 }, (_, id) => ({ id, age: (id * 13) % 50, price: id / 8 }));
    const features = await Features.from(rows);
    expect(features.names).toEqual([
      'age',
      ...['age: under 10', 'age: 10 to 19', 'age: 20 to 29', 'age: 30 to 39', 'age: 40 and over'],
      'price',
      ...['price: under 2.5', 'price: 2.5 to 5', 'price: 5 to 7.5', 'price: 7.5 to 10', 'price: 10 and over'],
    ]);
    const [first, , , fourth] = denseOf(features);
    expect(first).toMatchObject({ 'age: under 10': 1, 'price: under 2.5': 1 });
    expect(fourth).toMatchObject({ 'age: 30 to 39': 1, 'price: under 2.5': 1 });
    // Each range has a fifth of the rows.
    const counts = new Map<string, number>();
    for (const row of denseOf(features))
      for (const name of Object.keys(row)) counts.set(name, (counts.get(name) ?? 0) + 1);
    expect([...counts].filter(([name]) => name.includes(':')).map(([, count]) => count)).toEqual(Array(10).fill(20));
  });

  test('one number that is far out does not outweigh all others', async () => {
    const rows = Array.from({ length: 200 }, (_, id) => ({ id, price: id === 7 ? 1e30 : (id * 37) % 101 }));
    expect(denseOf(await Features.from(rows))[7]).toMatchObject({ price: 5 });
  });

  test('each value of a category, of a list and of a text with bars is a feature; lists have the length 1', async () => {
    const features = await Features.from([
      { id: 'a', sex: 'F', genres: ['Drama', 'War'], tags: 'x|y' },
      { id: 'b', sex: 'M', genres: ['Drama'], tags: 'y' },
      { id: 'c', genres: [], tags: '' },
    ]);
    expect(features.names).toEqual(['sex: F', 'sex: M', 'genre: Drama', 'genre: War', 'tag: x', 'tag: y']);
    const half = Math.fround(Math.SQRT1_2);
    expect(denseOf(features)).toEqual([
      { 'sex: F': 1, 'genre: Drama': half, 'genre: War': half, 'tag: x': half, 'tag: y': half },
      { 'sex: M': 1, 'genre: Drama': 1, 'tag: y': 1 },
      {},
    ]);
  });

  test('true and false, in words and as 0 and 1, are one feature', async () => {
    const features = await Features.from([
      { id: 1, isFree: true, isNew: 'false', has3d: 0 },
      { id: 2, isFree: false, isNew: 'true', has3d: 1 },
    ]);
    expect(features.names).toEqual(['isFree', 'isNew', 'has3d']);
    expect(denseOf(features)).toEqual([{ isFree: 1 }, { isNew: 1, has3d: 1 }]);
  });

  test('the years of numbers, dates and titles are numbers', async () => {
    const years = [1994, 1995, 2001, 2003];
    for (const field of [
      (year: number) => ({ year }),
      (year: number) => ({ release_date: `${year}-03-01` }),
      (year: number) => ({ 'release date': `01-Jan-${year}` }),
      (year: number) => ({ published: new Date(Date.UTC(year, 3)) }),
      (year: number) => ({ title: `A film (${year})` }),
    ]) {
      const features = await Features.from(years.map((year, id) => ({ id, ...field(year) })));
      const deviation = Math.sqrt(years.reduce((sum, year) => sum + (year - 1998.25) ** 2, 0) / 4);
      expect(features.names).toHaveLength(1);
      expect(denseOf(features)[0]![features.names[0]!]).toBeCloseTo((1994 - 1998.25) / deviation, 6);
    }
  });

  test('rows of a Map of titles give their genres and years', async () => {
    const titles = new Map([
      [1, { title: 'Toy Story (1995)', genres: ['Animation', 'Comedy'], imdbId: '0114709' }],
      [2, { title: 'GoldenEye (1985)', genres: ['Action'], imdbId: '0113189' }],
    ]);
    const features = await Features.from(titles);
    expect(features.ids).toEqual([1, 2]);
    expect(features.names).toEqual(['genre: Action', 'genre: Animation', 'genre: Comedy', 'year']);
  });

  test('rare values are pooled, and the note says so', async () => {
    const jobs = [...Array(30).fill('clerk'), ...Array(30).fill('cook'), 'smith', 'baker', 'tailor'];
    const rows = jobs.map((job, id) => ({ id, job }));
    const features = await Features.from(rows, { minCount: 3 });
    expect(features.names).toEqual(['job: clerk', 'job: cook', 'job: other']);
    expect(denseOf(features).at(-1)).toEqual({ 'job: other': 1 });
    expect(features.notes).toEqual([
      { code: 'values-pooled', message: "'job': 3 rare values are pooled as 'job: other'; minCount is 3" },
    ]);
    expect((await Features.from(rows, { minCount: 4 })).names).toEqual(['job: clerk', 'job: cook']);
    // A value that is called so already.
    const named = rows.map(({ id, job }) => ({ id, job: job === 'cook' ? 'other' : job }));
    expect((await Features.from(named, { minCount: 3 })).names).toEqual(['job: clerk', 'job: other']);
  });

  test('there are at most maxColumns, and the most frequent values have them', async () => {
    const rows = Array.from({ length: 1000 }, (_, id) => ({ id, size: id / 7, tags: [`a${id % 5}`, `b${id % 97}`] }));
    const { names } = await Features.from(rows, { maxColumns: 12 });
    expect(names).toHaveLength(12);
    expect(names).toEqual(expect.arrayContaining(['size', 'tag: a0', 'tag: a4', 'tag: other']));
    // Ranges do not go before words.
    expect((await Features.from(rows, { maxColumns: 5 })).names).toEqual([
      'size',
      'tag: a0',
      'tag: a1',
      'tag: a2',
      'tag: other',
    ]);
    const { message } = await failureOf(() => Features.from(rows, { maxColumns: 1 }));
    expect(message).toBe('maxColumns must be at least 2, for as many fields; it is 1');
  });

  test('what tells rows apart, or tells nothing, is no feature, and notes say why', async () => {
    const rows = Array.from({ length: 50 }, (_, id) => ({
      id,
      age: id % 9 ? 20 + ((id * 7) % 40) : undefined,
      name: 'all the same',
      nick: `n${id}`,
      position: id + 1,
      imdbId: 1000 + 3 * id,
      zip: `${10000 + id}`,
      planet: 'Earth',
      height: 2,
      alive: true,
      nothing: '',
    }));
    const features = await Features.from(rows);
    expect(features.names).toEqual(['age']);
    expect(features.notes.map(({ message }) => message)).toEqual([
      "'name' is no feature: its name says that it names the rows",
      "'nick' is no feature: its 50 values are 50 different ones",
      "'position' is no feature: it counts the rows",
      "'imdbId' is no feature: its name says that its numbers are keys",
      "'zip' is no feature: its name says that its numbers are keys",
      "'nothing' is no feature: no row has a value",
      "'planet' is no feature: it is the same in all rows",
      "'height' is no feature: it is the same in all rows",
      "'alive' is no feature: it is the same in all rows",
    ]);
  });

  test('few whole numbers, each of many rows, are codes unless the caller says otherwise', async () => {
    const rows = Array.from({ length: 400 }, (_, id) => ({ id, job: id % 4, age: 18 + (id % 60) }));
    const fifths = ['under 29', '29 to 39', '40 to 51', '52 to 63', '64 and over'].map((range) => `age: ${range}`);
    expect((await Features.from(rows)).names).toEqual(['job: 0', 'job: 1', 'job: 2', 'job: 3', 'age', ...fifths]);
    expect(await messagesOf(rows)).toEqual([
      "'job' has few whole numbers, which are read as categories: numbers: ['job'] reads numbers",
    ]);
    expect((await Features.from(rows, { numbers: ['job'] })).names).toEqual(['job', 'age', ...fifths]);
    const bins = (await Features.from(rows, { numbers: ['job'], categories: ['age'] })).names;
    expect(bins.slice(0, 3)).toEqual(['job', 'age: 18', 'age: 19']);
    expect((await Features.from(rows, { ignore: ['age', 'job'] }).catch((cause) => cause)).message).toMatch(
      /^The rows must have a feature; they have none/,
    );
  });

  test('the last row of an id counts, whole', async () => {
    const features = await Features.from([
      { id: 1, sex: 'F', age: 3 },
      { id: 2, sex: 'M', age: 4 },
      { id: 1, sex: 'M', age: 5 },
      { id: 3, sex: 'F', age: 9 },
    ]);
    expect(features.ids).toEqual([1, 2, 3]);
    expect(denseOf(features)[0]).toMatchObject({ 'sex: M': 1 });
    expect(features.notes).toEqual([{ code: 'rows-skipped', message: '1 row replaces an earlier one of the same id' }]);
  });
});

describe('what is wrong', () => {
  const one = [{ id: 1, age: 3 }];
  test.each<[string, () => Promise<unknown>]>([
    [
      "rows must be an array or another iterable of {id, …}, or a Map of ids and such rows; it is 'abc'",
      () => Features.from('abc' as never),
    ],
    ['rows must not be empty', () => Features.from([])],
    ['Row 2 must be {id, …} or [id, {…}]; it is 7', () => Features.from([{ id: 1 }, 7 as never])],
    ['The id in row 1 is missing', () => Features.from([{ age: 3 }])],
    [
      'The id in row 1 must be a non-empty string or a whole number from 0 to 2^53 − 1; it is -1',
      () => Features.from([{ id: -1 }]),
    ],
    [
      "Features.from has no option 'number': did you mean 'numbers'? There are id, numbers, categories, lists, ignore, minCount, maxColumns",
      () => Features.from(one, { number: ['age'] } as never),
    ],
    [
      "numbers must name fields of the rows; there is no 'aeg'; did you mean 'age'?",
      () => Features.from(one, { numbers: ['aeg'] }),
    ],
    [
      "numbers must be an array of the names of fields; it is 'age'",
      () => Features.from(one, { numbers: 'age' as never }),
    ],
    ['minCount must be a whole number of at least 1; it is 0', () => Features.from(one, { minCount: 0 })],
    ['maxColumns must be a whole number from 1 to 4096; it is 5000', () => Features.from(one, { maxColumns: 5000 })],
    ['id must be the name of a field; it is 7', () => Features.from(one, { id: 7 as never })],
    [
      'The columns must have equal lengths; id has 2 entries and age 1',
      () => Features.fromColumns({ id: [1, 2], age: [1] }),
    ],
    [
      "The columns must have ids, in the column 'id' or in that which the option id names",
      () => Features.fromColumns({ age: [1] }),
    ],
    [
      'The column age must be an array or a typed array; it is 3',
      () => Features.fromColumns({ id: [1], age: 3 as never }),
    ],
    ['The columns must not be empty', () => Features.fromColumns({ id: [], age: [] })],
  ])('%s', async (message, act) => {
    const failure = await failureOf(act);
    expect(failure.message).toBe(message);
    expect(failure.code).toBe('invalid-argument');
  });

  test('a field for each of thousands of ids is refused in time', async () => {
    const rows = Array.from({ length: 5000 }, (_, id) => ({ id, [`f${id}`]: 1 }));
    expect((await failureOf(() => Features.from(rows))).message).toBe(
      'The fields of features must be at most 1000; they are 1001 or more',
    );
  });

  test("an error of the caller's own getter is the cause", async () => {
    const cause = new Error('no');
    const row = Object.defineProperty({ id: 1 }, 'age', {
      enumerable: true,
      get() {
        throw cause;
      },
    });
    expect((await failureOf(() => Features.from([row]))).cause).toBe(cause);
  });
});

describe('Features.fromColumns', () => {
  test('gives the features of the same rows', async () => {
    const rows = [
      { user: 7, age: 20, sex: 'F', likes: ['a'] },
      { user: 9, age: 35, sex: 'M', likes: ['a', 'b'] },
      { user: 3, age: 20, sex: 'M', likes: [] },
    ];
    const columns = {
      user: Int32Array.of(7, 9, 3),
      age: Float64Array.of(20, 35, 20),
      sex: ['F', 'M', 'M'],
      likes: [['a'], ['a', 'b'], []],
    };
    expect(madeOf(await Features.fromColumns(columns)).table).toEqual(madeOf(await Features.from(rows)).table);
  });
});

describe('rows that come later', () => {
  test('have the learned columns; the rest is told', async () => {
    const features = await Features.from(
      Array.from({ length: 120 }, (_, id) => ({ id, age: 20 + (id % 30), sex: 'FM'[id % 2], name: `n${id}` })),
    );
    const { encoder, encoding } = madeOf(features);
    const row = encoder.encodeRow({ age: 34.5, sex: 'X', name: 'Ann', height: 3 });
    // The mean is 0; its range is the third.
    expect(Array.from(row.columns)).toEqual([3]);
    expect(row.unknownFields).toEqual(['name', 'height']);
    expect(row.unknown).toEqual(['sex: X']);
    const [plain, parsed] = [encoding, JSON.parse(JSON.stringify(encoding))].map((each) =>
      new RowEncoder(each).encodeRow({ age: '49', sex: 'M' }),
    );
    expect(plain).toEqual(parsed);
    expect(Array.from(plain!.columns)).toEqual([0, 5, 7]);
    expect(plain!.unknown).toEqual([]);
  });

  test('have rare and new values of a pooled field in its pool', async () => {
    const jobs = [...Array(30).fill('clerk'), 'smith', 'baker', 'tailor'];
    const { encoder } = madeOf(
      await Features.from(
        jobs.map((job, id) => ({ id, job })),
        { minCount: 3 },
      ),
    );
    expect(Array.from(encoder.encodeRow({ job: 'astronaut' }).columns)).toEqual([1]);
  });
});

describe('alignedTo', () => {
  test('orders the rows by other ids; those without features are empty and counted', async () => {
    const { table } = madeOf(
      await Features.from([
        { id: '3', sex: 'F' },
        { id: '5', sex: 'M' },
        { id: '8', sex: 'F' },
      ]),
    );
    const aligned = alignedTo(table, GrowingIds.from([5, 4, 3, 'x']));
    expect(Array.from(aligned.offsets)).toEqual([0, 1, 1, 2, 2]);
    expect(Array.from(aligned.columns)).toEqual([1, 0]);
    expect(aligned.missing).toBe(2);
  });
});

describe('whatever rows', () => {
  const cell = fc.oneof(
    fc.constantFrom<unknown>(
      undefined,
      null,
      '',
      'a|b',
      '(1999)',
      'other',
      '7',
      '1e999',
      '2001-02-03',
      true,
      10n,
      new Date(Number.NaN),
    ),
    fc.double(),
    fc.integer({ min: 0, max: 3 }),
    fc.string({ maxLength: 5, unit: 'binary' }),
    fc.array(fc.oneof(fc.string({ maxLength: 2 }), fc.integer(), fc.anything()), { maxLength: 4 }),
    fc.anything(),
  );
  const field = fc.constantFrom('age', 'genres', 'title', 'year', '__proto__', 'constructor', 'x y', 'toString');
  const someRows = fc.array(fc.tuple(fc.nat(20), fc.array(fc.tuple(field, cell))), { minLength: 1, maxLength: 40 });
  /** Enough rows of numbers for ranges. */
  const manyNumbers = fc
    .array(fc.oneof(fc.double(), fc.integer(), fc.integer({ min: 1900, max: 2030 })), {
      minLength: 100,
      maxLength: 200,
    })
    .map((values) => values.map((age, id) => [id, [['age', age]]] as [number, [string, unknown][]]));

  test('rows are sparse rows of finite values, in the order of their columns, and equal what a later row gets', async () => {
    let made = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(someRows, manyNumbers),
        fc.integer({ min: 1, max: 3 }),
        fc.integer({ min: 8, max: 20 }),
        async (pairs, minCount, maxColumns) => {
          const rows = pairs.map(([id, cells]) => [id, Object.fromEntries(cells)] as const);
          const last = new Map(rows);
          let features: Features;
          try {
            features = await Features.from(rows, { minCount, maxColumns });
          } catch (failure) {
            expect(failure).toMatchObject({ code: 'invalid-argument' });
            return;
          }
          made++;
          const { table, encoding } = madeOf(features);
          const { offsets, columns, values, names, ids } = table;
          expect(names.length).toBeLessThanOrEqual(maxColumns);
          expect(new Set(names).size).toBe(names.length);
          expect(ids.size).toBe(last.size);
          expect(offsets[0]).toBe(0);
          expect(offsets.at(-1)).toBe(columns.length);
          expect(values.length).toBe(columns.length);
          const encoder = new RowEncoder(JSON.parse(JSON.stringify(encoding)));
          for (let row = 0; row < ids.size; row++) {
            const [start, end] = [offsets[row]!, offsets[row + 1]!];
            expect(end).toBeGreaterThanOrEqual(start);
            for (let at = start; at < end; at++) {
              expect(Number.isFinite(values[at])).toBe(true);
              expect(columns[at]).toBeGreaterThanOrEqual(at > start ? columns[at - 1]! + 1 : 0);
              expect(columns[at]).toBeLessThan(names.length);
            }
            const later = encoder.encodeRow(last.get(ids.at(row) as number)!);
            expect(later.columns).toEqual(columns.slice(start, end));
            expect(later.values).toEqual(values.slice(start, end));
          }
        },
      ),
      { numRuns: 500 },
    );
    expect(made).toBeGreaterThan(100);
  });
});
