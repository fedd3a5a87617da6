// hostile.mjs: writes the files in tests/golden/hostile. Each is small and claims, or contains, more than a reader can take; `good-*` are
// made by the same functions without the lie, and are read.
import { writeFileSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import { zipSync } from 'fflate';
import { Ratings, train } from 'matfac';

/** @param {string} name @param {Uint8Array | number[]} bytes */
const write = (name, bytes) =>
  writeFileSync(new URL(`../golden/hostile/${name}`, import.meta.url), Uint8Array.from(bytes));
const text = (/** @type {string} */ value) => [...new TextEncoder().encode(value)];
const word = (/** @type {number} */ value) => [
  value & 255,
  (value >> 8) & 255,
  (value >> 16) & 255,
  (value >>> 24) & 255,
];

/** @param {number | bigint} value */
function varint(value) {
  const bytes = [];
  let left = BigInt(value);
  for (; left > 127n; left >>= 7n) bytes.push(Number(left & 127n) | 128);
  return [...bytes, Number(left)];
}

const zigzag = (/** @type {number} */ value) => varint(value < 0 ? -2n * BigInt(value) - 1n : 2n * BigInt(value));

// Thrift's compact protocol: the type and the bytes of a value.
/** @typedef {{ type: number, bytes: number[] }} Thrift */
const int = (/** @type {number} */ value) => ({ type: 5, bytes: zigzag(value) });
const long = (/** @type {number} */ value) => ({ type: 6, bytes: zigzag(value) });
const binary = (/** @type {string} */ value) => ({ type: 8, bytes: [...varint(value.length), ...text(value)] });
const list = (/** @type {Thrift[]} */ values) => ({
  type: 9,
  bytes: [(values.length << 4) | (values[0]?.type ?? 12), ...values.flatMap(({ bytes }) => bytes)],
});
/** @param {{ [id: number]: Thrift }} fields */
function struct(fields) {
  let before = 0;
  const bytes = Object.entries(fields).flatMap(([id, value]) => {
    const head = ((Number(id) - before) << 4) | value.type;
    before = Number(id);
    return [head, ...value.bytes];
  });
  return { type: 12, bytes: [...bytes, 0] };
}

/**
 * A Parquet file of a table with a column `user` and a column `item`, which are the same.
 * @param {{ rows?: number, type?: number, codec?: number, pages: number[][], meta?: { [id: number]: Thrift | undefined }, footer?: number[] }} parts
 */
function parquet({ rows = 3, type = 1, codec = 0, pages, meta = {}, footer }) {
  const data = pages.flat();
  const column = (/** @type {string} */ name) => {
    const fields = {
      ...{ 1: int(type), 2: list([int(0)]), 3: list([binary(name)]), 4: int(codec), 5: long(rows) },
      ...{ 6: long(data.length), 7: long(data.length), 9: long(4), ...meta },
    };
    const kept = Object.fromEntries(Object.entries(fields).filter(([, field]) => field !== undefined));
    return struct({ 2: long(4), 3: struct(/** @type {{ [id: number]: Thrift }} */ (kept)) });
  };
  const leaf = (/** @type {string} */ name) => struct({ 1: int(type), 3: int(0), 4: binary(name) });
  const own = struct({
    ...{ 1: int(1), 2: list([struct({ 4: binary('schema'), 5: int(2) }), leaf('user'), leaf('item')]), 3: long(rows) },
    4: list([struct({ 1: list([column('user'), column('item')]), 2: long(data.length), 3: long(rows) })]),
  }).bytes;
  const end = footer ?? own;
  return [...text('PAR1'), ...data, ...end, ...word(end.length), ...text('PAR1')];
}

/** @param {number} values @param {number[]} body @param {{ encoding?: number, size?: number }} [more] */
const page = (values, body, { encoding = 0, size = body.length } = {}) => [
  ...struct({
    1: int(0),
    2: int(size),
    3: int(body.length),
    5: struct({ 1: int(values), 2: int(encoding), 3: int(3), 4: int(3) }),
  }).bytes,
  ...body,
];
const dictionary = (/** @type {number} */ values, /** @type {number[]} */ body) => [
  ...struct({ 1: int(2), 2: int(body.length), 3: int(body.length), 7: struct({ 1: int(values), 2: int(0) }) }).bytes,
  ...body,
];
const three = [...word(1), ...word(2), ...word(3)];
/** Numbers that are stored as differences in a block of 128. @param {number} first @param {number} step */
const deltas = (first, step) => [...varint(128), 1, 3, ...zigzag(first), ...zigzag(step), 0];

write('good-plain.parquet', parquet({ pages: [page(3, three)] }));
write(
  'good-dictionary.parquet',
  parquet({ pages: [dictionary(2, [...word(5), ...word(6)]), page(3, [1, 3, 4], { encoding: 8 })] }),
);
write('good-deltas.parquet', parquet({ pages: [page(3, deltas(1, 1), { encoding: 5 })] }));

// A name of 4,294,967,290 bytes, which is −6 in 32 bits: a reader that adds it goes back, for ever.
const back = [0x48, ...varint(4294967290)];
write('name-of-minus-six.parquet', parquet({ pages: [page(3, three)], footer: [...back, 0x18, 0, 0] }));
write('list-of-a-billion.parquet', parquet({ pages: [page(3, three)], footer: [0x29, 0xfc, ...varint(1e9), 0] }));
write('no-offset.parquet', parquet({ pages: [page(3, three)], meta: { 9: undefined } }));
write('no-size.parquet', parquet({ pages: [page(3, three)], meta: { 7: undefined } }));
write('offset-beyond.parquet', parquet({ pages: [page(3, three)], meta: { 9: long(2 ** 52) } }));
write('two-billion-rows.parquet', parquet({ rows: 2e9, pages: [page(2e9, three)] }));
write('page-of-two-gigabytes.parquet', parquet({ pages: [page(3, three, { size: 2 ** 31 - 1 })], codec: 2 }));
write('no-dictionary.parquet', parquet({ pages: [page(3, [1, 3, 4], { encoding: 8 })] }));
write(
  'run-of-a-billion.parquet',
  parquet({
    pages: [dictionary(2, [...word(5), ...word(6)]), page(3, [1, ...varint(2e9), 1], { encoding: 8 })],
  }),
);
// 2³¹ − 1 groups of eight values that take no bits.
write(
  'packed-for-ever.parquet',
  parquet({
    pages: [dictionary(1, word(5)), page(3, [0, ...varint(4294967295)], { encoding: 8 })],
  }),
);
write(
  'bombed-rows.parquet',
  parquet({
    rows: 1e8,
    pages: [dictionary(1, word(5)), page(1e8, [1, ...varint(2e8), 0], { encoding: 8 })],
  }),
);
write('snappy-claims-more.parquet', parquet({ pages: [page(3, [...varint(4e9), 0], { size: 12 })], codec: 1 }));
// Hadoop's LZ4: a block of −8 bytes, whose end is its beginning.
write(
  'lz4-for-ever.parquet',
  parquet({
    pages: [page(3, [0, 0, 0, 0, 255, 255, 255, 248, 0, 0, 0, 0, 0, 0, 0, 0, 0], { size: 12 })],
    codec: 5,
  }),
);
write(
  'zstd-claims-more.parquet',
  parquet({
    pages: [page(3, [0x28, 0xb5, 0x2f, 0xfd, 0xe0, 0, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0], { size: 12 })],
    codec: 6,
  }),
);
// Each text shares a gigabyte with the one before, which has none.
write(
  'shared-gigabytes.parquet',
  parquet({
    type: 6,
    pages: [page(3, [...deltas(2 ** 30, 0), ...deltas(0, 0)], { encoding: 7 })],
  }),
);
write(
  'blocks-without-end.parquet',
  parquet({ pages: [page(3, [...varint(2 ** 31), 0, 3, 2, 2, 0], { encoding: 5 })] }),
);

/** Vectors as Spark has them, in lists that are all empty. @param {number} rows */
function emptyLists(rows) {
  const ids = [...dictionary(1, word(5)), ...page(rows, [1, ...varint(2 * rows), 0], { encoding: 8 })];
  const level = [...word(1 + varint(2 * rows).length), ...varint(2 * rows), 0];
  const lists = page(rows, [...level, ...level]);
  const column = (
    /** @type {string} */ name,
    /** @type {number} */ type,
    /** @type {number} */ at,
    /** @type {number} */ size,
  ) =>
    struct({
      2: long(at),
      3: struct({
        ...{ 1: int(type), 2: list([int(0)]), 3: list([binary(name)]), 4: int(0), 5: long(rows) },
        ...{ 6: long(size), 7: long(size), 9: long(at) },
      }),
    });
  const leaf = (/** @type {string} */ name, /** @type {number} */ type, /** @type {number} */ repetition) =>
    struct({ 1: int(type), 3: int(repetition), 4: binary(name) });
  const root = struct({ 4: binary('schema'), 5: int(2) });
  const columns = [column('id', 1, 4, ids.length), column('features', 4, 4 + ids.length, lists.length)];
  const footer = struct({
    ...{ 1: int(1), 2: list([root, leaf('id', 1, 0), leaf('features', 4, 2)]), 3: long(rows) },
    4: list([struct({ 1: list(columns), 2: long(0), 3: long(rows) })]),
  }).bytes;
  return [...text('PAR1'), ...ids, ...lists, ...footer, ...word(footer.length), ...text('PAR1')];
}
write('good-lists.parquet', emptyLists(1));
write('bombed-lists.parquet', emptyLists(2e7));

const model = await train(
  Ratings.from([
    [1, 2, 3],
    [2, 1, 4],
    [1, 3, 5],
  ]),
  { solver: 'als', factors: 2, epochs: 1 },
);

/**
 * A model whose header says something else, with the checksum of what it says.
 * @param {(header: any) => void} change
 */
function lyingModel(change) {
  const bytes = model.save({ dtype: 'float16', users: false });
  const length = Number(new DataView(bytes.buffer).getBigUint64(0, true));
  const header = JSON.parse(Buffer.from(bytes.subarray(8, 8 + length)).toString());
  const data = bytes.subarray(8 + length);
  // Times differ from run to run.
  header.__metadata__.history = '[]';
  change(header);
  const { __metadata__: metadata, ...tensors } = header;
  let [sum, end] = [0, 0];
  for (const name of Object.keys(metadata).sort()) {
    if (name !== 'checksum') sum = crc32(Uint8Array.from(text(`${name}\0${metadata[name]}\0`)), sum);
  }
  for (const name of Object.keys(tensors).sort()) {
    const { dtype, shape, data_offsets: offsets } = tensors[name];
    sum = crc32(Uint8Array.from(text(`${name}\0${dtype}\0${shape.join()}\0`)), sum);
    sum = crc32(data.subarray(...offsets), sum);
    end = Math.max(end, offsets[1]);
  }
  metadata.checksum = `crc32:${sum.toString(16).padStart(8, '0')}`;
  const json = text(JSON.stringify(header));
  while (json.length % 8 !== 0) json.push(32);
  return [...word(json.length), ...word(0), ...json, ...data.subarray(0, end)];
}

write(
  'good-model.safetensors',
  lyingModel(() => {}),
);
write(
  'two-billion-items.safetensors',
  lyingModel((header) => {
    for (const name of Object.keys(header)) if (name !== '__metadata__') delete header[name];
    header.__metadata__.items = JSON.stringify({ first: 0, count: 2e9 });
    header.item_factors = { dtype: 'F32', shape: [2e9, 0], data_offsets: [0, 0] };
  }),
);

/** @param {string} shape @param {number[]} [data] */
function npy(shape, data = []) {
  const header = `{'descr': '<f4', 'fortran_order': False, 'shape': (${shape}), }\n`;
  return Uint8Array.from([
    0x93,
    ...text('NUMPY'),
    1,
    0,
    header.length & 255,
    header.length >> 8,
    ...text(header),
    ...data,
  ]);
}
const one = [0, 0, 128, 63];
write(
  'good.npz',
  zipSync({ 'user_factors.npy': npy('1, 1', one), 'item_factors.npy': npy('1, 1', one) }, { mtime: '2020-01-01' }),
);
write(
  'four-billion-items.npz',
  zipSync({ 'user_factors.npy': npy('1, 1', one), 'item_factors.npy': npy('4000000000, 0') }, { mtime: '2020-01-01' }),
);

/** @param {object} header @param {number[]} [data] */
const safetensors = (header, data = []) => {
  const json = text(JSON.stringify(header));
  return [...word(json.length), ...word(0), ...json, ...data];
};
write(
  'good-factors.safetensors',
  safetensors({ item_factors: { dtype: 'F32', shape: [1, 1], data_offsets: [0, 4] } }, one),
);
write(
  'two-billion-factors.safetensors',
  safetensors({ item_factors: { dtype: 'F32', shape: [2e9, 0], data_offsets: [0, 0] } }),
);

/** A zip archive of stored files; entries of the directory may point at the same file. @param {{ path: string, at?: number, size?: number }[]} entries */
function zip(entries) {
  const body = text('1,2,3\n2,3,4\n3,1,5\n');
  /** @type {number[]} */
  const files = [];
  /** @type {number[]} */
  const directory = [];
  for (const { path, at, size = body.length } of entries) {
    const name = text(path);
    const common = [
      20,
      0,
      0,
      0,
      0,
      0,
      0,
      0,
      0,
      0,
      ...word(crc32(Uint8Array.from(body))),
      ...word(body.length),
      ...word(size),
      name.length,
      0,
      0,
      0,
    ];
    const offset = at ?? files.length;
    if (at === undefined) files.push(...text('PK\x03\x04'), ...common, ...name, ...body);
    directory.push(...text('PK\x01\x02'), 20, 0, ...common, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, ...word(offset), ...name);
  }
  const count = [entries.length & 255, entries.length >> 8];
  const end = [
    ...text('PK\x05\x06'),
    0,
    0,
    0,
    0,
    ...count,
    ...count,
    ...word(directory.length),
    ...word(files.length),
    0,
    0,
  ];
  return [...files, ...directory, ...end];
}
write('good.zip', zip([{ path: 'ratings.csv' }, { path: 'other.txt' }]));
write('listed-twice.zip', zip([{ path: 'ratings.csv' }, { path: 'other.txt', at: 0 }]));
write('overlapping.zip', zip([{ path: 'ratings.csv' }, { path: 'other.txt', at: 20 }]));
write('four-gigabytes.zip', zip([{ path: 'ratings.csv', size: 2 ** 32 - 2 }]));
process.exit();
