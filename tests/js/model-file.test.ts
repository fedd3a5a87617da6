import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { evaluate, Model, Ratings, type SaveOptions, train } from 'matfac';
import { beforeAll, describe, expect, test } from 'vitest';
import { checksumOf } from '../../bindings/js/base/checksum.js';
import { decodeTensors, encodeTensors, type Tensor, type TensorFile } from '../../bindings/js/base/safetensors.js';
import { failure } from './support/failure.js';

let ratings: Ratings;
let model: Model;
let small: Uint8Array;
beforeAll(async () => {
  ratings = await Ratings.sample('tiny');
  model = await train(ratings, { epochs: 3, validation: 0.1 });
  const few = Ratings.from([
    ['ann', 1, 4],
    ['ann', 2, 2],
    ['bob "é" 名', 1, 5],
  ]);
  small = (await train(few, { solver: 'als', factors: 2, epochs: 2 })).save();
});

describe('save and load', () => {
  test('everything is restored', async () => {
    const again = await Model.load(model.save());
    expect(again.users).toEqual(model.users);
    expect(again.items).toEqual(model.items);
    expect(again.options).toEqual(model.options);
    expect(again.history).toEqual(model.history);
    expect(again.ratingRange).toEqual(model.ratingRange);
    expect(again.mean).toBe(model.mean);
    expect(again.scale).toBe(model.scale);
    expect(again.userFactors).toEqual(model.userFactors);
    expect(again.itemFactors).toEqual(model.itemFactors);
    expect(again.userBias).toEqual(model.userBias);
    expect(again.itemBias).toEqual(model.itemBias);
    expect(evaluate(again, ratings)).toEqual(evaluate(model, ratings));
    const user = model.users[3]!;
    for (const by of ['preference', 'rating'] as const) {
      expect(again.recommend(user, { by })).toEqual(model.recommend(user, { by }));
      expect(again.explain(user, model.items[5]!, { by })).toEqual(model.explain(user, model.items[5]!, { by }));
    }
    expect(again.recommend(user)).not.toEqual(again.recommend(user, { by: 'rating' }));
    expect(again.similarItems(model.items[5]!)).toEqual(model.similarItems(model.items[5]!));
    expect(again.similarUsers(user)).toEqual(model.similarUsers(user));
    expect(again.uncertainty(user, model.items[5]!)).toBe(model.uncertainty(user, model.items[5]!));
    expect(again.map()).toEqual(model.map());
    const visitor = [{ item: model.items[0]!, rating: 5 }];
    expect(again.foldIn(visitor).recommend()).toEqual(model.foldIn(visitor).recommend());
    expect(again.save()).toEqual(model.save());
  });

  test.each(['sgd', 'gradient-descent'] as const)('of %s, also without biases', async (solver) => {
    const plain = await train(ratings, { solver, epochs: 2, learningRate: 1e-4 });
    const again = await Model.load(plain.save());
    expect(again.options).toEqual(plain.options);
    expect(again.userBias.length).toBe(0);
    expect(again.predict(1, 1)).toBe(plain.predict(1, 1));
  });

  test.each(['variational', 'als', 'svd++', 'nmf', 'bias'] as const)(
    'of %s, with everything that its fold-in needs',
    async (solver) => {
      const trained = await train(ratings, { solver, epochs: 2 });
      const again = await Model.load(trained.save());
      expect(again.options).toEqual(trained.options);
      expect(again.predict(1, 1)).toBe(trained.predict(1, 1));
      const visitor = [{ item: trained.items[0]!, rating: 5 }];
      expect(again.foldIn(visitor).recommend()).toEqual(trained.foldIn(visitor).recommend());
    },
  );

  test('of a version whose options counted in units of a rating', async () => {
    const old = await Model.load(new URL('../golden/before-scale.safetensors', import.meta.url));
    const visitor = old.foldIn([
      { item: 'i0', rating: 100 },
      { item: 'i3', rating: 20 },
      { item: 'i5', rating: 60 },
    ]);
    expect(old.scale).toBe(1);
    expect(old.predict('u1', 'i4')).toBe(80.58350658416748);
    expect(old.items.slice(1, 4).map((item) => visitor.predict(item))).toEqual([
      41.95895308256149, 29.605692267417908, 59.32229274511337,
    ]);
    expect(old.explain('u2', 'i3')[0]).toEqual({ item: 'i3', rating: 100, contribution: 19.575212478637695 });
    const again = await Model.load(old.save());
    expect(again.explain('u2', 'i3')).toEqual(old.explain('u2', 'i3'));
  });

  test('ids of all kinds are restored unchanged', async () => {
    const again = await Model.load(small);
    expect(again.users).toEqual(['ann', 'bob "é" 名']);
    expect(again.items).toEqual([1, 2]);
  });

  test('without ratings no item counts as rated', async () => {
    const again = await Model.load(model.save({ ratings: false }));
    const user = model.users[3]!;
    expect(again.recommend(user)).toEqual(model.recommend(user, { exclude: 'none' }));
    expect((await failure(() => again.explain(user, model.items[0]!))).code).toBe('unsupported');
  });

  test('without users it still recommends to visitors', async () => {
    const bytes = model.save({ users: false });
    expect(bytes.length).toBeLessThan(model.save({ ratings: false }).length);
    const again = await Model.load(bytes);
    expect(again.users).toEqual([]);
    const visitor = [{ item: model.items[0]!, rating: 5 }];
    expect(again.foldIn(visitor).recommend()).toEqual(model.foldIn(visitor).recommend());
    expect(again.predict(1, model.items[4]!)).toBeCloseTo(model.mean + model.itemBias[4]!, 4);
    expect(again.similarItems(model.items[4]!)).toEqual(model.similarItems(model.items[4]!));
    expect((await failure(() => again.recommend(1))).code).toBe('unknown-id');
    expect(again.save({ users: false })).toEqual(bytes);
  });

  test('from bytes anywhere in a buffer, a buffer, a Blob, a Response, an address', async () => {
    const bytes = model.save();
    const shifted = new Uint8Array(bytes.length + 3);
    shifted.set(bytes, 3);
    const path = join(tmpdir(), `matfac-${process.pid}.safetensors`);
    await writeFile(path, bytes);
    const sources = [
      shifted.subarray(3),
      bytes.buffer,
      new Blob([bytes]),
      new Response(bytes),
      pathToFileURL(path),
      new URL(`data:application/octet-stream;base64,${Buffer.from(bytes).toString('base64')}`),
    ];
    for (const source of sources) expect((await Model.load(source)).itemFactors).toEqual(model.itemFactors);
  });

  test('an invalid source, or one that does not exist', async () => {
    const load = (source: unknown) => failure(() => Model.load(source as URL));
    expect((await load('model.safetensors')).message).toMatch(/new URL/);
    expect((await load(7)).code).toBe('invalid-argument');
    expect((await load(new URL('file:///no/such/model'))).message).toMatch(/could not be read/);
    expect((await load(new URL('http://127.0.0.1:9/model'))).message).toMatch(/could not be fetched/);
    expect((await load(new Response('', { status: 404 }))).message).toMatch(/HTTP 404/);
  });

  const bad: [name: string, options: unknown, code: string, message: RegExp][] = [
    ['float64', { dtype: 'float64' }, 'invalid-argument', /dtype must be 'float32', 'float16' or 'int8'/],
    ['users', { users: 1 }, 'invalid-argument', /users must be .*; it is 1/],
    ['ratings without users', { users: false, ratings: true }, 'invalid-argument', /needs users: true/],
    ['a name', { type: 'float32' }, 'invalid-argument', /no option 'type'/],
  ];
  test.each(bad)('save refuses %s', async (_, options, code, message) => {
    const error = await failure(() => model.save(options as SaveOptions));
    expect(error.code).toBe(code);
    expect(error.message).toMatch(message);
  });
});

