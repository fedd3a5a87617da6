import { type NoteCode, Ratings, type ReadOptions } from 'matfac';
import { describe, expect, test } from 'vitest';
import { failure } from './support/failure.js';

const read = (text: string, options?: ReadOptions) => Ratings.fromFile(text, options);
const triples = (ratings: Ratings) => [...ratings].map(({ user, item, rating }) => [user, item, rating]);
const note = (ratings: Ratings, code: NoteCode) =>
  ratings.source!.notes.filter((one) => one.code === code).map(({ message }) => message);

const log = 'user,item,event\nann,a,view\nann,a,cart\nann,b,view\nbob,a,buy\nbob,b,share\n';

describe('events', () => {
  test('count the same without the option, and a note names them', async () => {
    const ratings = await read(log);
    expect(ratings.implicit).toBe(true);
    expect(ratings.source!.columns).toEqual({ user: 0, item: 1, event: 2 });
    expect(ratings.size).toBe(4);
    expect(note(ratings, 'events')).toEqual([expect.stringContaining("'view', 'cart', 'buy', 'share'")]);
    expect(note(await read('user,item,event\nann,a,view\nbob,a,view\n'), 'events')).toEqual([]);
  });

  test('one is chosen by its name; the others are left out and counted', async () => {
    const ratings = await read(log, { events: 'view' });
    expect(triples(ratings)).toEqual([
      ['ann', 'a', 1],
      ['ann', 'b', 1],
    ]);
    expect(ratings.implicit).toBe(true);
    expect(note(ratings, 'rows-skipped')).toEqual([expect.stringMatching(/^3 rows .*'cart', 'buy', 'share'/)]);
  });

  test('each has its weight, and repeated pairs are summed', async () => {
    const events = { view: 1, cart: 3, buy: 5, share: 0 };
    const ratings = await read(log, { events });
    expect(triples(ratings).sort()).toEqual([
      ['ann', 'a', 4],
      ['ann', 'b', 1],
      ['bob', 'a', 5],
    ]);
    expect(ratings.implicit).toBe(true);
    expect(note(ratings, 'rows-skipped')).toEqual([expect.stringMatching(/^1 row .*'share'/)]);
    expect(triples(await read(log, { events, duplicates: 'max' })).sort()[0]).toEqual(['ann', 'a', 3]);
  });

  test('multiply a column of ratings', async () => {
    const text = 'user,item,action,quantity\nann,a,buy,2\nbob,a,view,1\n';
    const ratings = await read(text, { events: { buy: 5, view: 0.5 } });
    expect(triples(ratings)).toEqual([
      ['ann', 'a', 10],
      ['bob', 'a', 0.5],
    ]);
    expect(ratings.implicit).toBe(false);
  });

  test('of plain numbers are chosen in a large file as well', async () => {
    const rows = Array.from({ length: 9000 }, (_, row) => `${row % 90},${row % 97},${1 + (row % 4)}`);
    const ratings = await read(`user_id,item_id,behavior_type\n${rows.join('\n')}\n`, { events: { 4: 2 } });
    expect(ratings.size).toBe(new Set(rows.filter((row) => row.endsWith(',4'))).size);
    expect(note(ratings, 'rows-skipped')).toEqual([expect.stringMatching(/^6750 rows /)]);
  });

  test('are found in JSON, and in a column of any title by choice', async () => {
    const rows = [
      { who: 'ann', what: 'a', did: 'x' },
      { who: 'bob', what: 'a', did: 'y' },
    ];
    const options: ReadOptions = { events: 'y', columns: { user: 'who', item: 'what', event: 'did' } };
    const ratings = await read(JSON.stringify(rows), options);
    expect(triples(ratings)).toEqual([['bob', 'a', 1]]);
    const all = await read('user,item,event\nann,a,view\nbob,a,buy\n', { columns: { event: null } });
    expect(all.source!.columns).toEqual({ user: 0, item: 1 });
  });

  test('none of which is there leave no ratings', async () => {
    const error = await failure(() => read(log, { events: 'gift' }));
    expect(error.message).toMatch(/must have ratings; it has none/);
  });

  test.each([
    ['', /^events must be the name of an event, or an object of names and weights; it is ''/],
    [{}, /^events must be/],
    [['view'], /^events must be/],
    [7, /^events must be .*; it is 7/],
    [{ view: -1 }, /^events\.view must be a finite number of at least 0; it is -1/],
    [{ view: Number.NaN }, /^events\.view must be .*; it is NaN/],
    [{ view: '3' }, /^events\.view must be .*; it is '3'/],
  ])('%j is refused', async (events, message) => {
    const error = await failure(() => read(log, { events: events as string }));
    expect(error.code).toBe('invalid-argument');
    expect(error.message).toMatch(message);
  });

  test('without a column of events are an error', async () => {
    const error = await failure(() => read('user,item,rating\nann,a,5\n', { events: 'view' }));
    expect(error.code).toBe('invalid-argument');
    expect(error.message).toMatch(/^events must be left out where no column has events; .*columns: \{event: …\}/);
  });
});

describe('true and false', () => {
  test.each([
    ['True', 'False'],
    ['yes', 'no'],
    ['ja', 'nein'],
    ['T', 'F'],
    ['1', '0'],
  ])('%s takes, %s does not', async (yes, no) => {
    const ratings = await read(`user,item,liked\nann,A,${yes}\nbob,B,${no}\ncat,A,${yes}\ndan,B,${no}\n`);
    expect(ratings.implicit).toBe(true);
    expect(triples(ratings)).toEqual([
      ['ann', 'A', 1],
      ['cat', 'A', 1],
    ]);
    expect(note(ratings, 'rows-skipped')).toEqual([expect.stringMatching(/^2 rows /)]);
  });

  test('a word among them that is neither is bad', async () => {
    const text = `user,item,liked\n${'ann,A,yes\nbob,B,no\n'.repeat(10)}cat,A,perhaps\n`;
    const error = await failure(() => read(text));
    expect(error.message).toMatch(/Line 22, column 3 \(liked\): the rating must be true or false; it is 'perhaps'/);
  });

  test('under the title of a rating, 1 and 0 are ratings', async () => {
    const ratings = await read('user,item,rating\nann,A,1\nbob,B,0\n');
    expect(ratings.implicit).toBe(false);
    expect(ratings.size).toBe(2);
  });

  test('numbers of a large file are told apart from 1 and 0 by a bad row', async () => {
    const rows = Array.from({ length: 9000 }, (_, row) => `${row % 90},${row % 97},${row % 2}`);
    const text = `user,item,clicked\n${rows.join('\n')}\n1,2,7\n`;
    const { skipped } = await read(text, { badRows: 'skip' });
    expect(skipped).toMatchObject({ count: 1, first: [{ line: 9002, column: 3 }] });
  });
});
