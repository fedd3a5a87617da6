/** Prepares features for a training; loaded when there are some. */

import { requireInstance } from '../base/checks.js';
import { invalid } from '../base/errors.js';
import { show } from '../base/show.js';
import type { CoreSideFeatures } from '../core/core.js';
import type { SideEncodings } from '../model/file/model-file.js';
import type { Table } from '../ratings/columns.js';
import { alignedTo } from '../ratings/features/aligned.js';
import { Features, madeOf } from '../ratings/features.js';
import type { Ids } from '../ratings/ids.js';

/** The features of a training as the core takes them, and as its model keeps them. */
export interface DescribedSides {
  features: CoreSideFeatures;
  /** Null without features. */
  encodings: SideEncodings | null;
}

export function describedSides(
  { users, items }: Table,
  given: { userFeatures?: unknown; itemFeatures?: unknown },
): DescribedSides {
  const side = (name: 'userFeatures' | 'itemFeatures', ids: Ids) => {
    const features = given[name];
    if (features === undefined) return null;
    requireInstance(name, features, Features, 'Features, made by Features.from, fromColumns or fromFile');
    const { table, encoding } = madeOf(features);
    const { missing, ...rows } = alignedTo(table, ids);
    if (missing === ids.size) {
      throw invalid(`${name} must have ids of the ratings, such as ${show(ids.at(0))}; they have none of them`);
    }
    return { rows: { ...rows, width: table.names.length }, encoding };
  };
  const [userSide, itemSide] = [side('userFeatures', users), side('itemFeatures', items)];
  return {
    features: { userFeatures: userSide?.rows ?? null, itemFeatures: itemSide?.rows ?? null },
    encodings: { users: userSide?.encoding ?? null, items: itemSide?.encoding ?? null },
  };
}
