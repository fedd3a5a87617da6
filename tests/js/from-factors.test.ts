import { evaluate, evaluateAsync, type FactorsOptions, Model, Ratings, train } from 'matfac';
import { describe, expect, test } from 'vitest';
import { failure } from './support/failure.js';

const plain: FactorsOptions = {
  itemFactors: [
    [1, 0],
    [0, 2],
    [1, 1],
  ],
  items: ['a', 'b', 'c'],
  userFactors: [[3, 0.5]],
  users: [7],
};

test('it is a promise of the model, which arguments that do not fit reject', async () => {
  const promise = Model.fromFactors(plain);
  expect(promise.constructor).toBe(Promise);
  expect(await promise).toBeInstanceOf(Model);
  expect(await failure(() => Model.fromFactors({ ...plain, items: ['a'] }))).toMatchObject({
    code: 'invalid-argument',
  });
});

test('a promise in place of a model is an error that says to await it', async () => {
  const promise = Model.fromFactors(plain) as unknown as Model;
  const test = await Ratings.sample('tiny');
  const errors = [
    await failure(() => evaluate(promise, test)),
    await failure(() => evaluateAsync(promise, test)),
    await failure(() => train(test, { warmStart: promise })),
  ];
  for (const { message } of errors)
    expect(message).toMatch(/Model.*a promise \(await it\)|a promise \(await it\).*Model/);
});

test('after dispose, its methods throw', async () => {
  const model = await Model.fromFactors(plain);
  model.dispose();
  expect(await failure(() => model.predict(7, 'a'))).toMatchObject({ code: 'disposed', message: /was disposed/ });
});

describe('a model of factors trained elsewhere', () => {
  test('scores are products of factors', async () => {
    const model = await Model.fromFactors(plain);
    expect(model.predict(7, 'a')).toBeCloseTo(3);
    expect(model.recommend(7, { n: 3 })).toEqual([
      { item: 'c', score: 3.5, rating: 3.5 },
      { item: 'a', score: 3, rating: 3 },
      { item: 'b', score: 1, rating: 1 },
    ]);
    expect(model.history).toEqual([]);
    expect(model.ratingRange).toEqual([-Infinity, Infinity]);
  });

  test('a mean and biases are added, and the range clips', async () => {
    const given = {
      ...plain,
      mean: 3,
      itemBias: [0.5, 0, -1],
      userBias: Float32Array.of(0.25),
      range: [1, 5],
    } as const;
    const model = await Model.fromFactors({ ...given, userFactors: { rows: 1, columns: 2, data: [0.5, 0.5] } });
    expect(model.predict(7, 'a')).toBeCloseTo(4.25);
    expect(model.predict(7, 'b')).toBeCloseTo(4.25);
    expect(model.predict('nobody', 'c')).toBeCloseTo(2);
    const clipped = await Model.fromFactors(given);
    expect(clipped.predict(7, 'a')).toBe(5);
    // 3 + 0.25 + 0.5 + 3 is the score, which the range does not clip.
    expect(clipped.recommend(7, { n: 1 })).toEqual([{ item: 'a', score: 6.75, rating: 5 }]);
  });

  test('with the factors of a matfac model, it is that model', async () => {
    const ratings = await Ratings.sample('tiny');
    const own = await train(ratings, { solver: 'als', preference: false, epochs: 3 });
    const { items, users, itemFactors, userFactors, itemBias, userBias, mean, ratingRange: range } = own;
    const numbers = { mean, range, regularization: own.options.regularization * own.scale };
    const { biasRegularization } = own.options;
    const parts = {
      items,
      users,
      itemFactors,
      userFactors,
      itemBias,
      userBias,
      ...numbers,
      biasRegularization,
      ratings,
    };
    const model = await Model.fromFactors(parts);
    const [user, item] = [users[5]!, items[5]!];
    expect(model.recommend(user)).toEqual(own.recommend(user));
    expect(model.explain(user, item)).toEqual(own.explain(user, item));
    const visitor = [{ item, rating: 4 }];
    expect(model.foldIn(visitor).recommend()).toEqual(own.foldIn(visitor).recommend());
    const again = await Model.load(model.save());
    expect(again.recommend(user)).toEqual(own.recommend(user));
    const more = await train(ratings, { warmStart: model, epochs: 1 });
    expect(more.history.length).toBe(1);
  });

  test.each([
    ['als', (n: number) => Math.sqrt(n)],
    ['sgd', (n: number) => n],
  ] as const)('solver %s: the ridge of a visitor by hand', async (solver, weight) => {
    const model = await Model.fromFactors({ ...plain, solver, regularization: 0.3 });
    const visitor = model.foldIn([
      { item: 'a', rating: 2 },
      { item: 'c', rating: 5 },
    ]);
    // (V^T V + λ) x = V^T r with V = [1 0; 1 1], r = [2, 5]: two equations.
    const ridge = 0.3 * weight(2);
    const [p, q, s] = [2 + ridge, 1, 1 + ridge];
    const [x, y] = [(7 * s - q * 5) / (p * s - q * q), (p * 5 - q * 7) / (p * s - q * q)];
    expect(visitor.predict('a')).toBeCloseTo(x, 4);
    expect(visitor.predict('b')).toBeCloseTo(2 * y, 4);
  });
});

