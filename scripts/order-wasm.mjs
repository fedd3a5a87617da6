// order-wasm.mjs MODULE WASM-OPT FEATURE...: optimizes a linked module once more, as a whole, and puts functions that are
// alike next to each other, which takes a twentieth off its gzipped size. Binaryen can order functions by their names, so each
// is named by its place. The build of the core calls this after it links a module.
import { execFileSync } from 'node:child_process';
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { alikeTogether } from './lib/wasm/alike.mjs';
import { functionBodies, withFunctionNames } from './lib/wasm/sections.mjs';

const [path = '', wasmOpt = '', ...features] = process.argv.slice(2);
const draft = `${path}.draft`;

/** @param {string} from @param {string[]} passes */
function optimize(from, ...passes) {
  const flags = ['--mvp-features', ...features.map((feature) => `--enable-${feature}`)];
  execFileSync(wasmOpt, [...flags, ...passes, from, '-o', draft], { stdio: ['ignore', 'ignore', 'inherit'] });
}

// As in C++, what traps is an error in the program, and need not be kept.
optimize(path, '-Oz', '--traps-never-happen', '--low-memory-unused', '--converge');
const module = readFileSync(draft);
const bodies = functionBodies(module);
/** @type {string[]} */
const names = [];
for (const [place, index] of alikeTogether(bodies).entries()) names[index] = String(place).padStart(6, '0');
writeFileSync(draft, withFunctionNames(module, names));
optimize(
  draft,
  '--reorder-functions-by-name',
  '--optimize-level=2',
  '--shrink-level=2',
  '--optimize-stack-ir',
  '--strip-debug',
  '--strip-producers',
);
rmSync(path);
renameSync(draft, path);
