/** What is checked of Parquet before hyparquet decodes it, against the encoders of hyparquet-writer, which share no code with it. */
import fc from 'fast-check';
import { ByteWriter } from 'hyparquet-writer/src/bytewriter.js';
import { deltaBinaryPack } from 'hyparquet-writer/src/delta.js';
import { writeRleBitPackedHybrid } from 'hyparquet-writer/src/encoding.js';
import { Model, Ratings } from 'matfac';
import { describe, expect, test } from 'vitest';
import { PageReader, walkDeltas, walkRuns } from '../../bindings/js/io/parquet/runs.js';
import { ThriftReader, writeStruct } from '../../bindings/js/io/parquet/thrift.js';
import * as corpus from '../fuzz/corpus.mjs';
import { mutated } from '../fuzz/mutate.mjs';
import { failure } from './support/failure.js';

function written(write: (writer: ByteWriter) => void): Uint8Array {
  const writer = new ByteWriter();
  write(writer);
  return new Uint8Array(writer.getBytes());
}

test('every encoding and compression is read as it was written', async () => {
  expect(corpus.parquet.length).toBe(13);
  for (const bytes of corpus.parquet) {
    const ratings = await Ratings.fromFile(new Blob([bytes as Uint8Array<ArrayBuffer>]));
    const rows = [...ratings].map(({ user, item, rating }) => [user, item, rating]);
    const named = typeof ratings.users[0] === 'string';
    expect(rows).toEqual(corpus.ratings.map(([user, item, rating]) => [named ? `user ${user}` : user, item, rating]));
  }
});

test("Spark's lists are read", async () => {
  const [items] = corpus.spark;
  expect((await Model.fromFile({ items: items! }, { format: 'spark' })).itemCount).toBeGreaterThan(5);
});

describe('runs', () => {
  const runs = fc.integer({ min: 1, max: 12 }).chain((width) => {
    const value = fc.integer({ min: 0, max: 2 ** width - 1 });
    const repeated = fc.tuple(value, fc.integer({ min: 1, max: 30 })).map(([one, times]) => Array(times).fill(one));
    return fc.tuple(
      fc.constant(width),
      fc.array(repeated, { minLength: 1, maxLength: 12 }).map((parts) => parts.flat()),
    );
  });

  test('are walked to their end, and the values that are asked for counted', () => {
    fc.assert(
      fc.property(runs, ([width, values]) => {
        const bytes = written((writer) => writeRleBitPackedHybrid(writer, values, width));
        const wanted = values[0] as number;
        // Packed values of more than a byte are no levels, which are all that is counted.
        const count = walkRuns(bytes, width, values.length, wanted);
        if (width <= 8) expect(count).toBe(values.filter((value) => value === wanted).length);
        // Without the last run, or the last eight values, which may be padded.
        const cut = bytes.subarray(0, Math.max(0, bytes.length - width - 1));
        expect(() => walkRuns(cut, width, values.length, 0)).toThrow(/cut off/);
      }),
    );
  });

  test('are refused when they are longer than the values that are due', () => {
    const bytes = written((writer) => writeRleBitPackedHybrid(writer, Array(100).fill(3), 2));
    expect(walkRuns(bytes, 2, 100, 3)).toBe(100);
    expect(() => walkRuns(bytes, 2, 99, 3)).toThrow('a page has a run of 100 where 99 values are due');
  });
});

