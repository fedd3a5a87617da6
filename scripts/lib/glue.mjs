// Rewrites Emscripten's output so that every bundler accepts it, and shortens its names.
import { readFileSync, writeFileSync } from 'node:fs';
import { transformSync } from 'esbuild';

const COMMENTS = '/* webpackIgnore: true */ /* @vite-ignore */';
const COMMENTS_FOR_BUNDLERS = new RegExp(COMMENTS.replaceAll('*', '\\*'), 'g');

/** An import of a module of Node whose name bundlers for browsers do not read, or they would try to resolve it. @param {string} name */
const ofNode = (name) => `import(${COMMENTS} ['node:${name}'][0])`;

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

/** The bundle of matfac/serve, in which rolldown leaves no such comment. @type {{ from: string, to: string }[]} */
const SERVE = [{ from: 'import(["node:fs/promises"][0])', to: ofNode('fs/promises') }];

/** @param {string} path of a glue file or of serve.js, which is rewritten */
export function adaptGlue(path) {
  const isServe = path.endsWith('serve.js');
  const threads = path.endsWith('-threads.js') ? WITH_THREADS : [];
  const code = replaced(path, readFileSync(path, 'utf8'), isServe ? SERVE : [...EVERYWHERE, ...threads]);
  writeFileSync(path, isServe ? code : shortened(code));
}

/** @param {string} path @param {string} code @param {{ from: string, to: string }[]} changes */
function replaced(path, code, changes) {
  let changed = code;
  for (const { from, to } of changes) {
    const parts = changed.split(from);
    if (parts.length !== 2)
      throw new Error(`${path} must contain once, and contains ${parts.length - 1} times: ${from}`);
    changed = parts.join(to);
  }
  return changed;
}

/** With short names, a quarter less to download. The comments in imports, which esbuild leaves out, are put back. @param {string} code */
function shortened(code) {
  const comments = code.match(COMMENTS_FOR_BUNDLERS) ?? [];
  const marked = code.replace(COMMENTS_FOR_BUNDLERS, 'commentsForBundlers,');
  const short = transformSync(marked, { format: 'esm', minifyIdentifiers: true, minifyWhitespace: true }).code;
  const parts = short.split('commentsForBundlers,');
  if (parts.length !== comments.length + 1) throw new Error('The imports of the glue are not as they were');
  return parts.join(COMMENTS);
}
