/** The footer of a Parquet file: its schema and where its columns are, with every number held against the file. */

import type {
  ColumnMetaData,
  CompressionCodec,
  ConvertedType,
  LogicalType,
  ParquetType,
  SchemaElement,
} from 'hyparquet';
import { show } from '../../base/show.js';
import { type Struct, ThriftReader, type Value } from './thrift.js';

/** What a Parquet file says of itself. */
export interface Footer {
  schema: SchemaElement[];
  /** The leaves of the schema, which are the columns that are stored. */
  leaves: Leaf[];
  groups: RowGroup[];
  rows: number;
}

/** A group of rows, whose columns are stored one after another. */
export interface RowGroup {
  rows: number;
  chunks: Chunk[];
}

/** A column of a group of rows, which is somewhere in the file. */
export interface Chunk {
  leaf: Leaf;
  type: ParquetType;
  codec: CompressionCodec;
  start: number;
  size: number;
}

export interface Leaf {
  path: string[];
  element: SchemaElement;
  /** How often a value may be repeated, and how often it may be missing, on the way from the root. */
  maxRepetition: number;
  maxDefinition: number;
  /** Whether each row has one value, or none. */
  isFlat: boolean;
  /** Whether it is part of a column in the binary format for JSON, which is not supported. */
  isVariant: boolean;
}

const MAGIC = 0x31524150;
/** The length of the footer, and the magic. */
const TAIL = 8;
const DEEPEST = 24;

const TYPES = 'BOOLEAN INT32 INT64 INT96 FLOAT DOUBLE BYTE_ARRAY FIXED_LEN_BYTE_ARRAY'.split(' ') as ParquetType[];
const REPETITIONS = ['REQUIRED', 'OPTIONAL', 'REPEATED'] as const;
const CODECS = 'UNCOMPRESSED SNAPPY GZIP LZO BROTLI LZ4 ZSTD LZ4_RAW'.split(' ') as CompressionCodec[];
const CONVERTED = (
  'UTF8 MAP MAP_KEY_VALUE LIST ENUM DECIMAL DATE TIME_MILLIS TIME_MICROS TIMESTAMP_MILLIS TIMESTAMP_MICROS ' +
  'UINT_8 UINT_16 UINT_32 UINT_64 INT_8 INT_16 INT_32 INT_64 JSON BSON INTERVAL'
).split(' ') as ConvertedType[];

/** Reads the end of a file. @throws Error that says what is wrong with it. */
export async function readFooter(file: Blob): Promise<Footer> {
  const tail = await viewOf(file, file.size - TAIL, file.size);
  if (tail.byteLength < TAIL || tail.getUint32(4, true) !== MAGIC) throw new Error("it does not end with 'PAR1'");
  const length = tail.getUint32(0, true);
  const start = file.size - TAIL - length;
  if (start < 4) throw new Error(`its footer claims ${length} bytes, and the file has ${file.size}`);
  const { buffer } = await viewOf(file, start, file.size - TAIL);
  const fields = new ThriftReader(new Uint8Array(buffer as ArrayBuffer)).struct();
  const schema = listIn(fields, 2).map(elementOf);
  const leaves = leavesOf(schema);
  const groups = listIn(fields, 4).map((group) => groupOf(structOf(group), leaves, start));
  const rows = groups.reduce((sum, group) => sum + group.rows, 0);
  const claimed = numberIn(fields, 3);
  if (rows !== claimed) throw new Error(`it claims ${claimed} rows, and its groups have ${rows}`);
  return { schema, leaves, groups, rows };
}

async function viewOf(file: Blob, start: number, end: number): Promise<DataView> {
  return new DataView(await file.slice(Math.max(0, start), end).arrayBuffer());
}

function elementOf(value: Value): SchemaElement {
  const fields = structOf(value);
  const type = fields.get(10);
  const logical = type instanceof Map ? logicalOf(type) : undefined;
  const element: { [key in keyof SchemaElement]: SchemaElement[key] | undefined } = {
    type: nameIn(fields, 1, TYPES),
    type_length: optional(fields, 2),
    repetition_type: nameIn(fields, 3, REPETITIONS),
    name: textOf(fields.get(4)),
    num_children: optional(fields, 5),
    converted_type: nameIn(fields, 6, CONVERTED) ?? olderName(logical),
    scale: optional(fields, 7) ?? (logical?.type === 'DECIMAL' ? logical.scale : undefined),
    precision: optional(fields, 8),
    logical_type: logical,
  };
  return Object.fromEntries(Object.entries(element).filter(([, field]) => field !== undefined)) as never;
}

/** The decoder knows some types by their older names, which not every program writes. */
function olderName(logical: LogicalType | undefined): 'DATE' | 'DECIMAL' | undefined {
  return logical?.type === 'DATE' || logical?.type === 'DECIMAL' ? logical.type : undefined;
}

