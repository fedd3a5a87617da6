// Bundles bindings/js into dist/ as the package ships it: flat ES modules, their types, the WebAssembly module.
// It builds in build/package first, so that an interrupted build leaves the old dist/ intact. With --maps, source maps too, which
// scripts/coverage reads; they are not shipped.
import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'rolldown';
import { billOfMaterials, bundledPackages, noticesOf } from './lib/bundled.mjs';
import { adaptGlue } from './lib/glue.mjs';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));
const out = 'build/package';

/**
 * The glue stays a separate file next to its .wasm; modules of Node are imported only in Node.
 * @type {import('rolldown').Plugin}
 */
const leaveOut = {
  name: 'leave-out',
  resolveId: (id) => (/^(\.\/wasm\/|node:)/.test(id) ? { id, external: true } : undefined),
};

/**
 * The modules that the entries are made of, by chunk. Readable: an error in a user's console names its functions and prints a short
 * line. Bundlers minify it.
 * @param {Record<string, string>} input @param {boolean | import('rolldown').CodeSplittingOptions} codeSplitting @param {boolean} write
 */
async function bundle(input, codeSplitting, write = true) {
  const bundled = await build({
    input,
    platform: 'neutral',
    // hyparquet has a build that needs no files of Node.
    resolve: { mainFields: ['browser', 'module', 'main'], conditionNames: ['browser', 'import'] },
    transform: { target: 'es2022' },
    plugins: [leaveOut],
    logLevel: 'warn',
    write,
    output: {
      dir: out,
      entryFileNames: '[name].js',
      chunkFileNames: '[name]-[hash].js',
      codeSplitting,
      minifyInternalExports: false,
      minify: false,
      // Annotations tell bundlers which imports to leave as they are.
      comments: { legal: false, jsdoc: false, annotation: true },
      sourcemap: process.argv.includes('--maps') ? 'hidden' : false,
    },
  });
  return bundled.output.filter((each) => each.type === 'chunk');
}

/**
 * What a page loads at first, all that `index.js` imports at once, becomes three files: what the worker needs at once, what it may
 * need later, and what it never needs. Compressed together it is a quarter smaller than as thirty. @param {Record<string, string>} input
 */
async function bundleLibrary(input) {
  const chunks = await bundle(input, true, false);
  const first = modulesOf(chunks, 'index.js');
  const ofWorker = modulesOf(chunks, 'worker.js');
  const laterOfWorker = modulesOf(chunks, 'worker.js', true);
  return bundle(input, {
    groups: [
      { name: 'training', test: (id) => first.has(id) && ofWorker.has(id) },
      { name: 'reading', test: (id) => first.has(id) && laterOfWorker.has(id) && !ofWorker.has(id) },
      { name: 'library', test: (id) => first.has(id) && !laterOfWorker.has(id) },
    ],
  });
}

/**
 * The modules of an entry, and of all chunks that it imports at once, or later, too.
 * @param {import('rolldown').OutputChunk[]} chunks @param {string} entry @param {boolean} later
 */
function modulesOf(chunks, entry, later = false) {
  const names = new Set([entry]);
  for (const name of names) {
    const { imports = [], dynamicImports = [] } = chunks.find(({ fileName }) => fileName === name) ?? {};
    for (const imported of later ? [...imports, ...dynamicImports] : imports) names.add(imported);
  }
  return new Set(chunks.filter(({ fileName }) => names.has(fileName)).flatMap(({ moduleIds }) => moduleIds));
}

/** The files of packages of others. @param {import('rolldown').OutputChunk[]} chunks */
const foreign = (chunks) =>
  chunks
    .flatMap(({ moduleIds }) => moduleIds.map((id) => relative('.', id)))
    .filter((path) => path.startsWith('node_modules/'));

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
const chunks = await bundleLibrary(library);
// Bundled separately: shared chunks would contain code that only the library needs.
chunks.push(...(await bundle({ serve: 'bindings/js/serve.ts' }, true)));
adaptGlue(join(out, 'serve.js'));
writeBundled(foreign(chunks));
chmodSync(join(out, 'cli/matfac.js'), 0o755);
writeTypes();
copyWasm();
rmSync('dist', { recursive: true, force: true });
renameSync(out, 'dist');
