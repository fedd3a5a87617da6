// check-tag.mjs TAG [FOLDER]: the tag of a release is v and the version of package.json, every file that names the version has
// the same one, and CHANGELOG.md gives its date.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The files beside package.json that name the version, and how. @type {[file: string, before: string, after: string][]} */
const ALSO_NAMED = [
  ['CMakeLists.txt', 'project(matfac VERSION ', ' '],
  ['examples/cdn/index.html', '/npm/matfac@', '/'],
  ['docs/guide/quick-start.md', '/npm/matfac@', '/'],
  ['docs/guide/bundlers.md', '/npm/matfac@', '/'],
];

/** What is wrong with releasing the project in `root` by this tag. @param {string} tag @param {string} root @returns {string[]} */
export function tagProblems(tag, root) {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const problems = [];
  if (tag !== `v${version}`) problems.push(`the tag must be v${version}, the version of package.json; it is ${tag}`);
  for (const [file, before, after] of ALSO_NAMED) {
    const text = `${before}${version}${after}`;
    if (!readFileSync(join(root, file), 'utf8').includes(text)) problems.push(`${file} must have '${text}'`);
  }
  const headings = readFileSync(join(root, 'CHANGELOG.md'), 'utf8').split('\n');
  const heading = headings.find((line) => line.startsWith(`## ${version} `)) ?? '';
  if (!/\(\d{4}-\d{2}-\d{2}\)$/.test(heading)) {
    const found = heading ? `it is '${heading}'` : 'there is none';
    problems.push(`CHANGELOG.md must have a heading '## ${version} (YYYY-MM-DD)'; ${found}`);
  }
  return problems;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [tag = '', root = fileURLToPath(new URL('..', import.meta.url))] = process.argv.slice(2);
  const problems = tagProblems(tag, root);
  for (const problem of problems) console.error(problem);
  process.exitCode = problems.length === 0 ? 0 : 1;
}
