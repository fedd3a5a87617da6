import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

/** The tests use the package as it is built, not its sources: what passes here is what users get. */
const built = (file: string) => fileURLToPath(new URL(`./dist/${file}`, import.meta.url));
/** The path of the checkout may have characters that mean something in an expression. */
const inDist = new RegExp(built('').replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
// The first that fits is taken.
const alias = { 'matfac/serve': built('serve.js'), matfac: built('index.js') };

/** One room of tests; those that start servers and browsers go through their files one after another. */
function project(name: string, options: { sequential: boolean; timeout: number }) {
  return {
    resolve: { alias },
    test: {
      name,
      include: [`tests/${name}/**/*.test.ts`],
      environment: 'node',
      setupFiles: ['seeded', 'coverage'].map((file) =>
        fileURLToPath(new URL(`./tests/js/support/${file}.ts`, import.meta.url)),
      ),
      fileParallelism: !options.sequential,
      testTimeout: options.timeout,
      hookTimeout: options.timeout,
      // Vitest's second is too little for a machine that is busy.
      expect: { poll: { timeout: options.timeout / 2 } },
      server: { deps: { external: [inDist] } },
    },
  };
}

export default defineConfig({
  test: {
    maxWorkers: 2,
    projects: [
      project('js', { sequential: false, timeout: 30_000 }),
      project('browser', { sequential: true, timeout: 60_000 }),
      project('package', { sequential: true, timeout: 120_000 }),
    ],
  },
});
