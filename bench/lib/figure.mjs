// The result of every figure of bench/figures, and the tables that they share.

/**
 * @typedef {{full: boolean, limits: {wasm: import('./limits.mjs').Limits, native: import('./limits.mjs').Limits},
 *   log: (line: string) => void}} Context
 * @typedef {{title: string, notes: string[], rows: Record<string, string | number>[], charts: Record<string, string>}} Figure
 * @typedef {(context: Context) => Promise<Figure>} Run
 */

/** @param {number} value @param {number} [digits] */
export function rounded(value, digits = 3) {
  return Number.isFinite(value) ? Number(value.toPrecision(digits)) : 0;
}

/**
 * One row per side of a comparison.
 * @param {import('./comparison.mjs').Comparison} comparison
 * @param {Context['limits']} limits
 */
export function rowsOf({ size, solver, factors, sides }, limits) {
  return sides.map(({ name, nanosecondsPerRating, gflops, ratioToFirst }) => ({
    solver,
    size,
    factors,
    side: name,
    'ns a rating': rounded(nanosecondsPerRating),
    ...(Number.isFinite(gflops) && {
      'GFLOP/s': rounded(gflops),
      '% of wasm peak': rounded((100 * gflops) / limits.wasm.gflops),
    }),
    'ratio to first': rounded(ratioToFirst),
  }));
}

/** @param {Record<string, string | number>[]} rows */
export function markdownTable(rows) {
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const line = (/** @type {(string | number)[]} */ cells) => `| ${cells.join(' | ')} |`;
  return [
    line(names),
    line(names.map(() => '---')),
    ...rows.map((row) => line(names.map((name) => row[name] ?? ''))),
  ].join('\n');
}
