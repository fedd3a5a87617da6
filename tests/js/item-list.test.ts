/** The page's list of items keeps its order and titles for a model that writes the same ids in another way. */
import { type Id, Model } from 'matfac';
import { expect, test } from 'vitest';
import { itemListOfModel } from '../../web/items/item-list.js';

const modelOf = (...items: Id[]) => Model.fromFactors({ itemFactors: items.map((_, index) => [index + 1]), items });
const list = { items: [3, 1, 2] as Id[], sample: false, titles: new Map([[1, { title: 'Alien' }]]) };

test('a model with the ids of the list shares it', async () => {
  expect(itemListOfModel(await modelOf(1, 3), list)).toBe(list);
});

test('a model with these ids as text has its own ids in the order of the list', async () => {
  expect(itemListOfModel(await modelOf('1', '2', '3'), list)).toEqual({ ...list, items: ['3', '1', '2'] });
  expect(itemListOfModel(await modelOf('1', '2'), list)).toEqual({ ...list, items: [3, '1', '2'] });
});

test('a model with other items has its own list', async () => {
  expect(itemListOfModel(await modelOf(1, 4), list)).toEqual({ items: [4, 1], sample: false, titles: null });
  expect(itemListOfModel(await modelOf(1, '4'), null).items).toEqual(['4', 1]);
});
