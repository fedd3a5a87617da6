// An order in which blocks that are alike stand close together. Gzip finds what repeats within 32 kB alone.

const RUN_BYTES = 6;
const WINDOW_BYTES = 31 * 1024;
/** Runs that a block is taken to have more, so that the smallest do not win by chance. */
const PRIOR_RUNS = 64;

/**
 * Each block's runs of RUN_BYTES, numbered, and the blocks that have each run.
 * @param {Buffer[]} blocks
 */
function runsOf(blocks) {
  /** @type {Map<string, number>} */
  const numbers = new Map();
  /** @type {number[][]} */
  const owners = [];
  const runs = blocks.map((bytes, index) => {
    /** @type {Set<number>} */
    const own = new Set();
    for (let at = 0; at + RUN_BYTES <= bytes.length; ++at) {
      const text = bytes.toString('latin1', at, at + RUN_BYTES);
      const number = numbers.get(text) ?? owners.length;
      if (number === owners.length) {
        numbers.set(text, number);
        owners.push([]);
      }
      own.add(number);
    }
    for (const run of own) owners[run]?.push(index);
    return [...own];
  });
  return { runs, owners };
}

/**
 * The indices of the blocks, greedily: after the largest, always the one with the largest share of its runs among the last
 * WINDOW_BYTES.
 * @param {Buffer[]} blocks
 */
export function alikeTogether(blocks) {
  const { runs, owners } = runsOf(blocks);
  const bytes = blocks.map(({ length }) => length);
  const inWindow = new Uint32Array(owners.length);
  const shared = new Uint32Array(blocks.length);
  const left = new Set(bytes.keys());
  /** @type {number[]} */
  const order = [];
  let first = 0;
  let windowBytes = 0;

  /** @param {number} index @param {1 | -1} step */
  const count = (index, step) => {
    windowBytes += step * (bytes[index] ?? 0);
    for (const run of runs[index] ?? []) {
      const before = inWindow[run] ?? 0;
      inWindow[run] = before + step;
      if (before !== (step === 1 ? 0 : 1)) continue;
      for (const owner of owners[run] ?? []) shared[owner] = (shared[owner] ?? 0) + step;
    }
  };
  /** @param {(index: number) => number} value */
  const best = (value) => [...left].reduce((one, other) => (value(other) > value(one) ? other : one));

  let next = best((index) => bytes[index] ?? 0);
  while (true) {
    order.push(next);
    left.delete(next);
    if (left.size === 0) return order;
    count(next, 1);
    while (windowBytes > WINDOW_BYTES && first < order.length - 1) count(order[first++] ?? 0, -1);
    next = best((index) => (shared[index] ?? 0) / ((runs[index] ?? []).length + PRIOR_RUNS));
  }
}
