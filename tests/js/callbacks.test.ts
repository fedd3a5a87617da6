/** Functions of the caller that are async: what they reject with ends the work, and nothing is left unhandled. */
import { crossValidate, Ratings, search, type TrainOptions, train } from 'matfac';
import { afterAll, beforeAll, expect, test } from 'vitest';

const unhandled: unknown[] = [];
const note = (reason: unknown) => void unhandled.push(reason);
beforeAll(() => void process.on('unhandledRejection', note));
afterAll(() => {
  process.off('unhandledRejection', note);
  expect(unhandled).toEqual([]);
});

const mine = new Error('mine');
const refuses = async () => {
  throw mine;
};
const refusesLater = async () => {
  await new Promise((resolve) => setTimeout(resolve, 30));
  throw mine;
};
const ratings = Ratings.sample('tiny');
const als: TrainOptions = { solver: 'als', epochs: 2 };

test.each([refuses, refusesLater])('onEpoch of train', async (onEpoch) => {
  await expect(train(await ratings, { ...als, onEpoch })).rejects.toBe(mine);
  await expect(train(await ratings, { ...als, epochs: 100_000, onEpoch })).rejects.toBe(mine);
});

test('an onEpoch under way does not keep a cancelled training', async () => {
  const training = train(await ratings, { ...als, onEpoch: () => new Promise(() => {}) });
  for await (const { epoch } of training) if (epoch === 2) break;
  training.cancel();
  await training.then(
    (model) => expect(model.history.length).toBe(2),
    (error) => expect(error).toMatchObject({ code: 'aborted' }),
  );
});

test.each([refuses, refusesLater])('onProgress of a reading', async (onProgress) => {
  const file = new Blob(['user,item,rating\n1,2,3\n2,2,4\n']);
  await expect(Ratings.fromFile(file, { onProgress })).rejects.toBe(mine);
});

test.each([refuses, refusesLater])('onProgress of search and of crossValidate', async (onProgress) => {
  const space = { solver: ['als'], factors: [2, 4] } as const;
  await expect(search(await ratings, space as never, { trials: 2, onProgress })).rejects.toBe(mine);
  await expect(crossValidate(await ratings, als, { folds: 2, onProgress })).rejects.toBe(mine);
});
