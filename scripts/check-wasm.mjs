// node scripts/check-wasm.mjs NM BUILD_FOLDER: fails when a function of the core that is defined in a header is compiled both for
// speed and for size. The linker keeps one of the copies, whichever comes first, and a loop compiled for size takes several times as
// long: such a function belongs in a source file, or must be inlined.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

const [nm = '', folder = ''] = process.argv.slice(2);

/** @type {{ file: string, command: string }[]} */
const compilations = JSON.parse(readFileSync(resolve(folder, 'compile_commands.json'), 'utf8'));
const sources = compilations
  .map(({ file, command }) => ({ file, command, object: / -o (\S+)/.exec(command)?.[1] ?? '' }))
  .filter(({ object }) => /^(?:bindings\/)?CMakeFiles\/matfac(?:_wasm)?\.dir\//.test(object) && object.endsWith('.o'));

/** What is called once for a row or less, whose speed is not that of a loop. */
const isSeldom = (/** @type {string} */ name) =>
  /~|typeinfo|vtable|matfac::(\w+::)*(\w+)::\2\(|^matfac::Solver::|::AddTo\(/.test(name);

/** The functions that an object file has a copy of, as any other may have. @param {string} object */
function copiesIn(object) {
  const listing = execFileSync(nm, ['--demangle', '--defined-only', resolve(folder, object)], { encoding: 'utf8' });
  return [...listing.matchAll(/^\S* [Ww] (matfac::.*)$/gm)].map(([, name = '']) => name);
}

/** @type {Map<string, { speed?: string, size?: string }>} */
const copies = new Map();
for (const { file, command, object } of sources) {
  const aim = /(?:.* |^)-O(\S)/.exec(command)?.[1] === '3' ? 'speed' : 'size';
  for (const name of copiesIn(object)) {
    if (!isSeldom(name)) copies.set(name, { [aim]: file, ...copies.get(name) });
  }
}

const twice = [...copies].filter(([, { speed, size }]) => speed && size);
for (const [name, { speed, size }] of twice)
  console.error(`${name} is compiled for speed in ${speed} and for size in ${size}`);
if (sources.length === 0)
  console.error(`${folder} must be a folder of the preset wasm; it has no compilations of src/`);
process.exitCode = twice.length > 0 || sources.length === 0 ? 1 : 0;
