/** The pages of a column, checked and decompressed: what a decoder that trusts its input can be given. */

import type { ParquetType } from 'hyparquet';
import type { Allowance } from '../../base/allowance.js';
import { show } from '../../base/show.js';
import { decompressed } from './codecs.js';
import { type Chunk, type Leaf, numberIn } from './footer.js';
import { PageReader, walkDeltas, walkRuns } from './runs.js';
import { type Struct, ThriftReader, writeStruct } from './thrift.js';

const PAGE = { data: 0, dictionary: 2, dataV2: 3 } as const;
const ENCODING = {
  plain: 0,
  plainDictionary: 2,
  runs: 3,
  deltas: 5,
  deltaLengths: 6,
  deltaBytes: 7,
  dictionary: 8,
  split: 9,
} as const;
const WIDTHS: { [type in ParquetType]?: number } = { INT32: 4, INT64: 8, INT96: 12, FLOAT: 4, DOUBLE: 8 };
/** Decimals are read digit by digit. */
const LONGEST_DECIMAL = 64;

/** A column of a group of rows: pages that are not compressed, with headers of their own. */
export interface CheckedColumn {
  parts: Uint8Array[];
  size: number;
  values: number;
}

/**
 * Checks all pages of a chunk: sizes against the bytes, numbers of values against the rows, runs against the values.
 * @throws Error that says what is wrong; MatfacError `out-of-memory` beyond the allowance.
 */
export function checkChunk(bytes: Uint8Array, chunk: Chunk, rows: number, allowance: Allowance): CheckedColumn {
  const { leaf } = chunk;
  if (leaf.isVariant)
    throw new Error(`the column ${show(leaf.path.join('.'))} is of the type VARIANT, which is not supported`);
  const checked: CheckedColumn = { parts: [], size: 0, values: 0 };
  let [hasDictionary, cost] = [false, 0];
  const reader = new ThriftReader(bytes);
  while (leaf.isFlat ? checked.values < rows : reader.offset < bytes.length - 1) {
    const header = reader.struct();
    const packed = new PageReader(bytes, reader.offset).skip(numberIn(header, 3));
    reader.offset += packed.length;
    const page = checkPage(header, packed, chunk, hasDictionary, allowance);
    hasDictionary ||= page.values === undefined;
    checked.values += page.values ?? 0;
    cost += page.cost;
    allowance.hold(cost);
    for (const part of [page.header, ...page.parts]) {
      checked.parts.push(part);
      checked.size += part.length;
    }
  }
  if (leaf.isFlat && checked.values !== rows) throw new Error(`a column has ${checked.values} values for ${rows} rows`);
  return checked;
}

interface Page {
  header: Uint8Array;
  parts: Uint8Array[];
  /** Undefined for a dictionary. */
  values: number | undefined;
  /** About the bytes that the decoded values take. */
  cost: number;
}

/** A number takes 8 bytes, a text, a date or a decimal that of an object, and so does a list that is one level deep. */
const NUMBER_BYTES = 8;
const OBJECT_BYTES = 100;
const LIST_BYTES = 192;

function checkPage(
  header: Struct,
  packed: Uint8Array,
  chunk: Chunk,
  hasDictionary: boolean,
  allowance: Allowance,
): Page {
  const [type, size] = [numberIn(header, 1), numberIn(header, 2)];
  if (size < 0) throw new Error(`a page claims ${size} bytes`);
  allowance.take(size);
  if (type === PAGE.dictionary)
    return dictionaryPage(header, decompressed(chunk.codec, packed, size), chunk, allowance);
  if (type === PAGE.data)
    return dataPage(header, decompressed(chunk.codec, packed, size), chunk, hasDictionary, allowance);
  if (type === PAGE.dataV2) return dataPageV2(header, packed, size, chunk, hasDictionary, allowance);
  throw new Error(`a page is of the unknown type ${type}`);
}

function dictionaryPage(header: Struct, page: Uint8Array, chunk: Chunk, allowance: Allowance): Page {
  const values = count(fieldsOf(header, 7), 1, allowance);
  checkPlain(new PageReader(page), chunk, values);
  return {
    header: headerOf(PAGE.dictionary, page.length, [
      7,
      [
        [1, values],
        [2, ENCODING.plain],
      ],
    ]),
    parts: [page],
    values: undefined,
    cost: values * valueBytes(chunk),
  };
}

