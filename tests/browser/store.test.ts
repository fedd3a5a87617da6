/** Models kept in the browser: after reloads, with the quota used up, and when damaged. */
import { Model, Ratings, train as trainHere } from 'matfac';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { openRoom, type Room } from '../js/support/page.js';

let room: Room;
beforeAll(async () => {
  room = await openRoom();
});
beforeEach(async () => {
  await room.run('for (const name of await matfac.Model.stored()) await matfac.Model.forget(name)');
  await room.renew();
});
afterAll(() => room.leave());

/** The code and the message of the error that the body of an async function throws. */
const failing = (body: string) =>
  room.run<{ code: string; message: string }>(`
    try {
      ${body}
    } catch (error) {
      return { code: error.code ?? error.name, message: error.message };
    }
    throw new Error('Nothing was thrown');
  `);

const TRAIN = `
  const ratings = await matfac.Ratings.sample('tiny');
  const model = await matfac.train(ratings, { epochs: 2 });
`;

describe('a stored model', () => {
  test('is restored unchanged after a reload, by its name', async () => {
    const bytes = await room.run<number[]>(`
      ${TRAIN}
      await model.store('mine');
      await model.store('items, für später', { users: false });
      return Array.from(model.save());
    `);
    await room.renew();
    const found = await room.run<{ names: string[]; bytes: number[]; users: number; items: number }>(`
      const names = await matfac.Model.stored();
      const [mine, items] = await Promise.all(['mine', 'items, für später'].map((name) => matfac.Model.restore(name)));
      return { names, bytes: Array.from(mine.save()), users: items.users.length, items: items.items.length };
    `);
    expect(found.names).toEqual(['items, für später', 'mine']);
    expect(found.bytes).toEqual(bytes);
    expect(found.users).toBe(0);
    expect(found.items).toBe((await Model.load(Uint8Array.from(bytes))).items.length);
  });

  test('replaces an earlier one of the same name, and can be deleted', async () => {
    const found = await room.run<{ epochs: number; names: string[] }>(`
      ${TRAIN}
      await model.store('mine');
      await (await matfac.train(ratings, { epochs: 3 })).store('mine');
      const { history } = await matfac.Model.restore('mine');
      await matfac.Model.forget('mine');
      await matfac.Model.forget('never there');
      return { epochs: history.length, names: await matfac.Model.stored() };
    `);
    expect(found).toEqual({ epochs: 3, names: [] });
    const error = await failing(`await matfac.Model.restore('mine')`);
    expect(error.code).toBe('unknown-id');
    expect(error.message).toMatch(/no stored model 'mine'; there are none/);
  });

  test('can be stored and restored in a worker', async () => {
    await room.script(
      'task.js',
      `import { Model, Ratings, train } from './index.js';
       const model = await train(await Ratings.sample('tiny'), { epochs: 1, worker: false });
       await model.store('from a worker');
       postMessage((await Model.restore('from a worker')).history.length);`,
    );
    const epochs = await room.run<number>(`
      const worker = new Worker('./task.js', { type: 'module' });
      return new Promise((resolve) => { worker.onmessage = ({ data }) => resolve(data); });
    `);
    expect(epochs).toBe(1);
    expect(await room.run('return matfac.Model.stored()')).toEqual(['from a worker']);
  });

  test('needs a valid name', async () => {
    for (const name of ['""', '7', 'undefined']) {
      const error = await failing(`${TRAIN} await model.store(${name})`);
      expect(error.code).toBe('invalid-argument');
      expect(error.message).toMatch(/store: name must be a non-empty string; it is /);
    }
  });
});

