// The size budget of what goes over the wire, gzipped. The package ships readable modules, so that an error in a user's
// console names its functions and prints a short line; bundlers minify them. The budget of a page that is bundled is
// therefore measured on minified copies in build/size/, that of a page without a bundler on the files as they are shipped.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { transformSync } from 'esbuild';

/** A module and all that it imports at once; what it imports later, when a file asks for it, is not counted. @param {string} entry */
function loadedAtFirst(entry, found = new Set()) {
  if (found.has(entry)) return [...found];
  found.add(entry);
  for (const [, path = ''] of readFileSync(entry, 'utf8').matchAll(/(?:from|import)\s*"(\.\/[^"]+\.js)"/g)) {
    loadedAtFirst(join(dirname(entry), path), found);
  }
  return [...found];
}

/** @param {string[]} files */
function minified(files) {
  return files.map((file) => {
    const copy = join('build/size', relative('dist', file));
    mkdirSync(dirname(copy), { recursive: true });
    writeFileSync(copy, transformSync(readFileSync(file, 'utf8'), { minify: true, format: 'esm' }).code);
    return copy;
  });
}

const library = loadedAtFirst('dist/index.js');
const serve = loadedAtFirst('dist/serve.js');
const serveWasm = 'dist/wasm/matfac-serve.wasm';

/** @param {string} name @param {string | string[]} path @param {string} limit */
const budget = (name, path, limit) => ({ name, path, gzip: true, limit });

export default [
  budget('WebAssembly module and its glue', 'dist/wasm/matfac.*', '165 kB'),
  budget('The same with threads', 'dist/wasm/matfac-threads.*', '189 kB'),
  budget('The same with fused multiply-add', 'dist/wasm/matfac-relaxed.*', '167 kB'),
  budget('JavaScript that a bundled page loads at first', minified(library), '35.5 kB'),
  budget('JavaScript that a page without a bundler loads at first', library, '45 kB'),
  budget('matfac/serve, all of it, bundled', [...minified(serve), serveWasm], '62 kB'),
  budget('matfac/serve, all of it, without a bundler', [...serve, serveWasm], '66.5 kB'),
];
