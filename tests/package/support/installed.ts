/** The package as npm packs it, installed in an empty folder. */
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

export const root = fileURLToPath(new URL('../../..', import.meta.url));

/** Runs a program and returns its output; rejects with both outputs when its exit status is not 0. */
export async function run(program: string, args: string[], cwd: string): Promise<string> {
  const { stdout } = await promisify(execFile)(program, args, { cwd, maxBuffer: 1 << 24 });
  return stdout;
}

export interface Installed {
  /** The folder that has node_modules/matfac. */
  folder: string;
  tarball: string;
  remove(): Promise<void>;
}

export async function installPackage(): Promise<Installed> {
  const folder = await mkdtemp(join(tmpdir(), 'matfac-package-'));
  // It packs the current build: `npm test` builds first.
  await run('npm', ['pack', '--ignore-scripts', '--pack-destination', folder], root);
  const name = (await readdir(folder)).find((file) => file.endsWith('.tgz'));
  if (!name) throw new Error('npm pack made no .tgz');
  const tarball = join(folder, name);
  await writeFile(join(folder, 'package.json'), '{ "private": true, "type": "module" }\n');
  await run('npm', ['install', '--offline', '--no-audit', '--no-fund', tarball], folder);
  return { folder, tarball, remove: () => rm(folder, { recursive: true, force: true }) };
}
