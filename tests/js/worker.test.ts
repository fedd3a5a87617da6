import { createHash } from 'node:crypto';
import { Ratings, train } from 'matfac';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { openRoom, type Room } from './support/page.js';

let room: Room;
beforeAll(async () => {
  room = await openRoom();
});
beforeEach(() => room.renew());
afterAll(() => room.leave());

interface Failure {
  code: string;
  message: string;
  epochs: number | undefined;
  isCancelled: boolean;
}

/** The error that a training in the page rejects with. */
const failing = (options: string, before = '') =>
  room.run<Failure>(`
    ${before}
    const ratings = await matfac.Ratings.sample('tiny');
    try {
      await matfac.train(ratings, ${options});
    } catch (error) {
      const isCancelled = error instanceof matfac.TrainingCancelledError && error instanceof matfac.MatfacError;
      return { code: error.code ?? error.message, message: error.message, epochs: error.model?.history.length, isCancelled };
    }
    throw new Error('Nothing was thrown');
  `);

const hash = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

describe('in a page', () => {
  test('a training runs in a worker, its reports arrive as they are made, and the page stays responsive', async () => {
    const found = await room.run<{ epochs: number[]; workers: number; ticks: number }>(`
      const ratings = await matfac.Ratings.sample('ml100k');
      let ticks = 0;
      const timer = setInterval(() => ticks++, 4);
      let workers = 0;
      const Plain = Worker;
      globalThis.Worker = class extends Plain { constructor(...all) { super(...all); workers++; } };
      const epochs = [];
      const training = matfac.train(ratings, { factors: 64, epochs: 5 });
      for await (const report of training) epochs.push(report.epoch);
      const model = await training;
      clearInterval(timer);
      return { epochs, workers, ticks };
    `);
    expect(found.epochs).toEqual([1, 2, 3, 4, 5]);
    expect(found.workers).toBe(1);
    expect(found.ticks).toBeGreaterThanOrEqual(5);
    await expect.poll(() => room.page.workers().length).toBe(0);
  });

  test('the model is the same as in the page without a worker and in Node, bit for bit', async () => {
    const [inWorker, inPage] = await room.run<[number[], number[]]>(`
      const ratings = await matfac.Ratings.sample('tiny');
      const factors = async (worker) => {
        const model = await matfac.train(ratings, { worker, validation: 0.2, epochs: 4 });
        return [...new Uint8Array(model.userFactors.data.buffer), ...new Uint8Array(model.itemBias.buffer)];
      };
      return [await factors(true), await factors(false)];
    `);
    const model = await train(await Ratings.sample('tiny'), { validation: 0.2, epochs: 4 });
    const inNode = Buffer.concat([Buffer.from(model.userFactors.data.buffer), Buffer.from(model.itemBias.buffer)]);
    expect(inNode.length).toBeGreaterThan(1000);
    expect(hash(Uint8Array.from(inWorker))).toBe(hash(inNode));
    expect(hash(Uint8Array.from(inPage))).toBe(hash(inNode));
  });

  test('the model stays in the page after its worker has ended', async () => {
    const found = await room.run<{ best: number; again: number; user: number }>(`
      const model = await matfac.train(await matfac.Ratings.sample('tiny'));
      const again = await matfac.Model.load(new Blob([model.save()]));
      const user = model.users[0];
      return { user, best: model.recommend(user)[0].item, again: again.recommend(user)[0].item };
    `);
    expect(found.again).toBe(found.best);
  });

  test('a snapshot arrives from the worker during the training', async () => {
    const found = await room.run<{ done: number; total: number; same: boolean; differs: boolean }>(`
      const ratings = await matfac.Ratings.sample('ml100k');
      const options = { solver: 'sgd', factors: 8, epochs: 40 };
      const training = matfac.train(ratings, options);
      const early = await training.snapshot();
      const model = await training;
      const done = early.history.length;
      const short = await matfac.train(ratings, { ...options, epochs: done });
      const factors = (of) => String(of.itemFactors.data);
      return { done, total: model.history.length, same: factors(early) === factors(short), differs: factors(early) !== factors(model) };
    `);
    expect(found).toMatchObject({ total: 40, same: true, differs: true });
    expect(found.done).toBeGreaterThanOrEqual(1);
    expect(found.done).toBeLessThan(40);
  });

  test('a gzipped file is read', async () => {
    const found = await room.run<{ size: number; users: unknown[] }>(`
      const text = 'user,item,rating\\n"ann",alien,5\\nbob,brazil,4\\n';
      const zipped = new Blob([text]).stream().pipeThrough(new CompressionStream('gzip'));
      const ratings = await matfac.Ratings.fromFile(await new Response(zipped).blob());
      return { size: ratings.size, users: ratings.users };
    `);
    expect(found).toEqual({ size: 2, users: ['ann', 'bob'] });
  });
});

