import { mustBe } from '../base/checks.js';
import { invalid } from '../base/errors.js';
import { show } from '../base/show.js';
import type { CoreServing } from '../core/core.js';
import type { EncodedRow, RowEncoder } from '../ratings/features/encoding.js';

/** The features of a visitor, or of a new user or item, by the names of their fields, as in the rows of `Features.from`. */
export type FeatureFields = { readonly [field: string]: unknown };

/** What `foldIn` may know of a visitor besides ratings. */
export interface FoldInOptions {
  /** In a model trained with `userFeatures`. */
  features?: FeatureFields;
}

/** What one feature of a visitor, such as `country: DE`, contributes to the score of an item. */
export interface FeatureContribution {
  feature: string;
  contribution: number;
}

/** The ratings of a visitor, and the item and the score in question. */
export interface AskedScore {
  items: Int32Array;
  values: Float32Array;
  item: number;
  byRating: boolean;
  /** The largest number of features. */
  count: number;
}

/** The features of a visitor, and how to tell what they contribute. */
export interface VisitorFeatures {
  encoded: EncodedRow;
  explain: Encoders['explain'];
}

/** Encode the features of the users and of the items that come later. */
export interface Encoders {
  explain: (model: CoreServing, features: EncodedRow, asked: AskedScore) => FeatureContribution[];
  users: RowEncoder | null;
  items: RowEncoder | null;
}

/** Those of a visitor, or of a user as the model was trained with. `what` names them in errors. @throws MatfacError as `encodedFeatures`. */
export function visitorFeatures(
  what: string,
  encoders: Encoders | undefined,
  fields: unknown,
): VisitorFeatures | undefined {
  if (fields === undefined) return undefined;
  const encoded = encodedFeatures(what, encoders?.users, fields);
  return { encoded, explain: encoders!.explain };
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
