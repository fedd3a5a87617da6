import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { tagProblems } from '../../scripts/check-tag.mjs';
import { root } from './support/installed.js';

const NAMING = [
  'package.json',
  'CMakeLists.txt',
  'CHANGELOG.md',
  'examples/cdn/index.html',
  'docs/guide/quick-start.md',
  'docs/guide/bundlers.md',
];
const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));

/** A copy of the files that name the version, with a date in the changelog. */
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'matfac-release-'));
  for (const file of NAMING) await cp(join(root, file), join(folder, file), { recursive: true });
  await replace('CHANGELOG.md', /^## \d.*$/m, `## ${version} (2026-01-31)`);
});
afterAll(() => rm(folder, { recursive: true }));

async function replace(file: string, from: string | RegExp, to: string): Promise<void> {
  const text = await readFile(join(folder, file), 'utf8');
  expect(text).toMatch(from);
  await writeFile(join(folder, file), text.replace(from, to));
}

test('only the tag of the version is released', () => {
  expect(tagProblems(`v${version}`, folder)).toEqual([]);
  const problem = `the tag must be v${version}, the version of package.json; it is `;
  for (const tag of [version, 'v9.9.9', `v${version}-rc.1`]) expect(tagProblems(tag, folder)).toEqual([problem + tag]);
});

test('a version that a file does not name, or that has no date, is rejected', async () => {
  await replace('package.json', `"version": "${version}"`, '"version": "9.9.9"');
  expect(tagProblems('v9.9.9', folder)).toEqual([
    "CMakeLists.txt must have 'project(matfac VERSION 9.9.9 '",
    "examples/cdn/index.html must have '/npm/matfac@9.9.9/'",
    "docs/guide/quick-start.md must have '/npm/matfac@9.9.9/'",
    "docs/guide/bundlers.md must have '/npm/matfac@9.9.9/'",
    "CHANGELOG.md must have a heading '## 9.9.9 (YYYY-MM-DD)'; there is none",
  ]);
  await replace('CHANGELOG.md', `## ${version} (2026-01-31)`, '## 9.9.9 (unreleased)');
  expect(tagProblems('v9.9.9', folder).at(-1)).toBe(
    "CHANGELOG.md must have a heading '## 9.9.9 (YYYY-MM-DD)'; it is '## 9.9.9 (unreleased)'",
  );
});