/** Types whose values are taken as they are stored have no logical type here. */
function logicalOf(fields: Struct): LogicalType | undefined {
  const [[id, value] = [0, undefined]] = fields;
  const plain: { [id: number]: LogicalType['type'] } = {
    ...{ 1: 'STRING', 2: 'MAP', 3: 'LIST', 4: 'ENUM', 6: 'DATE', 11: 'NULL', 12: 'JSON', 13: 'BSON', 14: 'UUID' },
    ...{ 15: 'FLOAT16', 16: 'VARIANT' },
  };
  if (plain[id]) return { type: plain[id] } as LogicalType;
  if (![5, 7, 8, 10].includes(id)) return undefined;
  const of = structOf(value);
  if (id === 5) return { type: 'DECIMAL', scale: numberIn(of, 1), precision: numberIn(of, 2) };
  if (id === 10) return { type: 'INTEGER', bitWidth: numberIn(of, 1), isSigned: of.get(2) === true };
  const unit = (['MILLIS', 'MICROS', 'NANOS'] as const)[(structOf(of.get(2)).keys().next().value ?? 0) - 1];
  if (!unit) throw new Error('a unit of time is missing');
  return { type: id === 7 ? 'TIME' : 'TIMESTAMP', isAdjustedToUTC: of.get(1) === true, unit };
}

/** Walks the tree of the schema, which is stored from the root down. */
function leavesOf(schema: SchemaElement[]): Leaf[] {
  const leaves: Leaf[] = [];
  let next = 0;
  const walk = (above: Leaf | undefined): void => {
    const element = schema[next++];
    if (!element) throw new Error('its schema is cut off');
    const { name, repetition_type: repetition, num_children: children, logical_type: logical, type } = element;
    const path = above ? [...above.path, name] : [];
    if (path.length > DEEPEST) throw new Error(`its schema is nested more than ${DEEPEST} deep`);
    const here = {
      ...{ path, element },
      maxRepetition: (above?.maxRepetition ?? 0) + (above && repetition === 'REPEATED' ? 1 : 0),
      maxDefinition: (above?.maxDefinition ?? 0) + (above && repetition !== 'REQUIRED' ? 1 : 0),
      isFlat: path.length === 1 && repetition !== 'REPEATED',
      isVariant: above?.isVariant === true || logical?.type === 'VARIANT',
    };
    if (type && above) leaves.push(here);
    for (let child = 0; child < (children ?? 0); child++) walk(here);
  };
  walk(undefined);
  if (next !== schema.length) throw new Error(`its schema has ${schema.length} elements, and its tree ${next}`);
  return leaves;
}

function groupOf(fields: Struct, leaves: Leaf[], end: number): RowGroup {
  const rows = numberIn(fields, 3);
  if (rows < 0) throw new Error(`a group of rows has ${rows} rows`);
  const columns = listIn(fields, 1);
  if (columns.length !== leaves.length) {
    throw new Error(`a group of rows has ${columns.length} columns, and the schema ${leaves.length}`);
  }
  return { rows, chunks: columns.flatMap((column, index) => chunkOf(structOf(column), leaves[index]!, end) ?? []) };
}

/** A chunk that ends before `end`; undefined when it is encrypted or in another file. */
function chunkOf(column: Struct, leaf: Leaf, end: number): Chunk | undefined {
  const meta = column.get(3);
  if (!(meta instanceof Map) || column.has(1)) return undefined;
  const name = leaf.path.join('.');
  const [type, codec] = [nameIn(meta, 1, TYPES), nameIn(meta, 4, CODECS)];
  if (type !== leaf.element.type || listIn(meta, 3).map(textOf).join('.') !== name || !codec) {
    throw new Error(`the column ${show(name)} is not as the schema says`);
  }
  const start = numberIn(meta, meta.get(11) ? 11 : 9);
  const size = numberIn(meta, 7);
  if (start < 4 || size < 0 || start + size > end) throw new Error(`the column ${show(name)} is not within the file`);
  return { leaf, type: type!, codec, start, size };
}

/** How hyparquet describes a chunk. */
export function metadataOf(leaf: Leaf, type: ParquetType, start: number, size: number, values: number): ColumnMetaData {
  return {
    ...{ type, encodings: [], path_in_schema: leaf.path, codec: 'UNCOMPRESSED', num_values: BigInt(values) },
    ...{ total_uncompressed_size: BigInt(size), total_compressed_size: BigInt(size), data_page_offset: BigInt(start) },
  };
}

const decoder = new TextDecoder();

function textOf(value: Value | undefined): string {
  if (value instanceof Uint8Array) return decoder.decode(value);
  throw new Error('a name is missing');
}

function structOf(value: Value | undefined): Struct {
  if (value instanceof Map) return value;
  throw new Error('a struct is missing');
}

function listIn(fields: Struct, id: number): Value[] {
  const value = fields.get(id);
  if (Array.isArray(value)) return value;
  throw new Error('a list is missing');
}

/** A whole number that is exact. */
export function numberIn(fields: Struct, id: number): number {
  const value = fields.get(id);
  const number = typeof value === 'bigint' ? Number(value) : value;
  if (typeof number === 'number' && Number.isSafeInteger(number)) return number;
  throw new Error('a number is missing');
}

function optional(fields: Struct, id: number): number | undefined {
  return fields.has(id) ? numberIn(fields, id) : undefined;
}

/** The name that a number stands for; undefined without a number. */
function nameIn<T>(fields: Struct, id: number, names: readonly T[]): T | undefined {
  const code = optional(fields, id);
  if (code === undefined) return undefined;
  const name = names[code];
  if (name === undefined) throw new Error(`the code ${code} is unknown`);
  return name;
}
