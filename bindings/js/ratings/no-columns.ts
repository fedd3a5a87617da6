import type { Columns } from './columns.js';

/** Columns without rows. */
export const noColumns = (): Columns => ({
  users: new Int32Array(),
  items: new Int32Array(),
  values: new Float32Array(),
});
