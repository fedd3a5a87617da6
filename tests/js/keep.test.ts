import {
  evaluate,
  type Id,
  Model,
  Ratings,
  type Solver,
  TrainingCancelledError,
  type TrainOptions,
  train,
} from 'matfac';
import { beforeAll, describe, expect, test } from 'vitest';
import { decodeModel } from '../../bindings/js/model/file/model-file.js';
import { failure } from './support/failure.js';

type Row = [user: string, item: string, rating: number];

let older: Ratings;
/** Of the users u1 … u30 and one who is new, on the items i1 … i60 and one that is new. */
let newer: Ratings;
beforeAll(async () => {
  const rows = [...(await Ratings.sample('tiny'))].map(
    ({ user, item, rating }): Row => [`u${user}`, `i${item}`, rating],
  );
  older = Ratings.from(rows.filter((_, row) => row % 4 > 0));
  const isNewer = ([user, item]: Row) => Number(user.slice(1)) <= 30 && Number(item.slice(1)) <= 60;
  newer = Ratings.from([
    ...rows.filter((row, number) => number % 4 === 0 && isNewer(row)),
    // Rated in both.
    ...rows.filter((row, number) => number % 20 === 1 && isNewer(row)).map(([user, item]): Row => [user, item, 1]),
    ['u1', 'a new item', 5],
    ['a new user', 'i1', 4],
    ['a new user', 'i2', 2],
  ]);
});

const others = (all: readonly unknown[], some: readonly unknown[]) => all.filter((id) => !some.includes(id));
const bits = (model: Model) => model.save();

/** The rows of users or items in the preference layer, none in a model without. */
function layerRows(model: Model, name: 'likedUsers' | 'takenItems' | 'likedItems', ids: string[]): Float32Array[] {
  const all: readonly Id[] = name === 'likedUsers' ? model.users : model.items;
  const data = decodeModel(model.save()).tensors[name];
  const columns = data.length / all.length;
  return ids.map((id) => all.indexOf(id)).map((row) => data.slice(row * columns, (row + 1) * columns));
}

