import { Ratings, type Solver, train, Model as WholeModel } from 'matfac';
import { MatfacError, Model } from 'matfac/serve';
import { beforeAll, describe, expect, test } from 'vitest';

let ratings: Ratings;
let bytes: Uint8Array<ArrayBuffer>;
beforeAll(async () => {
  ratings = await Ratings.sample('tiny');
  using model = await train(ratings, { solver: 'als', epochs: 3 });
  bytes = model.save();
});

/** This entry has its own error class. */
async function failure(act: () => unknown): Promise<MatfacError> {
  try {
    await act();
  } catch (error) {
    if (error instanceof MatfacError) return error;
    throw error;
  }
  throw new Error('Nothing was thrown');
}

/** The results of all methods of a served model. */
function answers(model: Pick<Model, Exclude<keyof Model, 'dispose' | symbol>>, isImplicit: boolean) {
  const [first, second] = model.users;
  const [one, two, three] = model.items;
  const visitor = model.foldIn([
    { item: one!, rating: 5 },
    { item: two!, ...(isImplicit ? {} : { rating: 2 }) },
  ]);
  visitor.add({ item: three!, rating: 3 }).remove(two!);
  return {
    predictions: [model.predict(first!, one!), model.predict('nobody', two!), model.predict(second!, 'nothing')],
    best: model.recommend(first!),
    byRating: model.recommend(first!, { by: 'rating' }),
    diverse: model.recommend(second!, { n: 5, diversity: 0.4, exclude: [three!] }),
    included: model.recommend(first!, { include: [one!, three!], exclude: 'none' }),
    approximate: model.recommend(first!, { approximate: true }),
    many: model.recommendMany([second!, first!], { n: 4 }),
    none: model.recommendMany([]),
    similar: model.similarItems(two!, { n: 6 }),
    similarOthers: model.similarItems(two!, { n: 6, exclude: [one!] }),
    similarAmong: model.similarItems(two!, { include: model.items.slice(0, 30), exclude: [three!] }),
    reasons: [model.explain(first!, two!), model.explain(first!, two!, { by: 'rating' })],
    visitor: [visitor.recommend(), visitor.predict(two!), visitor.explain(two!)],
    visitorByRating: [visitor.recommend({ by: 'rating' }), visitor.explain(two!, { by: 'rating' })],
    plane: model.map(),
    space: model.map({ dimensions: 3 }),
  };
}

describe('matfac/serve', () => {
  const solvers: Solver[] = [
    'variational',
    'als',
    'svd++',
    'nmf',
    'bayesian',
    'implicit-als',
    'bpr',
    'popularity',
    'bias',
  ];
  test.each(solvers)('gives the results of the whole library, bit for bit: %s', async (solver) => {
    using model = await train(ratings, { solver, epochs: 3 });
    using served = await Model.load(model.save());
    expect(served.solver).toBe(solver);
    const isImplicit = ['implicit-als', 'bpr', 'popularity'].includes(solver);
    expect(answers(served, isImplicit)).toEqual(answers(model, isImplicit));
  });

  test.each(['int8', 'float16'] as const)('gives those of the default model, saved as %s', async (dtype) => {
    using model = await train(ratings);
    const saved = model.save({ dtype });
    using whole = await WholeModel.load(saved);
    using served = await Model.load(saved);
    expect(answers(served, false)).toEqual(answers(whole, false));
  });

  test('recommends by preference, with the predicted rating, or by that alone', async () => {
    using model = await train(ratings);
    using served = await Model.load(model.save());
    const [user] = served.users;
    const scoresOf = (by?: 'preference' | 'rating') => served.recommend(user!, { n: 30, ...(by && { by }) });
    expect(scoresOf()).toEqual(scoresOf('preference'));
    expect(scoresOf().map(({ item }) => item)).not.toEqual(scoresOf('rating').map(({ item }) => item));
    for (const { item, rating } of scoresOf()) expect(rating).toBeCloseTo(served.predict(user!, item), 5);
    for (const { score, rating } of scoresOf('rating')) expect(rating).toBeCloseTo(Math.min(5, Math.max(1, score)), 5);
    const error = await failure(() => served.recommend(user!, { by: 'taste' as 'rating' }));
    expect(error).toMatchObject({ code: 'invalid-argument', message: expect.stringMatching(/by must be /) });
  });

  test.each(['bayesian', 'variational'] as const)('gives the uncertainty of %s about a visitor', async (solver) => {
    using model = await train(ratings, { solver, epochs: 4 });
    using served = await Model.load(model.save({ users: false }));
    const rated = [{ item: model.items[4]!, rating: 4 }];
    expect(served.foldIn(rated).uncertaintyMany(model.items)).toEqual(model.foldIn(rated).uncertaintyMany(model.items));
    using plain = await Model.load(bytes);
    expect((await failure(() => plain.foldIn(rated).uncertainty(model.items[0]!))).code).toBe('unsupported');
  });

  test('refuses unknown ids and damaged files', async () => {
    using model = await Model.load(bytes);
    expect((await failure(() => model.recommend('nobody'))).code).toBe('unknown-id');
    expect((await failure(() => model.recommend(model.users[0]!, { n: 0 }))).code).toBe('invalid-argument');
    const error = await failure(() => model.foldIn([{ item: model.items[0]!, rating: Number.NaN }]));
    expect(error.code).toBe('invalid-argument');
    expect((await failure(() => Model.load(bytes.slice(0, 1000)))).code).toBe('corrupt-model');
    const text = new TextDecoder('latin1').decode(bytes);
    const factors = Uint8Array.from(text.replace('\\"regularization\\":', '\\"regularization\\":-'), (c) =>
      c.charCodeAt(0),
    );
    expect((await failure(() => Model.load(factors))).code).toBe('corrupt-model');
  });

  test('frees its memory, after which its methods throw', async () => {
    const model = await Model.load(bytes);
    model.dispose();
    model.dispose();
    expect((await failure(() => model.map())).code).toBe('disposed');
    for (let times = 0; times < 50; times++) (await Model.load(bytes)).dispose();
  });
});
