// What is compared on what.

/**
 * @typedef {{kind: 'native' | 'module' | 'javascript' | 'peer', preset?: string, file?: string, nodeOptions?: string[]}} SideKind
 */

/**
 * Each side by the files it needs; `module` sides run the WebAssembly build of that preset, a `peer` is a library of Python's.
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
  implicit: { kind: 'peer' },
  irspack: { kind: 'peer' },
  cmfrec: { kind: 'peer' },
  myfm: { kind: 'peer' },
  surprise: { kind: 'peer' },
};

/**
 * Settings that keep every solver's numbers finite on every data set; they do not change the work of an epoch. A learning
 * rate of 0 is the solver's own.
 * @type {Record<string, {biases: boolean, regularization: number, learningRate: number}>}
 */
export const settings = {
  sgd: { biases: true, regularization: 0.05, learningRate: 0.005 },
  als: { biases: true, regularization: 1.4, learningRate: 0 },
  'gradient-descent': { biases: false, regularization: 0, learningRate: 0 },
  'svd++': { biases: true, regularization: 0.06, learningRate: 0.005 },
  nmf: { biases: false, regularization: 0.12, learningRate: 0 },
  bayesian: { biases: true, regularization: 0, learningRate: 0 },
  'implicit-als': { biases: false, regularization: 0.007, learningRate: 0 },
  bpr: { biases: true, regularization: 0.01, learningRate: 0.05 },
  variational: { biases: true, regularization: 0, learningRate: 0 },
};

/**
 * Floating-point operations per rating and epoch, of the algorithm and not of an implementation; for the other solvers a
 * comparison with the peak makes no sense.
 * @type {Record<string, (factors: number) => number>}
 */
export const operations = {
  // 2 k for u·v; then for both rows a multiplication by the decay, one by the step, and an addition.
  sgd: (k) => 8 * k,
};

export const sizes = { quick: ['ml1m', 'ml100k'], full: ['ml1m', 'ml100k', 'ml10m', 'ml20m'] };
export const factorCounts = { quick: [16, 64], full: [16, 32, 64, 128] };
