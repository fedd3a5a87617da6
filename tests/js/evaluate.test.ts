import {
  evaluate,
  evaluateAsync,
  type Id,
  type Metric,
  Model,
  Ratings,
  search,
  type TrainOptions,
  train,
} from 'matfac';
import { beforeAll, describe, expect, test } from 'vitest';
import { hasRealData, realData } from './support/data.js';
import { failure } from './support/failure.js';

const RANKING: Metric[] = [
  'precision',
  'recall',
  'ndcg',
  'map',
  'mrr',
  'auc',
  'hitRate',
  'coverage',
  'diversity',
  'novelty',
];

let rest: Ratings;
let held: Ratings;
let explicit: Model;
let byRating: Model;
let implicit: Model;
beforeAll(async () => {
  ({ train: rest, test: held } = (await Ratings.sample('tiny')).split({ test: 0.3 }));
  [explicit, byRating, implicit] = await Promise.all([
    train(rest, { factors: 8, epochs: 5 }),
    train(rest, { solver: 'als', preference: false, factors: 8, epochs: 5 }),
    train(rest, { solver: 'implicit-als', factors: 8, epochs: 5 }),
  ]);
});

const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** The metrics by their definitions, over whole rankings as `recommend` lists them. */
function plain(
  model: Model,
  test: Ratings,
  excluded: Ratings | undefined,
  k: number,
  isRelevant = (_: number) => true,
) {
  const listed = (ratings: Ratings | undefined, user: Id, keep: (rating: number) => boolean) =>
    [...(ratings ?? [])].filter((row) => row.user === user && keep(row.rating)).map(({ item }) => item);
  const of: Record<string, number[]> = {};
  const add = (name: string, value: number) => {
    of[name] ??= [];
    of[name].push(value);
  };
  const shown = new Set<Id>();
  for (const user of model.users) {
    const out = listed(excluded, user, () => true);
    const relevant = listed(test, user, isRelevant).filter((item) => !out.includes(item));
    if (relevant.length === 0) continue;
    const all = model.recommend(user, { n: model.items.length, exclude: out });
    const top = all.slice(0, k).map(({ item }) => item);
    const places = top.flatMap((item, at) => (relevant.includes(item) ? [at + 1] : []));
    const best = Math.min(relevant.length, k);
    const gain = (place: number) => 1 / Math.log2(place + 1);
    const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);
    add('precision', places.length / k);
    add('recall', places.length / relevant.length);
    add('ndcg', sum(places.map(gain)) / sum(Array.from({ length: best }, (_, at) => gain(at + 1))));
    add('map', sum(places.map((place, at) => (at + 1) / place)) / best);
    add('mrr', places.length > 0 ? 1 / places[0]! : 0);
    add('hitRate', Math.min(places.length, 1));
    const score = new Map(all.map((entry) => [entry.item, entry.score]));
    const others = all.filter(({ item }) => !relevant.includes(item));
    const won = relevant.flatMap((item) =>
      others.map((other) => (Math.sign((score.get(item) ?? -1e9) - other.score) + 1) / 2),
    );
    add('auc', mean(won));
    for (const item of top) shown.add(item);
  }
  return {
    ...Object.fromEntries(Object.entries(of).map(([name, values]) => [name, mean(values)])),
    coverage: shown.size / model.items.length,
  };
}

function expectClose(found: object, expected: object): void {
  for (const [name, value] of Object.entries(expected)) {
    expect((found as Record<string, number>)[name], name).toBeCloseTo(value, 9);
  }
}

