import { gzipSync } from 'node:zlib';
import { Titles } from 'matfac';
import { describe, expect, test } from 'vitest';
import { failure } from './support/failure.js';

const item = (id: number, title: string, ...flags: number[]) =>
  [
    id,
    title,
    '01-Jan-1995',
    '',
    'http://example.org/',
    ...Array.from({ length: 19 }, (_, genre) => Number(flags.includes(genre))),
  ].join('|');

describe('Titles.fromFile', () => {
  test("reads MovieLens's movies.csv", async () => {
    const csv =
      'movieId,title,genres\n1,Toy Story (1995),Adventure|Children\n11,"American President, The (1995)",Comedy\n' +
      '12,"Say ""Hi""",(no genres listed)\n';
    expect(await Titles.fromFile(csv)).toEqual(
      new Map([
        [1, { title: 'Toy Story (1995)', genres: ['Adventure', 'Children'] }],
        [11, { title: 'American President, The (1995)', genres: ['Comedy'] }],
        [12, { title: 'Say "Hi"', genres: [] }],
      ]),
    );
  });

  test('reads movies.dat, u.item with its genre flags, Latin-1, gzipped', async () => {
    const dat = Buffer.from('1::Toy "Story" (1995)::Animation|Comedy\n2::Misérables, Les::Drama\n', 'latin1');
    expect(await Titles.fromFile(new Blob([new Uint8Array(gzipSync(dat))]))).toEqual(
      new Map([
        [1, { title: 'Toy "Story" (1995)', genres: ['Animation', 'Comedy'] }],
        [2, { title: 'Misérables, Les', genres: ['Drama'] }],
      ]),
    );
    const flags = Buffer.from(`${item(1, 'Toy Story', 3, 4, 5)}\n${item(2, 'Été', 0)}\n`, 'latin1');
    expect(await Titles.fromFile(new Blob([new Uint8Array(flags)]))).toEqual(
      new Map([
        [1, { title: 'Toy Story', genres: ['Animation', "Children's", 'Comedy'] }],
        [2, { title: 'Été', genres: ['unknown'] }],
      ]),
    );
  });

  test('reads what people have: other titles and orders, no header, no genres', async () => {
    const books = 'Book-Title;ISBN\n"Emma";0141439580\n"Dune";0441013597\n';
    expect([...(await Titles.fromFile(books))]).toEqual([
      ['0141439580', { title: 'Emma' }],
      ['0441013597', { title: 'Dune' }],
    ]);
    expect((await Titles.fromFile('1\tAlien\n2\tBrazil\n')).get(2)).toEqual({ title: 'Brazil' });
    expect((await Titles.fromFile('id,name\r\n1,Alien\r\n')).get(1)).toEqual({ title: 'Alien' });
  });

  test('says where it fails', async () => {
    expect(await failure(() => Titles.fromFile(''))).toMatchObject({ code: 'parse-error' });
    const error = await failure(() => Titles.fromFile('movieId,title\n1,Alien\n2,\n'));
    expect(error).toMatchObject({ code: 'parse-error', line: 3, column: 2 });
    expect((await failure(() => Titles.fromFile('1,"Alien\n2,Brazil\n'))).line).toBe(1);
  });
});
