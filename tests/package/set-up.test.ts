/** The set-up replaces only what is the project's own, whatever symbolic links lead to. */
import { spawnSync } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { root } from './support/installed.js';

let folder: string;
let project: string;
let elsewhere: string;
beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'matfac-set-up-')));
  project = join(folder, 'project');
  elsewhere = join(folder, 'elsewhere');
  await cp(join(root, 'scripts/lib'), join(project, 'scripts/lib'), { recursive: true });
  await mkdir(join(elsewhere, 'python'), { recursive: true });
  await writeFile(join(elsewhere, 'python/kept'), 'kept');
});
afterEach(() => rm(folder, { recursive: true }));

/** What a line of bash does after the sources that `scripts/setup` has. */
const bash = (line: string) =>
  spawnSync('bash', ['-c', `source scripts/lib/common.sh; source scripts/lib/emscripten.sh; ${line}`], {
    cwd: project,
    encoding: 'utf8',
  });

test('a folder of its own is removed, and one that is not there is no error', async () => {
  await cp(elsewhere, join(project, '.toolchain'), { recursive: true });
  expect(bash('remove_own "$ROOT/.toolchain/python"; remove_own "$ROOT/build/none"').status).toBe(0);
  await expect(readFile(join(project, '.toolchain/python/kept'))).rejects.toThrow('ENOENT');
});

test.each([
  ['a link', (path: string) => symlink(join(elsewhere, 'python'), path), '.toolchain'],
  ['below a link', (path: string) => symlink(elsewhere, path), '.toolchain/python'],
])('what is %s stays, and the script ends in words', async (_, link, path) => {
  await link(join(project, '.toolchain'));
  const { status, stderr } = bash(`remove_own "$ROOT/${path}"; echo reached`);
  expect(status).toBe(1);
  expect(stderr).toContain('must be in the folder of this project');
  expect(await readFile(join(elsewhere, 'python/kept'), 'utf8')).toBe('kept');
});

test('an Emscripten that a link leads to is whole where it is, and is used', async () => {
  await mkdir(join(elsewhere, 'emscripten'));
  await symlink(elsewhere, join(project, '.toolchain'));
  const stamp = bash('emscripten_stamp').stdout;
  expect(stamp).toContain(`${elsewhere}/emscripten\n`);
  await writeFile(join(elsewhere, 'emscripten/complete'), stamp);
  expect(bash('prefix_is_whole').status).toBe(0);
});
