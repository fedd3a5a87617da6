import fc from 'fast-check';
import { MatfacError, Ratings, type ReadOptions } from 'matfac';
import { describe, expect, test } from 'vitest';
import { withoutBlankLines, withoutLines } from '../../bindings/js/io/syntax/text.js';
import { failure } from './support/failure.js';
import { streamOf } from './support/streams.js';

const read = (text: string | Uint8Array, options?: ReadOptions) =>
  Ratings.fromFile(typeof text === 'string' ? text : new Blob([text as Uint8Array<ArrayBuffer>]), options);
const triples = (ratings: Ratings) => [...ratings].map(({ user, item, rating }) => [user, item, rating]);
const codes = (ratings: Ratings) => ratings.source!.notes.map(({ code }) => code);

describe('options', () => {
  const bad: [name: string, options: unknown, message: RegExp][] = [
    ['an unknown encoding', { encoding: 'klingon' }, /encoding must be a label .*; it is 'klingon'/],
    ['an encoding that is no text', { encoding: 8 }, /encoding must be a label .*; it is 8/],
    ['a negative number of lines', { skipLines: -1 }, /skipLines must be a whole number of at least 0; it is -1/],
    ['missing values that are no list', { missing: -1 }, /missing must be an array .*; it is -1/],
    ['a missing value of another type', { missing: [null] }, /missing must be an array/],
    ['a user that is no id', { user: 1.5 }, /user of every row must be .*; it is 1.5/],
    ['two kinds of users', { user: 1, columns: { user: 0 } }, /user must be left out where columns.user/],
  ];
  test.each(bad)('%s is refused', async (_, options, message) => {
    const error = await failure(() => read('1,2,3\n', options as ReadOptions));
    expect(error.code).toBe('invalid-argument');
    expect(error.message).toMatch(message);
  });

  test('missing ratings are counted in a note, in the fast path too', async () => {
    const text = Array.from({ length: 20_000 }, (_, row) => `${row % 7},${row},${row % 4 === 0 ? 99 : row % 5}\n`).join(
      '',
    );
    const ratings = await read(text, { missing: [99] });
    expect(ratings.size).toBe(15_000);
    expect(ratings.source!.notes).toContainEqual({
      code: 'rows-skipped',
      message: '5000 rows without a rating left out: 99 (5000)',
    });
  });

  test('missing ratings of JSON', async () => {
    const rows = [
      { user: 1, item: 2, rating: 3 },
      { user: 1, item: 3, rating: null },
      { user: 2, item: 3, rating: -1 },
    ];
    const ratings = await read(JSON.stringify(rows), { missing: ['', -1] });
    expect(triples(ratings)).toEqual([[1, 2, 3]]);
  });

  test('the error for a missing rating says how to leave it out', async () => {
    const error = await failure(() => read('user,item,rating\n1,2,3\n1,3,\n'));
    expect(error.message).toBe("Line 3, column 3 (rating): the rating is missing: missing: [''] leaves such rows out");
  });

  test('the user of every row keeps its type', async () => {
    for (const user of ['7', 7, 'me']) {
      const ratings = await read('10,5\n20,4\n30,3\n', { user, columns: { rating: 1 } });
      expect(triples(ratings)).toEqual([
        [user, 10, 5],
        [user, 20, 4],
        [user, 30, 3],
      ]);
      expect(ratings.source).toMatchObject({ user, columns: { item: 0, rating: 1 } });
    }
  });

  test('skipped lines count in the lines of errors', async () => {
    const error = await failure(() => read('a title\n"\nuser,item,rating\n1,2,x\n', { skipLines: 2 }));
    expect(error).toMatchObject({ code: 'parse-error', line: 4, column: 3 });
  });
});

