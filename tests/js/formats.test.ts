import { readdir, readFile } from 'node:fs/promises';
import fc from 'fast-check';
import { zipSync } from 'fflate';
import { MatfacError, Ratings, type ReadOptions, Titles } from 'matfac';
import { describe, expect, test } from 'vitest';
import { failure } from './support/failure.js';
import { npy } from './support/npy.js';
import { streamOf } from './support/streams.js';

type Entry = [user: number, item: number, rating: number];

const read = (source: string | Uint8Array, options?: ReadOptions) =>
  Ratings.fromFile(typeof source === 'string' ? source : new Blob([new Uint8Array(source)]), options);
const entriesOf = (ratings: Ratings): Entry[] =>
  [...ratings].map(({ user, item, rating }) => [user as number, item as number, rating]);
const sorted = (entries: readonly Entry[]) => [...entries].sort((a, b) => a[0] - b[0] || a[1] - b[1]);

/** Different cells of a matrix of `SIZE` × `SIZE`, with quarter stars, which float32 holds exactly; one is not 1. */
const SIZE = 9;
const matrix = fc
  .uniqueArray(fc.tuple(fc.nat(SIZE - 1), fc.nat(SIZE - 1), fc.integer({ min: 1, max: 40 })), {
    selector: ([row, column]) => row * SIZE + column,
    minLength: 1,
  })
  .map((cells) => cells.map(([row, column, quarters]): Entry => [row, column, quarters / 4]))
  .filter((cells) => cells.some(([, , rating]) => rating !== 1));

describe('what is written is read back', () => {
  test('MatrixMarket', async () => {
    await fc.assert(
      fc.asyncProperty(matrix, fc.constantFrom('\n', '\r\n'), async (cells, newline) => {
        const lines = cells.map(([row, column, rating]) => `${row + 1} ${column + 1}  ${rating.toExponential()}`);
        const banner = '%%MatrixMarket matrix coordinate real general';
        const text = [banner, '% a comment', `${SIZE} ${SIZE} ${cells.length}`, ...lines, ''].join(newline);
        const found = entriesOf(await read(text));
        expect(found).toEqual(cells.map(([row, column, rating]) => [row + 1, column + 1, rating]));
      }),
      { numRuns: 50 },
    );
  });

  test("SciPy's csr, csc and coo", async () => {
    await fc.assert(
      fc.asyncProperty(matrix, fc.constantFrom('csr', 'csc', 'coo'), async (cells, format) => {
        const [line, other] = format === 'csc' ? [1, 0] : [0, 1];
        const ordered = [...cells].sort((a, b) => a[line]! - b[line]! || a[other]! - b[other]!);
        const column = (place: number) => Int32Array.from(ordered, (cell) => cell[place]!);
        const starts = Int32Array.from(
          { length: SIZE + 1 },
          (_, at) => ordered.filter((cell) => cell[line]! < at).length,
        );
        const array = (values: Int32Array) => npy('<i4', [values.length], values);
        const places =
          format === 'coo'
            ? { 'row.npy': array(column(0)), 'col.npy': array(column(1)) }
            : { 'indices.npy': array(column(other)), 'indptr.npy': array(starts) };
        const archive = zipSync({
          ...places,
          'format.npy': npy('|S3', [], Buffer.from(format)),
          'shape.npy': npy('<i8', [2], BigInt64Array.of(BigInt(SIZE), BigInt(SIZE))),
          'data.npy': npy(
            '<f8',
            [ordered.length],
            Float64Array.from(ordered, ([, , rating]) => rating),
          ),
        });
        expect(entriesOf(await read(archive))).toEqual(ordered);
      }),
      { numRuns: 50 },
    );
  });

  test('lines of a user and its items', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(fc.nat(99), { minLength: 1 }), async (items) => {
        // The widths differ, and the first line has no count.
        const lines = [[...items, 100, 101, 102, 103], items.slice(1), [7]];
        const text = lines.map((line, user) => [user + 500, ...line].join(' ')).join('\n');
        const expected = lines.flatMap((line, user) => line.map((item): Entry => [user + 500, item, 1]));
        const ratings = await read(text, { duplicates: 'last' });
        expect(ratings.source!.format).toBe('adjacency');
        expect(sorted(entriesOf(ratings))).toEqual(sorted(expected));
      }),
      { numRuns: 50 },
    );
  });

  test('JSON of users with their items', async () => {
    const id = fc
      .string({ minLength: 1 })
      .filter((text) => !/^\d+(\.0)?$|^__proto__$/.test(text) && text === text.trim());
    const users = fc.dictionary(
      id.map((text) => `u ${text}`),
      fc.dictionary(
        id.map((text) => `i ${text}`),
        fc.integer({ min: 2, max: 5 }),
        { minKeys: 1 },
      ),
      {
        minKeys: 1,
      },
    );
    await fc.assert(
      fc.asyncProperty(users, fc.constantFrom(undefined, 1), async (nested, indent) => {
        const ratings = await read(JSON.stringify(nested, null, indent));
        const found: { [user: string]: { [item: string]: number } } = {};
        for (const { user, item, rating } of ratings) {
          found[user] ??= {};
          found[user][item] = rating;
        }
        expect(found).toEqual(nested);
      }),
      { numRuns: 50 },
    );
  });

  test('a dense matrix, by any delimiter', async () => {
    const cell = fc.option(
      fc.integer({ min: 2, max: 20 }).map((halves) => halves / 2),
      { nil: undefined },
    );
    const rows = fc.array(fc.array(cell, { minLength: 6, maxLength: 6 }), { minLength: 3, maxLength: 8 });
    const isFilled = (table: (number | undefined)[][]) =>
      table.flat().some((value) => value !== undefined && value !== 1);
    await fc.assert(
      fc.asyncProperty(rows.filter(isFilled), fc.constantFrom(',', ';', '\t'), async (table, delimiter) => {
        const header = ['user', 'a', 'b', 'c', 'd', 'e', 'f'];
        const decimal = (value: number | undefined) =>
          value === undefined ? '' : delimiter === ',' ? String(value) : String(value).replace('.', ',');
        const lines = table.map((row, user) => [`u${user}`, ...row.map(decimal)]);
        const ratings = await read([header, ...lines].map((line) => line.join(delimiter)).join('\n'));
        const expected = table.flatMap((row, user) =>
          row.flatMap((value, column) => (value === undefined ? [] : [[`u${user}`, header[column + 1], value]])),
        );
        expect([...ratings].map(({ user, item, rating }) => [user, item, rating])).toEqual(expected);
      }),
      { numRuns: 50 },
    );
  });
});

