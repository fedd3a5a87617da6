/** Makes features of tables; loaded when they are first made. */

import { mustBe, nearest, plainOptions, reading, requireCount, unreadable } from '../../base/checks.js';
import { invalid } from '../../base/errors.js';
import { inTurns } from '../../base/pause.js';
import { show } from '../../base/show.js';
import { type Note, Notes } from '../notes.js';
import { type FeatureEncoding, namesOf, RowEncoder } from './encoding.js';
import type { FeatureOptions } from './feature-options.js';
import { encodedRows, type FeatureTable } from './feature-rows.js';
import { type FeatureColumns, type FeatureRow, type FieldTable, tableOfColumns, tableOfRows } from './field-table.js';
import { learnEncoding } from './learn.js';

/** All that features have. */
export interface MadeFeatures {
  table: FeatureTable;
  encoding: FeatureEncoding;
  encoder: RowEncoder;
  notes: Note[];
}

const KINDS = ['numbers', 'categories', 'lists', 'ignore'] as const;
const OPTION_NAMES = ['id', ...KINDS, 'minCount', 'maxColumns'];
const FILE_OPTIONS = [...OPTION_NAMES, 'file', 'limits', 'signal'];
const MOST_COLUMNS = 4096;

export function featuresOfRows(rows: Iterable<FeatureRow>, given: FeatureOptions): Promise<MadeFeatures> {
  const options = checkedOptions('Features.from', given);
  return featuresOfTable(
    reading('rows', () => tableOfRows(rows, options.id)),
    options,
  );
}

export function featuresOfColumns(columns: FeatureColumns, given: FeatureOptions): Promise<MadeFeatures> {
  const options = checkedOptions('Features.fromColumns', given);
  return featuresOfTable(
    reading('columns', () => tableOfColumns(columns, options.id)),
    options,
  );
}

export function checkedFileOptions<O extends FeatureOptions>(given: O): O {
  return checkedOptions('Features.fromFile', given, FILE_OPTIONS);
}

/** Works in slices, so that other tasks have their turn. @throws MatfacError `invalid-argument` when no field is a feature. */
export async function featuresOfTable(
  fields: FieldTable,
  options: FeatureOptions,
  notes = new Notes(),
): Promise<MadeFeatures> {
  try {
    return await inTurns(made(fields, options, notes));
  } catch (cause) {
    // A getter of an object in a cell is the caller's own code.
    throw unreadable('rows', cause);
  }
}

function* made(fields: FieldTable, options: FeatureOptions, notes: Notes): Generator<void, MadeFeatures> {
  checkFields(fields, options);
  noteReplaced(fields.replaced, notes);
  const encoding = yield* learnEncoding(fields, options, notes);
  if (encoding.fields.length === 0) {
    const reasons = notes.list.map(({ message }) => `; ${message}`).join('');
    throw invalid(`The rows must have a feature; they have none${reasons}`);
  }
  const encoder = new RowEncoder(encoding);
  fields.ids.seal();
  const names = Object.freeze(namesOf(encoding));
  const table = { ...(yield* encodedRows(fields, encoder)), ids: fields.ids, names };
  return { table, encoding, encoder, notes: notes.list };
}

function checkedOptions<O extends FeatureOptions>(what: string, given: O, names = OPTION_NAMES): O {
  const options = plainOptions(what, given, names);
  const { id, minCount, maxColumns } = options;
  if (id !== undefined && typeof id !== 'string') throw mustBe('id', 'the name of a field', id);
  for (const name of KINDS) {
    const fields: unknown = options[name];
    const areNames = Array.isArray(fields) && fields.every((field) => typeof field === 'string');
    if (fields !== undefined && !areNames) throw mustBe(name, 'an array of the names of fields', fields);
  }
  if (minCount !== undefined) requireCount('minCount', minCount);
  if (maxColumns !== undefined) requireCount('maxColumns', maxColumns, 1, MOST_COLUMNS);
  return options;
}

/** @throws MatfacError `invalid-argument` for an option that names a field that is not there. */
function checkFields({ fields }: FieldTable, options: FeatureOptions): void {
  const names = [...fields.keys()];
  for (const kind of KINDS) {
    const unknown = options[kind]?.find((name) => !fields.has(name));
    if (unknown === undefined) continue;
    const guess = names.length > 0 ? `; did you mean ${show(nearest(unknown, names))}?` : '';
    throw invalid(`${kind} must name fields of the rows; there is no ${show(unknown)}${guess}`);
  }
}

function noteReplaced(rows: number, notes: Notes): void {
  if (rows === 0) return;
  notes.add(
    'rows-skipped',
    rows === 1 ? '1 row replaces an earlier one of the same id' : `${rows} rows replace earlier ones of the same ids`,
  );
}
