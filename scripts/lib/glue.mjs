// What Emscripten writes, in a form that every bundler takes as it is.
import { readFileSync, writeFileSync } from 'node:fs';

/** Bundlers for browsers look for the modules of Node as soon as they read their names: here they do not. @param {string} name */
const ofNode = (name) => `import(/* webpackIgnore: true */ /* @vite-ignore */ ['node:${name}'][0])`;

/** @type {{ from: string, to: string }[]} */
const EVERYWHERE = [{ from: 'import("module")', to: ofNode('module') }];

/** @type {{ from: string, to: string }[]} */
const WITH_THREADS = [
  // Bundlers take this for a worker to bundle, and that contains the same again. It can as well start from its own
  // address, wherever a bundler put it.
  { from: 'new Worker(new URL("matfac-threads.js",import.meta.url)', to: 'new Worker(new URL(import.meta.url)' },
  // The same parse for webpack's sake: it follows createRequire.
  { from: 'require("worker_threads")', to: 'require(["worker_threads"][0])' },
  // No await outside of a function: a worker that is a classic script may hold this.
  {
    from: "if (isNode) isPthread = (await import('worker_threads')).workerData === 'em-pthread';",
    to: `if (isNode) void ${ofNode('worker_threads')}.then(({ workerData }) => workerData === 'em-pthread' && createMatfac());`,
  },
  { from: 'isPthread && createMatfac();', to: '!isNode && isPthread && createMatfac();' },
];

/** The bundle of matfac/serve, in which esbuild leaves no comment. @type {{ from: string, to: string }[]} */
const SERVE = [{ from: 'import(["node:fs/promises"][0])', to: ofNode('fs/promises') }];

/** @param {string} path of a glue file or of serve.js, which is rewritten */
export function adaptGlue(path) {
  let code = readFileSync(path, 'utf8');
  const threads = path.endsWith('-threads.js') ? WITH_THREADS : [];
  for (const { from, to } of path.endsWith('serve.js') ? SERVE : [...EVERYWHERE, ...threads]) {
    const parts = code.split(from);
    if (parts.length !== 2) throw new Error(`${path} has ${parts.length - 1} times, and not once: ${from}`);
    code = parts.join(to);
  }
  writeFileSync(path, code);
}