describe('rows that are skipped do not decide the layout', () => {
  const good = Array.from({ length: 500 }, (_, row) => `u${row},i${row % 7},${(row % 5) + 1}\n`);

  test.each([
    ['an unclosed quote', 'a,"b,4\n'],
    ['a wrong quote', 'a,"b"c,4\n'],
    ['too few fields', 'a,b\n'],
    ['no number', 'a,b,good\n'],
  ])('%s in the second line', async (_, row) => {
    const ratings = await read(`u,i,r\n${row}${good.join('')}`, { badRows: 'skip' });
    expect(ratings).toMatchObject({ size: 500, implicit: false, userCount: 500, itemCount: 7 });
    expect(ratings.skipped).toMatchObject({ count: 1, first: [{ line: 2 }] });
    expect((await failure(() => read(`u,i,r\n${row}${good.join('')}`))).line).toBe(2);
  });

  test('ids that begin with # are no comments', async () => {
    const ratings = await read('#ann,10,4\nbob,20,3\n#cat,30,2\ndan,30,1\neve,30,1\n');
    expect(ratings.users).toEqual(['#ann', 'bob', '#cat', 'dan', 'eve']);
  });

  test('a summary after the rows is a bad row', async () => {
    const error = await failure(() => read(`u,i,r\n${good.join('')}1,234 rows\n`));
    expect(error.message).toMatch(/Line 502, column 2 .*must have at least 3 fields; it has 2/);
  });
});

describe('work grows with the size alone', () => {
  async function* blank(pieces: number, end: string): AsyncGenerator<Uint8Array> {
    for (let piece = 0; piece < pieces; piece++) yield new Uint8Array(1000).fill(10);
    yield new TextEncoder().encode(end);
  }

  test('of many blank lines none is kept', async () => {
    for (const pieces of [1000, 2000]) {
      let lines = 0;
      const kept: Uint8Array[] = [];
      for await (const piece of withoutBlankLines(blank(pieces, '\n  1,2,3\n'), (count) => (lines += count)))
        kept.push(piece);
      expect(Buffer.concat(kept).toString()).toBe('  1,2,3\n');
      expect(lines).toBe(1000 * pieces + 1);
    }
  });

  test('JSON after blank lines is JSON, and CSV has its lines', async () => {
    for (const count of [10, 1024, 1025, 200_000]) {
      const json = await read(`${'\n'.repeat(count)}[{"user":1,"item":2,"rating":3}]`);
      expect(json.source!.format).toBe('json');
      const error = await failure(() => read(`${'\n'.repeat(count)}user,item,rating\n1,2,x\n`));
      expect(error.line).toBe(count + 2);
    }
  });

  test('lines are skipped across pieces', async () => {
    const text: string[] = [];
    const pieces = streamOf(...['a\nb', '\n\nc\nd', '\ne\n'].map((piece) => new TextEncoder().encode(piece)));
    for await (const piece of withoutLines(pieces as never, 4, () => {})) text.push(new TextDecoder().decode(piece));
    expect(text.join('')).toBe('d\ne\n');
  });

  test('each byte of a text in small pieces is copied a bounded number of times', async () => {
    const work = async (lines: number) => {
      const text = new TextEncoder().encode('1,2,3\n'.repeat(lines));
      const pieces = Array.from({ length: text.length / 16 }, (_, at) => text.subarray(16 * at, 16 * at + 16));
      let copied = 0;
      const { set } = Uint8Array.prototype;
      Uint8Array.prototype.set = function (from, at) {
        copied += from.length;
        return set.call(this, from, at);
      };
      try {
        await Ratings.fromFile(streamOf(...pieces), { duplicates: 'last' });
      } finally {
        Uint8Array.prototype.set = set;
      }
      return copied;
    };
    const [once, twice] = [await work(32_000), await work(64_000)];
    expect(twice).toBeLessThan(2.5 * once);
    expect(twice).toBeLessThan(8 * 6 * 64_000);
  });

  test('a line of NDJSON without end costs that line', async () => {
    const long = `{"user":1,"item":"${'x'.repeat(3 << 20)}"}\n`;
    const text = `{"user":1,"item":2}\n${long}{"user":1,"item":3}\n`;
    const ratings = await read(text, { badRows: 'skip' });
    expect(ratings.size).toBe(2);
    expect(ratings.skipped.first).toEqual([{ line: 2, column: 1, reason: expect.stringMatching(/within a megabyte/) }]);
    expect(await failure(() => read(text))).toMatchObject({ code: 'parse-error', line: 2 });
  });

  test('a deep JSON is a bad row', async () => {
    const deep = '['.repeat(200_000) + ']'.repeat(200_000);
    for (const text of [`[${deep}]`, `${deep}\n`, `{"user":[${deep}],"item":[1]}`, `{"user":${deep},"item":1}\n`]) {
      expect(await failure(() => read(text))).toBeInstanceOf(MatfacError);
    }
  });
});

