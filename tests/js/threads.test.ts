import { Ratings, train } from 'matfac';
import { expect, test } from 'vitest';
import { openRoom } from './support/page.js';

test('the number of threads does not change a bit of the model', async () => {
  const ratings = await Ratings.sample('ml100k');
  for (const solver of ['als', 'implicit-als', 'sgd'] as const) {
    const [one, two] = [
      await train(ratings, { solver, factors: 20, epochs: 2, threads: 1 }),
      await train(ratings, { solver, factors: 20, epochs: 2, threads: 2 }),
    ];
    expect(two.userFactors).toEqual(one.userFactors);
    expect(two.itemFactors).toEqual(one.itemFactors);
    expect(two.options).toEqual(one.options);
  }
});

test('more threads than the machine has are as many as it has', async () => {
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
