/** Every case of tests/golden/bad-input.json: its code, the words of its message, and that it leaves everything as it was. */
import { readFileSync } from 'node:fs';
import * as matfac from 'matfac';
import { beforeAll, describe, expect, test } from 'vitest';

interface Case {
  name: string;
  /** A function of the package, or `object.method` of a fixture or a class. */
  call: string;
  /** A string that begins with `$` stands for a fixture, in a key for a name. */
  args: unknown[];
  code: matfac.MatfacErrorCode;
  /** The message has each of them. */
  words: string[];
}

const cases: Case[] = JSON.parse(readFileSync(new URL('../golden/bad-input.json', import.meta.url), 'utf8'));

const throws = () => {
  throw new Error('boom');
};
const trap: object = new Proxy(
  {},
  { get: throws, has: throws, ownKeys: throws, getPrototypeOf: throws, getOwnPropertyDescriptor: throws },
);

/** A row, then one with a getter that throws. */
function throwingRows(): unknown[] {
  const good = { user: 1, item: 1, rating: 3 };
  return [good, Object.defineProperty({ user: 2, rating: 3 }, 'item', { get: throws, enumerable: true })];
}

/** The ratings are read after the items, whose getter shrinks their buffer. */
function shrinking(): object {
  type Resizable = ArrayBuffer & { resize(bytes: number): void };
  const Buffers = ArrayBuffer as unknown as new (bytes: number, options: object) => Resizable;
  const buffer = new Buffers(12, { maxByteLength: 12 });
  const item: unknown[] = ['x', 'y', 'z'];
  Object.defineProperty(item, 2, {
    get() {
      buffer.resize(4);
      return 'z';
    },
  });
  return { user: ['a', 'b', 'c'], item, rating: new Float32Array(buffer).fill(1) };
}

function detached<T extends Float32Array | Uint8Array>(array: T): T {
  structuredClone(array.buffer, { transfer: [array.buffer as ArrayBuffer] });
  return array;
}

let ratings: matfac.Ratings;
let model: matfac.Model;
let profile: matfac.Profile;
let fixtures: Record<string, () => unknown>;
let targets: Record<string, object>;
let before: string;

/** What a bad call must not change. */
const state = () =>
  JSON.stringify([
    ratings.size,
    ratings.at(7),
    Array.from(model.save({ state: true })).reduce((sum, byte) => (31 * sum + byte) | 0, 0),
    profile.ratings,
    profile.recommend(),
    model.recommend(model.users[0]!),
  ]);

beforeAll(async () => {
  ratings = await matfac.Ratings.sample('tiny');
  model = await matfac.train(ratings, { solver: 'als', factors: 4, epochs: 2 });
  profile = model.foldIn([{ item: model.items[0]!, rating: 4 }]);
  const disposed = await matfac.train(ratings, { solver: 'als', factors: 2, epochs: 1 });
  disposed.dispose();
  const training = matfac.train(ratings, { solver: 'als', factors: 2, epochs: 1 });
  await training;
  const unreadable = new Blob(['x']);
  Object.defineProperty(unreadable, 'slice', { value: throws });
  const strangers = Array.from({ length: 200 }, (_, row) => [`u${row % 20}`, `i${row % 30}`, 3] as const);
  fixtures = {
    NaN: () => Number.NaN,
    Infinity: () => Number.POSITIVE_INFINITY,
    '-Infinity': () => Number.NEGATIVE_INFINITY,
    symbol: () => Symbol('id'),
    bigint: () => 7n,
    bare: () => Object.create(null),
    proxy: () => trap,
    promise: () => Promise.resolve(),
    throwing: () => new Proxy({}, { get: throws }),
    long: () => 'x'.repeat(1e7),
    longKey: () => 'x'.repeat(1e7),
    throwingRows,
    throwingIterator: () => ({ [Symbol.iterator]: () => ({ next: throws }) }),
    throwingList: () => Object.defineProperty(['x'], 0, { get: throws }),
    shrinking,
    detached: () => ({ user: ['a'], item: ['x'], rating: detached(Float32Array.of(1)) }),
    rows: () => [['a', 'x', 1]],
    columns: () => ({ user: ['a'], item: ['x'] }),
    file: () => new Blob(['user,item,rating\n1,2,3\n']),
    noBytes: () => new Uint8Array(),
    someBytes: () => new Uint8Array(100),
    detachedBytes: () => detached(new Uint8Array(100)),
    unreadableBlob: () => unreadable,
    aborted: () => AbortSignal.abort(),
    ratings: () => ratings,
    implicit: () => matfac.Ratings.from([['a', 'x']]),
    strangers: () => matfac.Ratings.from(strangers),
    model: () => model,
    disposed: () => disposed,
    user: () => model.users[0],
    item: () => model.items[0],
  };
  targets = {
    Ratings: matfac.Ratings,
    Model: matfac.Model,
    Titles: matfac.Titles,
    ratings,
    model,
    profile,
    disposed,
    training,
  };
  before = state();
});

/** The value that JSON stands for. */
function made(value: unknown): unknown {
  if (typeof value === 'string' && value.startsWith('$')) return fixtures[value.slice(1)]!();
  if (Array.isArray(value)) return value.map(made);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [made(name), made(each)]));
}

async function failureOf({ call, args }: Case): Promise<unknown> {
  const [first, method] = call.split('.') as [string, string | undefined];
  const target = (method === undefined ? matfac : targets[first]) as Record<string, (...all: unknown[]) => unknown>;
  try {
    await target[method ?? first]!(...args.map(made));
  } catch (failure) {
    return failure;
  }
  throw new Error('Nothing was thrown');
}

test('there are many, over every public function', () => {
  expect(cases.length).toBeGreaterThanOrEqual(300);
  expect(new Set(cases.map(({ name }) => name)).size).toBe(cases.length);
  const called = new Set(cases.map(({ call }) => call.split('.').at(-1)));
  const functions = ['train', 'evaluate', 'evaluateAsync', 'crossValidate', 'search', 'configure'];
  const methods = [
    'recommend',
    'recommendMany',
    'similarItems',
    'explain',
    'foldIn',
    'map',
    'save',
    'store',
    'at',
    'filter',
  ];
  expect([...functions, ...methods].filter((name) => !called.has(name))).toEqual([]);
});

describe('bad input', () => {
  test.each(cases)('$name', async (each) => {
    const failure = (await failureOf(each)) as matfac.MatfacError;
    expect(failure).toBeInstanceOf(matfac.MatfacError);
    expect(failure.message.length).toBeLessThanOrEqual(2000);
    expect(failure.message).not.toContain('undefined is not');
    expect(failure.code).toBe(each.code);
    for (const words of each.words) expect(failure.message).toContain(words);
    expect(state()).toBe(before);
  });
});
