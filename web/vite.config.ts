import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defineConfig, type HtmlTagDescriptor, type Plugin } from 'vite';
import { VitePWA } from 'vite-plugin-pwa';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** The files of the library that a page loads at first. */
function libraryAtFirst(entry: string, found = new Set<string>()): Set<string> {
  if (found.has(entry)) return found;
  found.add(entry);
  for (const [, path = ''] of readFileSync(entry, 'utf8').matchAll(/(?:from|import)\s*"\.\/([^"]+\.js)"/g)) {
    if (!path.startsWith('wasm/')) libraryAtFirst(here(`../dist/${path}`), found);
  }
  return found;
}

/** Removes the policy in `vite dev`, whose server injects inline styles and a web socket that the policy forbids. */
const withoutPolicyInDevelopment: Plugin = {
  name: 'without-policy-in-development',
  apply: 'serve',
  transformIndexHtml: (html) => html.replace(/<meta\s+http-equiv="Content-Security-Policy"[^>]*>/, ''),
};

/** Preloads the core together with the page's script: the page needs it at once, for its sample. */
const withCoreAtOnce: Plugin = {
  name: 'with-core-at-once',
  apply: 'build',
  transformIndexHtml: {
    order: 'post',
    handler: (_html, { bundle = {} }) => {
      const files = Object.values(bundle);
      const glue = files.find(
        (file) => file.type === 'chunk' && file.moduleIds.some((id) => id.endsWith('/wasm/matfac.js')),
      );
      const core = files.find((file) => file.type === 'asset' && file.names.includes('matfac.wasm'));
      if (!glue || !core) throw new Error('The build has no matfac.js or no matfac.wasm to preload');
      const preload = (attributes: Record<string, string>, file: string): HtmlTagDescriptor => ({
        tag: 'link',
        attrs: { ...attributes, crossorigin: true, href: `./${file}` },
        injectTo: 'head',
      });
      return [
        preload({ rel: 'modulepreload' }, glue.fileName),
        preload({ rel: 'preload', as: 'fetch', type: 'application/wasm' }, core.fileName),
      ];
    },
  },
};

export default defineConfig({
  root: here('.'),
  base: './',
  // The page uses the built package, as any other page would.
  resolve: { alias: { matfac: here('../dist/index.js') } },
  // Without annotations, as the page is built: then both load the same file of the core's glue.
  worker: { format: 'es', rolldownOptions: { output: { comments: { annotation: false, jsdoc: false } } } },
  server: { fs: { allow: [here('..')] } },
  build: {
    outDir: here('dist'),
    emptyOutDir: true,
    target: 'es2022',
    // The policy forbids data: URIs.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      output: {
        // One file compresses better than the many small ones into which shared modules would be divided.
        codeSplitting: {
          groups: [
            {
              name: 'library',
              test: (id: string) => libraryAtFirst(here('../dist/index.js')).has(id),
            },
          ],
        },
      },
    },
  },
  plugins: [
    withoutPolicyInDevelopment,
    withCoreAtOnce,
    VitePWA({
      strategies: 'injectManifest',
      srcDir: '.',
      filename: 'service-worker.ts',
      injectRegister: false,
      manifest: {
        name: 'matfac: recommendations learned in your browser',
        short_name: 'matfac',
        description: 'Matrix factorization in your browser. Nothing leaves the page.',
        start_url: './',
        scope: './',
        display: 'minimal-ui',
        background_color: '#f5f7f6',
        theme_color: '#0b6e5f',
        icons: [{ src: 'favicon.svg', sizes: 'any', type: 'image/svg+xml' }],
      },
      injectManifest: { globPatterns: ['**/*.{html,js,css,wasm,svg,webmanifest}'] },
    }),
  ],
});