describe('whatever the bytes', async () => {
  const folder = new URL('../golden/files/formats/', import.meta.url);
  for (const name of (await readdir(folder)).sort()) {
    test(`${name}, changed, is ratings or a MatfacError`, async () => {
      const bytes = new Uint8Array(await readFile(new URL(name, folder)));
      const change = fc.tuple(
        fc.nat(bytes.length - 1),
        fc.oneof(fc.nat(255), fc.constantFrom(...Buffer.from('0,:{}[]"\n\t%<-'))),
      );
      await fc.assert(
        fc.asyncProperty(fc.array(change, { maxLength: 4 }), fc.nat(bytes.length), async (changes, length) => {
          const changed = bytes.slice(0, length % 3 === 0 ? length : bytes.length);
          for (const [at, value] of changes) if (at < changed.length) changed[at] = value;
          for (const act of [() => read(changed), () => Titles.fromFile(new Blob([changed]))])
            await act().catch((error) => expect(error).toBeInstanceOf(MatfacError));
        }),
        { numRuns: 30 },
      );
    });
  }
});

describe('a long text in pieces', () => {
  // More than the bytes from which a format is recognized, so that most of it is read afterwards.
  const users = Array.from({ length: 3000 }, (_, user) => user + 1);
  const items = (user: number) => Array.from({ length: 1 + (user % 7) }, (_, at) => ((user * 7 + at * 13) % 900) + 1);
  const entries = users.flatMap((user) => items(user).map((item): Entry => [user, item, 1 + ((user + item) % 5)]));
  const ones = entries.map(([user, item]): Entry => [user, item, 1]);
  const size = `3000 900 ${entries.length}`;
  const rows = users.map((user) => {
    const row = new Array<number>(100).fill(99);
    for (const item of items(user).filter((item) => item <= 100)) row[item - 1] = 1 + ((user + item) % 5);
    return row;
  });
  const byUser = users.map((user) => [
    user,
    Object.fromEntries(entries.filter(([of]) => of === user).map(([, item, rating]) => [item, rating])),
  ]);
  const texts: [name: string, text: string, expected: Entry[]][] = [
    [
      'matrix-market',
      ['%%MatrixMarket matrix coordinate integer general', size, ...entries.map((entry) => entry.join(' '))].join('\n'),
      entries,
    ],
    ['netflix', entries.map(([user, item, rating]) => `${item}:\n${user},${rating},2005-09-06`).join('\n'), entries],
    ['adjacency', users.map((user) => [user, ...items(user)].join(' ')).join('\n'), ones],
    [
      'libsvm',
      users
        .map(
          (user) =>
            `${user} ${entries
              .filter(([of]) => of === user)
              .map(([, item, rating]) => `${item}:${rating}`)
              .join(' ')}`,
        )
        .join('\n'),
      entries,
    ],
    [
      'recbole',
      ['user_id:token\titem_id:token\trating:float', ...entries.map((entry) => entry.join('\t'))].join('\n'),
      entries,
    ],
    ['json', JSON.stringify(Object.fromEntries(byUser)), entries],
    ['csv', rows.map((row) => row.join(',')).join('\n'), entries.filter(([, item]) => item <= 100)],
  ];
  test.each(texts)('%s', async (format, text, expected) => {
    const bytes = new TextEncoder().encode(text);
    for (const step of [997, 65_536]) {
      const pieces = Array.from({ length: Math.ceil(bytes.length / step) }, (_, at) =>
        bytes.slice(at * step, (at + 1) * step),
      );
      const ratings = await Ratings.fromFile(streamOf(...pieces), { duplicates: 'last' });
      expect(ratings.source!.format).toBe(format);
      expect(sorted(entriesOf(ratings))).toEqual(sorted(expected));
    }
  });

  test('a bad line far down is an error with its number, or skipped', async () => {
    const lines = [
      '%%MatrixMarket matrix coordinate integer general',
      size,
      ...entries.map((entry) => entry.join(' ')),
    ];
    lines[9000] = '7 x 3';
    const text = lines.join('\n');
    const error = await failure(() => read(text));
    expect(error).toMatchObject({ code: 'parse-error', line: 9001, column: 2 });
    const { size: left, skipped } = await read(text, { badRows: 'skip' });
    expect(left).toBe(entries.length - 1);
    expect(skipped).toMatchObject({ count: 1, first: [{ line: 9001, column: 2 }] });
  });
});