describe('evaluate', () => {
  test('gives every metric to a model of ratings, and those of a ranking to the others', () => {
    expect(Object.keys(evaluate(explicit, held)).sort()).toEqual(['rmse', 'mae', ...RANKING].sort());
    expect(Object.keys(evaluate(implicit, held)).sort()).toEqual([...RANKING].sort());
    for (const value of Object.values(evaluate(explicit, held))) expect(value).toBeGreaterThan(0);
  });

  test.each([1, 10, 1000])('follows the definitions, k = %d', (k) => {
    expectClose(evaluate(implicit, held, { k }), plain(implicit, held, rest, k));
    for (const model of [explicit, byRating]) {
      const liked = plain(model, held, rest, k, (rating) => rating >= rest.mean);
      expectClose(evaluate(model, held, { k }), liked);
      const relevant = plain(model, held, rest, k, (rating) => rating >= 2.5);
      expectClose(evaluate(model, held, { k, relevance: 2.5 }), relevant);
    }
  });

  test('excludes the ratings of the training, other ratings, or none', () => {
    expect(evaluate(implicit, held, { exclude: rest })).toEqual(evaluate(implicit, held));
    expect(evaluate(implicit, held, { exclude: 'rated' })).toEqual(evaluate(implicit, held));
    expectClose(evaluate(implicit, held, { exclude: 'none' }), plain(implicit, held, undefined, 10));
    const half = rest.split({ test: 0.5 }).test;
    expectClose(evaluate(implicit, held, { exclude: half }), plain(implicit, held, half, 10));
  });

  test('an unknown item counts as missed, an unknown user is not evaluated', () => {
    const user = rest.users[0]!;
    const stranger = Ratings.from([...[...held].map((row): [Id, Id] => [row.user, row.item]), ['nobody', 1]]);
    expect(evaluate(implicit, stranger)).toEqual(evaluate(implicit, held));
    const one = held.items.find((item) => ![...rest].some((row) => row.user === user && row.item === item))!;
    const unknown = Ratings.from([
      [user, 'no such item'],
      [user, one],
    ]);
    const found = evaluate(implicit, unknown, { k: 1000 });
    expect(found).toMatchObject({ recall: 0.5, hitRate: 1 });
    expect(found.auc).toBeLessThanOrEqual(0.5);
  });

  test('computes only the metrics asked for', () => {
    const all = evaluate(explicit, held);
    for (const name of Object.keys(all) as Metric[]) {
      expect(evaluate(explicit, held, { metrics: [name] })).toEqual({ [name]: all[name] });
    }
    const { ndcg, rmse } = evaluate(explicit, held, { metrics: ['rmse', 'ndcg'] });
    expect([rmse, ndcg]).toEqual([all.rmse, all.ndcg]);
  });

  test('novelty is the mean information of the first k, in bits', async () => {
    // Of four users 4, 2 and 1 know the items a, b and c; d of user 4 alone hears of b first, then c.
    const known = Ratings.from([
      ['1', 'a'],
      ['2', 'a'],
      ['3', 'a'],
      ['4', 'a'],
      ['1', 'b'],
      ['2', 'b'],
      ['1', 'c'],
    ]);
    const model = await train(known, { solver: 'popularity' });
    const test = Ratings.from([['4', 'c']]);
    expect(evaluate(model, test, { k: 2, metrics: ['novelty', 'mrr', 'diversity', 'coverage'] })).toEqual({
      novelty: 1.5, // −log₂(2/4) and −log₂(1/4)
      mrr: 0.5,
      diversity: 1, // there are no factors
      coverage: 2 / 3,
    });
  });

  test('a model without its ratings is evaluated with the ratings given', async () => {
    const bare = await Model.load(implicit.save({ ratings: false }));
    expect(evaluate(bare, held, { exclude: rest })).toEqual(evaluate(implicit, held));
    expect(evaluate(bare, held)).not.toHaveProperty('novelty');
    expect(evaluate(bare, held).ndcg).toBeLessThan(evaluate(implicit, held).ndcg);
  });

  test('in slices and on threads the results are the same', async () => {
    const all = evaluate(implicit, held);
    expect(await evaluateAsync(implicit, held)).toEqual(all);
    expect(await evaluateAsync(implicit, held, { threads: 2 })).toEqual(all);
    expect(await evaluateAsync(explicit, held, { threads: 2, metrics: ['rmse', 'auc'] })).toEqual(
      evaluate(explicit, held, { metrics: ['rmse', 'auc'] }),
    );
  });

  test('a signal stops it', async () => {
    const size = 20_000;
    const large = Ratings.fromColumns({
      user: Int32Array.from({ length: size }, (_, row) => row % 5000),
      item: Int32Array.from({ length: size }, (_, row) => row),
    });
    const model = await train(large, { solver: 'popularity' });
    const stop = new AbortController();
    const other = Ratings.fromColumns({
      user: Int32Array.from({ length: 5000 }, (_, row) => row),
      item: new Int32Array(5000),
    });
    const evaluation = evaluateAsync(model, other, { exclude: 'none', signal: stop.signal });
    await new Promise((resolve) => setTimeout(resolve, 0));
    stop.abort();
    expect((await failure(() => evaluation)).code).toBe('aborted');
    expect((await failure(() => evaluateAsync(model, other, { signal: AbortSignal.abort() }))).code).toBe('aborted');
  });
});

