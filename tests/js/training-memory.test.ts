/** What a training says it takes of WebAssembly's memory, and what it takes. */
import { MatfacError, Ratings, train } from 'matfac';
import { beforeAll, describe, expect, test } from 'vitest';
import type { CoreOptions } from '../../bindings/js/core/core.js';
import { TrainingControl } from '../../bindings/js/training/control.js';
import type { TrainingJob } from '../../bindings/js/training/protocol.js';
import { runTraining } from '../../bindings/js/training/run-training.js';
import { Snapshots } from '../../bindings/js/training/snapshots.js';
import { watchMemory } from '../../scripts/lib/wasm-memory.mjs';
import { newCore } from './support/new-core.js';

const heapBytes = watchMemory();

let columns: Pick<TrainingJob, 'users' | 'items' | 'values' | 'userCount' | 'itemCount'>;
beforeAll(async () => {
  columns = (await newCore()).generate('ml1m', 1);
});

/** The estimate and the memory of the module after the training. */
async function taken(options: CoreOptions, more: Partial<TrainingJob> = {}): Promise<{ told: number; bytes: number }> {
  const empty = { users: new Int32Array(), items: new Int32Array(), values: new Float32Array() };
  const features = { userFeatures: null, itemFeatures: null };
  const job = { ...columns, options, threads: 1, validation: empty, start: null, features, ...more };
  const before = heapBytes();
  const core = await newCore();
  let told = 0;
  const onMemory = (bytes: number) => {
    told = bytes;
  };
  await runTraining(
    { core, threads: 1 },
    job,
    { onReport: () => {}, onMemory },
    new TrainingControl(),
    new Snapshots(),
  );
  return { told, bytes: heapBytes() - before };
}

describe('a training of a million ratings takes what it says, within a quarter', () => {
  test.each<[string, CoreOptions]>([
    ['variational', { solver: 'variational' }],
    ['variational with 64 factors', { solver: 'variational', factors: 64 }],
    ['als', { solver: 'als', factors: 64 }],
    ['als without preference', { solver: 'als', factors: 128, preference: false }],
    ['svd++', { solver: 'svd++' }],
    ['nmf', { solver: 'nmf' }],
    ['bayesian', { solver: 'bayesian' }],
    [
      'bayesian of ordered ratings with implicit terms',
      { solver: 'bayesian', likelihood: 'ordinal', implicitTerms: 'both' },
    ],
    ['sgd', { solver: 'sgd' }],
    ['gradient-descent', { solver: 'gradient-descent', factors: 64 }],
    ['implicit-als', { solver: 'implicit-als' }],
    ['bpr', { solver: 'bpr' }],
    ['bias', { solver: 'bias' }],
    ['popularity', { solver: 'popularity' }],
  ])('%s', async (_, options) => {
    const { told, bytes } = await taken({ ...options, epochs: 1 });
    expect(told / bytes).toBeGreaterThan(0.75);
    expect(told / bytes).toBeLessThan(1.25);
  });

  test('with a validation part and the best epoch kept', async () => {
    const { users, items, values } = columns;
    const validation = { users: users.slice(0, 2e5), items: items.slice(0, 2e5), values: values.slice(0, 2e5) };
    const { told, bytes } = await taken({ solver: 'variational', factors: 32, epochs: 2, patience: 2 }, { validation });
    expect(told / bytes).toBeGreaterThan(0.75);
    expect(told / bytes).toBeLessThan(1.25);
  });
});

test('a training tells its memory before its first epoch', async () => {
  const training = train(await Ratings.sample('tiny'), { solver: 'als', factors: 16 });
  for await (const _ of training) {
    expect(training.memory).toBeGreaterThan(1e6);
    break;
  }
  await training;
});

test('a training that cannot fit is refused before it begins', async () => {
  const ratings = Ratings.fromColumns({
    user: Int32Array.from({ length: 400_000 }, (_, user) => user),
    item: Int32Array.from({ length: 400_000 }, (_, user) => user % 1000),
    rating: Float32Array.from({ length: 400_000 }, (_, user) => user % 5),
  });
  const before = heapBytes();
  const training = train(ratings, { solver: 'bayesian', factors: 64, samples: 64 });
  const error = await training.then(
    () => undefined,
    (failure) => failure,
  );
  expect(error).toBeInstanceOf(MatfacError);
  expect(error.code).toBe('out-of-memory');
  expect(error.message).toMatch(
    /^A training must need at most the 4 GB of WebAssembly; this one needs about \d+\.\d GB; use fewer factors or samples$/,
  );
  expect(heapBytes() - before).toBeLessThan(2e8);
});
