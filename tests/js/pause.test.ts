import { type EpochReport, Ratings, type Training, TrainingCancelledError, type TrainOptions, train } from 'matfac';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { failure } from './support/failure.js';
import { openRoom, type Room } from './support/page.js';

let tiny: Ratings;
beforeAll(async () => {
  tiny = await Ratings.sample('tiny');
});

const options: TrainOptions = { solver: 'sgd', epochs: 8, seed: 3 };
const rest = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Waits until a training has done its steps, and some time in which it could do more. */
async function resting(training: Training): Promise<void> {
  while (!training.paused) await rest(5);
  await rest(80);
}

describe('a paused training', () => {
  test('stops, continues, and gives the same model', async () => {
    const seen: number[] = [];
    const training = train(tiny, { ...options, onEpoch: ({ epoch }) => seen.push(epoch) });
    training.pause();
    expect(training.paused).toBe(true);
    await rest(80);
    expect(seen).toEqual([]);
    training.resume();
    expect(training.paused).toBe(false);
    const model = await training;
    expect(training.paused).toBe(false);
    expect(model.itemFactors).toEqual((await train(tiny, options)).itemFactors);
  });

  test('steps by the given number of epochs', async () => {
    const seen: EpochReport[] = [];
    const training = train(tiny, { ...options, onEpoch: (report) => seen.push(report) });
    training.step();
    await resting(training);
    await rest(400);
    expect(seen.map(({ epoch }) => epoch)).toEqual([1]);
    expect(training.paused).toBe(true);
    training.step(3);
    expect(training.paused).toBe(false);
    await resting(training);
    expect(seen.map(({ epoch }) => epoch)).toEqual([1, 2, 3, 4]);
    // The time of the pause is not counted.
    expect(seen[1]!.seconds).toBeLessThan(0.4);
    training.resume();
    expect((await training).history.length).toBe(8);
  });

  test('can be cancelled, and the error has the model of the epochs done', async () => {
    const training = train(tiny, options);
    training.step(2);
    await resting(training);
    training.cancel();
    const error = await failure(() => training, TrainingCancelledError);
    expect(error.code).toBe('aborted');
    expect(error.model!.itemFactors).toEqual((await train(tiny, { ...options, epochs: 2 })).itemFactors);
    expect(training.paused).toBe(false);
  });

  test('gives a snapshot of the epochs done during the pause', async () => {
    const training = train(tiny, options);
    training.step(2);
    await resting(training);
    const snapshot = await training.snapshot();
    expect(training.paused).toBe(true);
    expect(snapshot.itemFactors).toEqual((await train(tiny, { ...options, epochs: 2 })).itemFactors);
    training.resume();
    await training;
  });

  test.each([0, -1, 1.5, Number.POSITIVE_INFINITY, '2'])('a step of %s epochs is refused', async (epochs) => {
    const training = train(tiny, options);
    const error = await failure(() => training.step(epochs as number));
    expect(error.code).toBe('invalid-argument');
    expect(error.message).toMatch(/^step: epochs must be a whole number of at least 1; it is ./);
    await training;
  });

  test('reports its build and its number of threads', async () => {
    const training = train(tiny, { ...options, threads: 2 });
    expect(training.engine).toBeUndefined();
    await training;
    expect(training.engine).toEqual({ variant: 'threads', threads: 2 });
    const alone = train(tiny, options);
    await alone;
    expect(alone.engine).toEqual({ variant: 'simd', threads: 1 });
  });
});

describe('in a worker', () => {
  let room: Room;
  beforeAll(async () => {
    room = await openRoom();
  });
  beforeEach(() => room.renew());
  afterAll(() => room.leave());

  test('it pauses, steps, continues and is cancelled, too', async () => {
    const found = await room.run<Record<string, unknown>>(`
      const rest = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
      const ratings = await matfac.Ratings.sample('tiny');
      const seen = [];
      const training = matfac.train(ratings, { solver: 'sgd', epochs: 8, seed: 3, onEpoch: ({ epoch }) => seen.push(epoch) });
      training.step();
      while (seen.length === 0) await rest(20);
      await rest(80);
      const first = [...seen];
      const early = (await training.snapshot()).history.length;
      training.step(2);
      while (seen.length < 3) await rest(20);
      await rest(80);
      const second = { seen: [...seen], paused: training.paused, engine: training.engine };
      training.resume();
      const model = await training;
      const stopped = matfac.train(ratings, { solver: 'sgd', epochs: 8, seed: 3 });
      stopped.step();
      for await (const report of stopped) break;
      await rest(50);
      stopped.cancel();
      const epochs = await stopped.then(() => 'not stopped', (error) => error.model?.history.length);
      return { first, early, second, factors: [...model.itemFactors.data], epochs };
    `);
    expect(found.first).toEqual([1]);
    expect(found.early).toBe(1);
    expect(found.second).toEqual({ seen: [1, 2, 3], paused: true, engine: { variant: 'simd', threads: 1 } });
    expect(found.factors).toEqual([...(await train(tiny, options)).itemFactors.data]);
    expect(found.epochs).toBe(1);
  });
});