describe('evaluate refuses', () => {
  const bad: [name: string, options: unknown, code: string, message: RegExp][] = [
    ['a misspelt option', { metric: ['ndcg'] }, 'invalid-argument', /no option 'metric': did you mean 'metrics'/],
    [
      'a misspelt metric',
      { metrics: ['ndgc'] },
      'invalid-argument',
      /metrics must be of rmse, .*; one is 'ndgc'; did you mean 'ndcg'/,
    ],
    [
      'no metric',
      { metrics: [] },
      'invalid-argument',
      /metrics must be a non-empty array of rmse.*; it is an array of length 0/,
    ],
    ['k of nothing', { k: 0 }, 'invalid-argument', /k must be a whole number from 1 to 2147483647; it is 0/],
    ['a k that is broken', { k: 2.5 }, 'invalid-argument', /k must be .*; it is 2.5/],
    ['exclude that is none', { exclude: 'all' }, 'invalid-argument', /exclude must be Ratings, 'rated'.*; it is 'all'/],
    ['relevance that is none', { relevance: Number.NaN }, 'invalid-argument', /relevance must be .*; it is NaN/],
    ['errors of what predicts no ratings', { metrics: ['rmse'] }, 'unsupported', /solver 'implicit-als' predicts no/],
    ['threads of a call without', { threads: 2 }, 'invalid-argument', /no option 'threads'/],
  ];
  test.each(bad)('%s', async (_, options, code, message) => {
    const error = await failure(() => evaluate(implicit, held, options as object));
    expect(error.code).toBe(code);
    expect(error.message).toMatch(message);
  });

  test('test ratings without a user to evaluate', async () => {
    const [user, item] = [rest.users[0]!, rest.items[0]!];
    const disliked = Ratings.from([
      [user, 'new', 1],
      ['nobody', item, 5],
    ]);
    expect((await failure(() => evaluate(explicit, disliked, { metrics: ['ndcg'] }))).message).toMatch(
      /test must have rankings to evaluate: no known user/,
    );
    expect(Object.keys(evaluate(explicit, disliked))).toEqual(['rmse', 'mae']);
    expect((await failure(() => evaluate(implicit, rest))).message).toMatch(
      /test must have rankings to evaluate: no known user/,
    );
  });

  /** Ratings of which the first `count` have a known user and item, and `other` makes the rest. */
  const partly = (size: number, count: number, other: (row: number) => [Id, Id, number]) => {
    const known = [...held];
    return Ratings.from(Array.from({ length: size }, (_, row) => (row < count ? known[row]! : other(row))));
  };
  const strangers = (row: number): [Id, Id, number] => [`s${row}`, rest.items[row % 9]!, 4];
  const news = (row: number): [Id, Id, number] => [rest.users[row % 9]!, `new${row}`, 4];

  test.each([
    ['users', 'none', 1, 0, strangers, /, such as \d+; 0 of its 1 ratings have one, and others have 's0'$/],
    ['users', 'one in 101', 101, 1, strangers, /, such as \d+; 1 of its 101 ratings have one, and others have 's1'$/],
    ['items', 'none', 99, 0, news, /, such as \d+; 0 of its 99 ratings have one, and others have 'new0'$/],
    ['items', '9 in 1000', 1000, 9, news, /, such as \d+; 9 of its 1000 ratings have one, and others have 'new9'$/],
  ] as const)('a test part of whose %s it knows %s', async (side, _, size, count, other, message) => {
    const test = partly(size, count, other);
    for (const model of [explicit, implicit]) {
      const errors = [await failure(() => evaluate(model, test)), await failure(() => evaluateAsync(model, test))];
      for (const error of errors) {
        expect(error.code).toBe('invalid-argument');
        expect(error.message).toMatch(new RegExp(`^evaluate: test must have ${side} of the model`));
        expect(error.message).toMatch(message);
      }
    }
    expect((await failure(() => evaluate(implicit, held, { exclude: test }))).message).toMatch(
      new RegExp(`^evaluate: exclude must have ${side} of the model`),
    );
  });

  test('no test part of which it knows 1 in 100', () => {
    for (const other of [strangers, news]) {
      expect(evaluate(explicit, partly(100, 1, other)).rmse).toBeGreaterThan(0);
      expect(evaluate(explicit, partly(2, 1, other)).rmse).toBeGreaterThan(0);
    }
  });

  test('metrics of values that are missing', async () => {
    const pairs = Ratings.from([[held.users[0]!, held.items[0]!]]);
    expect((await failure(() => evaluate(explicit, pairs, { metrics: ['mae'] }))).message).toMatch(
      /test must have rating values/,
    );
    expect((await failure(() => evaluate(explicit, pairs, { relevance: 3 }))).message).toMatch(
      /relevance must be left out/,
    );
    const bare = await Model.load(implicit.save({ ratings: false }));
    expect((await failure(() => evaluate(bare, held, { metrics: ['novelty'] }))).message).toMatch(
      /exclude must be the ratings that the model learned from/,
    );
  });

  test('invalid threads and signals', async () => {
    expect((await failure(() => evaluateAsync(implicit, held, { threads: 0 }))).message).toMatch(
      /threads must be .*; it is 0/,
    );
    const options = { signal: {} as AbortSignal };
    expect((await failure(() => evaluateAsync(implicit, held, options))).message).toMatch(
      /signal must be an AbortSignal; it is an object/,
    );
  });
});

