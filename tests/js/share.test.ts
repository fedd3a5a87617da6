/** A model to be shared or published has nothing of any user; what its items' factors still tell is stated here. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Id, Model, Ratings, type SaveOptions, type Solver, type TrainOptions, train } from 'matfac';
import { Model as ServedModel } from 'matfac/serve';
import { beforeAll, describe, expect, test } from 'vitest';
import { decodeTensors } from '../../bindings/js/base/safetensors.js';
import { decodeModel } from '../../bindings/js/model/file/model-file.js';
import { withState } from '../../bindings/js/model/file/save-options.js';
import { matfac } from './support/cli.js';
import { failure } from './support/failure.js';

/** Users with names that a search of the file's bytes finds. */
const named = (sample: Ratings, prefix: string) =>
  Ratings.from([...sample].map(({ user, item, rating }) => [`${prefix}${user}`, item, rating] as const));

let ratings: Ratings;
let model: Model;
beforeAll(async () => {
  ratings = named(await Ratings.sample('tiny'), 'person-');
  model = await train(ratings, { epochs: 3 });
});

const everySolver: Solver[] = [
  'variational',
  'als',
  'svd++',
  'bayesian',
  'nmf',
  'sgd',
  'gradient-descent',
  'bias',
  'implicit-als',
  'bpr',
  'popularity',
];

describe.each(everySolver)('%s', (solver) => {
  let shared: Uint8Array;
  let whole: Model;
  const trained = (from: Ratings) => train(from, { solver, ...options } as TrainOptions);
  const options = ['bias', 'popularity'].includes(solver) ? {} : { factors: 4, epochs: 2 };
  beforeAll(async () => {
    whole = await trained(ratings);
    shared = whole.save({ share: true });
  });

  test('nothing of a user is in the file', async () => {
    const { tensors, metadata } = decodeTensors(shared);
    const names = [...tensors.keys()];
    expect(names.filter((name) => /user|rated|state/.test(name))).toEqual([]);
    expect(names).toContain('item_factors');
    expect([metadata.users, metadata.history]).toEqual(['[]', '[]']);
    expect(Buffer.from(shared).includes('person-')).toBe(false);
    expect(Buffer.from(whole.save()).includes('person-')).toBe(true);
  });

  test('the same ratings of people with other names give the same file', async () => {
    const others = named(await Ratings.sample('tiny'), 'somebody-else-');
    expect((await trained(others)).save({ share: true })).toEqual(shared);
  });

  test('visitors get what they get from the whole model', async () => {
    const again = await Model.load(shared);
    expect([again.userCount, again.itemCount]).toEqual([0, whole.itemCount]);
    const visitor = [
      { item: whole.items[0]!, rating: 5 },
      { item: whole.items[7]!, rating: 2 },
    ];
    // In another order of the items, sums over them are rounded in other places.
    const scores = (of: Model) => {
      const all = of.foldIn(visitor).recommend({ n: of.itemCount });
      return new Map(all.map(({ item, score }) => [item, score]));
    };
    const [found, expected] = [scores(again), scores(whole)];
    expect(found.size).toBe(expected.size);
    // The fold-in of bpr draws items by their rows.
    const digits = solver === 'bpr' ? 2 : 4;
    for (const [item, score] of found) expect(score).toBeCloseTo(expected.get(item)!, digits);
    expect(again.save({ share: true })).toEqual(shared);
    using served = await ServedModel.load(shared);
    expect(served.foldIn(visitor).recommend()).toEqual(again.foldIn(visitor).recommend());
  });
});

test('similar items stay the same', async () => {
  const again = await Model.load(model.save({ share: true }));
  for (const item of model.items.slice(0, 5)) {
    const [found, expected] = [again.similarItems(item), model.similarItems(item)];
    expect(found.map((each) => each.item)).toEqual(expected.map((each) => each.item));
    for (const [rank, { score }] of found.entries()) expect(score).toBeCloseTo(expected[rank]!.score, 5);
  }
});

test('the number of raters of each item is in the file, and no rating', async () => {
  const counts = new Map<Id, number>();
  for (const { item } of ratings) counts.set(item, (counts.get(item) ?? 0) + 1);
  const { items, itemCounts, rated } = decodeModel(model.save({ share: true }));
  expect(rated).toBeNull();
  expect([...itemCounts!]).toEqual(items.list.map((item) => counts.get(item)));
  expect(decodeModel(model.save()).itemCounts).toBeNull();
});