describe('the format that the option names', () => {
  test('overrides the guess', async () => {
    expect((await read('0 5 7\n1 8 9\n')).source!.format).toBe('csv');
    const lines = await read('0 5 7\n1 8 9\n', { format: 'adjacency' });
    expect(entriesOf(lines)).toEqual([
      [0, 5, 1],
      [0, 7, 1],
      [1, 8, 1],
      [1, 9, 1],
    ]);
    expect((await read('1:\n5,3,2005-09-06\n', { format: 'netflix' })).size).toBe(1);
  });

  test.each([
    ['npz', /must be npz; it does not begin with 'PK'/],
    ['xlsx', /must be xlsx; it does not begin with 'PK'/],
    ['npy', /must be npy; it does not begin as an array of NumPy/],
    ['matrix-market', /MatrixMarket must begin with/],
    ['recbole', /must begin with titles such as 'user_id:token'/],
    ['netflix', /a line with the item and a colon must come first; it is '1,2,3'/],
  ] as const)('%s, but the file is another', async (format, message) => {
    const error = await failure(() => read('1,2,3\n1,3,4\n', { format }));
    expect(error).toMatchObject({ code: 'parse-error' });
    expect(error.message).toMatch(message);
  });

  test('a layout that there is not', async () => {
    const error = await failure(() => read('1,2,3\n', { layout: 'dense' as never }));
    expect(error.message).toBe("layout must be 'list' or 'matrix'; it is 'dense'");
  });
});
