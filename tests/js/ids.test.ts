/** 7, '7' and '7.0' are the same id wherever only one of them is there. */
import fc from 'fast-check';
import { evaluate, evaluateAsync, Model, Ratings, search, Titles, train } from 'matfac';
import { beforeAll, describe, expect, test } from 'vitest';
import { ChosenIds } from '../../bindings/js/ratings/chosen-ids.js';
import { GrowingIds, type Id, type Ids } from '../../bindings/js/ratings/ids.js';
import { packIds, UnpackedIds } from '../../bindings/js/ratings/packed-ids.js';
import { failure } from './support/failure.js';

/** The end of a sliced work. */
function ended<T>(work: Generator<void, T>): T {
  for (;;) {
    const { done, value } = work.next();
    if (done) return value;
  }
}

/** The same ids in each kind of table. */
const tablesOf = (list: Id[]): Ids[] => {
  const plain = GrowingIds.from(list);
  const more = GrowingIds.from(
    ['first', 0, '0', '0.0', 8, '8', ...list].filter((id) => id === 'first' || list.includes(id)),
  );
  const chosen = Int32Array.from(list, (id) => more.exact(id)).sort();
  return [plain, new UnpackedIds(packIds(plain)), ended(ChosenIds.of(more, chosen))];
};

const forms: Id[] = [
  0,
  '0',
  '0.0',
  7,
  '7',
  '7.0',
  '07',
  '7.00',
  '7.5',
  12,
  '12',
  2 ** 53 - 1,
  '9007199254740991',
  '9007199254740992',
];

/** The ids that mean the same, by hand. */
const groups: Id[][] = [
  [0, '0', '0.0'],
  [7, '7', '7.0'],
  [12, '12'],
  [2 ** 53 - 1, '9007199254740991'],
];

describe('a table of ids', () => {
  test('finds an id itself, or else another form of it, in every kind of table', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.constantFrom(...forms), { maxLength: 8 }),
        fc.constantFrom(...forms),
        (list, id) => {
          const group = groups.find((each) => each.includes(id)) ?? [id];
          const expected = list.includes(id) ? id : group.find((form) => list.includes(form));
          for (const table of tablesOf(list)) {
            const index = table.find(id);
            expect(index < 0 ? undefined : table.at(index)).toBe(expected);
          }
        },
      ),
    );
  });

  test('takes no other form of an id that the other table has as an id of its own', () => {
    for (const table of tablesOf([7, 'a'])) {
      const [seven, a] = [table.exact(7), table.exact('a')];
      expect([...ended(table.indicesOf(GrowingIds.from(['7', 'a', 'b'])))]).toEqual([seven, a, -1]);
      expect([...ended(table.indicesOf(GrowingIds.from(['7', 7])))]).toEqual([-1, seven]);
    }
  });

  test('takes what is no id for an unknown one', () => {
    for (const id of [null, undefined, {}, Number.NaN, -1, 1.5, Symbol('7')]) {
      expect(GrowingIds.from([1, '-1', 'null']).find(id as Id)).toBe(-1);
    }
  });
});

describe('a file of ratings', () => {
  const idsIn = async (...users: string[]) =>
    (await Ratings.fromFile(`user,item,rating\n${users.map((user, i) => `${user},i${i},3\n`).join('')}`)).users;

  test('has numbers where every id is 196.0, as pandas writes them', async () => {
    expect(await idsIn('196.0', '22.0', '196.0')).toEqual([196, 22]);
  });

  test.each<[string[], Id[]]>([
    [
      ['196.0', '22.0', 'x1', '196.0'],
      ['196.0', '22.0', 'x1'],
    ],
    [
      ['196.0', '22', '196.0'],
      ['196.0', '22'],
    ],
    [
      ['22', '196.0', '22'],
      ['22', '196.0'],
    ],
    [
      ['7.0', '7'],
      ['7.0', '7'],
    ],
    [
      ['7.0', '7.00'],
      ['7.0', '7.00'],
    ],
    [
      ['1.0', '1.1', '2.0'],
      ['1.0', '1.1', '2.0'],
    ],
    [
      ['x1', '7', '7.0'],
      ['x1', '7', '7.0'],
    ],
  ])('%j has other ids, which stay as they are written', async (users, expected) => {
    expect(await idsIn(...users)).toEqual(expected);
  });

  test('reads the same ids behind the first lines, where lines of numbers are read from the bytes', async () => {
    const lines = (odd: string) =>
      `user,item,rating\n${odd}${Array.from({ length: 30_000 }, (_, i) => `${i % 500},${i % 70},${1 + (i % 5)}\n`).join('')}`;
    const [plain, decimal] = await Promise.all([Ratings.fromFile(lines('')), Ratings.fromFile(lines('7.0,3.0,4\n'))]);
    expect(plain.users.slice(0, 2)).toEqual([0, 1]);
    expect(decimal.users.slice(0, 3)).toEqual(['7.0', '0', '1']);
    expect(decimal.users.length).toBe(501);
  });
});

