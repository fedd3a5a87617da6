import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Installed, installPackage, root, run } from './support/installed.js';

let installed: Installed;
beforeAll(async () => {
  installed = await installPackage();
});
afterAll(() => installed.remove());

const bin = (name: string) => join(root, 'node_modules/.bin', name);

test('contains what a user needs and nothing else', async () => {
  const files = (await run('tar', ['-tzf', installed.tarball], root)).trim().split('\n');
  const allowed =
    /^package\/(package\.json|README\.md|LICENSE|CHANGELOG\.md|dist\/[\w./-]+\.(js|d\.ts|wasm)|dist\/third-party-licenses\.txt|dist\/sbom\.cdx\.json)$/;
  expect(files.filter((file) => !allowed.test(file))).toEqual([]);
  expect(files).toEqual(
    expect.arrayContaining([
      'package/LICENSE',
      'package/README.md',
      'package/dist/cli/matfac.js',
      'package/dist/index.js',
      'package/dist/index.d.ts',
      'package/dist/serve.d.ts',
      'package/dist/serve.js',
      'package/dist/worker.js',
      'package/dist/wasm/matfac-relaxed.js',
      'package/dist/wasm/matfac-relaxed.wasm',
      'package/dist/wasm/matfac-serve.wasm',
      'package/dist/wasm/matfac-threads.js',
      'package/dist/wasm/matfac-threads.wasm',
      'package/dist/wasm/matfac.js',
      'package/dist/wasm/matfac.wasm',
    ]),
  );
});

test('has no runtime dependencies', async () => {
  expect(await readdir(join(installed.folder, 'node_modules'))).toEqual(['.bin', '.package-lock.json', 'matfac']);
  expect(await readdir(join(installed.folder, 'node_modules/.bin'))).toEqual(['matfac']);
});

test('names its worker and its .wasm file in the literal form that bundlers look for', async () => {
  const dist = join(installed.folder, 'node_modules/matfac/dist');
  const scripts = (await readdir(dist)).filter((file) => file.endsWith('.js'));
  const code = (await Promise.all(scripts.map((file) => readFile(join(dist, file), 'utf8')))).join('\n');
  expect(code).toMatch(/new Worker\(new URL\("\.\/worker\.js",\s?import\.meta\.url\),\s?\{\s?type:\s?"module"\s?\}\)/);
  expect(await readFile(join(dist, 'wasm/matfac.js'), 'utf8')).toMatch(
    /new URL\(["']matfac\.wasm["'],\s?import\.meta\.url\)/,
  );
});

test('does not mention the folder that it was built in', async () => {
  const dist = join(installed.folder, 'node_modules/matfac/dist');
  const files = await readdir(dist, { recursive: true, withFileTypes: true });
  for (const file of files.filter((entry) => entry.isFile())) {
    const content = await readFile(join(file.parentPath, file.name), 'latin1');
    expect(content.includes(root), `${file.name} contains ${root}`).toBe(false);
  }
});

test('publint finds nothing', async () => {
  expect(await run(bin('publint'), ['--strict', installed.tarball], root)).toContain('All good!');
});

test('attw finds no problem in the types of an ES module', async () => {
  // A problem is an exit status other than 0.
  const report = await run(bin('attw'), [installed.tarball, '--profile', 'esm-only', '--no-color'], root);
  expect(report).toMatch(/"matfac" +│ 🟢 \(ESM\)/);
});

test('is within its size budget', async () => {
  const sizes = JSON.parse(await run(bin('size-limit'), ['--json'], root)) as { name: string; passed: boolean }[];
  expect(sizes.length).toBeGreaterThan(0);
  expect(sizes.filter(({ passed }) => !passed)).toEqual([]);
});
