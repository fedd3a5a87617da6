import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitepress';
import { liveCode } from './live-code.js';
import { sidebar } from './sidebar.js';

const repository = 'https://github.com/matfac/matfac';

export default defineConfig({
  title: 'matfac',
  description: 'Matrix factorization for recommender systems, in the browser',
  base: process.env.MATFAC_SITE_BASE ?? '/',
  outDir: fileURLToPath(new URL('../../build/site', import.meta.url)),
  cacheDir: fileURLToPath(new URL('../../build/site-cache', import.meta.url)),
  cleanUrls: false,
  rewrites: { 'guide/README.md': 'guide/index.md' },
  srcExclude: ['screenshots/**'],
  lastUpdated: false,
  head: [['link', { rel: 'icon', type: 'image/svg+xml', href: `${process.env.MATFAC_SITE_BASE ?? '/'}favicon.svg` }]],
  markdown: { config: liveCode, theme: { light: 'github-light-high-contrast', dark: 'github-dark-high-contrast' } },
  themeConfig: {
    nav: [
      { text: 'Start', link: '/guide/quick-start' },
      { text: 'Guides', link: '/guide/' },
      { text: 'Solvers', link: '/solvers/variational' },
      { text: 'Cookbook', link: '/cookbook/films' },
      { text: 'Reference', link: '/reference/' },
      { text: 'Benchmarks', link: '/benchmarks' },
      { text: 'Demo', link: '/demo/', target: '_self' },
    ],
    sidebar,
    outline: [2, 3],
    search: { provider: 'local' },
    socialLinks: [{ icon: 'github', link: repository }],
    editLink: { pattern: `${repository}/edit/main/docs/:path`, text: 'Edit this page' },
    docFooter: { prev: 'Previous', next: 'Next' },
  },
});
