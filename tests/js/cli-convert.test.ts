/** `matfac convert` on files that Spark, implicit, LIBMF and safetensors wrote (tests/golden/foreign/make.py). */
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Model, Ratings } from 'matfac';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { matfac } from './support/cli.js';

const golden = (name: string) => fileURLToPath(new URL(`../golden/foreign/${name}`, import.meta.url));
const bytesOf = async (name: string) => new Uint8Array(await readFile(golden(name)));
const ids = {
  items: Array.from({ length: 40 }, (_, row) => 5 + 7 * row),
  users: Array.from({ length: 60 }, (_, row) => 1000 + row),
};

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'matfac-convert-'));
  // The layout of an ALSModel that Spark saved: other files of Spark are next to the parts.
  for (const side of ['itemFactors', 'userFactors']) {
    await mkdir(join(folder, 'als', side), { recursive: true });
    await writeFile(join(folder, 'als', side, '_SUCCESS'), '');
    await writeFile(join(folder, 'als', side, '.part-00000.snappy.parquet.crc'), 'crc');
    for (const part of [0, 1]) {
      await cp(golden(`spark/${side}-${part}.parquet`), join(folder, 'als', side, `part-0000${part}.snappy.parquet`));
    }
  }
  const rows: [number, number, number][] = JSON.parse(await readFile(golden('ratings.json'), 'utf8'));
  await writeFile(join(folder, 'ratings.csv'), `user,item,rating\n${rows.map((row) => row.join()).join('\n')}\n`);
  await writeFile(join(folder, 'items.txt'), `${ids.items.join('\n')}\n`);
  await writeFile(join(folder, 'users.txt'), ids.users.join('\r\n'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** The output of the command, and the model that it wrote. */
async function converted(...words: string[]): Promise<[said: { [name: string]: unknown }, model: Model]> {
  const { status, out, err } = await matfac(['convert', ...words, '-o', 'out.safetensors', '--json'], { cwd: folder });
  expect({ status, err }).toEqual({ status: 0, err: '' });
  return [JSON.parse(out), await Model.load(await readFile(join(folder, 'out.safetensors')))];
}

/** The same, except for the options that only describe the training. */
function expectSame(found: Model, expected: Model): void {
  for (const part of ['items', 'users', 'itemFactors', 'userFactors', 'itemBias', 'userBias'] as const) {
    expect(found[part], part).toEqual(expected[part]);
  }
  expect([found.options, found.ratingRange, found.mean]).toEqual([
    expected.options,
    expected.ratingRange,
    expected.mean,
  ]);
}

describe('spark', () => {
  const parts = async (side: string) => [
    await bytesOf(`spark/${side}-0.parquet`),
    await bytesOf(`spark/${side}-1.parquet`),
  ];

  test('the folder of a saved ALSModel, with the ratings of the users', async () => {
    const words = ['als', '--regularization', '0.05', '--range', '0.5,5', '--ratings', 'ratings.csv'];
    const [said, model] = await converted(...words);
    expect(said).toMatchObject({ from: 'spark', out: 'out.safetensors' });
    const ratings = await Ratings.fromFile(await readFile(join(folder, 'ratings.csv'), 'utf8'));
    const expected = await Model.fromFile(
      { items: await parts('itemFactors'), users: await parts('userFactors') },
      { format: 'spark', regularization: 0.05, range: [0.5, 5], ratings },
    );
    expectSame(model, expected);
    const { scores } = JSON.parse(await readFile(golden('spark.json'), 'utf8'));
    const best: [number, number][] = scores['1003'];
    const rated = [...ratings].filter(({ user }) => user === 1003).map(({ item }) => item);
    const left = best.filter(([item]) => !rated.includes(item)).map(([item]) => item);
    expect(model.recommend(1003).map(({ item }) => item)).toEqual(left.slice(0, 10));
  });

  test('for visitors alone, without reading the users', async () => {
    await cp(join(folder, 'als'), join(folder, 'items-only'), { recursive: true });
    await rm(join(folder, 'items-only', 'userFactors'), { recursive: true });
    const [, model] = await converted('items-only', '--drop', 'users', '--dtype', 'int8');
    expect([model.users.length, model.items.length]).toEqual([0, 40]);
    const expected = await Model.fromFile({ items: await parts('itemFactors') }, { format: 'spark' });
    const written = new Uint8Array(await readFile(join(folder, 'out.safetensors')));
    expect(written).toEqual(expected.save({ dtype: 'int8', users: false }));
    const [, same] = await converted('als/itemFactors', '--dtype', 'int8');
    expect(same.itemFactors).toEqual(model.itemFactors);
  });
});

test('implicit: recognized by its extension; ids from files with one per line', async () => {
  const words = [golden('implicit-als.npz'), '--item-ids', 'items.txt', '--user-ids', 'users.txt'];
  const [said, model] = await converted(...words);
  expect(said).toMatchObject({ from: 'implicit', before: (await bytesOf('implicit-als.npz')).length });
  expectSame(model, await Model.fromFile(await bytesOf('implicit-als.npz'), { format: 'implicit', ...ids }));
  expect(model.options).toMatchObject({ solver: 'implicit-als', confidence: 3 });
});

test('libmf: recognized by its first lines', async () => {
  const [said, model] = await converted(golden('libmf.txt'), '--regularization', '0.05', '--item-ids', 'items.txt');
  expect(said.from).toBe('libmf');
  const options = { format: 'libmf', regularization: 0.05, items: ids.items } as const;
  expectSame(model, await Model.fromFile(await bytesOf('libmf.txt'), options));
  expect(model.items).not.toContain(12);
});

test('safetensors: with the usual names of tensors, or with other names', async () => {
  const source = golden('factors.safetensors');
  const [said, model] = await converted(source, '--from', 'safetensors', '--solver', 'bpr');
  expect(said.from).toBe('safetensors');
  expectSame(
    model,
    await Model.fromFile(await bytesOf('factors.safetensors'), { format: 'safetensors', solver: 'bpr' }),
  );
  const tensors = 'itemFactors=item_embedding.weight,userFactors=user_embedding.weight,itemBias=item_bias.weight';
  const [, named] = await converted(source, '--from', 'safetensors', '--solver', 'bpr', '--tensors', tensors);
  expectSame(named, model);
});

test('csv: items, and users in another file', async () => {
  await writeFile(join(folder, 'vectors.csv'), 'a,1,2\nb,-3,0.5\n');
  await writeFile(join(folder, 'people.csv'), '7,1,0\n8,0,1\n');
  const words = ['vectors.csv', '--users', 'people.csv', '--mean', '3', '--solver', 'als'];
  const [said, model] = await converted(...words);
  expect(said).toMatchObject({ from: 'csv', before: 27 });
  expect([model.items, model.users]).toEqual([
    ['a', 'b'],
    [7, 8],
  ]);
  expect([model.predict(7, 'a'), model.predict(8, 'b')]).toEqual([4, 3.5]);
});

const misuses: [words: string, message: RegExp][] = [
  ['als --from onnx', /--from must be 'matfac', 'spark', .*; it is 'onnx'/],
  [
    'als --item-ids items.txt',
    /--item-ids must be left out for spark, the format of als; it is for implicit, libmf, safetensors/,
  ],
  ['mine.safetensors --regularization 1', /--regularization must be left out for matfac, .*; it is for spark/],
  ['mine.safetensors --skip-bad-rows', /--skip-bad-rows must be left out for matfac, .*; it is for spark/],
  ['als --range 5', /--range must be LEAST,MOST/],
  ['als --range 5,1', /--range must be .*; it is an array/],
  ['als --solver svd++', /--solver must be 'als', .*; it is 'svd\+\+'/],
  ['als --regularization much', /--regularization must be a number; it is 'much'/],
  ['mine.safetensors --from safetensors --tensors item=x', /--tensors must be of the form .*; it has 'item=x'/],
];
test.each(misuses)('`%s` is a usage error: status 2', async (words, message) => {
  await writeFile(join(folder, 'mine.safetensors'), '');
  const { status, out, err } = await matfac(['convert', ...words.split(' '), '-o', 'x'], { cwd: folder });
  expect({ status, out }).toEqual({ status: 2, out: '' });
  expect(err).toMatch(message);
});

test('the error of a damaged file names it, with status 1; duplicate ids are reported', async () => {
  const npz = await bytesOf('implicit-als.npz');
  await writeFile(join(folder, 'cut.npz'), npz.subarray(0, 3000));
  await mkdir(join(folder, 'empty'), { recursive: true });
  await writeFile(join(folder, 'twice.txt'), `${ids.items.slice(1).join('\n')}\n12\n`);
  const failures: [words: string[], status: number, message: RegExp][] = [
    [['cut.npz'], 1, /cut\.npz: The file must be an \.npz archive; it is another file or cut off/],
    [['nowhere.npz'], 1, /nowhere\.npz could not be read/],
    [['empty'], 1, /empty must have Parquet files; pass the folder/],
    [['cut.npz', '--from', 'libmf'], 1, /cut\.npz: Line 1: it must be 'f'/],
    [[golden('implicit-als.npz'), '--item-ids', 'twice.txt'], 2, /items must not repeat an id; it has 12 twice/],
  ];
  for (const [words, expected, message] of failures) {
    const { status, err } = await matfac(['convert', ...words, '-o', 'x'], { cwd: folder });
    expect(err).toMatch(message);
    expect({ words, status }).toEqual({ words, status: expected });
  }
});
