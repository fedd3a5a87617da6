// The size budget of what goes over the wire, gzipped.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A module and all that it imports at once; what it imports later, when a file asks for it, is not counted. @param {string} entry */
function loadedAtFirst(entry, found = new Set()) {
  if (found.has(entry)) return [...found];
  found.add(entry);
  for (const [, path = ''] of readFileSync(entry, 'utf8').matchAll(/(?:from|import)"(\.\/[^"]+\.js)"/g)) {
    loadedAtFirst(join('dist', path), found);
  }
  return [...found];
}

export default [
  { name: 'WebAssembly module and its glue', path: 'dist/wasm/matfac.*', gzip: true, limit: '150 kB' },
  { name: 'The same with threads', path: 'dist/wasm/matfac-threads.*', gzip: true, limit: '168 kB' },
  { name: 'The same with fused multiply-add', path: 'dist/wasm/matfac-relaxed.*', gzip: true, limit: '150 kB' },
  { name: 'JavaScript that a page loads at first', path: loadedAtFirst('dist/index.js'), gzip: true, limit: '40 kB' },
  {
    name: 'matfac/serve, all of it',
    path: ['dist/serve.js', 'dist/wasm/matfac-serve.wasm'],
    gzip: true,
    limit: '45 kB',
  },
];