describe('what is written in a dialect is read back', () => {
  const name = fc.stringMatching(/^[a-zé][a-zé ,;|'"]{0,6}[a-zé]$/);
  const row = fc.tuple(name, name, fc.integer({ min: 0, max: 20 }));
  const dialect = fc.record({
    rows: fc.array(row, { minLength: 3, maxLength: 30 }),
    delimiter: fc.constantFrom(',', ';', '\t', '|'),
    newline: fc.constantFrom('\n', '\r\n', '\r'),
    encoding: fc.constantFrom('utf8', 'utf16le', 'latin1'),
    comma: fc.boolean(),
    escapes: fc.boolean(),
    comments: fc.boolean(),
    preamble: fc.boolean(),
    separator: fc.boolean(),
  });

  test('however it is written', async () => {
    const property = fc.asyncProperty(dialect, async ({ rows, delimiter, newline, encoding, ...styles }) => {
      const { comma, escapes, comments, preamble, separator } = styles;
      const quoted = (text: string) => `"${text.replaceAll('"', escapes ? '\\"' : '""')}"`;
      const number = (value: number) => {
        const text = (value / 4).toFixed(2);
        return comma ? quoted(text.replace('.', ',')) : text;
      };
      const lines = rows.map(([user, item, value]) => [quoted(user), quoted(item), number(value)].join(delimiter));
      const text = [
        ...(separator ? [`sep=${delimiter}`] : []),
        ...(comments ? ['# a comment'] : []),
        ...(preamble ? ['A title', ''] : []),
        ['user', 'item', 'rating'].join(delimiter),
        ...lines.flatMap((line, index) => (comments && index === 1 ? ['# another', line] : [line])),
      ].join(newline);
      const bytes = Buffer.from(encoding === 'utf16le' ? `\uFEFF${text}` : text, encoding as BufferEncoding);
      const expected = Ratings.from(
        rows.map(([user, item, value]) => [user, item, value / 4] as const),
        { duplicates: 'last' },
      );
      const ratings = await read(new Uint8Array(bytes), { duplicates: 'last' });
      expect(triples(ratings)).toEqual(triples(expected));
      expect(codes(ratings).includes('encoding-guessed')).toBe(encoding === 'latin1' && text.includes('é'));
      expect(codes(ratings).includes('lines-skipped')).toBe(comments || preamble);
    });
    await fc.assert(property, { numRuns: 300 });
  });

  test('any bytes are ratings or a MatfacError', async () => {
    const mark = fc.constantFrom(...'1a,;\t|"\'\\\n\r# %:.-[]{}é\0ÿ'.split(''));
    const text = fc.string({ unit: mark, maxLength: 60 }).map((value) => new Uint8Array(Buffer.from(value, 'latin1')));
    const given = fc.oneof(text, fc.uint8Array({ maxLength: 100 }));
    const property = fc.asyncProperty(given, fc.constantFrom('error', 'skip'), async (bytes, badRows) => {
      try {
        expect((await read(bytes, { badRows })).size).toBeGreaterThan(0);
      } catch (error) {
        expect(error).toBeInstanceOf(MatfacError);
      }
    });
    await fc.assert(property, { numRuns: 2000 });
  });
});
