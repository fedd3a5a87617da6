// node web/screenshots.mjs: takes the pictures in docs/screenshots anew, of the page as it is built in web/dist.
import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';

const script = fileURLToPath(new URL('../tests/browser/support/screenshots.ts', import.meta.url));
const { module } = await runnerImport(script);
await module.takeScreenshots();