describe('validation with implicit feedback', () => {
  const options: TrainOptions = { factors: 16, regularization: 1e-4, epochs: 300, patience: 3 };

  test.each(['implicit-als', 'bpr'] as const)('%s keeps the epoch with the largest NDCG', async (solver) => {
    const model = await train(rest, { ...options, solver, validation: held });
    const curve = model.history.map(({ validationNdcg }) => validationNdcg!);
    expect(curve.length).toBeLessThan(300);
    expect(curve.length - 1 - curve.indexOf(Math.max(...curve))).toBe(3);
    expect(evaluate(model, held, { metrics: ['ndcg'] }).ndcg).toBeCloseTo(Math.max(...curve), 12);
    expect(model.history[0]).not.toHaveProperty('validationRmse');
    expect((await Model.load(model.save())).history).toEqual(model.history);
  });

  test('a share is held out, also of ratings without values', async () => {
    const pairs = Ratings.from([...rest].map(({ user, item }): [Id, Id] => [user, item]));
    const model = await train(pairs, { validation: 0.2, epochs: 3 });
    expect(model.solver).toBe('implicit-als');
    expect(model.history.every(({ validationNdcg }) => validationNdcg! > 0)).toBe(true);
    const other = await train(pairs, {
      validation: Ratings.from([
        [rest.users[0]!, 'new'],
        ['nobody', rest.items[0]!],
      ]),
      epochs: 1,
    });
    expect(other.history[0]!.validationNdcg).toBe(0);
  });

  test('solvers that predict ratings have no NDCG', async () => {
    const model = await train(rest, { validation: 0.2, epochs: 1 });
    expect(model.history[0]).not.toHaveProperty('validationNdcg');
  });

  test('validation ratings without a user to evaluate', async () => {
    const error = await failure(() => train(rest, { solver: 'bpr', validation: Ratings.from([['nobody', 1, 5]]) }));
    expect(error).toMatchObject({
      code: 'invalid-argument',
      message: expect.stringMatching(
        /^validation must have users of the ratings, such as \d+; 0 of its 1 ratings .* 'nobody'$/,
      ),
    });
  });

  test('validation ratings of items that the ratings lack', async () => {
    const validation = Ratings.from(rest.users.map((user) => [user, 'new', 5]));
    expect((await failure(() => train(rest, { validation }))).message).toMatch(
      /^validation must have items of the ratings/,
    );
    expect((await failure(() => search(rest, { factors: [2] }, { validation }))).message).toMatch(
      /^search: validation must have items of the ratings/,
    );
  });
});

