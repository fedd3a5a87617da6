// Takes screenshots of the built page in web/dist:
//   node web/screenshots.mjs           with the sample, into docs/screenshots
//   node web/screenshots.mjs FOLDER    with MovieLens, into FOLDER: its titles must not be redistributed
import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';

const load = async (/** @type {string} */ name) => {
  const script = fileURLToPath(new URL(`../tests/browser/support/${name}.ts`, import.meta.url));
  return (await runnerImport(script)).module;
};
const [folder] = process.argv.slice(2);
const { sample, movieLens } = await load('real-data');
const { takeScreenshots } = await load('screenshots');
if (!folder) await takeScreenshots(sample, fileURLToPath(new URL('../docs/screenshots/', import.meta.url)));
else for (const data of movieLens) if (data.isHere) await takeScreenshots(data, `${folder}/${data.users}`);
