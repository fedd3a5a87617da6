import { Model, Ratings, train } from 'matfac';
import { expect, test } from 'vitest';
import { failure } from './support/failure.js';

test('in Node, which has no IndexedDB, the error of storing says what to do instead', async () => {
  const model = await train(await Ratings.sample('tiny'), { epochs: 1 });
  const calls = [() => model.store('mine'), () => Model.restore('mine'), () => Model.stored(), () => Model.forget('m')];
  for (const call of calls) {
    const error = await failure(call);
    expect(error.code).toBe('unsupported');
    expect(error.message).toMatch(/no IndexedDB here .* in Node, write model\.save\(\) to a file/);
  }
});