function dataPage(header: Struct, page: Uint8Array, chunk: Chunk, hasDictionary: boolean, allowance: Allowance): Page {
  const fields = fieldsOf(header, 5);
  const [values, encoding] = [count(fields, 1, allowance), numberIn(fields, 2)];
  const { maxRepetition, maxDefinition } = chunk.leaf;
  const reader = new PageReader(page);
  let [present, continued] = [values, 0];
  if (maxRepetition > 0) continued = walkRuns(reader.skip(reader.word()), bitsOf(maxRepetition), values, maxRepetition);
  if (maxDefinition > 0) present = walkRuns(reader.skip(reader.word()), bitsOf(maxDefinition), values, maxDefinition);
  checkValues(reader, encoding, present, chunk, hasDictionary, allowance);
  return {
    header: headerOf(PAGE.data, page.length, [
      5,
      [
        [1, values],
        [2, encoding],
        [3, ENCODING.runs],
        [4, ENCODING.runs],
      ],
    ]),
    parts: [page],
    values,
    cost: costOf(chunk, encoding, values, values - continued),
  };
}

/** In the second version, levels are not compressed and have their lengths in the header. */
function dataPageV2(
  header: Struct,
  packed: Uint8Array,
  size: number,
  chunk: Chunk,
  hasDictionary: boolean,
  allowance: Allowance,
): Page {
  const fields = fieldsOf(header, 8);
  const [values, encoding] = [count(fields, 1, allowance), numberIn(fields, 4)];
  const [nulls, rows] = [numberIn(fields, 2), numberIn(fields, 3)];
  const [definitionSize, repetitionSize] = [numberIn(fields, 5), numberIn(fields, 6)];
  const { maxRepetition, maxDefinition, isFlat } = chunk.leaf;
  const reader = new PageReader(packed);
  const [repetitions, definitions] = [reader.skip(repetitionSize), reader.skip(definitionSize)];
  const continued = maxRepetition > 0 ? walkRuns(repetitions, bitsOf(maxRepetition), values, maxRepetition) : 0;
  const present = maxDefinition > 0 ? walkRuns(definitions, bitsOf(maxDefinition), values, maxDefinition) : values;
  if (nulls !== values - present || (isFlat && rows !== values) || rows < 0)
    throw new Error(`a page claims ${values} values, ${nulls} missing values and ${rows} rows, which do not fit`);
  const levels = repetitionSize + definitionSize;
  const codec = fields.get(7) === false ? 'UNCOMPRESSED' : chunk.codec;
  const body = decompressed(codec, packed.subarray(levels), size - levels);
  checkValues(new PageReader(body), encoding, present, chunk, hasDictionary, allowance);
  const own = [
    [1, values],
    [2, nulls],
    [3, rows],
    [4, encoding],
    [5, definitionSize],
    [6, repetitionSize],
  ] as const;
  return {
    header: headerOf(PAGE.dataV2, size, [8, [...own, [7, false]]]),
    parts: [packed.subarray(0, levels), body],
    values,
    cost: costOf(chunk, encoding, values, values - continued),
  };
}

function costOf(chunk: Chunk, encoding: number, values: number, lists: number): number {
  const isIndex = encoding === ENCODING.dictionary || encoding === ENCODING.plainDictionary;
  const { isFlat, maxDefinition } = chunk.leaf;
  const listBytes = isFlat ? 0 : lists * maxDefinition * LIST_BYTES;
  return values * (isIndex ? NUMBER_BYTES : valueBytes(chunk)) + listBytes;
}

function valueBytes({ type, leaf: { element } }: Chunk): number {
  const { converted_type: converted, logical_type: logical } = element;
  const isNumber = type === 'BOOLEAN' || type in WIDTHS;
  const isConverted = type === 'INT96' || !/^U?INT/.test(converted ?? logical?.type ?? 'INT');
  return isNumber && !isConverted ? NUMBER_BYTES : OBJECT_BYTES;
}

function headerOf(type: number, size: number, [id, fields]: [number, Parameters<typeof writeStruct>[0]]): Uint8Array {
  return Uint8Array.from(
    writeStruct([
      [1, type],
      [2, size],
      [3, size],
      [id, writeStruct(fields)],
    ]),
  );
}