describe('baselines', () => {
  test('popularity scores an item by the number of its raters, and loads from its file', async () => {
    const model = await train(rest, { solver: 'popularity' });
    const counts = new Map<Id, number>();
    for (const { item } of rest) counts.set(item, (counts.get(item) ?? 0) + 1);
    for (const item of rest.items) expect(model.predict(rest.users[0]!, item)).toBe(counts.get(item));
    const loaded = await Model.load(model.save());
    expect(loaded.recommend(rest.users[3]!)).toEqual(model.recommend(rest.users[3]!));
    const visitor = model.foldIn([{ item: rest.items[0]! }]);
    expect(visitor.recommend({ n: 3, exclude: 'none' })).toEqual(
      model.recommend(rest.users[0]!, { n: 3, exclude: 'none' }),
    );
    expect(visitor.explain(rest.items[1]!)).toEqual([{ item: rest.items[0], rating: 1, contribution: 0 }]);
  });

  test('bias predicts better than the mean, and loads from its file', async () => {
    const model = await train(rest, { solver: 'bias' });
    const ofMean = Math.sqrt(mean([...held].map(({ rating }) => (rating - rest.mean) ** 2)));
    expect(evaluate(model, held).rmse).toBeLessThan(ofMean);
    const loaded = await Model.load(model.save());
    const [user, item] = [rest.users[2]!, rest.items[5]!];
    expect(loaded.predict(user, item)).toBe(model.predict(user, item));
    const rated = [...rest].filter((row) => row.user === user);
    expect(model.foldIn(rated).predict(item)).toBeCloseTo(model.predict(user, item), 4);
  });
});

const U1 = ['ml-100k.u1.base.gz', 'ml-100k.u1.test.gz'] as const;
test.skipIf(!hasRealData(...U1))('MovieLens 100K: NDCG at 10 of implicit-als ≥ 1.8 × that of popularity', async () => {
  const all = await Promise.all(U1.map(async (name) => [...(await Ratings.fromFile(await realData(name)))]));
  const liked = Ratings.from(all.flat().filter(({ rating }) => rating >= 4));
  const { train: seen, test: last } = liked.split({ by: 'leave-last-out' });
  const ndcg = async (solver: 'implicit-als' | 'popularity') =>
    evaluate(await train(seen, { solver }), last, { metrics: ['ndcg'] }).ndcg;
  const popularity = await ndcg('popularity');
  expect(popularity).toBeGreaterThan(0.02);
  expect(await ndcg('implicit-als')).toBeGreaterThanOrEqual(1.8 * popularity);
});
