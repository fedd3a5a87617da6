// Takes the pictures of the page as it is built in web/dist:
//   node web/screenshots.mjs           on the sample, into docs/screenshots
//   node web/screenshots.mjs FOLDER    on MovieLens, into a folder of one's own: its titles are not ours to pass on
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
