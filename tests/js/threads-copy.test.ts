import { availableParallelism } from 'node:os';
import { evaluateAsync, Model, Ratings } from 'matfac';
import { expect, test } from 'vitest';

const memories: WebAssembly.Memory[] = [];
WebAssembly.Memory = new Proxy(WebAssembly.Memory, {
  construct: (Memory, given) => {
    const memory = Reflect.construct(Memory, given) as WebAssembly.Memory;
    memories.push(memory);
    return memory;
  },
});
const sharedBytes = () => memories.reduce((sum, { buffer }) => sum + buffer.byteLength, 0);

const USERS = Array.from({ length: 64 }, (_, user) => user);

/** 10 MB of factors, other ones for each seed. */
function modelOf(seed: number): Promise<Model> {
  const rowsOf = (count: number) =>
    Array.from({ length: count }, (_, row) =>
      Float32Array.from({ length: 64 }, (_, factor) => Math.sin(row * 64 + factor + seed)),
    );
  const items = Array.from({ length: 40_000 }, (_, item) => item);
  return Model.fromFactors({ userFactors: rowsOf(64), itemFactors: rowsOf(items.length), users: USERS, items });
}

test.skipIf(availableParallelism() < 2)(
  'threads work on a copy that is kept for the next call: the memory of many models levels off',
  async () => {
    const test = Ratings.fromColumns({ user: USERS, item: USERS, rating: USERS.map(() => 1) });
    const sizes: number[] = [];
    for (let round = 0; round < 12; round++) {
      const model = await modelOf(round);
      const expected = model.recommendMany(USERS, { n: 3 });
      expect(await model.recommendManyAsync(USERS, { n: 3, threads: 2 })).toEqual(expected);
      expect(await model.recommendManyAsync(USERS, { n: 3, threads: 2 })).toEqual(expected);
      const judged = [1, 2].map((threads) => evaluateAsync(model, test, { k: 3, threads, metrics: ['ndcg'] }));
      const [one, two] = await Promise.all(judged);
      expect(two).toEqual(one);
      // The copy of one that is not disposed of goes when the next model comes.
      if (round % 2 === 0) model.dispose();
      sizes.push(sharedBytes());
    }
    expect(sizes[0]).toBeGreaterThan(10e6);
    expect(sizes.at(-1)).toBe(sizes[2]);
  },
);

test.skipIf(availableParallelism() < 2)('a model may be disposed of while threads work on its copy', async () => {
  const model = await modelOf(0);
  // A slice is of 64 users.
  const users = [...USERS, ...USERS, ...USERS];
  const expected = model.recommendMany(users, { n: 3 });
  await model.recommendManyAsync(USERS.slice(0, 2), { n: 3, threads: 2 });
  const lists = model.recommendManyAsync(users, { n: 3, threads: 2 });
  // Everything is loaded: the first users are done when other tasks have their turn.
  await new Promise((resolve) => setImmediate(resolve));
  model.dispose();
  expect(await lists).toEqual(expected);
  await expect(model.recommendManyAsync(users, { n: 3, threads: 2 })).rejects.toThrow('disposed');
});
