/** The components of docs/cookbook/frameworks.md, each in a page that Vite builds: what they recommend is what the model does. */
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Ratings, train } from 'matfac';
import type { BrowserContext } from 'playwright-core';
import { build, type PluginOption } from 'vite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { serveFolder } from '../../scripts/lib/static-server.mjs';
import { launch } from './support/browser.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
/** A folder whose node_modules has the frameworks; by default the repository, which has Vue with VitePress. */
const from = process.env.FRAMEWORKS ?? root;
const work = join(from, 'build/frameworks');

interface Framework {
  /** Of its code block. */
  kind: string;
  file: string;
  /** Mounts the component with `films`. */
  mount: string;
  needs: readonly string[];
  /** The Vite plugin that compiles it, and the package that brings it. */
  plugin?: { name: string; by?: string; of: (module: Record<string, unknown>) => unknown };
}

const call = (name: string) => (module: Record<string, unknown>) => (module[name] as () => unknown)();

const frameworks: Framework[] = [
  {
    kind: 'jsx',
    file: 'Films.jsx',
    mount: `import { createElement, Suspense } from 'react';
import { createRoot } from 'react-dom/client';
import { Films } from './Films.jsx';
createRoot(document.querySelector('#app')).render(createElement(Suspense, {}, createElement(Films, { films })));`,
    needs: ['react', 'react-dom'],
  },
  {
    kind: 'vue',
    file: 'Films.vue',
    mount: `import { createApp } from 'vue';
import Films from './Films.vue';
createApp(Films, { films }).mount('#app');`,
    needs: ['vue'],
    plugin: { name: '@vitejs/plugin-vue', by: 'vitepress', of: call('default') },
  },
  {
    kind: 'svelte',
    file: 'Films.svelte',
    mount: `import { mount } from 'svelte';
import Films from './Films.svelte';
mount(Films, { target: document.querySelector('#app'), props: { films } });`,
    needs: ['svelte'],
    plugin: { name: '@sveltejs/vite-plugin-svelte', of: call('svelte') },
  },
];

/** The path of what a package exports, or null if it is not installed. */
function found(name: string, by?: string): string | null {
  try {
    return createRequire(join(from, by ? `node_modules/${by}/package.json` : 'package.json')).resolve(name);
  } catch {
    return null;
  }
}

const isHere = ({ needs, plugin }: Framework) =>
  needs.every((name) => found(name)) && (!plugin || found(plugin.name, plugin.by) !== null);

for (const framework of frameworks.filter((each) => !isHere(each))) {
  const names = [...framework.needs, ...(framework.plugin ? [framework.plugin.name] : [])];
  console.warn(
    `SKIPPED: the ${framework.kind} block of frameworks.md was not run. Install ${names.join(', ')} in ${from}`,
  );
}

let browser: BrowserContext;
let site: Awaited<ReturnType<typeof serveFolder>>;
let films: { item: number; title: string }[];
let expected: number[];

beforeAll(async () => {
  await mkdir(join(work, 'dist'), { recursive: true });
  const ratings = await Ratings.sample('ml100k');
  const model = await train(ratings, { factors: 8, epochs: 5, worker: false });
  films = [50, 100, 181].map((item) => ({ item, title: `Film ${item}` }));
  const { item } = films[1]!;
  expected = model
    .foldIn([{ item, rating: 5 }])
    .recommend({ n: 10 })
    .map((best) => Number(best.item));
  await writeFile(join(work, 'films.safetensors'), model.save());
  model.dispose();
  browser = await launch();
  site = await serveFolder({ folder: join(work, 'dist') });
});
afterAll(async () => {
  await Promise.all([browser.close(), site.close()]);
  await rm(work, { recursive: true, force: true });
});

async function blockOf(kind: string): Promise<string> {
  const text = await readFile(join(root, 'docs/cookbook/frameworks.md'), 'utf8');
  const [, code] = new RegExp(`^\`\`\`${kind}\\n([\\s\\S]*?)^\`\`\`$`, 'm').exec(text) ?? [];
  if (code === undefined) throw new Error(`docs/cookbook/frameworks.md has no block of ${kind}`);
  return code;
}

async function pluginOf({ plugin }: Framework): Promise<PluginOption> {
  if (!plugin) return null;
  return plugin.of(await import(found(plugin.name, plugin.by)!)) as PluginOption;
}

for (const framework of frameworks) {
  const { kind, file, mount } = framework;
  test.skipIf(!isHere(framework))(`the ${kind} block recommends to a visitor who likes a film`, async () => {
    const folder = join(work, kind);
    await mkdir(join(folder, 'public'), { recursive: true });
    await writeFile(join(folder, file), await blockOf(kind));
    await writeFile(join(folder, 'public/films.safetensors'), await readFile(join(work, 'films.safetensors')));
    await writeFile(join(folder, 'main.js'), `const films = ${JSON.stringify(films)};\n${mount}\n`);
    const page = '<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,"><div id="app"></div>';
    await writeFile(join(folder, 'index.html'), `${page}<script type="module" src="./main.js"></script>`);
    await build({
      root: folder,
      configFile: false,
      logLevel: 'silent',
      plugins: [await pluginOf(framework)],
      resolve: { alias: { matfac: join(root, 'dist/index.js') } },
      worker: { format: 'es' },
      define: { 'process.env.NODE_ENV': '"production"' },
      oxc: { jsx: { runtime: 'automatic', development: false } },
      build: { outDir: join(work, 'dist'), emptyOutDir: true },
    });
    const tab = await browser.newPage();
    const faults: string[] = [];
    tab.on('pageerror', (error) => faults.push(error.message));
    await tab.goto(site.url);
    const liked = tab.getByRole('button', { name: films[1]!.title });
    await liked.waitFor();
    // A visitor without ratings is recommended ten as soon as there is a model.
    await tab.locator('ol > li').nth(9).waitFor();
    await liked.click();
    await expect.poll(async () => (await tab.locator('ol > li').allInnerTexts()).map(Number)).toEqual(expected);
    expect(faults).toEqual([]);
    await tab.close();
  });
}
