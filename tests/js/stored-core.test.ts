import { closeSync, ftruncateSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type {
  CoreFactory,
  CoreModule,
  CoreOptions,
  CoreRatings,
  CoreStore,
  CoreTensors,
} from '../../bindings/js/core/core.js';

const { default: createCore }: { default: CoreFactory } = await import(
  new URL('../../dist/wasm/matfac.js', import.meta.url).href
);
const core: CoreModule = await createCore();
const { users, items, values, userCount, itemCount } = core.generate('ml100k', 1);

const path = join(tmpdir(), `matfac-stored-core-${process.pid}`);
const file = openSync(path, 'w+');
afterAll(() => {
  closeSync(file);
  rmSync(path);
});

/** The file, which fails at a call of its functions if `fails` says so. */
function storeOf(fails: (call: number) => Error | null = () => null): CoreStore & { calls: number } {
  const check = () => {
    const error = fails(store.calls++);
    if (error) throw error;
  };
  const store = {
    calls: 0,
    read(offset: number, into: Uint8Array) {
      check();
      if (readSync(file, into, 0, into.length, offset) < into.length) throw new Error('the file ends before');
    },
    write(offset: number, from: Uint8Array) {
      check();
      writeSync(file, from, 0, from.length, offset);
    },
  };
  return store;
}

const order = Uint32Array.from(users.keys()).sort((a, b) => users[a]! - users[b]! || items[a]! - items[b]!);
const offsets = new Int32Array(userCount + 1);
for (const user of users) offsets[user + 1]!++;
for (let user = 0; user < userCount; user++) offsets[user + 1]! += offsets[user]!;

/** Writes the ratings by user, and nothing behind them. */
function fill(): void {
  ftruncateSync(file);
  put(
    0,
    Int32Array.from(order, (i) => items[i]!),
  );
  put(
    4 * order.length,
    Float32Array.from(order, (i) => values[i]!),
  );
}

function put(offset: number, numbers: Int32Array | Float32Array): void {
  writeSync(file, new Uint8Array(numbers.buffer), 0, numbers.byteLength, offset);
}

function stored(store: CoreStore): CoreRatings {
  return core.createStoredRatings(store, offsets, itemCount, Number.NaN);
}

const none = new Int32Array(0);

function trainerOf(ratings: CoreRatings, options: CoreOptions) {
  const features = { userFeatures: null, itemFeatures: null };
  return core.createTrainer(ratings, options, none, none, new Float32Array(0), new Float64Array(0), null, features);
}

function train(ratings: CoreRatings, options: CoreOptions): CoreTensors {
  const trainer = trainerOf(ratings, options);
  try {
    while (!trainer.finished()) trainer.advance(0.05);
    return trainer.tensors(null);
  } finally {
    trainer.delete();
  }
}

test.each<CoreOptions>([
  { solver: 'sgd', factors: 8, epochs: 3 },
  { solver: 'als', factors: 8, epochs: 3 },
  { solver: 'implicit-als', factors: 8, epochs: 3 },
])('a training of $solver on ratings in a file has the bits of memory', (options) => {
  const inMemory = core.createRatings(users, items, values, new Float64Array(0), userCount, itemCount);
  fill();
  const inFile = stored(storeOf());
  expect(train(inFile, options)).toEqual(train(inMemory, options));
  inMemory.delete();
  inFile.delete();
});

test('what the store throws leaves each call as it is, and leaves nothing broken', () => {
  fill();
  const full = new Error('the disk is full');
  const counted = storeOf();
  const ratings = stored(counted);
  const making = counted.calls;
  for (let failing = 0; failing < making; failing++) {
    expect(() => stored(storeOf((call) => (call === failing ? full : null)))).toThrow(full);
  }
  ratings.delete();
  let failsAt = -1;
  const store = storeOf((call) => (call === failsAt ? full : null));
  const inFile = stored(store);
  const options: CoreOptions = { solver: 'sgd', factors: 8, epochs: 3 };
  const expected = train(inFile, options);
  // Each epoch reads its tiles.
  for (let later = 0; later < 3; later++) {
    const trainer = trainerOf(inFile, options);
    failsAt = store.calls + later;
    expect(() => {
      while (!trainer.finished()) trainer.advance(1e9);
    }).toThrow(full);
    expect(() => trainer.advance(1)).toThrow(
      expect.objectContaining({ message: expect.stringMatching(/must not go on/) }),
    );
    trainer.delete();
  }
  expect(train(inFile, options)).toEqual(expected);
  inFile.delete();
});

test('a solver that cannot read a store is refused, and so is a file that is too short or damaged', () => {
  fill();
  const failureOf = (call: () => unknown) => {
    try {
      call();
    } catch (failure) {
      return (failure as Error).message;
    }
    return 'nothing was thrown';
  };
  const ratings = stored(storeOf());
  expect(failureOf(() => trainerOf(ratings, { solver: 'bayesian' }))).toBe(
    "solver must be one of 'als', 'sgd', 'implicit-als' for stored ratings; it is 'bayesian'",
  );
  ratings.delete();
  ftruncateSync(file, 8 * values.length - 1);
  expect(failureOf(() => stored(storeOf()))).toBe('the file ends before');
  fill();
  put(0, Int32Array.of(itemCount));
  expect(failureOf(() => stored(storeOf()))).toBe(
    `item of rating 0 must be from 0 to ${itemCount - 1}; it is ${itemCount}`,
  );
});
