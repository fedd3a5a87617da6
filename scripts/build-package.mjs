// Bundles bindings/js into dist/ as the package ships it: flat ES modules, their types, the WebAssembly module.
// It builds in build/package first, so that an interrupted build leaves the old dist/ intact. With --maps, source maps too, which
// scripts/coverage reads; they are not shipped.
import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { billOfMaterials, bundledPackages, noticesOf } from './lib/bundled.mjs';
import { adaptGlue } from './lib/glue.mjs';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));
const out = 'build/package';

/** @param {Record<string, string>} entryPoints @param {boolean} splitting */
async function bundle(entryPoints, splitting) {
  const result = await build({
    entryPoints,
    outdir: out,
    bundle: true,
    splitting,
    format: 'esm',
    platform: 'neutral',
    mainFields: ['browser', 'module', 'main'],
    // hyparquet has a build that needs no files of Node.
    conditions: ['browser'],
    target: 'es2022',
    // Readable: an error in a user's console names its functions and prints a short line. Bundlers minify it.
    minify: false,
    sourcemap: process.argv.includes('--maps') ? 'external' : false,
    // The glue stays a separate file next to its .wasm; node: modules are imported only in Node.
    external: ['./wasm/*', 'node:*'],
    metafile: true,
    logLevel: 'warning',
  });
  return Object.keys(result.metafile.inputs).filter((path) => path.startsWith('node_modules/'));
}

/** @param {string[]} inputs */
function writeBundled(inputs) {
  const packages = bundledPackages(inputs);
  writeFileSync(join(out, 'third-party-licenses.txt'), noticesOf(packages));
  const bill = billOfMaterials(JSON.parse(readFileSync('package.json', 'utf8')), packages, 'build/wasm/libraries.json');
  writeFileSync(join(out, 'sbom.cdx.json'), `${JSON.stringify(bill, null, 2)}\n`);
}

function writeTypes() {
  execFileSync('node_modules/.bin/tsc', ['-p', 'tsconfig.build.json', '--outDir', out], { stdio: 'inherit' });
}

/** The preset and the file of each module. */
const modules = /** @type {const} */ ([
  ['wasm', 'matfac.js'],
  ['wasm', 'matfac.wasm'],
  ['wasm', 'matfac-serve.wasm'],
  ['wasm-threads', 'matfac-threads.js'],
  ['wasm-threads', 'matfac-threads.wasm'],
  ['wasm-relaxed', 'matfac-relaxed.js'],
  ['wasm-relaxed', 'matfac-relaxed.wasm'],
]);

function copyWasm() {
  mkdirSync(join(out, 'wasm'), { recursive: true });
  for (const [preset, file] of modules) {
    const built = join('build', preset, file);
    if (!existsSync(built)) throw new Error(`${built} is missing: npm run build:wasm`);
    cpSync(built, join(out, 'wasm', file));
    if (file.endsWith('.js')) adaptGlue(join(out, 'wasm', file));
    // Emscripten marks its output as executable.
    chmodSync(join(out, 'wasm', file), 0o644);
  }
}

rmSync(out, { recursive: true, force: true });
const library = {
  index: 'bindings/js/index.ts',
  worker: 'bindings/js/worker.ts',
  'cli/matfac': 'bindings/js/cli/main.ts',
};
const inputs = await bundle(library, true);
// Bundled separately: shared chunks would contain code that only the library needs.
inputs.push(...(await bundle({ serve: 'bindings/js/serve.ts' }, false)));
adaptGlue(join(out, 'serve.js'));
writeBundled(inputs);
chmodSync(join(out, 'cli/matfac.js'), 0o755);
writeTypes();
copyWasm();
rmSync('dist', { recursive: true, force: true });
renameSync(out, 'dist');
