// What is compared on what.

/** @typedef {{kind: 'native' | 'module' | 'javascript', preset?: string, file?: string, nodeOptions?: string[]}} SideKind */

/**
 * Each side by the files it needs; `module` sides run the WebAssembly build of that preset.
 * @type {Record<string, SideKind>}
 */
export const sides = {
  native: { kind: 'native' },
  wasm: { kind: 'module', preset: 'wasm', file: 'matfac.js' },
  threads: { kind: 'module', preset: 'wasm-threads', file: 'matfac-threads.js' },
  relaxed: {
    kind: 'module',
    preset: 'wasm-relaxed',
    file: 'matfac-relaxed.js',
    nodeOptions: ['--experimental-wasm-relaxed-simd'],
  },
  javascript: { kind: 'javascript' },
};

/**
 * Settings that keep every solver's numbers finite on every data set; they do not change the work of an epoch.
 * @type {Record<string, {biases: boolean, regularization: number, learningRate: number}>}
 */
export const settings = {
  sgd: { biases: true, regularization: 0.05, learningRate: 0.005 },
  als: { biases: true, regularization: 1.4, learningRate: 0 },
};

export const sizes = { quick: ['ml100k', 'ml1m'], full: ['ml100k', 'ml1m', 'ml10m', 'ml20m'] };
export const factorCounts = { quick: [16, 64], full: [16, 32, 64, 128] };

/**
 * Multiply-adds of one rating in one epoch, of the algorithm and not of an implementation.
 * @type {Record<string, (factors: number) => number>}
 */
export const multiplyAdds = {
  // u·v, then two updates of one multiply-add each for the step, and one multiplication each for the decay (counted half).
  sgd: (k) => 4 * k,
  // The upper triangle of the Gram matrix and the right side, once from the user's side and once from the item's.
  als: (k) => k * (k + 1) + 2 * k,
};
