import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

/** The tests use the package as it is built, not its sources: what passes here is what users get. */
const built = (file: string) => fileURLToPath(new URL(`./dist/${file}`, import.meta.url));
/** The path of the checkout may have characters that mean something in an expression. */
const inDist = new RegExp(built('').replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
// The first that fits is taken.
const alias = { 'matfac/serve': built('serve.js'), matfac: built('index.js') };

/** What takes this long hangs, on a machine as slow or as busy as it may be: no test measures time. */
const HUNG = 300_000;

/** One room of tests; those that start servers and browsers go through their files one after another. */
function project(name: string, options: { sequential: boolean }) {
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
      testTimeout: HUNG,
      hookTimeout: HUNG,
      expect: { poll: { timeout: HUNG / 2 } },
      // A message says what the list holds, not "[ Array(1) ]": of a failure by chance it may be all there is.
      chaiConfig: { truncateThreshold: 2000 },
      server: { deps: { external: [inDist] } },
    },
  };
}

export default defineConfig({
  test: {
    maxWorkers: 2,
    projects: [
      project('js', { sequential: false }),
      project('browser', { sequential: true }),
      project('package', { sequential: true }),
    ],
  },
});
