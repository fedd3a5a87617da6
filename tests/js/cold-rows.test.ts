import { Features, Model, Ratings, train } from 'matfac';
import { expect, test } from 'vitest';

/** Two tastes of users, two kinds of items: a user likes one kind and not the other. */
const rows = Array.from({ length: 40 * 30 }, (_, at) => {
  const [user, item] = [at % 40, Math.floor(at / 40)];
  return { user, item, rating: (user % 2 === item % 2 ? 4.5 : 1.5) + ((user * 7 + item * 3) % 5) / 10 - 0.2 };
}).filter(({ user, item }) => (user * 5 + item * 3) % 7 < 5);
const itemFeatures = () =>
  Features.from(Array.from({ length: 30 }, (_, id) => ({ id, genre: id % 2 === 0 ? 'drama' : 'comedy' })));
const userFeatures = () =>
  Features.from(Array.from({ length: 40 }, (_, id) => ({ id, taste: id % 2 === 0 ? 'drama' : 'comedy' })));

for (const solver of ['variational', 'als', 'bayesian'] as const) {
  test(`${solver}: new items and visitors have the scores of their features, in a saved model too`, async () => {
    const options = { solver, factors: 4, userFeatures: await userFeatures(), itemFeatures: await itemFeatures() };
    const trained = await train(Ratings.from(rows), options);
    const loaded = await Model.load(trained.save());
    const model = await loaded.withItems([{ id: 'new drama', features: { genre: 'drama' } }]);
    expect(model.itemCount).toBe(31);
    expect(model.predict(2, 'new drama')).toBeGreaterThan(model.predict(1, 'new drama') + 0.5);
    const rest = await Model.load(model.save());
    expect(rest.predict(2, 'new drama')).toBe(model.predict(2, 'new drama'));
    const visitor = rest.foldIn([], { features: { taste: 'comedy' } });
    expect(visitor.predict(1)).toBeGreaterThan(visitor.predict(2));
    const more = await rest.withUsers([{ id: 'u', features: { taste: 'comedy' }, ratings: [{ item: 1, rating: 4 }] }]);
    expect(more.predict('u', 3)).toBeGreaterThan(more.predict('u', 4));
    expect(more.recommend('u', { n: 40 }).map(({ item }) => item)).not.toContain(1);
  });
}

for (const solver of ['variational', 'als', 'bayesian'] as const) {
  test(`${solver}: a few ratings of a new item tell the tastes apart, in a model without features`, async () => {
    const trained = await train(Ratings.from(rows), { solver, factors: 4 });
    const model = await trained.withItems([
      {
        id: 'rated',
        ratings: [
          { user: 1, rating: 4.6 },
          { user: 3, rating: 4.4 },
          { user: 2, rating: 1.4 },
        ],
      },
    ]);
    expect(model.predict(5, 'rated')).toBeGreaterThan(model.predict(4, 'rated') + 0.3);
    expect(model.recommend(1, { n: 40 }).map(({ item }) => item)).not.toContain('rated');
  });
}

test('bpr: new items are at what their features tell', async () => {
  const liked = Ratings.from(rows.filter(({ rating }) => rating > 3).map(({ user, item }) => ({ user, item })));
  const options = {
    solver: 'bpr',
    factors: 4,
    userFeatures: await userFeatures(),
    itemFeatures: await itemFeatures(),
  } as const;
  const trained = await train(liked, options);
  const model = await (await Model.load(trained.save())).withItems([
    { id: 'new drama', features: { genre: 'drama' } },
    { id: 'new comedy', features: { genre: 'comedy' } },
  ]);
  const first = (user: number) => model.recommend(user, { n: 1, include: ['new drama', 'new comedy'] })[0]!.item;
  for (let user = 0; user < 40; user++) expect(first(user), `user ${user}`).toBe(user % 2 ? 'new comedy' : 'new drama');
  const visitor = model.foldIn([], { features: { taste: 'comedy' } });
  expect(visitor.recommend({ n: 1, include: ['new drama', 'new comedy'] })[0]!.item).toBe('new comedy');
  await expect(model.withItems([{ id: 'rated', ratings: [{ user: 1 }] }])).rejects.toThrow(
    "a model of the solver 'bpr' takes new items by their features alone, without ratings",
  );
  const plain = await train(liked, { solver: 'bpr', factors: 4 });
  await expect(plain.withItems([{ id: 'a' }])).rejects.toThrow(
    "a model of the solver 'bpr' takes no new items without training",
  );
});

test('bayesian: a few ratings make a new item less uncertain', async () => {
  const model = await train(Ratings.from(rows), { solver: 'bayesian', factors: 4 });
  const ratings = [1, 3, 5, 7].map((user) => ({ user, rating: 4.5 }));
  const grown = await model.withItems([{ id: 'unrated' }, { id: 'rated', ratings }]);
  expect(grown.predict(9, 'rated')).toBeGreaterThan(3.8);
  expect(grown.uncertainty(9, 'rated')).toBeLessThan(0.9 * grown.uncertainty(9, 'unrated'));
  expect(grown.uncertainty(9, 'rated')).toBeGreaterThan(grown.uncertainty(9, 9));
  expect(grown.predict(2, 3)).toBe(model.predict(2, 3));
});

test('what a model does not know is an error that names it', async () => {
  const model = await train(Ratings.from(rows), { solver: 'als', factors: 4, itemFeatures: await itemFeatures() });
  const failing = (items: Parameters<Model['withItems']>[0]) => expect(model.withItems(items)).rejects;
  await failing([{ id: 3 }]).toThrow('withItems: id must be new; the model, or an entry before, has 3');
  await failing([{ id: 'a', features: { colour: 'red' } }]).toThrow(
    "must be among those trained with; 'colour' is not",
  );
  await failing([{ id: 'a', ratings: [{ user: 'nobody', rating: 3 }] }]).toThrow('nobody');
  expect(() => model.foldIn([], { features: { taste: 'drama' } })).toThrow(
    'foldIn: features must be left out for a model without such features',
  );
  const plain = train(Ratings.from(rows), { solver: 'sgd', itemFeatures: await itemFeatures() });
  await expect(plain).rejects.toThrow("itemFeatures must be left out with the solver 'sgd'");
});