describe('differences', () => {
  const numbers = fc.array(fc.oneof(fc.integer({ min: -50, max: 50 }), fc.integer()), { minLength: 1, maxLength: 400 });

  test('are walked to their end and give the numbers', () => {
    fc.assert(
      fc.property(numbers, fc.boolean(), (values, isLong) => {
        const data = isLong ? values.map(BigInt) : values;
        const bytes = written((writer) => deltaBinaryPack(writer, data, isLong ? 'INT64' : 'INT32'));
        const reader = new PageReader(bytes);
        expect([...walkDeltas(reader, values.length, true)]).toEqual(values);
        expect(reader.left).toBe(0);
      }),
    );
  });

  test.each([
    ['no miniblocks', [128, 1, 0, 2, 0, 0]],
    ['miniblocks of no values', [0, 4, 3, 0, 0]],
    ['a width of 65 bits', [128, 1, 1, 3, 0, 0, 65]],
    ['widths that are cut off', [128, 1, 4, 3, 0, 0, 1]],
  ])('with %s are refused', (_, bytes) => {
    expect(() => walkDeltas(new PageReader(Uint8Array.from(bytes)), 3, true)).toThrow();
  });
});

describe('structs', () => {
  const fields = fc.uniqueArray(fc.tuple(fc.integer({ min: 1, max: 14 }), fc.oneof(fc.integer(), fc.boolean())), {
    selector: ([id]) => id,
  });

  test('are read as they are written, and refused when they are cut off', () => {
    fc.assert(
      fc.property(fields, (unordered) => {
        const ordered = unordered.sort(([a], [b]) => a - b);
        const bytes = Uint8Array.from(writeStruct([...ordered, [15, writeStruct(ordered)]]));
        const reader = new ThriftReader(bytes);
        const struct = reader.struct();
        expect(struct.get(15)).toEqual(new Map(ordered));
        struct.delete(15);
        expect([struct, reader.offset]).toEqual([new Map(ordered), bytes.length]);
        expect(() => new ThriftReader(bytes.subarray(0, -1)).struct()).toThrow('a struct is cut off');
      }),
    );
  });

  test('of any depth do not use up the stack', () => {
    const deep = new Uint8Array(1e6).fill(0x1c);
    expect(() => new ThriftReader(deep).struct()).toThrow('a struct is nested more than 24 deep');
  });

  test('of any bytes are read or refused', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        const reader = new ThriftReader(bytes);
        try {
          reader.struct();
        } catch (error) {
          expect(error).toBeInstanceOf(Error);
        }
        expect(reader.offset).toBeLessThanOrEqual(bytes.length + 8);
      }),
    );
  });
});

describe('in a worker', () => {
  /** A file whose beginning can be read, and whose other parts come from `read`. */
  function begun(read: () => Promise<ArrayBuffer>): Blob {
    const file = new Blob([corpus.parquet[0] as Uint8Array<ArrayBuffer>]);
    const slice = (start: number, end: number) =>
      start === 0 ? Blob.prototype.slice.call(file, start, end) : { arrayBuffer: read };
    return Object.defineProperty(file, 'slice', { value: slice });
  }
  const silent = () => begun(() => new Promise(() => {}));

  test('a signal ends what does not end by itself', async () => {
    const controller = new AbortController();
    const reading = failure(() => Ratings.fromFile(silent(), { signal: controller.signal }));
    setTimeout(() => controller.abort(), 50);
    expect(await reading).toMatchObject({ code: 'aborted', message: 'Reading was cancelled' });
  });

  test('so does a limit of seconds', async () => {
    const error = await failure(() => Ratings.fromFile(silent(), { limits: { seconds: 0.2 } }));
    expect(error).toMatchObject({ code: 'aborted', message: expect.stringMatching(/limits\.seconds/) });
  });

  test('what cannot be read there is an error here', async () => {
    const error = await failure(() => Ratings.fromFile(begun(() => Promise.reject(new Error('the disk is gone')))));
    expect(error).toMatchObject({ code: 'parse-error', message: expect.stringMatching(/the disk is gone/) });
  });
});

test('the same seed damages files in the same way, and another one in another', () => {
  const files = corpus.parquet;
  const some = (seed: number) => Array.from({ length: 50 }, (_, number) => [...mutated(files, seed, 100 + number)]);
  expect(some(1)).toEqual(some(1));
  expect(some(1)).not.toEqual(some(2));
  expect([...mutated(files, 1, 3)]).toEqual([...files[3]!]);
});
