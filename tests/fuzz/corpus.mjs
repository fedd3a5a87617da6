// Small files of every kind, made from the golden files.
import { readFileSync } from 'node:fs';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { zipSync } from 'fflate';
import { parquetWriteBuffer } from 'hyparquet-writer';

/** @param {string} path */
const golden = (path) => new Uint8Array(readFileSync(new URL(`../golden/${path}`, import.meta.url)));
/** @param {string} text */
const bytesOf = (text) => new TextEncoder().encode(text);

/** @type {[number, number, number][]} */
const RATINGS = JSON.parse(Buffer.from(golden('foreign/ratings.json')).toString()).slice(0, 40);
const table = (/** @type {string} */ delimiter) =>
  RATINGS.map(([user, item, rating], row) => [user, item, rating, 978300760 + row].join(delimiter)).join('\n');
const objects = RATINGS.map(([user, item, rating]) => ({ user, item, rating }));
const titles = [...new Set(RATINGS.map(([, item]) => item))].map((id) => ({ id, title: `Film ${id}`, genres: 'a|b' }));

export const texts = {
  csv: /** @type {[Uint8Array, Uint8Array, Uint8Array, Uint8Array]} */ ([
    bytesOf(`userId,movieId,rating,timestamp\n${table(',')}\n`),
    bytesOf(`user;item;rating\n"a";"b, ""c""";4,5\nd;e;3\n`),
    bytesOf(table('::')),
    bytesOf(`${table('\t')}\r\n`),
  ]),
  json: /** @type {[Uint8Array, Uint8Array, Uint8Array]} */ ([
    bytesOf(JSON.stringify(objects)),
    bytesOf(JSON.stringify(RATINGS)),
    bytesOf(JSON.stringify({ ratings: objects.slice(0, 5) })),
  ]),
  ndjson: [bytesOf(objects.map((row) => JSON.stringify(row)).join('\n'))],
};

/** Zstandard without compression. @param {Uint8Array} bytes */
function zstd(bytes) {
  const head = new Uint8Array([0x28, 0xb5, 0x2f, 0xfd, 0xa0, 0, 0, 0, 0]);
  new DataView(head.buffer).setUint32(5, bytes.length, true);
  const block = (bytes.length << 3) | 1;
  return Uint8Array.from([...head, block & 255, (block >> 8) & 255, block >> 16, ...bytes]);
}

/** LZ4 without compression. @param {Uint8Array} bytes */
function lz4(bytes) {
  const token = Math.min(15, bytes.length) << 4;
  const more = [];
  for (let left = bytes.length - 15; left >= 0; left -= 255) more.push(Math.min(255, left));
  return Uint8Array.from([token, ...more, ...bytes]);
}

/** @param {Uint8Array} bytes */
const brotli = (bytes) => new Uint8Array(brotliCompressSync(bytes));
/** @param {Uint8Array} bytes */
const gzip = (bytes) => new Uint8Array(gzipSync(bytes));
const compressors = { GZIP: gzip, BROTLI: brotli, ZSTD: zstd, LZ4_RAW: lz4, LZ4: lz4 };

/** @param {object} options @param {object} [column] */
function parquetOf(options, column = {}) {
  const columnData = [
    { name: 'userId', data: RATINGS.map(([user]) => user), type: 'INT32', ...column },
    { name: 'movieId', data: RATINGS.map(([, item]) => BigInt(item)), type: 'INT64', nullable: true },
    { name: 'rating', data: RATINGS.map(([, , rating]) => rating), type: 'DOUBLE' },
  ];
  // @ts-expect-error The options are those of the writer.
  return new Uint8Array(parquetWriteBuffer({ columnData, compressors, statistics: false, ...options }));
}

