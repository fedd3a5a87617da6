import { corrupt, isRecord, type Tensor, type TensorFile } from '../../base/safetensors.js';
import { ConsecutiveIds } from '../../ratings/consecutive-ids.js';
import { GrowingIds, type Id, type Ids, isId } from '../../ratings/ids.js';

/** Where a file stores ids: as metadata `users` or `items`, or as tensor `user_ids` or `item_ids`. */
export interface IdsField {
  what: 'users' | 'items';
  tensor: 'user_ids' | 'item_ids';
}

export const USERS: IdsField = { what: 'users', tensor: 'user_ids' };
export const ITEMS: IdsField = { what: 'items', tensor: 'item_ids' };

/**
 * Adds a JSON list to the metadata; when `compact`, consecutive numbers are {first, count} instead, and other numbers below
 * 2³¹ a tensor.
 */
export function addIds({ tensors, metadata }: TensorFile, field: IdsField, ids: Ids, compact: boolean): void {
  const { list } = ids;
  if (!compact || !isCountable(list)) metadata[field.what] = JSON.stringify(list);
  else if (list.every((id, index) => id === list[0] + index)) {
    metadata[field.what] = JSON.stringify({ first: list[0], count: list.length });
  } else tensors.set(field.tensor, tensorOfIds(list));
}

/** Reads the ids of `rows` rows. @throws MatfacError `corrupt-model`. */
export function idsOf({ tensors, metadata }: TensorFile, { what, tensor }: IdsField, rows: number): Ids {
  const text = metadata[what];
  const found = tensors.get(tensor);
  if (found) {
    if (text !== undefined) throw corrupt(`it has both ${what} and ${tensor}`);
    if (!['U16', 'I32'].includes(found.dtype)) throw corrupt(`its tensor ${tensor} is ${found.dtype}, not U16 or I32`);
    return checked(Array.from(found.data), what);
  }
  if (text === undefined) throw corrupt(`its metadata have no ${what}`);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw corrupt(`its ${what} are not JSON`, cause);
  }
  if (Array.isArray(value)) return checked(value, what);
  if (!isRecord(value)) throw corrupt(`its ${what} are not a list`);
  const { first, count } = value;
  if (count !== rows || !isId(first) || typeof first !== 'number') {
    throw corrupt(`its ${what} are neither a list nor the first of ${rows} consecutive numbers`);
  }
  if (!isId(first + rows)) throw corrupt(`its ${what} go beyond the largest id`);
  return new ConsecutiveIds(first, rows);
}

function checked(list: unknown[], what: string): Ids {
  const bad = list.findIndex((id) => !isId(id));
  if (bad >= 0) throw corrupt(`number ${bad + 1} of its ${what} is not an id`);
  const ids = GrowingIds.from(list as Id[]);
  if (ids.size !== list.length) throw corrupt(`some of its ${what} occur twice`);
  return ids.seal();
}

function isCountable(list: readonly Id[]): list is readonly [number, ...number[]] {
  return list.length > 0 && list.every((id) => typeof id === 'number' && id < 2 ** 31);
}

function tensorOfIds(list: readonly number[]): Tensor {
  const isShort = list.every((id) => id < 2 ** 16);
  const data = isShort ? Uint16Array.from(list) : Int32Array.from(list);
  return { dtype: isShort ? 'U16' : 'I32', shape: [list.length], data };
}
