import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Model, Ratings, TrainingCancelledError, train } from 'matfac';
import { expect, test } from 'vitest';
import { watchMemory } from '../../scripts/lib/wasm-memory.mjs';
import { failure } from './support/failure.js';

const heapBytes = watchMemory();

function collector(): () => void {
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc');
}

test('training and disposing 200 models: the memory levels off', async () => {
  const ratings = await Ratings.sample('tiny');
  const sizes: number[] = [];
  for (let round = 0; round < 200; round++) {
    const how = round % 2 === 0 ? ({ factors: 16 } as const) : ({ solver: 'als', factors: 64 } as const);
    const model = await train(ratings, { ...how, epochs: 1, seed: round });
    model.recommend(model.users[0]!);
    model.foldIn([{ item: model.items[0]!, rating: 4 }]).recommend();
    model.dispose();
    sizes.push(heapBytes());
  }
  expect(sizes.at(-1)).toBe(sizes[10]);
});

test('trainings that fail or are cancelled leave nothing behind', async () => {
  const ratings = await Ratings.sample('tiny');
  const round = async () => {
    await failure(() => train(ratings, { solver: 'gradient-descent', learningRate: 10, factors: 64 }));
    const training = train(ratings, { factors: 64, epochs: 100 });
    for await (const _ of training) break;
    training.cancel();
    const error = await failure(() => training, TrainingCancelledError);
    error.model!.dispose();
  };
  for (let count = 0; count < 10; count++) await round();
  const before = heapBytes();
  for (let count = 0; count < 60; count++) await round();
  expect(heapBytes()).toBe(before);
});

test('models that nobody holds are collected without dispose', async () => {
  const collect = collector();
  const ratings = await Ratings.sample('tiny');
  const before = heapBytes();
  // About a megabyte each: 150 MB if none were collected.
  for (let round = 0; round < 150; round++) {
    await train(ratings, { solver: 'sgd', factors: 1024, epochs: 1, learningRate: 1e-6 });
    if (round % 10 !== 0) continue;
    collect();
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  expect(heapBytes() - before).toBeLessThan(60e6);
});

test('an engine is told what a model has in memory until it is disposed, so that it collects in time', async () => {
  const row = new Float32Array(16).fill(0.1);
  const rows = Array.from({ length: 40_000 }, () => row);
  const ids = Array.from(rows, (_, id) => id);
  const collect = collector();
  const outside = () => {
    collect();
    // What the first one found is freed by another thread, for which the second one waits.
    collect();
    return process.memoryUsage().arrayBuffers;
  };
  const before = outside();
  const model = await Model.fromFactors({ userFactors: rows, users: ids, itemFactors: rows, items: ids });
  const bytes = 2 * rows.length * row.byteLength;
  const held = outside() - before;
  model.dispose();
  const left = outside() - before;
  expect(held).toBeGreaterThanOrEqual(bytes);
  expect(held - left).toBeGreaterThanOrEqual(bytes);
});
