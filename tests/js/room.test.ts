/** Models that nobody holds make room for others when memory runs out, without dispose. */
import { Model, Ratings, train } from 'matfac';
import { expect, test } from 'vitest';
import { failure } from './support/failure.js';

const LIMIT = 64 << 20;
let largest = 0;

/** The memory of the core cannot grow beyond the limit, as where a browser allows no more. */
const instantiate = WebAssembly.instantiate as (
  ...all: unknown[]
) => Promise<WebAssembly.WebAssemblyInstantiatedSource>;
Object.assign(WebAssembly, {
  async instantiate(...all: unknown[]) {
    const made = await instantiate(...all);
    for (const memory of Object.values(made.instance.exports)) {
      if (!(memory instanceof WebAssembly.Memory)) continue;
      const grow = memory.grow.bind(memory);
      memory.grow = (pages) => {
        if (memory.buffer.byteLength + pages * 65536 > LIMIT)
          throw new RangeError('WebAssembly.Memory.grow(): maximum reached');
        const before = grow(pages);
        largest = memory.buffer.byteLength;
        return before;
      };
    }
    return made;
  },
});

/** A model of n items with 64 factors: 256 bytes each. */
function factorsOf(n: number) {
  const items = Array.from({ length: n }, (_, item) => item);
  return { items, itemFactors: { rows: n, columns: 64, data: new Float32Array(64 * n).fill(0.5) } };
}

test('the same file loaded fifty times, and never disposed', async () => {
  const model = await Model.fromFactors(factorsOf(20_000));
  const file = model.save();
  // 5 MB each, 250 MB in all.
  for (let round = 0; round < 50; round++) expect((await Model.load(file)).itemCount).toBe(20_000);
  expect(largest).toBeLessThanOrEqual(LIMIT);
  // The model that is held is not collected.
  expect(Buffer.compare(model.save(), file)).toBe(0);
});

test('a training finds room, too', async () => {
  const file = (await Model.fromFactors(factorsOf(20_000))).save();
  const ratings = await Ratings.sample('tiny');
  for (let round = 0; round < 20; round++) {
    await Model.load(file);
    await train(ratings, { solver: 'sgd', factors: 1024, epochs: 1, learningRate: 1e-6 });
  }
});

test('what does not fit by itself is out of memory, and the next one fits', async () => {
  const error = await failure(() => Model.fromFactors(factorsOf(500_000)));
  expect(error.code).toBe('out-of-memory');
  expect((await Model.fromFactors(factorsOf(20_000))).itemCount).toBe(20_000);
});