const bad: [name: string, change: object, message: RegExp][] = [
  ['no matrix', { itemFactors: 7 }, /itemFactors must be rows of numbers.*; it is 7/],
  [
    'rows of unequal length',
    { itemFactors: [[1, 2], [1], [1, 2]] },
    /itemFactors: row 1 must be 2 numbers like the first; it is 1 numbers/,
  ],
  [
    'a NaN',
    {
      itemFactors: [
        [1, 2],
        [1, Number.NaN],
        [1, 2],
      ],
    },
    /itemFactors: number 3 must be .*; it is NaN/,
  ],
  ['no rows', { itemFactors: [], items: [] }, /itemFactors must have at least one row/],
  [
    'data too short',
    { itemFactors: { rows: 3, columns: 2, data: [1] } },
    /must have 6 numbers, 3 rows of 2 columns; it has 1/,
  ],
  ['other columns', { userFactors: [[1, 2, 3]] }, /userFactors must have 2 columns like itemFactors; it has 3/],
  ['too few ids', { items: ['a'] }, /items must have 3 ids, one per row of itemFactors; it has 1/],
  ['an id twice', { items: ['a', 'b', 'a'] }, /items must not repeat an id; it has 'a' twice/],
  ['an id that is none', { items: ['a', 'b', -1] }, /id number 2 of items must be .*; it is -1/],
  ['users without ids', { users: undefined }, /users must have 1 ids, one per row of userFactors; it has 0/],
  ['biases of another length', { itemBias: [1] }, /itemBias must be 3 numbers, one per row; it is 1 numbers/],
  ['a range the wrong way', { range: [5, 1] }, /range must be \[least, most\]; it is an array of length 2/],
  ['a mean that is none', { mean: '3' }, /mean must be .*; it is '3'/],
  ['a solver without such a fold-in', { solver: 'bayesian' }, /solver must be 'als', .*; it is 'bayesian'/],
  ['a regularization of 0', { regularization: 0 }, /regularization must be a finite number above 0; it is 0/],
  [
    'biases of a solver without',
    { solver: 'nmf', mean: 2 },
    /biases must be false with the solver 'nmf', which does not read it \(read by 'als', .*\); it is true/,
  ],
  ['ratings that are none', { ratings: [] }, /ratings must be .*; it is an array/],
  ['a name', { itemfactors: [] }, /did you mean 'itemFactors'/],
];
test.each(bad)('%s is refused by name', async (_, change, message) => {
  const error = await failure(() => Model.fromFactors({ ...plain, ...change } as FactorsOptions));
  expect(error.code).toBe('invalid-argument');
  expect(error.message).toMatch(message);
});
