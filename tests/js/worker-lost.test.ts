/** Workers that end without a word, or do not answer. */
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
  isLost: boolean;
  epochs: number | undefined;
  /** Whether the error's model recommends. */
  works: boolean;
}

/** Runs the package's worker after `before`, as a page whose worker meets that fate. */
async function worker(name: string, before: string): Promise<string> {
  await room.script(name, `${before}\nimport('${room.own}worker.js');`);
  return `matfac.configure({ workerUrl: '/${name}' });`;
}

const fail = (configure: string, body: string) =>
  room.run<Failure>(`
    ${configure}
    const ratings = await matfac.Ratings.sample('tiny');
    try {
      ${body}
    } catch (error) {
      const { code, message, model } = error;
      const isLost = error instanceof matfac.TrainingLostError;
      const works = model ? model.recommend(model.users[0]).length > 0 : false;
      return { code, message, isLost, epochs: model?.history.length, works };
    }
    throw new Error('Nothing was thrown');
  `);

/** Ends the worker when it has sent its second report, which is the last thing that it sends. */
const CLOSES = `
  const send = postMessage.bind(globalThis);
  let reports = 0;
  globalThis.postMessage = (data, transferred) => {
    send(data, transferred);
    if (data.kind === 'report' && ++reports === 2) close();
  };`;

/** The second report has taken an hour, so that a snapshot is kept; the worker ends when it has sent it. */
const CLOSES_LATE = `
  const send = postMessage.bind(globalThis);
  globalThis.postMessage = (data, transferred) => {
    if (data.kind === 'report' && data.report.epoch === 2) data.report.seconds = 3600;
    send(data, transferred);
    if (data.kind === 'snapshot') close();
  };`;

/** A worker that is told to stop does not hear it. */
const DEAF = `
  addEventListener('message', (event) => {
    if (event.data.kind === 'stop') event.stopImmediatePropagation();
  });`;

describe('a worker that closes itself', () => {
  test('in the midst of a training: the training is lost', async () => {
    const found = await fail(
      await worker('closes.js', CLOSES),
      `await matfac.train(ratings, { epochs: 1e4, solver: 'als' });`,
    );
    expect(found).toMatchObject({
      code: 'unsupported',
      message: expect.stringMatching(/training worker was lost \(it ended without an error/),
      isLost: true,
      epochs: undefined,
    });
    await expect.poll(() => room.page.workers().length).toBe(0);
  });

  test('after a snapshot was kept: the error has its model', async () => {
    const found = await fail(
      await worker('late.js', CLOSES_LATE),
      `await matfac.train(ratings, { epochs: 1e4, solver: 'als' });`,
    );
    expect(found).toMatchObject({ code: 'unsupported', isLost: true, works: true });
    expect(found.message).toContain(`error.model is the model of its first ${found.epochs} epochs`);
    expect(found.epochs).toBeGreaterThanOrEqual(2);
  });

  test('a waiting snapshot and the reports end with the same error', async () => {
    const found = await room.run<string[]>(`
      ${await worker('closes.js', CLOSES)}
      const training = matfac.train(await matfac.Ratings.sample('tiny'), { epochs: 1e4, solver: 'als' });
      training.pause();
      const snapshot = training.snapshot();
      training.resume();
      const all = [snapshot.then(() => training.snapshot()).then(() => training.snapshot()), (async () => { for await (const _ of training); })(), training];
      return Promise.all(all.map((each) => each.then(() => 'no error', (error) => error.code + ' ' + (error instanceof matfac.TrainingLostError))));
    `);
    expect(found.slice(1)).toEqual(['unsupported true', 'unsupported true']);
  });

  test('without a lock, as where there is no secure context', async () => {
    const found = await fail(
      `${await worker('no-lock.js', `Object.defineProperty(navigator, 'locks', { value: undefined });${CLOSES}`)}
      const every = setInterval;
      globalThis.setInterval = (act) => every(act, 0);`,
      "await matfac.train(ratings, { epochs: 1e4, solver: 'als' });",
    );
    expect(found).toMatchObject({ code: 'unsupported', isLost: true });
  });

  test('in the midst of a reading', async () => {
    const reads = `
      const send = postMessage.bind(globalThis);
      globalThis.postMessage = (data, transferred) => (data.kind === 'read' ? close() : send(data, transferred));`;
    const found = await fail(
      await worker('reads.js', reads),
      `await matfac.Ratings.fromFile('user,item,rating\\n1,2,3\\n1,3,4\\n', { worker: true });`,
    );
    expect(found).toMatchObject({ code: 'unsupported', message: expect.stringMatching(/reading worker was lost/) });
  });
});

describe('cancelling a worker that does not answer', () => {
  const cancel = `
    const training = matfac.train(ratings, { epochs: 1e6, solver: 'als' });
    for await (const { epoch } of training) if (epoch === 2) break;
    SNAPSHOT
    training.cancel();
    await training;`;

  test('settles, without a model where there was no snapshot', async () => {
    const found = await fail(await worker('deaf.js', DEAF), cancel.replace('SNAPSHOT', ''));
    expect(found).toMatchObject({ code: 'aborted', epochs: undefined });
    await expect.poll(() => room.page.workers().length).toBe(0);
  });

  test('settles with the model of the last snapshot', async () => {
    const found = await fail(await worker('deaf.js', DEAF), cancel.replace('SNAPSHOT', 'await training.snapshot();'));
    expect(found).toMatchObject({ code: 'aborted', works: true });
    expect(found.epochs).toBeGreaterThanOrEqual(2);
  });
});

test('a worker in a long step is not taken for a lost one, with a lock or without', async () => {
  const slow = `
    const send = postMessage.bind(globalThis);
    globalThis.postMessage = (data, transferred) => {
      send(data, transferred);
      if (data.kind !== 'report' || data.report.epoch > 1) return;
      for (const end = performance.now() + 2500; performance.now() < end; );
    };`;
  for (const before of [slow, `Object.defineProperty(navigator, 'locks', { value: undefined });${slow}`]) {
    await room.renew();
    const epochs = await room.run<number>(`
      ${await worker(`slow-${before.length}.js`, before)}
      const model = await matfac.train(await matfac.Ratings.sample('tiny'), { epochs: 3, solver: 'als' });
      return model.history.length;
    `);
    expect(epochs).toBe(3);
  }
});

describe('an onEpoch that is async', () => {
  const run = (options: string) =>
    room.run<{ said: string; unhandled: number }>(`
      let unhandled = 0;
      addEventListener('unhandledrejection', () => unhandled++);
      const ratings = await matfac.Ratings.sample('tiny');
      const said = await matfac.train(ratings, ${options}).then(() => 'trained', (error) => error.message);
      await new Promise((resolve) => setTimeout(resolve, 0));
      return { said, unhandled };
    `);

  test('and rejects ends the training', async () => {
    const found = await run(`{ epochs: 1e6, solver: 'als', onEpoch: async () => { throw new Error('mine'); } }`);
    expect(found).toEqual({ said: 'mine', unhandled: 0 });
    await expect.poll(() => room.page.workers().length).toBe(0);
  });

  test('and rejects after the last epoch, too', async () => {
    const late = `async ({ epoch }) => { if (epoch < 3) return; await new Promise((done) => setTimeout(done, 50)); throw new Error('late'); }`;
    expect(await run(`{ epochs: 3, solver: 'als', onEpoch: ${late} }`)).toEqual({ said: 'late', unhandled: 0 });
  });
});