describe('a damaged file', () => {
  const load = (bytes: Uint8Array) => failure(() => Model.load(bytes));

  test('cut off at any byte, or longer by one', async () => {
    for (let length = 0; length < small.length; length++) {
      expect((await load(small.subarray(0, length))).code).toBe('corrupt-model');
    }
    expect((await load(new Uint8Array([...small, 0]))).code).toBe('corrupt-model');
  });

  test('with a wrong checksum', async () => {
    const file = decodeTensors(small);
    file.tensors.get('item_factors')!.data[0]! += 1;
    expect((await load(encodeTensors(file))).message).toMatch(
      /its checksum is crc32:\w{8}, and its contents have crc32/,
    );
    delete file.metadata.checksum;
    expect((await load(encodeTensors(file))).message).toMatch(/its checksum is missing/);
  });

  type Change = (file: TensorFile) => void;
  const setMeta =
    (name: string, value: unknown): Change =>
    ({ metadata }) => {
      metadata[name] = typeof value === 'string' ? value : JSON.stringify(value);
    };
  const setTensor =
    (name: string, change: (tensor: Tensor) => Partial<Tensor>): Change =>
    ({ tensors }) => {
      const tensor = tensors.get(name)!;
      tensors.set(name, { ...tensor, ...change(tensor) });
    };
  const setValue = (name: string, place: number, value: number): Change =>
    setTensor(name, ({ data }) => {
      data[place] = value;
      return { data };
    });
  const setOption =
    (name: string, value: unknown): Change =>
    (file) =>
      setMeta('options', { ...JSON.parse(file.metadata.options!), [name]: value })(file);

  const changes: [name: string, change: Change, message: RegExp][] = [
    ['another format', setMeta('format', 'pt'), /format: matfac/],
    ['a later version', setMeta('format_version', '2'), /format_version is 2/],
    ['no users', ({ metadata }) => void delete metadata.users, /no users/],
    ['users that are no JSON', setMeta('users', '["ann"'), /users are not JSON/],
    ['users that are no list', setMeta('users', { ann: 1 }), /neither a list nor the first of 2 consecutive numbers/],
    ['users that are a word', setMeta('users', 'ann'), /users are not JSON|users are not a list/],
    ['a user too few', setMeta('users', ['ann']), /user_factors is F32 \[2,2\], not .* \[1,2\]/],
    ['a user twice', setMeta('users', ['ann', 'ann']), /users occur twice/],
    ['a user that is not an id', setMeta('users', ['ann', -1]), /number 2 of its users is not an id/],
    ['an item too many', setMeta('items', [1, 2, 3]), /item_factors/],
    ['no items', setMeta('items', []), /no items/],
    ['no options', setMeta('options', null), /options are not an object/],
    ['another solver', setMeta('solver', 'sgd'), /solver is not that of its options/],
    ['an option of another kind', setOption('biases', 1), /option biases is not a boolean/],
    [
      'an option out of range',
      setOption('regularization', -1),
      /regularization must be a finite number above 0; it is -1/,
    ],
    ['an option that is unknown', setOption('depth', 3), /depth/],
    ['another number of factors', setOption('factors', 3), /item_factors have 2 columns, and its options say 3/],
    ['a mean that is null', setMeta('mean', null), /mean is not a number/],
    ['a scale of zero', setMeta('scale', 0), /scale is not a number that fits/],
    ['a scale that is infinite', setMeta('scale', '1e999'), /scale is not a number that fits/],
    ['a range the wrong way', setMeta('range', [5, 1]), /range ends before it begins/],
    ['a range of three', setMeta('range', [1, 2, 3]), /range is not two numbers/],
    ['a history of something else', setMeta('history', [{ epoch: 1 }]), /history/],
    ['no item factors', ({ tensors }) => void tensors.delete('item_factors'), /item_factors|0 factors/],
    ['no user biases', ({ tensors }) => void tensors.delete('user_bias'), /userBias must have \d+ numbers; it has 0/],
    [
      'user biases alone',
      ({ tensors }) => void tensors.delete('item_bias'),
      /itemBias must have \d+ numbers; it has 0/,
    ],
    ['a factor that is NaN', setValue('user_factors', 1, Number.NaN), /user_factors has values that are not finite/],
    ['a bias that is infinite', setValue('item_bias', 0, Number.POSITIVE_INFINITY), /item_bias has values/],
    [
      'factors as whole numbers',
      setTensor('item_factors', ({ data }) => ({ dtype: 'I32', data: new Int32Array(data) })),
      /is I32 \[2,2\], not F32 or F16 or I8 \[2,2\]/,
    ],
    ['a rated item that is not there', setValue('rated_items', 0, 9), /rated_items have 9, and there are 2 items/],
    ['an item rated twice', setValue('rated_items', 0, 1), /rated an item twice/],
    ['offsets out of order', setValue('rated_offsets', 1, 99), /rated_offsets are not in order/],
    ['a rating that is NaN', setValue('rated_values', 0, Number.NaN), /rated_values has values/],
    [
      'counts below 0',
      ({ tensors }) => {
        for (const name of ['rated_offsets', 'rated_items', 'rated_values']) tensors.delete(name);
        tensors.set('item_counts', { dtype: 'I32', shape: [2], data: Int32Array.of(1, -1) });
      },
      /item_counts have a number below 0/,
    ],
    [
      'counts of other items',
      ({ tensors }) => {
        for (const name of ['rated_offsets', 'rated_items', 'rated_values']) tensors.delete(name);
        tensors.set('item_counts', { dtype: 'U16', shape: [3], data: Uint16Array.of(1, 1, 1) });
      },
      /item_counts .*\[3\]/,
    ],
    ['no rated values', ({ tensors }) => void tensors.delete('rated_values'), /no tensor rated_values/],
  ];
  test.each(changes)('with %s', async (_, change, message) => {
    const file = decodeTensors(small);
    change(file);
    file.metadata.checksum = checksumOf(file);
    const error = await load(encodeTensors(file));
    expect(error.code).toBe('corrupt-model');
    expect(error.message).toMatch(message);
  });

  const headers: [name: string, header: unknown, message: RegExp][] = [
    ['no object', [1], /header is not an object/],
    ['metadata of numbers', { __metadata__: { format: 7 } }, /not an object of strings/],
    ['an unknown type', { a: { dtype: 'F33', shape: [1], data_offsets: [0, 4] } }, /unknown type, "F33"/],
    ['a negative shape', { a: { dtype: 'F32', shape: [-1], data_offsets: [0, 4] } }, /has the shape \[-1\]/],
    ['another size', { a: { dtype: 'F32', shape: [2], data_offsets: [0, 4] } }, /has 4 bytes and its shape needs 8/],
    ['a gap', { a: { dtype: 'F32', shape: [1], data_offsets: [4, 8] } }, /begins at 4, not at 0/],
    ['an end beyond the file', { a: { dtype: 'F32', shape: [4], data_offsets: [0, 16] } }, /ends at 16 of 8 bytes/],
    ['bytes left over', { a: { dtype: 'F32', shape: [1], data_offsets: [0, 4] } }, /take 4 of 8 bytes/],
    ['no place', { a: { dtype: 'F32', shape: [1] } }, /has the data_offsets undefined/],
    ['no description', { a: 7 }, /tensor a has no description/],
  ];
  test.each(headers)('with a header that has %s', async (_, header, message) => {
    const json = new TextEncoder().encode(JSON.stringify(header));
    const bytes = new Uint8Array(8 + json.length + 8);
    new DataView(bytes.buffer).setBigUint64(0, BigInt(json.length), true);
    bytes.set(json, 8);
    const error = await load(bytes);
    expect(error.code).toBe('corrupt-model');
    expect(error.message).toMatch(message);
  });

  test('with a header longer than the file', async () => {
    const bytes = new Uint8Array(16);
    for (const length of [9n, 99_999_999n]) {
      new DataView(bytes.buffer).setBigUint64(0, length, true);
      expect((await load(bytes)).message).toMatch(`the header claims ${length} bytes, and the file has 16`);
    }
  });

  test('that is no safetensors file', async () => {
    const picture = Uint8Array.from('\x89PNG\r\n\x1a\n\0\0\0\rIHDR', (character) => character.charCodeAt(0));
    for (const bytes of [
      picture,
      new TextEncoder().encode('user,item,rating\n1,2,3\n'),
      new Uint8Array(16).fill(255),
    ]) {
      const error = await load(bytes);
      const message = 'This is not a complete matfac model: it does not begin like a safetensors file';
      expect([error.code, error.message]).toEqual(['corrupt-model', message]);
    }
  });
});
