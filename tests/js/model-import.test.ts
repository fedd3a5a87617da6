/** Models as Spark, implicit, LIBMF and Python's safetensors wrote them (tests/golden/foreign/make.py). */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { zipSync } from 'fflate';
import { type ImportOptions, Model, Ratings, type VectorFiles } from 'matfac';
import { describe, expect, test } from 'vitest';
import { failure } from './support/failure.js';

const path = (name: string) => fileURLToPath(new URL(`../golden/foreign/${name}`, import.meta.url));
const file = (name: string) => new Uint8Array(readFileSync(path(name)));
const json = (name: string) => JSON.parse(readFileSync(path(name), 'utf8'));

type Row = [user: number, item: number, rating: number];
const rows: Row[] = json('ratings.json');
const ratedBy = (user: number) => rows.filter((row) => row[0] === user).map(([, item, rating]) => ({ item, rating }));

/** The largest difference between a model's scores for one user and the expected ones. */
function farthest(found: { item: unknown; score: number }[], there: Map<number, number>): number {
  expect(found.length).toBe(there.size);
  return Math.max(...found.map(({ item, score }) => Math.abs(score - there.get(item as number)!)));
}

const kinds: [name: string, options: Partial<ImportOptions>][] = [
  ['spark', { regularization: 0.05 }],
  ['spark-implicit', { solver: 'implicit-als', confidence: 2 }],
];
describe.each(kinds)('%s', (name, options) => {
  const sources: VectorFiles = {
    items: [file(`${name}/itemFactors-0.parquet`), file(`${name}/itemFactors-1.parquet`)],
    users: [file(`${name}/userFactors-0.parquet`), new Blob([file(`${name}/userFactors-1.parquet`)])],
  };
  const scores: { [user: string]: [number, number][] } = json(`${name}.json`).scores;

  test('its own users have the scores that Spark gives', async () => {
    const model = await Model.fromFile(sources, { format: 'spark', ...options });
    expect(model.users.length).toBe(60);
    for (const user of model.users) {
      const found = model.recommend(user, { n: 100 });
      expect(farthest(found, new Map(scores[user]))).toBeLessThan(1e-4);
    }
  });

  test.skipIf(name !== 'spark')('a fold-in of the ratings of a user finds the factors that Spark learned', async () => {
    const items = await Model.fromFile({ items: sources.items }, { format: 'spark', ...options });
    expect(items.users).toEqual([]);
    for (const user of Object.keys(scores).map(Number)) {
      const visitor = items.foldIn(ratedBy(user));
      expect(farthest(visitor.recommend({ n: 100, exclude: 'none' }), new Map(scores[user]))).toBeLessThan(2e-3);
      const { item, score } = visitor.recommend({ n: 1 })[0]!;
      const sum = visitor.explain(item, { n: 100 }).reduce((total, { contribution }) => total + contribution, 0);
      expect(sum).toBeCloseTo(score, 4);
    }
  });

  test('saved, also in int8, it stays the same', async () => {
    const model = await Model.fromFile(sources, { format: 'spark', ...options, ratings: Ratings.from(rows) });
    const again = await Model.load(model.save());
    expect(again.foldIn(ratedBy(1003)).recommend()).toEqual(model.foldIn(ratedBy(1003)).recommend());
    expect(again.explain(1003, 5)).toEqual(model.explain(1003, 5));
    expect(again.recommend(1003).map(({ item }) => item)).not.toContain(ratedBy(1003)[0]!.item);
    const small = await Model.load(model.save({ dtype: 'int8', users: false }));
    const best = small.foldIn(ratedBy(1003)).recommend({ n: 5 });
    expect(best.length).toBe(5);
  });
});