describe('failures', () => {
  test('no space: the error names the size, and the stored model stays', async () => {
    // A browser of its own, because Chromium checks the quota only from time to time.
    const small = await openRoom();
    try {
      const session = await small.page.context().newCDPSession(small.page);
      const origin = new URL(small.own).origin;
      await session.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 400_000 });
      const found = await small.run<{ code: string; message: string; epochs: number; names: string[] }>(`
        ${TRAIN}
        await model.store('mine');
        const large = await matfac.train(await matfac.Ratings.sample('ml100k'), {
          solver: 'als', preference: false, factors: 64, epochs: 1,
        });
        const error = await large.store('mine').then(() => ({}), (error) => error);
        const { history } = await matfac.Model.restore('mine');
        return { code: error.code, message: error.message, epochs: history.length, names: await matfac.Model.stored() };
      `);
      expect(found.code).toBe('out-of-memory');
      expect(found.message).toMatch(/no room for the 1\.\d MB of this model .*dtype: 'int8', or delete/);
      expect(found).toMatchObject({ epochs: 2, names: ['mine'] });
    } finally {
      await small.leave();
    }
  });

  const put = (value: string) => `
    ${TRAIN}
    await model.store('mine');
    const bytes = model.save();
    await new Promise((resolve, reject) => {
      const request = indexedDB.open('matfac');
      request.onsuccess = () => {
        const transaction = request.result.transaction('models', 'readwrite');
        transaction.objectStore('models').put(${value}, 'mine');
        transaction.oncomplete = () => { request.result.close(); resolve(); };
        transaction.onabort = reject;
      };
    });
  `;
  test.each([
    ['cut off', 'bytes.slice(0, bytes.length - 9)'],
    ['not a file at all', '{ model: 1 }'],
    ['of no bytes', 'new Uint8Array()'],
  ])('an entry that is %s is refused as corrupt', async (_, value) => {
    await room.run(put(value));
    const error = await failing(`await matfac.Model.restore('mine')`);
    expect(error.code).toBe('corrupt-model');
    expect(
      await room.run(`${TRAIN} await model.store('mine'); return (await matfac.Model.restore('mine')).solver`),
    ).toBe('variational');
  });

  test('a database of the same name with other contents', async () => {
    await room.run(`
      await new Promise((resolve) => { indexedDB.deleteDatabase('matfac').onsuccess = resolve; });
      await new Promise((resolve) => {
        const request = indexedDB.open('matfac');
        request.onsuccess = () => { request.result.close(); resolve(); };
      });
    `);
    const error = await failing('await matfac.Model.stored()');
    await room.renew();
    await room.run(`await new Promise((resolve) => { indexedDB.deleteDatabase('matfac').onsuccess = resolve; })`);
    expect(error.code).toBe('unsupported');
    expect(error.message).toMatch(/storage cannot be used \(NotFoundError/);
  });
});

test.each([
  { solver: 'variational', factors: 6 },
  { solver: 'als', factors: 20 },
  { solver: 'svd++', factors: 6 },
  { solver: 'bayesian', factors: 6 },
  { solver: 'sgd', factors: 6, adaptive: true },
] as const)(
  'training continues after a reload and gives the model of an uninterrupted one, bit for bit: %j',
  async (chosen) => {
    const options = { ...chosen, seed: 3 };
    const whole = await trainHere(await Ratings.sample('tiny'), { ...options, epochs: 10 });
    // Step by step: otherwise the worker may finish all ten before it receives the request to stop.
    await room.run(`
    const training = matfac.train(await matfac.Ratings.sample('tiny'), {
      ...${JSON.stringify(options)}, epochs: 10, onEpoch: ({ epoch }) => epoch === 5 ? training.cancel() : training.step(),
    });
    training.step();
    await training.then(() => { throw new Error('It was not stopped'); }, ({ model }) => model.store('half'));
  `);
    await room.renew();
    const bytes = await room.run<number[]>(`
    const half = await matfac.Model.restore('half');
    if (half.history.length !== 5) throw new Error(half.history.length + ' epochs are done');
    const model = await matfac.train(await matfac.Ratings.sample('tiny'), { warmStart: half, epochs: 10 - half.history.length });
    return Array.from(model.save());
  `);
    const resumed = await Model.load(Uint8Array.from(bytes));
    expect(resumed.history.map(({ epoch }) => epoch)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(resumed.options).toEqual(whole.options);
    expect(resumed.userFactors).toEqual(whole.userFactors);
    expect(resumed.itemFactors).toEqual(whole.itemFactors);
    expect(resumed.userBias).toEqual(whole.userBias);
    expect(resumed.itemBias).toEqual(whole.itemBias);
  },
);
