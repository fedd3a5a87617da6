import { cp, mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { nodeResolve } from '@rollup/plugin-node-resolve';
import * as esbuild from 'esbuild';
import type { BrowserContext } from 'playwright-core';
import { rollup } from 'rollup';
import * as vite from 'vite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import webpack from 'webpack';
import { serveFolder } from '../../scripts/lib/static-server.mjs';
import { launch } from '../browser/support/browser.js';
import { type Installed, installPackage } from './support/installed.js';
import { document, expectRecommendations, script, visit } from './support/page.js';

let installed: Installed;
let browser: BrowserContext;
beforeAll(async () => {
  installed = await installPackage();
  browser = await launch();
});
afterAll(async () => {
  await browser.close();
  await installed.remove();
});

const ISOLATION = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
};

/** The sources of a page in a separate folder below the installed package. */
async function source(name: string, options?: string): Promise<string> {
  const folder = join(installed.folder, name);
  await mkdir(folder);
  await writeFile(join(folder, 'main.js'), script(options));
  await writeFile(join(folder, 'index.html'), document('<script type="module" src="./main.js"></script>'));
  return folder;
}

/** Copies the files that these bundlers do not. */
async function copyWasm(out: string): Promise<void> {
  const wasm = join(installed.folder, 'node_modules/matfac/dist/wasm');
  for (const file of await readdir(wasm)) if (file.endsWith('.wasm')) await cp(join(wasm, file), join(out, file));
}

const bundlers: [name: string, bundle: (folder: string, out: string) => Promise<unknown>][] = [
  ['Vite', (root, outDir) => vite.build({ root, configFile: false, logLevel: 'error', base: './', build: { outDir } })],
  [
    'webpack',
    async (context, path) => {
      const stats = await new Promise<webpack.Stats | undefined>((resolve, reject) =>
        webpack({ mode: 'production', context, entry: './main.js', output: { path } }, (error, result) =>
          error ? reject(error) : resolve(result),
        ),
      );
      expect(stats!.toJson({ errors: true, warnings: true }).errors).toEqual([]);
      expect(stats!.toJson().warnings!.filter(({ message }) => !/size limit/.test(message))).toEqual([]);
      await writeFile(join(path, 'index.html'), document('<script type="module" src="./main.js"></script>'));
    },
  ],
  [
    'esbuild',
    async (folder, outdir) => {
      const result = await esbuild.build({
        absWorkingDir: folder,
        entryPoints: ['main.js', { in: 'matfac/worker.js', out: 'worker' }] as never,
        bundle: true,
        splitting: true,
        format: 'esm',
        outdir,
        logLevel: 'silent',
      });
      expect([...result.errors, ...result.warnings]).toEqual([]);
      await cp(join(folder, 'index.html'), join(outdir, 'index.html'));
      await copyWasm(outdir);
    },
  ],
  [
    'Rollup',
    async (folder, dir) => {
      const warnings: unknown[] = [];
      const input = { main: join(folder, 'main.js'), worker: 'matfac/worker.js' };
      const bundle = await rollup({
        input,
        plugins: [nodeResolve({ rootDir: folder })],
        onwarn: (warning) => warnings.push(warning),
      });
      await bundle.write({ dir, format: 'es' });
      expect(warnings).toEqual([]);
      await cp(join(folder, 'index.html'), join(dir, 'index.html'));
      await copyWasm(dir);
    },
  ],
];

describe.each(bundlers)('%s', (name, bundle) => {
  test.each([
    ['with one thread', undefined, {}, 1],
    ['with two threads where the page is isolated', '{ threads: 2 }', ISOLATION, 2],
  ])('bundles a page that trains in a worker, %s', async (_, options, headers, workers) => {
    const folder = await source(`${name}-${options ? 'threads' : 'plain'}`, options);
    const out = join(folder, 'out');
    await bundle(folder, out);
    const site = await serveFolder({ folder: out, base: '/below/', headers });
    try {
      const seen = await visit(browser, site.url);
      expectRecommendations(seen);
      expect(seen.workers).toHaveLength(workers);
      expect(seen.workers[0]).toMatch(new RegExp(`^${site.url}.+\\.js$`));
    } finally {
      await site.close();
    }
  });
});

test("Vite's development server gives a page that trains in a worker", async () => {
  const root = await source('vite-dev');
  const server = await vite.createServer({
    root,
    configFile: false,
    logLevel: 'error',
    server: { port: 0, host: '127.0.0.1' },
  });
  try {
    await server.listen();
    const seen = await visit(browser, server.resolvedUrls!.local[0]!);
    expectRecommendations(seen);
    expect(seen.workers).toHaveLength(1);
  } finally {
    await server.close();
  }
});
