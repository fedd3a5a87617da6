import { mustBe } from '../base/checks.js';
import { invalid } from '../base/errors.js';
import { show } from '../base/show.js';
import type { EncodedRow, RowEncoder } from '../ratings/features/encoding.js';

/** The features of a visitor, or of a new user or item, by the names of their fields, as in the rows of `Features.from`. */
export type FeatureFields = { readonly [field: string]: unknown };

/** What `foldIn` may know of a visitor besides ratings. */
export interface FoldInOptions {
  /** In a model trained with `userFeatures`. */
  features?: FeatureFields;
}

/** Encode the features of the users and of the items that come later. */
export interface Encoders {
  users: RowEncoder | null;
  items: RowEncoder | null;
}

/** `what` names them in errors. @throws MatfacError `invalid-argument` for fields that were not learned. */
export function encodedFeatures(what: string, encoder: RowEncoder | null | undefined, fields: unknown): EncodedRow {
  if (!encoder) throw mustBe(what, 'left out for a model without such features', fields);
  if (typeof fields !== 'object' || fields === null) throw mustBe(what, 'an object of fields', fields);
  const encoded = encoder.encodeRow(fields as FeatureFields);
  const [unknown] = encoded.unknownFields;
  if (unknown !== undefined) throw invalid(`${what} must be among those trained with; ${show(unknown)} is not`);
  return encoded;
}
