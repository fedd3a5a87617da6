import { expect, test } from 'vitest';
import type { CoreFactory, CoreFailure, CoreModule, CoreServing, CoreTensors } from '../../bindings/js/core/core.js';
import { createServing } from '../../bindings/js/core/serve-core.js';
import { createModule, type ServeModule } from '../../bindings/js/core/serve-module.js';
import { noTensors } from '../../bindings/js/core/tensors.js';

const dist = new URL('../../dist/wasm/', import.meta.url);
const { default: createCore }: { default: CoreFactory } = await import(new URL('matfac.js', dist).href);
const whole: CoreModule = await createCore();
const serving: ServeModule = await createModule(new URL('matfac-serve.wasm', dist).href);

const none = new Float32Array(0);
const some = Int32Array.of(0);

const tensors: CoreTensors = {
  ...noTensors(),
  factors: 2,
  columns: 2,
  userFactors: Float32Array.of(1, 2),
  itemFactors: Float32Array.of(1, 0, 0, 1, 1, 1),
  mean: 3,
  scale: 1,
  minimum: 1,
  maximum: 5,
};

interface Case {
  options?: { [name: string]: unknown };
  parts?: Partial<CoreTensors>;
  act?: (model: CoreServing) => unknown;
}

/** The result of each of the two. */
function failures({ options = {}, parts = {}, act = () => {} }: Case): CoreFailure[] {
  const resolved = whole.resolveOptions({ solver: 'sgd', factors: 2, biases: false });
  const given = { ...resolved, ...options } as typeof resolved;
  const makers = [whole.createModel, (...all: [CoreTensors, typeof resolved]) => createServing(serving, ...all)];
  return makers.map((make) => {
    let model: CoreServing | undefined;
    try {
      model = make({ ...tensors, ...parts }, given);
      act(model);
    } catch (failure) {
      return failure as CoreFailure;
    } finally {
      model?.delete();
    }
    throw new Error('Nothing was thrown');
  });
}

const task = { n: 1, diversity: 0, approximate: false, byRating: false, excluded: new Int32Array(0), included: null };

test.each<[string, Case]>([
  ['an unknown solver', { options: { solver: 'magic' } }],
  ['an unknown kind of implicit terms', { options: { implicitTerms: 'all' } }],
  ['a number out of range', { options: { regularization: -0.5 } }],
  ['options that do not fit each other', { options: { solver: 'nmf', biases: true } }],
  ['too few numbers', { parts: { itemFactors: Float32Array.of(1, 2, 3) } }],
  ['a number that is none', { parts: { userFactors: Float32Array.of(1, Number.NaN) } }],
  ['an unknown item', { act: (model) => model.predict(0, 3, Number.NaN) }],
  [
    'a diversity out of range',
    { act: (model) => model.recommend(0, { ...task, diversity: Number.POSITIVE_INFINITY }) },
  ],
  [
    'a rating that is no number',
    { act: (model) => model.foldIn(some, Float32Array.of(Number.NaN), new Int32Array(), new Float32Array()) },
  ],
  [
    'items and ratings of different length',
    { act: (model) => model.foldIn(some, none, new Int32Array(), new Float32Array()) },
  ],
  [
    'what there is not',
    { act: (model) => model.visitorUncertainty(some, Float32Array.of(1), new Int32Array(), new Float32Array(), some) },
  ],
  ['more than memory holds', { act: (model) => model.map(2 ** 30, none) }],
])('matfac/serve refuses as the whole library does: %s', (_, what) => {
  const [expected, found] = failures(what);
  expect(expected!.message).not.toBe('');
  expect(found).toEqual(expected);
});

test('a call that fails frees its memory', () => {
  const userFactors = new Float32Array(1 << 20).fill(1);
  userFactors[userFactors.length - 1] = Number.NaN;
  const make = () => failures({ parts: { userFactors } });
  make();
  const { byteLength } = serving.memory.buffer;
  for (let times = 0; times < 20; times++) make();
  expect(serving.memory.buffer.byteLength).toBe(byteLength);
});
