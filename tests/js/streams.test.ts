import { createReadStream, openAsBlob } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { type FileSource, Ratings, type ReadOptions, type ReadProgress } from 'matfac';
import { describe, expect, test } from 'vitest';
import { failure } from './support/failure.js';
import { streamOf } from './support/streams.js';

const read = (source: FileSource, options?: ReadOptions) => Ratings.fromFile(source, options);

describe('sources', () => {
  const triples = (ratings: Ratings) => [...ratings].map(({ user, item, rating }) => [user, item, rating]);
  const text = 'user,item,rating\n1,10,4\n1,20,3.5\n2,10,5\n';

  test('a Response, a stream, a File, a path by openAsBlob', async () => {
    const path = join(tmpdir(), `matfac-${process.pid}.csv`);
    await writeFile(path, text);
    const sources: FileSource[] = [
      new Response(text),
      new Blob([text]).stream(),
      Readable.toWeb(createReadStream(path)) as ReadableStream<Uint8Array>,
      await openAsBlob(path),
    ];
    for (const source of sources) expect(triples(await read(source))).toEqual(triples(await read(text)));
  });

  const bad: [name: string, source: unknown, message: RegExp][] = [
    ['a number', 7, /source must be .*; it is 7/],
    ['nothing', undefined, /source must be .*; it is undefined/],
    ['a Response that says no', new Response('no', { status: 404 }), /HTTP 404/],
    ['a stream of strings', streamOf('a,b,c'), /must be a Uint8Array; it is 'a,b,c'/],
  ];
  test.each(bad)('not %s', async (_, source, message) => {
    const error = await failure(() => read(source as FileSource));
    expect(error.code).toBe('invalid-argument');
    expect(error.message).toMatch(message);
  });

  const options: [name: string, options: unknown, code: string, message: RegExp][] = [
    ['an unknown name', { badrows: 'skip' }, 'invalid-argument', /no option 'badrows': did you mean 'badRows'/],
    ['an unknown format', { format: 'xls' }, 'invalid-argument', /format must be .*; it is 'xls'/],
    ['a format that it is not', { format: 'parquet' }, 'parse-error', /must be Parquet; it does not/],
    ['a file that is no name', { file: 7 }, 'invalid-argument', /file must be .*; it is 7/],
    ['another way with bad rows', { badRows: 'ignore' }, 'invalid-argument', /badRows must be .*; it is 'ignore'/],
    ['an unknown column name', { columns: { usr: 0 } }, 'invalid-argument', /did you mean 'user'/],
    [
      'a title that is not there',
      { columns: { user: 'who' } },
      'invalid-argument',
      /a title in the file, 'user', 'item' or 'rating'; it is 'who'/,
    ],
    [
      'a column that is not there',
      { columns: { user: 3 } },
      'invalid-argument',
      /columns\.user must be .* 0 \(the first\) to 2.*; it is 3/,
    ],
  ];
  test.each(options)('refuses %s', async (_, options, code, message) => {
    const error = await failure(() => read(text, options as ReadOptions));
    expect(error.code).toBe(code);
    expect(error.message).toMatch(message);
  });
});

describe('a stream', () => {
  /** A stream of `count` pieces of text, each made on request. */
  function endless(count: number, taken: { pieces: number; cancelled: boolean }): ReadableStream<Uint8Array> {
    const lines = (piece: number) => Array.from({ length: 5000 }, (_, row) => `${piece},${row},3\n`).join('');
    return new ReadableStream({
      pull(controller) {
        if (taken.pieces === count) controller.close();
        else controller.enqueue(new TextEncoder().encode(lines(taken.pieces++)));
      },
      cancel() {
        taken.cancelled = true;
      },
    });
  }

  test('is read as it arrives, other tasks run in between, and progress is reported', async () => {
    const taken = { pieces: 0, cancelled: false };
    const told: ReadProgress[] = [];
    let ticks = 0;
    const timer = setInterval(() => ticks++, 5);
    const ratings = await read(endless(200, taken), { onProgress: (progress) => told.push(progress) });
    clearInterval(timer);
    expect(ratings).toMatchObject({ size: 1_000_000, userCount: 200, itemCount: 5000 });
    expect(ticks).toBeGreaterThan(10);
    expect(told.length).toBeGreaterThan(1);
    expect(told.at(-1)).toEqual({ bytes: expect.any(Number), rows: 1_000_000 });
    expect(told.map(({ rows }) => rows)).toEqual(told.map(({ rows }) => rows).sort((a, b) => a - b));
  });

  test('stops at the signal and is cancelled', async () => {
    const taken = { pieces: 0, cancelled: false };
    const stop = new AbortController();
    const error = await failure(() =>
      read(endless(100_000, taken), { signal: stop.signal, onProgress: () => stop.abort() }),
    );
    expect(error.code).toBe('aborted');
    expect(taken.cancelled).toBe(true);
    expect(taken.pieces).toBeLessThan(1000);
  });

  test('stops at the signal while nothing arrives', async () => {
    const silent = new ReadableStream<Uint8Array>({});
    expect((await failure(() => read(silent, { signal: AbortSignal.timeout(20) }))).code).toBe('aborted');
    expect((await failure(() => read('1,2,3', { signal: AbortSignal.abort() }))).code).toBe('aborted');
  });

  test('is cancelled after a bad row', async () => {
    const taken = { pieces: 0, cancelled: false };
    const bad = endless(100_000, taken).pipeThrough(
      new TransformStream({
        transform: (piece, controller) =>
          controller.enqueue(taken.pieces === 40 ? new TextEncoder().encode('1,2,x\n') : piece),
      }),
    );
    expect((await failure(() => read(bad))).code).toBe('parse-error');
    await expect.poll(() => taken.cancelled).toBe(true);
  });

  test('an error of onProgress rejects it', async () => {
    const onProgress = () => {
      throw new Error('mine');
    };
    await expect(read('1,2,3\n', { onProgress })).rejects.toThrow('mine');
  });
});