function checkValues(
  reader: PageReader,
  encoding: number,
  values: number,
  chunk: Chunk,
  hasDictionary: boolean,
  allowance: Allowance,
): void {
  const { type } = chunk;
  switch (encoding) {
    case ENCODING.plain:
      checkPlain(reader, chunk, values);
      break;
    case ENCODING.plainDictionary:
    case ENCODING.dictionary: {
      if (!hasDictionary) throw new Error('a page needs a dictionary, and there is none');
      // A page without values may have no width.
      const width = values === 0 && reader.left === 0 ? 0 : reader.byte();
      if (width > 32) throw new Error(`a page has indices of ${width} bits`);
      if (reader.left > 0) walkRuns(reader.skip(reader.left), width, values, 0);
      break;
    }
    case ENCODING.runs:
      if (type !== 'BOOLEAN') throw new Error(`runs of ${type} are unknown`);
      if (values > 0) walkRuns(reader.skip(reader.word()), 1, values, 0);
      break;
    case ENCODING.deltas:
      if (type !== 'INT32' && type !== 'INT64') throw new Error(`differences of ${type} are unknown`);
      walkDeltas(reader, values, false);
      break;
    case ENCODING.deltaLengths:
    case ENCODING.deltaBytes:
      checkDeltaBytes(reader, encoding, values, chunk, allowance);
      break;
    case ENCODING.split:
      reader.skip(values * widthOf(chunk));
      break;
    default:
      throw new Error(`the encoding ${encoding} is not supported`);
  }
}

function checkPlain(reader: PageReader, chunk: Chunk, values: number): void {
  if (chunk.type !== 'BYTE_ARRAY') {
    reader.skip(chunk.type === 'BOOLEAN' ? Math.ceil(values / 8) : values * widthOf(chunk));
    return;
  }
  const longest = isDecimal(chunk.leaf) ? LONGEST_DECIMAL : Number.POSITIVE_INFINITY;
  for (let index = 0; index < values; index++) checkLength(reader.skip(reader.word()).length, longest);
}

/** Texts as lengths and bytes, or as lengths of what they share with the one before, lengths and bytes. */
function checkDeltaBytes(
  reader: PageReader,
  encoding: number,
  values: number,
  chunk: Chunk,
  allowance: Allowance,
): void {
  if (chunk.type !== 'BYTE_ARRAY' && chunk.type !== 'FIXED_LEN_BYTE_ARRAY')
    throw new Error(`texts in a column of ${chunk.type} are unknown`);
  const longest = isDecimal(chunk.leaf) ? LONGEST_DECIMAL : Number.POSITIVE_INFINITY;
  const shared = encoding === ENCODING.deltaBytes ? walkDeltas(reader, values, true) : undefined;
  const lengths = walkDeltas(reader, values, true);
  let before = 0;
  for (let index = 0; index < values; index++) {
    const prefix = shared?.[index] ?? 0;
    if (prefix < 0 || prefix > before) throw new Error('a text shares more with the one before than that has');
    before = prefix + reader.skip(lengths[index]!).length;
    if (prefix > 0) allowance.take(prefix);
    checkLength(before, longest);
  }
}

function checkLength(length: number, longest: number): void {
  if (length > longest) throw new Error(`a decimal has ${length} bytes`);
}

function isDecimal({ element }: Leaf): boolean {
  return element.converted_type === 'DECIMAL' || element.logical_type?.type === 'DECIMAL';
}

/** The bytes of each value. */
function widthOf({ type, leaf }: Chunk): number {
  const width = WIDTHS[type] ?? leaf.element.type_length ?? 0;
  if (width < 1 || (isDecimal(leaf) && width > LONGEST_DECIMAL)) throw new Error(`a value has ${width} bytes`);
  return width;
}

function bitsOf(level: number): number {
  return 32 - Math.clz32(level);
}

/** A number of values, whose memory is checked before anything is read of them. */
function count(fields: Struct, id: number, allowance: Allowance): number {
  const values = numberIn(fields, id);
  if (values < 0) throw new Error(`a page claims ${values} values`);
  allowance.hold(NUMBER_BYTES * values);
  return values;
}

function fieldsOf(header: Struct, id: number): Struct {
  const fields = header.get(id);
  if (fields instanceof Map) return fields;
  throw new Error('the header of a page is not complete');
}
