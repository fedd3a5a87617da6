// Rewrites Emscripten's output so that every bundler accepts it.
import { readFileSync, writeFileSync } from 'node:fs';

/** An import of a module of Node whose name bundlers for browsers do not read, or they would try to resolve it. @param {string} name */
const ofNode = (name) => `import(/* webpackIgnore: true */ /* @vite-ignore */ ['node:${name}'][0])`;

/** @type {{ from: string, to: string }[]} */
const EVERYWHERE = [
  { from: 'import("module")', to: ofNode('module') },
  // An error may reach the visitor of a page, who builds nothing.
  { from: 'what+=". Build with -sASSERTIONS for more info.";', to: '' },
];

/** @type {{ from: string, to: string }[]} */
const WITH_THREADS = [
  // Bundlers would bundle this as a worker, which contains the same code again. It starts from its own address instead,
  // wherever a bundler put it.
  { from: 'new Worker(new URL("matfac-threads.js",import.meta.url)', to: 'new Worker(new URL(import.meta.url)' },
  // Webpack follows createRequire.
  { from: 'require("worker_threads")', to: 'require(["worker_threads"][0])' },
  // Node gives a thread the flags of its process, and --input-type, of `node -e`, is not allowed for a file.
  { from: 'name:"em-pthread"}', to: 'name:"em-pthread",execArgv:[]}' },
  // No await outside a function: a bundle of this may be a classic script.
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
    if (parts.length !== 2)
      throw new Error(`${path} must contain once, and contains ${parts.length - 1} times: ${from}`);
    code = parts.join(to);
  }
  writeFileSync(path, code);
}
