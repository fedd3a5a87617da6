import { execFileSync } from 'node:child_process';
import { cp, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Installed, installPackage, root, run } from './support/installed.js';

/**
 * The runtimes that the README names; each comes from its own npm package. They take 700 MB, twice what the project
 * otherwise installs from npm, and only this test uses them: they are kept in build/runtimes, not in devDependencies.
 */
const RUNTIMES: [name: string, wanted: string, program: string, args: string[]][] = [
  ['Node 20', 'node@20', 'node', []],
  ['Node 22', 'node@22', 'node', []],
  ['Node 24', 'node@24', 'node', []],
  ['Bun', 'bun@1', 'bun', []],
  // Only reading is allowed: the package neither writes nor connects.
  ['Deno', 'deno@2', 'deno', ['run', '--no-prompt', '--cached-only', '--allow-read']],
];

const folderOf = (wanted: string) => join(root, 'build/runtimes', wanted);

async function isInstalled(wanted: string, program: string): Promise<boolean> {
  const version = await run(join(folderOf(wanted), 'node_modules/.bin', program), ['--version'], root).catch(() => '');
  return /\d+/.exec(version)?.[0] === wanted.split('@')[1];
}

function hasRegistry(): boolean {
  try {
    execFileSync('npm', ['view', 'node', 'version'], { stdio: 'ignore', timeout: 20_000 });
    return true;
  } catch {
    return false;
  }
}

async function install(wanted: string): Promise<void> {
  const folder = folderOf(wanted);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  // Their install scripts install the program for this platform.
  const manifest = { private: true, allowScripts: { [wanted.split('@')[0]!]: true } };
  await writeFile(join(folder, 'package.json'), JSON.stringify(manifest));
  await run('npm', ['install', '--no-audit', '--no-fund', '--prefer-offline', wanted], folder);
}

const presence = await Promise.all(RUNTIMES.map(([, wanted, program]) => isInstalled(wanted, program)));
const missing = RUNTIMES.filter((_, index) => !presence[index]).map(([, wanted]) => wanted);
const skipped = missing.length > 0 && !hasRegistry() ? missing : [];
if (skipped.length > 0) console.warn(`SKIPPED: ${skipped.join(', ')}: the npm registry cannot be reached`);

let installed: Installed;
let expected: { models: Record<string, { engine: object; digest: string }>; folded: unknown; served: unknown };
beforeAll(async () => {
  await Promise.all(missing.filter((wanted) => !skipped.includes(wanted)).map(install));
  installed = await installPackage();
  await cp(join(root, 'tests/package/support/trial.mjs'), join(installed.folder, 'trial.mjs'));
  expected = JSON.parse(await run(process.execPath, ['trial.mjs'], installed.folder));
}, 600_000);
afterAll(() => installed.remove());

test('two threads train if the solver uses them, and give the model of one', () => {
  const { models } = expected;
  for (const solver of ['als', 'sgd', 'nmf', 'bayesian', 'implicit-als', 'svd++', 'bpr']) {
    expect(models[`${solver}, 2 wished`]!.digest, solver).toBe(models[`${solver}, 1 wished`]!.digest);
  }
  expect(models['als, 1 wished']!.engine).toEqual({ variant: 'simd', threads: 1 });
  expect(models['als, 2 wished']!.engine).toEqual({ variant: 'threads', threads: 2 });
});

for (const [name, wanted, program, args] of RUNTIMES) {
  test.skipIf(skipped.includes(wanted))(`${name} gives the same numbers, also with threads`, async () => {
    expect(await isInstalled(wanted, program)).toBe(true);
    const path = join(folderOf(wanted), 'node_modules/.bin', program);
    expect(JSON.parse(await run(path, [...args, 'trial.mjs'], installed.folder))).toEqual(expected);
  });
}
