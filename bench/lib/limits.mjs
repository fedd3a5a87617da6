// The limits of the machine, measured in wasm and natively (limits.cpp).
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** @typedef {{gflops: number, gigabytesPerSecond: number}} Limits */

/** @returns {{wasm: Limits, native: Limits}} */
export function measureLimits() {
  const run = (/** @type {string} */ program, /** @type {string[]} */ args) =>
    JSON.parse(execFileSync(program, args, { encoding: 'utf8' }));
  return {
    wasm: run(process.execPath, [`${root}build/wasm/bench/matfac_limits.cjs`]),
    native: run(`${root}build/native/bench/matfac_limits`, []),
  };
}
