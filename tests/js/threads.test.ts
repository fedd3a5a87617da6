import { Ratings, train } from 'matfac';
import { expect, test } from 'vitest';
import { openRoom } from './support/page.js';

test.each(['variational', 'als', 'implicit-als', 'sgd', 'bayesian'] as const)(
  'the number of threads does not change a bit of the model: %s',
  async (solver) => {
    // sgd has threads share what is worth sharing.
    const ratings = await Ratings.sample(solver === 'sgd' ? 'ml1m' : 'ml100k');
    const one = await train(ratings, { solver, factors: 20, epochs: 2, threads: 1 });
    const two = await train(ratings, { solver, factors: 20, epochs: 2, threads: 2 });
    expect(two.userFactors).toEqual(one.userFactors);
    expect(two.itemFactors).toEqual(one.itemFactors);
    expect(two.options).toEqual(one.options);
    expect(two.recommend(1)).toEqual(one.recommend(1));
  },
);

test('more threads than the machine has are reduced to their number', async () => {
  const model = await train(await Ratings.sample('tiny'), { epochs: 1, threads: 64 });
  expect(model.history.length).toBe(1);
});

test.each([true, false])('in a page, cross-origin isolated or not: %s', async (isolated) => {
  const room = await openRoom({ isolated });
  try {
    const asked: string[] = [];
    room.page.context().on('request', (request) => asked.push(request.url()));
    const same = await room.run<boolean>(`
      const ratings = await matfac.Ratings.sample('ml100k');
      const [one, two] = [
        await matfac.train(ratings, { epochs: 2, threads: 1 }),
        await matfac.train(ratings, { epochs: 2, threads: 2 }),
      ];
      return one.userFactors.data.every((factor, place) => factor === two.userFactors.data[place]);
    `);
    expect(same).toBe(true);
    expect(asked.some((url) => url.endsWith('matfac-threads.wasm'))).toBe(isolated);
  } finally {
    await room.leave();
  }
});

test('fused multiply-add on request, in Chromium: another build, and an equally good model', async () => {
  const room = await openRoom();
  try {
    const asked: string[] = [];
    room.page.context().on('request', (request) => asked.push(request.url()));
    const [plain, fused, furthest] = await room.run<[number, number, number]>(`
      const ratings = await matfac.Ratings.sample('ml100k');
      const plain = await matfac.train(ratings, { epochs: 5 });
      matfac.configure({ relaxedSimd: true });
      const fused = await matfac.train(ratings, { epochs: 5 });
      const apart = plain.itemFactors.data.map((factor, place) => Math.abs(factor - fused.itemFactors.data[place]));
      return [plain, fused].map((model) => matfac.evaluate(model, ratings).rmse).concat(apart.reduce((a, b) => Math.max(a, b)));
    `);
    expect(asked.some((url) => url.endsWith('matfac-relaxed.wasm'))).toBe(true);
    expect(fused).toBeCloseTo(plain, 3);
    // The bits differ, because it is another build.
    expect(furthest).toBeGreaterThan(0);
  } finally {
    await room.leave();
  }
});