test('what needs users says that there are none', async () => {
  const again = await Model.load(model.save({ share: true }));
  const [user, item] = [model.users[0]!, model.items[0]!];
  for (const call of [
    () => again.recommend(user),
    () => again.recommendMany([user]),
    () => again.explain(user, item),
    () => again.similarUsers(user),
    () => again.uncertainty(user, item),
  ]) {
    const error = await failure(call);
    expect([error.code, error.message]).toEqual([
      'unknown-id',
      'The model has no users: foldIn recommends to visitors',
    ]);
  }
});

test('options that contradict it are refused', async () => {
  for (const name of ['users', 'ratings', 'state'] as const) {
    const error = await failure(() => model.save({ share: true, [name]: true }));
    expect([error.code, error.message]).toEqual([
      'invalid-argument',
      `${name} must be false with share: true; it is true`,
    ]);
  }
  const error = await failure(() => model.save({ share: 'yes' } as unknown as SaveOptions));
  expect(error.message).toBe("share must be true or false; it is 'yes'");
  expect(model.save({ share: false })).toEqual(model.save());
  // Unlike other models that are kept, it has no state of a training.
  expect(model.save(withState({ share: true }))).toEqual(model.save({ share: true }));
});

test('matfac convert --share writes the same file', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'matfac-share-'));
  try {
    await writeFile(join(folder, 'whole.safetensors'), model.save());
    const words = ['convert', 'whole.safetensors', '--dtype', 'int8', '-o', 'shared.safetensors', '--json'];
    const { status, err } = await matfac([...words, '--share'], { cwd: folder });
    expect({ status, err }).toEqual({ status: 0, err: '' });
    const written = new Uint8Array(await readFile(join(folder, 'shared.safetensors')));
    expect(written).toEqual(model.save({ share: true, dtype: 'int8' }));
    const refused = await matfac([...words, '--share', '--drop', 'users'], { cwd: folder });
    expect([refused.status, refused.err]).toEqual([2, expect.stringContaining('--drop must be left out with --share')]);
  } finally {
    await rm(folder, { recursive: true });
  }
});

describe('what the items still tell', () => {
  test('without share, their order shows what the first user rated; with it, they are sorted', async () => {
    const [first] = ratings.users;
    const firstRated = [...ratings].filter(({ user }) => user === first).map(({ item }) => item);
    const itemsOf = async (options: SaveOptions) => (await Model.load(model.save(options))).items;
    expect((await itemsOf({ users: false })).slice(0, firstRated.length)).toEqual(firstRated);
    const sorted = await itemsOf({ share: true });
    expect(sorted).toEqual([...model.items].sort((a, b) => Number(a) - Number(b)));
    expect(sorted.slice(0, firstRated.length)).not.toEqual(firstRated);
  });

  test('items of numbers and of texts are sorted as well', async () => {
    const mixed = Ratings.from([
      ['a', 'é', 1],
      ['a', 10, 5],
      ['b', 'b', 3],
      ['b', 9, 4],
    ]);
    const shared = (await train(mixed, { solver: 'als', factors: 2, epochs: 1 })).save({ share: true });
    expect((await Model.load(shared)).items).toEqual([9, 10, 'b', 'é']);
  });

  /** Pairs of items whose vectors in who takes what are parallel. */
  async function parallel(of: Ratings): Promise<string[]> {
    const whole = await train(of, { epochs: 3 });
    const shared = await Model.load(whole.save({ share: true }));
    const pairs = shared.items.flatMap((item) =>
      shared
        .similarItems(item, { n: shared.itemCount, shrinkage: 0 })
        .filter(({ score }) => score > 0.99999)
        .map((other) => [item, other.item].sort().join(' and ')),
    );
    return [...new Set(pairs)].sort();
  }

  // The vector of an item that one user alone took is A⁻¹ p: the user's vector under the same matrix for all such items.
  test('items that one and the same user alone rated are recognized, unless rare items are left out', async () => {
    const rare = (item: Id) => ['person-0', item, 4] as const;
    const rows = [...ratings].map(({ user, item, rating }) => [user, item, rating] as const);
    const secret = Ratings.from([...rows, rare('secret-1'), rare('secret-2'), rare('secret-3')]);
    const pairs = (await parallel(secret)).filter((pair) => pair.includes('secret'));
    expect(pairs).toEqual(['secret-1 and secret-2', 'secret-1 and secret-3', 'secret-2 and secret-3']);
    const often = secret.filter({ minPerItem: 2 });
    expect(often.items).not.toContain('secret-1');
    expect((await parallel(often)).filter((pair) => pair.includes('secret'))).toEqual([]);
  });
});