describe('cancelling a worker', () => {
  test('within an epoch, with the model of the epochs done', async () => {
    const found = await room.run<Failure>(`
      const ratings = await matfac.Ratings.sample('ml100k');
      const stop = new AbortController();
      let reports = 0;
      const training = matfac.train(ratings, { factors: 64, epochs: 1000, signal: stop.signal, onEpoch: () => reports++ });
      for await (const { epoch } of training) if (epoch === 2) break;
      await new Promise((resolve) => setTimeout(resolve, 10));
      stop.abort();
      try {
        await training;
      } catch (error) {
        const { code, message, model } = error;
        model.recommend(1);
        const isCancelled = error instanceof matfac.TrainingCancelledError;
        return { code, message, epochs: model.history.length - reports, isCancelled };
      }
    `);
    expect(found).toMatchObject({ code: 'aborted', epochs: 0, isCancelled: true });
    await expect.poll(() => room.page.workers().length).toBe(0);
  });

  test('before its first epoch, without a model', async () => {
    const found = await failing('{ signal: AbortSignal.timeout(1), factors: 512 }');
    expect(found).toMatchObject({ code: 'aborted', epochs: undefined, isCancelled: true });
    await expect.poll(() => room.page.workers().length).toBe(0);
  });

  test('an error of onEpoch ends it', async () => {
    const found = await failing(`{ epochs: 1000, onEpoch: () => { throw new Error('mine'); } }`);
    expect(found.code).toBe('mine');
    await expect.poll(() => room.page.workers().length).toBe(0);
  });
});

describe('errors', () => {
  test('of the core reach the page', async () => {
    const found = await failing('{ factors: 1e9 }');
    expect(found).toMatchObject({
      code: 'invalid-argument',
      message: expect.stringMatching(/factors must be a whole number from 1 to 1024; it is 1000000000/),
    });
  });

  test('a worker that does not exist', async () => {
    const found = await failing('{}', "matfac.configure({ workerUrl: '/nowhere.js' });");
    expect(found).toMatchObject({
      code: 'unsupported',
      message: expect.stringMatching(/could not be started.*workerUrl/),
    });
  });

  test('a worker that is lost', async () => {
    await room.script('lost.js', "postMessage({ kind: 'ready' }); onmessage = () => { throw new Error('gone'); };");
    const gone = await failing('{}', "matfac.configure({ workerUrl: '/lost.js' });");
    expect(gone).toMatchObject({ code: 'unsupported', message: expect.stringMatching(/was lost \(.*gone\)/) });
    await room.renew();
    await room.script('full.js', "postMessage({ kind: 'ready' }); onmessage = () => new Float32Array(2 ** 50);");
    const full = await failing('{}', "matfac.configure({ workerUrl: '/full.js' });");
    expect(full.code).toBe('out-of-memory');
  });

  test('a .wasm that does not exist; with the right address, it is tried again', async () => {
    const found = await room.run<{ first: string; size: number }>(`
      matfac.configure({ wasmUrl: '/nowhere.wasm' });
      const first = await matfac.Ratings.sample('tiny').catch(({ code, message }) => code + ': ' + message);
      matfac.configure({ wasmUrl: '${room.own}wasm/matfac.wasm' });
      const model = await matfac.train(await matfac.Ratings.sample('tiny'), { epochs: 1 });
      return { first, size: model.users.length };
    `);
    expect(found.first).toMatch(/^unsupported: .*could not be loaded.*wasmUrl/);
    expect(found.size).toBeGreaterThan(0);
  });

  test('an address of the .wasm that comes too late', async () => {
    const late = room.run(`
      await matfac.Ratings.sample('tiny');
      matfac.configure({ wasmUrl: '/other.wasm' });
    `);
    await expect(late).rejects.toThrow(/comes too late/);
  });
});

test('from another origin, such as a CDN, the worker starts too', async () => {
  const found = await room.run<{ users: number; workers: string[] }>(
    `
      const workers = [];
      const Plain = Worker;
      globalThis.Worker = class extends Plain { constructor(url, options) { super(url, options); workers.push(String(url)); } };
      const model = await matfac.train(await matfac.Ratings.sample('tiny'), { epochs: 2 });
      return { users: model.users.length, workers };
    `,
    room.other,
  );
  expect(found.users).toBeGreaterThan(0);
  expect(found.workers).toEqual([expect.stringMatching(/^blob:/)]);
});