describe('implicit', () => {
  const named = {
    items: Array.from({ length: 40 }, (_, row) => 5 + 7 * row),
    users: Array.from({ length: 60 }, (_, row) => 1000 + row),
  };
  const rowOf = (scores: number[]) => new Map(scores.map((score, item) => [5 + 7 * item, score]));

  test('als: scores; a visitor gets nearly the recommendations of the user who rated the same', async () => {
    const { scores } = json('implicit-als.json') as { scores: number[][] };
    const model = await Model.fromFile(file('implicit-als.npz'), { format: 'implicit', ...named });
    expect(model.options).toMatchObject({ solver: 'implicit-als', confidence: 3 });
    let shared = 0;
    named.users.forEach((user, row) => {
      expect(farthest(model.recommend(user, { n: 100 }), rowOf(scores[row]!))).toBeLessThan(1e-4);
      const best = new Set(model.recommend(user).map(({ item }) => item));
      const visitor = model.foldIn(ratedBy(user)).recommend({ exclude: 'none' });
      shared += visitor.filter(({ item }) => best.has(item)).length;
    });
    expect(shared / 600).toBeGreaterThan(0.8);
  });

  test('bpr: scores; its last column becomes the bias of the items', async () => {
    const { scores } = json('implicit-bpr.json') as { scores: number[][] };
    const model = await Model.fromFile(new Blob([file('implicit-bpr.npz')]), { format: 'implicit' });
    expect(model.solver).toBe('bpr');
    expect(model.itemFactors.columns).toBe(4);
    expect(model.itemBias.length).toBe(40);
    scores.forEach((row, user) => {
      const found = model.recommend(user, { n: 100 });
      expect(farthest(found, new Map(row.map((score, item) => [item, score])))).toBeLessThan(1e-4);
    });
    expect(model.foldIn([{ item: 3 }]).recommend({ n: 5 }).length).toBe(5);
  });

  test('other archives are refused', async () => {
    const load = (bytes: Uint8Array) => failure(() => Model.fromFile(bytes, { format: 'implicit' }));
    expect((await load(Uint8Array.of(1, 2, 3))).message).toMatch(/must be an \.npz archive/);
    expect((await load(file('implicit-als.npz').subarray(0, 3000))).code).toBe('parse-error');
    const wrong = file('implicit-als.npz');
    wrong[wrong.length >> 1]! ^= 1;
    expect((await load(wrong)).message).toMatch(/^The zip archive is damaged: '\w+\.npy' in it/);
    expect((await load(zipSync({ 'other.npy': Uint8Array.of(1) }))).message).toMatch(/must have an array user_factors/);
    expect((await load(zipSync({ 'user_factors.npy': new Uint8Array(20) }))).message).toMatch(
      /must be an array of NumPy/,
    );
  });
});

describe('libmf', () => {
  test('predictions; the row that was not trained is left out', async () => {
    const { pairs, predictions } = json('libmf.json') as { pairs: [number, number][]; predictions: number[] };
    const model = await Model.fromFile(file('libmf.txt'), { format: 'libmf', regularization: 0.05 });
    expect(model.users.length).toBe(60);
    expect(model.items.length).toBe(39);
    expect(model.items).not.toContain(1);
    const found = pairs.map(([user, item]) => model.predict(user, item));
    for (const [place, value] of found.entries()) expect(value).toBeCloseTo(predictions[place]!, 3);
    const visitor = model.foldIn(ratedBy(1000).map(({ item, rating }) => ({ item: (item - 5) / 7, rating })));
    expect(visitor.recommend({ n: 5 }).length).toBe(5);
  });

  test('other texts are refused with the line', async () => {
    const text = new TextDecoder().decode(file('libmf.txt'));
    const load = (changed: string) => failure(() => Model.fromFile(changed, { format: 'libmf' }));
    expect(await load('hello')).toMatchObject({ code: 'parse-error', line: 1 });
    expect(await load(text.replace('p2 T', 'p3 T'))).toMatchObject({ code: 'parse-error', line: 8 });
    expect(await load(text.split('\n').slice(0, -3).join('\n'))).toMatchObject({ code: 'parse-error' });
    expect((await load(`${text}q40 T 1 2 3 4\n`)).message).toMatch(/more lines/);
    expect((await load(text.replace('f 0', 'f 5'))).code).toBe('unsupported');
  });
});

describe('safetensors', () => {
  const load = (bytes: Uint8Array, options: Partial<ImportOptions> = {}) =>
    Model.fromFile(bytes, { format: 'safetensors', ...options });
  /** Writes a file of tensors: a length, a header, the bytes. */
  const packed = (...tensors: [name: string, dtype: string, shape: number[], bytes: Uint8Array][]) => {
    let end = 0;
    const header = Object.fromEntries(
      tensors.map(([name, dtype, shape, { length }]) => {
        end += length;
        return [name, { dtype, shape, data_offsets: [end - length, end] }];
      }),
    );
    const json = Buffer.from(JSON.stringify(header));
    const length = Buffer.alloc(8);
    length.writeUInt32LE(json.length);
    return new Uint8Array(Buffer.concat([length, json, ...tensors.map(([, , , bytes]) => bytes)]));
  };
  const bytesOf = (array: Float32Array | Uint16Array) => new Uint8Array(array.buffer as ArrayBuffer);

  test('files of Python in F16, F32 and F64: scores', async () => {
    const { scores } = json('factors.json') as { scores: number[][] };
    const model = await load(file('factors.safetensors'), { solver: 'bpr' });
    expect([model.users.length, model.items.length, model.itemBias.length]).toEqual([60, 40, 40]);
    scores.forEach((row, user) => {
      const found = model.recommend(user, { n: 100 });
      expect(farthest(found, new Map(row.map((score, item) => [item, score])))).toBeLessThan(1e-5);
    });
  });

  test('BF16, other names, and ids', async () => {
    const halves = Uint16Array.from([0x3f80, 0xc000, 0x3e80, 0x0000]); // 1, −2, 0.25, 0
    const bytes = packed(['Q', 'BF16', [2, 2], bytesOf(halves)], ['P', 'F32', [1, 2], bytesOf(Float32Array.of(2, 1))]);
    const model = await load(bytes, {
      tensors: { itemFactors: 'Q', userFactors: 'P' },
      items: ['a', 'b'],
      users: ['u'],
    });
    expect(Array.from(model.itemFactors.data)).toEqual([1, -2, 0.25, 0]);
    expect([model.predict('u', 'a'), model.predict('u', 'b')]).toEqual([0, 0.5]);
  });

  test('other files, and files that do not say which tensor is which', async () => {
    const fail = (bytes: Uint8Array, options?: Partial<ImportOptions>) => failure(() => load(bytes, options));
    const whole = file('factors.safetensors');
    expect(await fail(whole.subarray(0, 1000))).toMatchObject({
      code: 'parse-error',
      message: /not whole as safetensors/,
    });
    expect((await fail(Uint8Array.of(1))).code).toBe('parse-error');
    const named = await fail(whole, { tensors: { userFactors: 'users' } });
    expect(named.code).toBe('invalid-argument');
    expect(named.message).toMatch(/tensors\.userFactors must be .*; it is 'users'/);
    const ones = bytesOf(new Float32Array(4).fill(1));
    expect((await fail(packed(['Q', 'F32', [2, 2], ones]))).message).toMatch(
      /No item factors found among 'Q' \[2,2\]; name/,
    );
    const two = packed(['items_a', 'F32', [2, 2], ones], ['items_b', 'F32', [2, 2], ones]);
    expect((await fail(two)).message).toMatch(/Several tensors may be the itemFactors: 'items_a' \[2,2\], 'items_b'/);
    const other = await fail(packed(['items', 'I32', [2, 2], ones]));
    expect(other).toMatchObject({ code: 'unsupported', message: /items is I32/ });
    const flat = await fail(packed(['Q', 'F32', [4], ones]), { tensors: { itemFactors: 'Q' } });
    expect(flat.message).toMatch(/must have two dimensions; its shape is \[4\]/);
  });
});