const names = RATINGS.map(([user]) => `user ${user}`);
export const parquet = [
  parquetOf({ codec: 'UNCOMPRESSED' }),
  parquetOf({ codec: 'UNCOMPRESSED', rowGroupSize: 15 }, { encoding: 'DELTA_BINARY_PACKED' }),
  parquetOf({ codec: 'UNCOMPRESSED' }, { encoding: 'BYTE_STREAM_SPLIT' }),
  parquetOf({ codec: 'UNCOMPRESSED' }, { data: names, type: 'STRING', encoding: 'DELTA_BYTE_ARRAY' }),
  parquetOf({ codec: 'UNCOMPRESSED' }, { data: names, type: 'STRING', encoding: 'DELTA_LENGTH_BYTE_ARRAY' }),
  parquetOf({ codec: 'UNCOMPRESSED' }, { data: names, type: 'STRING', encoding: 'PLAIN' }),
  parquetOf({ codec: 'UNCOMPRESSED' }, { data: names, type: 'STRING' }),
  ...['SNAPPY', 'GZIP', 'BROTLI', 'ZSTD', 'LZ4', 'LZ4_RAW'].map((codec) => parquetOf({ codec })),
];

export const spark = ['spark', 'spark-implicit'].flatMap((folder) =>
  ['itemFactors-0', 'userFactors-1'].map((part) => golden(`foreign/${folder}/${part}.parquet`)),
);

export const zip = [
  zipSync({ 'ml/ratings.csv': texts.csv[0], 'ml/movies.csv': bytesOf('movieId,title\n1,A\n') }),
  zipSync({ 'u.data': [texts.csv[3], { level: 0 }], 'u.item': bytesOf('1|A|1995||\n') }),
];
export const gz = [gzip(texts.csv[0]), gzip(texts.json[0])];
export const titleFiles = [
  bytesOf(`movieId,title,genres\n${titles.map(({ id, title, genres }) => [id, title, genres].join()).join('\n')}\n`),
  bytesOf(titles.map(({ id, title, genres }) => `${id}::${title}::${genres}`).join('\n')),
  bytesOf(JSON.stringify(titles)),
  new Uint8Array(
    parquetWriteBuffer({
      codec: 'UNCOMPRESSED',
      columnData: [
        { name: 'id', data: titles.map(({ id }) => id), type: 'INT32' },
        { name: 'title', data: titles.map(({ title }) => title), type: 'STRING' },
      ],
    }),
  ),
];
const items = titles.map(({ id }, row) => ({
  id,
  year: 1980 + (row % 30),
  price: row / 7,
  genres: row % 2 ? 'a|b' : 'b',
  kind: `k${row % 3}`,
}));
const cellsOf = (/** @type {string} */ delimiter) => items.map((row) => Object.values(row).join(delimiter)).join('\n');
export const featureFiles = [
  bytesOf(`${Object.keys(items[0] ?? {}).join()}\n${cellsOf(',')}\n`),
  bytesOf(
    `item_id:token\tyear:token\tprice:float\tclass:token_seq\tkind:token\n${cellsOf('\t').replaceAll('|', ' ')}\n`,
  ),
  bytesOf(
    items
      .map(({ id, year }, row) =>
        [
          id,
          `Film (${year})`,
          `01-Jan-${year}`,
          '',
          '',
          ...Array.from({ length: 19 }, (_, genre) => Number(genre === row % 19)),
        ].join('|'),
      )
      .join('\n'),
  ),
  bytesOf(items.map(({ id, kind }, row) => [id, 20 + row, 'MF'[row % 2], kind, 10000].join('|')).join('\n')),
  bytesOf(JSON.stringify(items.map((row) => ({ ...row, genres: row.genres.split('|') })))),
  new Uint8Array(
    parquetWriteBuffer({
      codec: 'UNCOMPRESSED',
      columnData: [
        { name: 'id', data: items.map(({ id }) => id), type: 'INT32' },
        { name: 'price', data: items.map(({ price }) => price), type: 'DOUBLE' },
        { name: 'kind', data: items.map(({ kind }) => kind), type: 'STRING' },
      ],
    }),
  ),
];
export const npz = [golden('foreign/implicit-als.npz'), golden('foreign/implicit-bpr.npz')];
export const libmf = [golden('foreign/libmf.txt').subarray(0, 1500), golden('foreign/libmf.txt')];
export const safetensors = [golden('foreign/factors.safetensors')];
export const oldModel = golden('before-scale.safetensors');
export const vectors = [bytesOf('id,a,b\n1,0.5,-2\n2,1e-3,4\n'), bytesOf('x 0.1 0.2\ny 0.3 0.4\n')];
/** @type {[number, number, number][]} */
export const ratings = RATINGS;