/** Ratings of a small grid; `user` and `item` write the ids. */
const rowsOf = (user: (n: number) => Id, item: (n: number) => Id, part: (n: number) => boolean = () => true) =>
  Array.from({ length: 240 }, (_, n) => n)
    .filter(part)
    .map((n) => ({ user: user(n % 20), item: item((n * 7) % 31), rating: 1 + ((n * n) % 5) }));

const number = (n: number) => n;
const text = (n: number) => String(n);
const pandas = (n: number) => `${n}.0`;
const isTest = (n: number) => n % 7 === 0;

describe('a model', () => {
  const options = { factors: 2, epochs: 4, seed: 3 };
  let known: Ratings;
  let model: Model;
  beforeAll(async () => {
    known = Ratings.from(rowsOf(number, number, (n) => !isTest(n)));
    model = await train(known, options);
  });

  test.each([
    ['text', text],
    ['text with .0', pandas],
  ])('of numbers knows ids of %s', async (_, write) => {
    const [user, item] = [write(3), write(4)];
    expect(model.predict(user, item)).toBe(model.predict(3, 4));
    expect(model.predict(user, item)).not.toBe(model.predict('x', 'y'));
    expect([...model.predictMany([user], [item])]).toEqual([...model.predictMany([3], [4])]);
    expect(model.countUnknown([user, 'x'], [item, item])).toEqual({ users: 1, items: 0, pairs: 1 });
    expect(model.recommend(user)).toEqual(model.recommend(3));
    expect(model.recommendMany([user])).toEqual(model.recommendMany([3]));
    expect(model.similarItems(item)).toEqual(model.similarItems(4));
    expect(model.similarUsers(user)).toEqual(model.similarUsers(3));
    expect(model.explain(user, item)).toEqual(model.explain(3, 4));
    const lists = [
      [write(1), write(2)],
      [1, 2],
    ] as const;
    const [excluded, byNumber] = lists.map((exclude) => model.recommend(3, { exclude, n: 31 }));
    expect(excluded).toEqual(byNumber);
    expect(excluded).toHaveLength(29);
    const [included, numbers] = lists.map((include) => model.recommend(3, { include, exclude: 'none' }));
    expect(included).toEqual(numbers);
    expect(included).toHaveLength(2);
    const visitor = model.foldIn([{ item, rating: 5 }]);
    expect(visitor.ratings).toEqual([{ item: 4, rating: 5 }]);
    expect(visitor.predict(write(5))).toBe(visitor.predict(5));
    expect(visitor.remove(item)).toBe(true);
  });

  test.each([
    ['numbers', 'text', number, text],
    ['text', 'numbers', text, number],
    ['text with .0', 'numbers', pandas, number],
    ['numbers', 'text with .0', number, pandas],
    ['text with .0', 'text', pandas, text],
  ] as const)('of %s is evaluated on a test part of %s', async (_, __, ofModel, ofTest) => {
    const rest = rowsOf(ofModel, ofModel, (n) => !isTest(n));
    const its = await train(Ratings.from(rest), options);
    const test = Ratings.from(rowsOf(ofTest, ofTest, isTest));
    const same = Ratings.from(rowsOf(ofModel, ofModel, isTest));
    const found = evaluate(its, test, { exclude: Ratings.from(rowsOf(ofTest, ofTest, (n) => !isTest(n))) });
    expect(found).toEqual(evaluate(its, same, { exclude: Ratings.from(rest) }));
    expect(await evaluateAsync(its, test)).toEqual(evaluate(its, same));
  });

  test('one odd id in the file that it learned from changes no evaluation', async () => {
    const csv = (rows: ReturnType<typeof rowsOf>) =>
      rows.map(({ user, item, rating }) => `${user},${item},${rating}\n`).join('');
    const rest = csv(rowsOf(number, number, (n) => !isTest(n)));
    const test = await Ratings.fromFile(`user,item,rating\n${csv(rowsOf(number, number, isTest))}`);
    const odd = await train(await Ratings.fromFile(`user,item,rating\n${rest}x1,0,3\n`), options);
    expect(odd.users).toContain('19');
    const plain = await train(
      Ratings.from(rowsOf(number, number, (n) => !isTest(n)).concat({ user: 'x1', item: 0, rating: 3 })),
      options,
    );
    expect(evaluate(odd, test)).toEqual(evaluate(plain, test));
    expect(evaluate(odd, test).recall).toBeGreaterThan(0);
  });

  test('is trained with a validation part, and continued with ratings, whose ids are written in another way', async () => {
    const reports = await Promise.all(
      [number, text, pandas].map(async (write) => {
        const validation = Ratings.from(rowsOf(write, write, isTest));
        return (await train(known, { ...options, validation })).history.at(-1)!.validationRmse;
      }),
    );
    expect(reports[1]).toBe(reports[0]);
    expect(reports[2]).toBe(reports[0]);
    const [same, others] = await Promise.all(
      [number, text].map(async (write) => {
        const more = Ratings.from(rowsOf(write, write, (n) => !isTest(n)));
        return (await train(more, { warmStart: model, epochs: 1 })).itemFactors.data;
      }),
    );
    expect(others).toEqual(same);
  });

  test('that has both 7 and "7" keeps them apart', async () => {
    const rows = rowsOf(number, number);
    const both = await train(
      Ratings.from([...rows, { user: '7', item: 'b', rating: 5 }, { user: '7', item: '4', rating: 1 }]),
      options,
    );
    expect(both.users.filter((user) => String(user) === '7')).toEqual([7, '7']);
    expect(both.predict(7, 'b')).not.toBe(both.predict('7', 'b'));
    expect(both.predict(7, 4)).not.toBe(both.predict(7, '4'));
    expect(both.predict('7.0', 4)).toBe(both.predict(7, 4));
    expect(both.predict(7, '5')).toBe(both.predict(7, 5));
  });

  test('loaded from a file knows them too', async () => {
    const loaded = await Model.load(model.save());
    expect(loaded.predict('3', '4.0')).toBe(loaded.predict(3, 4));
    expect((await failure(() => loaded.recommend('03'))).message).toBe("There is no user '03' in the model");
  });

  test('a search validates on other ratings whose ids are written in another way', async () => {
    const [byNumber, byText] = await Promise.all(
      [number, text].map((write) =>
        search(known, { factors: [2, 3], epochs: 3 }, { validation: Ratings.from(rowsOf(write, write, isTest)) }),
      ),
    );
    expect(byText!.trials).toEqual(byNumber!.trials);
  });
});

test('titles are found by 7 and by "7"', async () => {
  const titles = await Titles.fromFile('movieId,title,genres\n7,Seven,\n8,Otto,\n');
  expect([titles.get('7')?.title, titles.get(7)?.title, titles.get('8.0')?.title]).toEqual(['Seven', 'Seven', 'Otto']);
  expect([titles.has('7'), titles.has('07'), titles.get('07')]).toEqual([true, false, undefined]);
  const both = await Titles.fromFile('[{"id":7,"title":"Seven"},{"id":"7","title":"Sept"}]');
  expect([both.get('7')?.title, both.get(7)?.title]).toEqual(['Sept', 'Seven']);
  expect(new Map(both)).toEqual(both);
});
