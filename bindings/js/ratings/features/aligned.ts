import { atOnce } from '../../base/pause.js';
import type { Ids } from '../ids.js';
import type { FeatureRows, FeatureTable } from './feature-rows.js';

/** The rows in the order of other ids; those without features have empty rows and are counted. */
export function alignedTo({ ids, ...rows }: FeatureTable, others: Ids): FeatureRows & { missing: number } {
  const sources = atOnce(ids.indicesOf(others));
  const offsets = new Int32Array(sources.length + 1);
  let missing = 0;
  for (const [row, source] of sources.entries()) {
    if (source < 0) missing++;
    const length = source < 0 ? 0 : rows.offsets[source + 1]! - rows.offsets[source]!;
    offsets[row + 1] = offsets[row]! + length;
  }
  const columns = new Int32Array(offsets.at(-1)!);
  const values = new Float32Array(columns.length);
  for (const [row, source] of sources.entries()) {
    if (source < 0) continue;
    const [start, end] = [rows.offsets[source]!, rows.offsets[source + 1]!];
    columns.set(rows.columns.subarray(start, end), offsets[row]!);
    values.set(rows.values.subarray(start, end), offsets[row]!);
  }
  return { offsets, columns, values, missing };
}