describe('csv', () => {
  test.each([
    ['commas', 'a b,1,2\n"c, d",-3,4.5e-1\n', ['a b', 'c, d']],
    ['tabs and a header', 'item\tx\ty\n7\t1\t2\n9\t-3\t0.45\n', [7, 9]],
    ['spaces and a last line without an end', '7 1 2\n9 -3 0.45', [7, 9]],
    ['leading zeros', '07;1;2\n9;-3;0.45\n', ['07', '9']],
  ])('%s', async (_, text, ids) => {
    const model = await Model.fromFile({ items: text }, { format: 'csv', regularization: 0.1 });
    expect(model.items).toEqual(ids);
    expect(Array.from(model.itemFactors.data)).toEqual([1, 2, -3, Math.fround(0.45)]);
  });

  test('errors have line and column', async () => {
    const load = (items: string) => failure(() => Model.fromFile({ items }, { format: 'csv' }));
    expect(await load('a,1,2\nb,3,x\n')).toMatchObject({ code: 'parse-error', line: 2, column: 3 });
    expect((await load('a,1,2\nb,3\n')).message).toMatch(/the vector must have 2 numbers like those before; it has 1/);
    expect((await load('')).message).toMatch(/must have vectors/);
    expect((await load('a,1\na,2\n')).message).toMatch(/must not repeat an id; it has 'a' twice/);
  });
});

const wrong: [name: string, source: unknown, options: unknown, message: RegExp][] = [
  [
    'a format',
    new Uint8Array(),
    { format: 'onnx' },
    /format must be 'spark', 'implicit', 'libmf', 'safetensors' or 'csv'; it is 'onnx'/,
  ],
  ['an option', new Uint8Array(), { format: 'csv', regularisation: 1 }, /did you mean 'regularization'/],
  ['one file for spark', new Uint8Array(), { format: 'spark' }, /must be \{items, users\}/],
  ['no items', { users: 'a,1' }, { format: 'csv' }, /must have items/],
  ['no files', { items: [] }, { format: 'csv' }, /at least one file of items/],
  [
    'ids for csv',
    { items: 'a,1' },
    { format: 'csv', items: ['a'] },
    /items and users must be left out for format 'csv'/,
  ],
  ['tensors for csv', { items: 'a,1' }, { format: 'csv', tensors: {} }, /tensors must be left out for format 'csv'/],
  [
    'too few ids',
    file('libmf.txt'),
    { format: 'libmf', items: [1, 2] },
    /items must have at least 40 ids, one per row; it has 2/,
  ],
];
test.each(wrong)('wrong arguments are refused: %s', async (_, source, options, message) => {
  const error = await failure(() => Model.fromFile(source as Uint8Array, options as ImportOptions));
  expect(error.code).toBe('invalid-argument');
  expect(error.message).toMatch(message);
});

test('a file that is not Parquet', async () => {
  const error = await failure(() => Model.fromFile({ items: file('libmf.txt') }, { format: 'spark' }));
  expect(error.code).toBe('parse-error');
  expect(error.message).toMatch(/Parquet file 1 cannot be read/);
});
