// check-imports.mjs [FOLDER]: src, bindings and web have no circle of imports, types included, and no room of src or
// bindings imports from a room above it.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, normalize, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The rooms from the lowest up; rooms in one string are peers, and neither imports from the other. */
const ROOMS = [
  ['src/base', 'src/data', 'src/model', 'src/rows', 'src/fold_in', 'src/ranking', 'src/solvers', 'src/training']
    // The header of the whole core, then its bindings.
    .concat('src', 'bindings/shared', 'bindings/core bindings/serve bindings/catalogue'),
  'base core ratings model/file model training evaluation io/archive io/syntax io/parquet io/columns io/formats io io/models io/profile'
    .split(' ')
    .map((room) => `bindings/js/${room}`)
    // The entries, then the command, which uses the public API.
    .concat('bindings/js', 'bindings/js/cli'),
];

/** Only the files directly in these folders are a room; a new folder inside must get a place of its own above. */
const WITH_ENTRIES = ['src', 'bindings/js'];

/** The upward imports that are allowed: lazy, so that a page loads the readers of files only when it calls them. */
const LAZY = new Map([
  ['bindings/js/model/model.ts', 'bindings/js/io/models/import-model.ts'],
  ['bindings/js/ratings/features.ts', 'bindings/js/io/read-features.ts'],
  ['bindings/js/ratings/ratings.ts', 'bindings/js/io/read-file.ts'],
]);

/** @typedef {{ from: string, to: string, late: boolean }} Import `late` when it loads nothing immediately: a type or an import() */

/** The sources below src, bindings and web. @param {string} root @returns {string[]} */
function sourcesOf(root) {
  return ['src', 'bindings', 'web']
    .filter((folder) => existsSync(join(root, folder)))
    .flatMap((folder) => readdirSync(join(root, folder), { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile() && /\.(h|cpp|ts|mjs)$/.test(entry.name))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).replaceAll(sep, '/'))
    .filter((path) => !/^web\/dist\/|\/node_modules\//.test(path))
    .sort();
}

/** What a source imports. @param {string} path @param {string} text @returns {{ name: string, late: boolean }[]} */
function namesIn(path, text) {
  if (/\.(h|cpp)$/.test(path)) {
    return [...text.matchAll(/^\s*#\s*include\s*"([^"]+)"/gm)].map(([, name = '']) => ({ name, late: false }));
  }
  const statements = /^(?:import|export)\b(\s+type\b)?(?:[^;'"]*?\bfrom)?\s*['"](\.[^'"]+)['"]/gm;
  const calls = /\bimport\(\s*['"](\.[^'"]+)['"]/g;
  return [
    ...[...text.matchAll(statements)].map(([, type, name = '']) => ({ name, late: type !== undefined })),
    ...[...text.matchAll(calls)].map(([, name = '']) => ({ name, late: true })),
  ];
}

/** The file that an import means. @param {string} root @param {string} from @param {string} name */
function resolve(root, from, name) {
  const path = name.replace(/\?.*$/, '');
  const folders = /\.(h|cpp)$/.test(from) ? [dirname(from), 'src', 'bindings'] : [dirname(from)];
  const candidates = folders.flatMap((folder) => {
    const file = normalize(join(folder, path)).replaceAll(sep, '/');
    return [file, file.replace(/\.js$/, '.ts'), file.replace(/\.js$/, '.d.ts')];
  });
  return candidates.find((file) => existsSync(join(root, file)) && statSync(join(root, file)).isFile());
}

/** The room of a file. @param {string} path @returns {{ list: number, rank: number, room: string } | undefined} */
function placeOf(path) {
  const places = ROOMS.flatMap((order, list) =>
    order.flatMap((rooms, rank) => rooms.split(' ').map((room) => ({ list, rank, room }))),
  );
  return places
    .filter(({ room }) => (WITH_ENTRIES.includes(room) ? dirname(path) === room : path.startsWith(`${room}/`)))
    .sort((a, b) => b.room.length - a.room.length)[0];
}

/** The problem of an import from a room above. @param {Import} edge @returns {string[]} */
function climb({ from, to, late }) {
  const [lower, upper] = [placeOf(from), placeOf(to)];
  // The page's rooms have no order here; a file without a room is reported separately.
  if (!lower || lower.room === upper?.room) return [];
  if (lower.list === upper?.list && lower.rank > upper.rank) return [];
  if (late && LAZY.get(from) === to) return [];
  return [`${from} imports ${to}: ${lower.room} must not import from ${upper?.room ?? dirname(to)}`];
}

/** Each circle once, by a depth-first search. @param {Import[]} edges @returns {string[]} */
function circles(edges) {
  /** @type {Map<string, string[]>} */
  const next = new Map();
  for (const { from, to } of edges) next.set(from, [...(next.get(from) ?? []), to]);
  /** @type {Set<string>} */
  const done = new Set();
  /** @type {string[]} */
  const found = [];
  /** @param {string} file @param {string[]} path */
  const visit = (file, path) => {
    const start = path.indexOf(file);
    if (start >= 0) found.push(`a circle: ${[...path.slice(start), file].join(' → ')}`);
    if (start >= 0 || done.has(file)) return;
    for (const to of next.get(file) ?? []) visit(to, [...path, file]);
    done.add(file);
  };
  for (const file of next.keys()) visit(file, []);
  return found;
}

/** What is wrong with the imports below `root`. @param {string} root @returns {string[]} */
export function importProblems(root) {
  const problems = [];
  /** @type {Import[]} */
  const edges = [];
  for (const from of sourcesOf(root)) {
    if (!from.startsWith('web/') && !placeOf(from))
      problems.push(`${from} is in no room: add its room to scripts/check-imports.mjs`);
    for (const { name, late } of namesIn(from, readFileSync(join(root, from), 'utf8'))) {
      const to = resolve(root, from, name);
      if (to) edges.push({ from, to, late });
      else problems.push(`${from} imports ${name}, which does not exist`);
    }
  }
  for (const [from, to] of LAZY) {
    const isThere = edges.some((edge) => edge.from === from && edge.to === to);
    if (existsSync(join(root, from)) && !isThere) problems.push(`${from} no longer imports ${to}: remove it from LAZY`);
  }
  return [...problems, ...edges.flatMap(climb), ...circles(edges)];
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const problems = importProblems(process.argv[2] ?? fileURLToPath(new URL('..', import.meta.url)));
  for (const problem of problems) console.error(problem);
  process.exitCode = problems.length === 0 ? 0 : 1;
}