describe('train with keep', () => {
  const SOLVERS: [Solver, TrainOptions][] = [
    ['variational', {}],
    ['als', {}],
    ['als', { preference: false }],
    ['svd++', {}],
    ['sgd', { factors: 5, learningRate: 0.01 }],
    ['gradient-descent', { factors: 5 }],
    ['nmf', {}],
    ['bayesian', { factors: 5, samples: 4 }],
    ['bias', {}],
    ['implicit-als', {}],
    ['bpr', {}],
    ['popularity', {}],
  ];
  test.each(SOLVERS)('%s predicts for kept users and items as before, bit for bit', async (solver, options) => {
    const before = await train(older, { solver, epochs: 5, ...options });
    const after = await train(newer, { warmStart: before, keep: true, epochs: 2 });
    const users = others(before.users, newer.users) as string[];
    const items = others(before.items, newer.items) as string[];
    expect(after.users).toEqual([...newer.users, ...users]);
    expect(after.items).toEqual([...newer.items, ...items]);
    expect(users.length).toBeGreaterThan(20);
    for (const user of users) {
      const among = { include: items, exclude: 'none', n: items.length, by: 'rating' } as const;
      expect(after.recommend(user, among)).toEqual(before.recommend(user, among));
    }
    for (const [side, ids] of [
      ['likedUsers', users],
      ['takenItems', items],
      ['likedItems', items],
    ] as const) {
      const layers = [after, before].map((model) => layerRows(model, side, ids));
      expect(layers[0]!).toEqual(layers[1]!);
    }
    expect(after.similarItems(items[0]!, { include: items })).toEqual(
      before.similarItems(items[0]!, { include: items }),
    );
    const loaded = await Model.load(after.save());
    expect(bits(loaded)).toEqual(bits(after));
    expect(loaded.recommend('a new user', { n: 3 })).toEqual(after.recommend('a new user', { n: 3 }));
    expect(
      after.foldIn([{ item: items[0]! }, { item: 'a new item' }].map((one) => ({ ...one, rating: 4 }))).recommend(),
    ).toHaveLength(10);
  });

  test('the vectors of both are the mean of the old and the new ones by their ratings, and the others are as they were', async () => {
    const before = await train(older, { solver: 'als', biases: false, epochs: 5 });
    const [kept, alone] = (await Promise.all(
      [true, false].map((keep) => train(newer, { warmStart: before, keep, epochs: 2 })),
    )) as [Model, Model];
    const all = new Set([...older, ...newer].map(({ user, item }) => `${user}\t${item}`));
    const pairs = [...all].map((pair) => pair.split('\t'));
    const isClose = (side: 'user' | 'item') => {
      const ids = (model: Model) => (side === 'user' ? model.users : model.items);
      const vector = (model: Model, id: unknown) => {
        const { columns, data } = side === 'user' ? model.userFactors : model.itemFactors;
        const row = ids(model).indexOf(id as string);
        return [...data.subarray(row * columns, (row + 1) * columns)];
      };
      for (const id of ids(alone).slice(0, 40)) {
        const now = [...newer].filter((rating) => rating[side] === id).length;
        const ever = pairs.filter((pair) => pair[side === 'user' ? 0 : 1] === id).length;
        const share = ids(before).includes(id) ? 1 - now / ever : 0;
        const old = share > 0 ? vector(before, id) : vector(alone, id);
        for (const [factor, number] of vector(kept, id).entries()) {
          expect(number).toBeCloseTo(share * old[factor]! + (1 - share) * vector(alone, id)[factor]!, 5);
        }
      }
      const last = others(ids(before), ids(alone)).at(-1);
      expect(vector(kept, last)).toEqual(vector(before, last));
    };
    isClose('user');
    isClose('item');
    const unrated = await Model.load(before.save({ ratings: false }));
    const appended = await train(newer, { warmStart: unrated, keep: true, epochs: 2 });
    expect(appended.userFactors.data.subarray(0, alone.userFactors.data.length)).toEqual(alone.userFactors.data);
  });

  test('popularity counts each pair once, old or new', async () => {
    const before = await train(older, { solver: 'popularity' });
    const after = await train(newer, { warmStart: before, keep: true });
    const pairs = new Set([...older, ...newer].map(({ user, item }) => `${user}\t${item}`));
    for (const [index, item] of after.items.entries()) {
      const count = [...pairs].filter((pair) => pair.split('\t')[1] === item).length;
      expect(after.itemBias[index]).toBe(count);
    }
  });

  test.each(['als', 'variational'] as const)(
    'an update of %s is better than none, for those who were there and those who are new',
    async (solver) => {
      const rows = [...(await Ratings.sample('ml100k'))].slice(0, 40_000);
      const held = Ratings.from(rows.filter((_, row) => row % 5 === 0));
      const rest = rows.filter((_, row) => row % 5 > 0);
      const isNew = ({ user, item }: { user: unknown; item: unknown }) =>
        Number(user) % 5 === 0 || Number(item) % 11 === 0;
      const old = Ratings.from(rest.filter((rating) => !isNew(rating)));
      const before = await train(old, { solver });
      const after = await train(Ratings.from(rest.filter(isNew)), { warmStart: before, keep: true, epochs: 2 });
      const rmse = (model: Model, wanted: boolean) =>
        evaluate(model, Ratings.from([...held].filter((rating) => isNew(rating) === wanted)), { metrics: ['rmse'] })
          .rmse;
      expect(rmse(after, true)).toBeLessThan(0.95 * rmse(before, true));
      expect(rmse(after, false)).toBeLessThan(1.005 * rmse(before, false));
    },
  );

  test('what a user rated before or now counts as rated, with the newer value', async () => {
    const before = await train(older, { epochs: 5 });
    const after = await train(newer, { warmStart: before, keep: true, epochs: 2 });
    const ratingsOf = (user: string) => {
      const mine = new Map<string, number>();
      for (const { user: rater, item, rating } of [...older, ...newer])
        if (rater === user) mine.set(String(item), rating);
      return mine;
    };
    for (const user of ['u3', 'u12', others(before.users, newer.users)[3] as string, 'a new user']) {
      const mine = ratingsOf(user);
      const left = after.recommend(user, { n: 1000 }).map(({ item }) => item);
      expect(new Set(left)).toEqual(new Set(others(after.items, [...mine.keys()])));
      const reasons = after.explain(user, after.items[0]!, { n: 1000 });
      expect(new Map(reasons.map(({ item, rating }) => [item, rating]))).toEqual(mine);
    }
    expect(decodeModel(after.save()).rated!.items.length).toBe(
      new Set([...older, ...newer].map(({ user, item }) => `${user}\t${item}`)).size,
    );
    expect(after.recommendMany(['u3'], { n: 5 })[0]).toEqual(after.recommend('u3', { n: 5 }));
  });

  test('the mean stays, the range is that of both, and a second update keeps all', async () => {
    const before = await train(older, { epochs: 5 });
    const high = Ratings.from(
      [...newer].map(({ user, item, rating }): Row => [String(user), String(item), rating + 3]),
    );
    const after = await train(high, { warmStart: before, keep: true, epochs: 1 });
    expect(after.mean).toBe(before.mean);
    expect(after.ratingRange).toEqual([before.ratingRange[0], 8]);
    const again = await train(
      Ratings.from([
        ['u2', 'i3', 2],
        ['v', 'i3', 3],
      ]),
      { warmStart: after, keep: true, epochs: 1 },
    );
    expect([again.userCount, again.itemCount]).toEqual([after.userCount + 1, after.itemCount]);
    expect(again.ratingRange).toEqual(after.ratingRange);
    expect(again.predict('u1', 'i5')).toBe(after.predict('u1', 'i5'));
  });

  test('a snapshot and a cancelled training keep them, too', async () => {
    const before = await train(older, { epochs: 3 });
    let snapshot: Promise<Model> | undefined;
    const training = train(newer, {
      warmStart: before,
      keep: true,
      epochs: 50,
      onEpoch: ({ epoch }) => {
        if (epoch === 5) snapshot = training.snapshot();
        if (epoch === 8) training.cancel();
      },
    });
    const { model } = await failure(() => training, TrainingCancelledError);
    const users = newer.userCount + others(before.users, newer.users).length;
    expect([model!.userCount, (await snapshot!).userCount]).toEqual([users, users]);
    expect((await snapshot!).history.length).toBeGreaterThanOrEqual(5);
  });

  test.each(['svd++', 'variational'] as const)(
    'with the ratings of the model it is the training of %s without keep, bit for bit, and resumes from its state',
    async (solver) => {
      const before = await train(older, { solver, epochs: 3 });
      const whole = await train(older, { solver, epochs: 5 });
      const more = await train(older, { warmStart: before, keep: true, epochs: 2 });
      const { history: _, ...tensors } = decodeModel(more.save({ state: true }));
      const { history: __, ...expected } = decodeModel(whole.save({ state: true }));
      expect(tensors.tensors).toEqual(expected.tensors);
      expect(tensors.rated).toEqual(expected.rated);
    },
  );

  test('works from models without users, without ratings, and continues without its state', async () => {
    const before = await train(older, { solver: 'svd++', epochs: 3 });
    const anonymous = await Model.load(before.save({ users: false }));
    const after = await train(newer, { warmStart: anonymous, keep: true, epochs: 1 });
    expect(after.users).toEqual(newer.users);
    expect(after.itemCount).toBe(newer.itemCount + others(before.items, newer.items).length);
    const unrated = await Model.load(before.save({ ratings: false }));
    const kept = await train(newer, { warmStart: unrated, keep: true, epochs: 1 });
    const user = others(before.users, newer.users)[0] as string;
    expect(kept.recommend(user, { n: 1000 })).toHaveLength(kept.itemCount);
    expect(decodeModel(kept.save({ state: true })).tensors.trainingState).toHaveLength(0);
    const all = Ratings.from([...older, ...newer]);
    const more = await train(all, { warmStart: kept, epochs: 2 });
    expect(evaluate(more, all).rmse).toBeLessThan(1.2);
  });

  test('without warmStart, and of another type, is an error', async () => {
    const refused = async (options: object) => (await failure(() => train(newer, options))).message;
    expect(await refused({ keep: true })).toBe('keep must be false without warmStart; it is true');
    expect(await refused({ keep: 'yes' })).toBe("keep must be true or false; it is 'yes'");
    const before = await train(older, { solver: 'bayesian', factors: 3, samples: 3, epochs: 3 });
    const samples = await failure(() => train(newer, { warmStart: before, keep: true, samples: 4 }));
    expect(samples.message).toBe('samples must be 3, as in the model of warmStart; it is 4');
  });
});
