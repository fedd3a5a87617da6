// Writes the pages of the documentation site that follow from other files: docs/reference from the types,
// docs/benchmarks.md from bench/results, docs/changelog.md, and the curves of the solvers from a training of each.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Ratings, SOLVERS, train } from 'matfac';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));

execFileSync('npx', ['--no-install', 'typedoc', '--options', 'typedoc.site.json'], { stdio: 'inherit' });

const results = 'bench/results';
const has = (/** @type {string} */ file) => readdirSync(results).includes(file);

/** From what most readers ask to what few do; other results come after these. */
const ORDER =
  'peers many accuracy defaults ranking solvers kernels sweeps threads scale stored serve judge cancel loading browser page sample';
const place = (/** @type {string} */ name) => ORDER.split(' ').indexOf(name) + 1 || 100;

/** A result as a section, with the machine that it was measured on. @param {string} name */
function sectionOf(name) {
  const text = readFileSync(`${results}/${name}.md`, 'utf8')
    .replace(/^#/gm, '##')
    .replace(/\]\(([\w-]+\.svg)\)/g, '](/bench/$1)');
  if (!has(`${name}.json`)) return text;
  const { processor, processors, node } = JSON.parse(readFileSync(`${results}/${name}.json`, 'utf8')).machine;
  return text.replace(/^(## .*\n)/, `$1\nMeasured on ${processors} × ${processor}, Node ${node}.\n`);
}

const names = readdirSync(results)
  .filter((file) => file.endsWith('.md'))
  .map((file) => file.replace(/\.md$/, ''))
  .sort((a, b) => place(a) - place(b) || a.localeCompare(b));
const head = [
  '---\ntitle: Benchmarks\n---\n\n# Benchmarks',
  'How good the models are, and what they cost. The programs compared run in turn, so that a drift of the machine affects all of them. ' +
    '[How good, how fast](accuracy.md) is the summary.',
  '`npm run bench` in the [repository](https://github.com/matfac/matfac) measures these figures again on your machine: `-- --full` ' +
    'in all sizes, `-- --browser` in Chromium, `-- kernels threads` only these two. It writes a table, JSON and charts to `bench/results`.',
];
writeFileSync('docs/benchmarks.md', `${[...head, ...names.map(sectionOf)].join('\n\n')}\n`);

const changes = readFileSync('CHANGELOG.md', 'utf8').replaceAll('](docs/', '](./');
writeFileSync('docs/changelog.md', `---\ntitle: Changelog\n---\n\n${changes}`);

mkdirSync('docs/public/bench', { recursive: true });
for (const file of readdirSync(results).filter((name) => name.endsWith('.svg')))
  cpSync(`${results}/${file}`, `docs/public/bench/${file}`);
cpSync('web/public/favicon.svg', 'docs/public/favicon.svg');

/** No more points than this are drawn of a curve. */
const POINTS = 40;
const sample = await Ratings.sample('ml100k');
/** @type {{ [solver: string]: import('../docs/.vitepress/theme/curves.data.js').Curve }} */
const curves = {};
for (const solver of /** @type {(keyof typeof SOLVERS)[]} */ (Object.keys(SOLVERS))) {
  if (solver === 'bias' || solver === 'popularity') continue;
  const model = await train(sample, { solver, validation: 0.1, worker: false });
  const { history } = model;
  const stride = Math.ceil(history.length / POINTS);
  const shown = history.filter((_, i) => i % stride === 0 || i === history.length - 1);
  const isRanked = SOLVERS[solver].feedback === 'implicit';
  const rounded = (/** @type {number | undefined} */ value) => Number((value ?? 0).toFixed(4));
  curves[solver] = {
    metric: isRanked ? 'NDCG@10' : 'RMSE',
    epochs: shown.map(({ epoch }) => epoch),
    training: isRanked ? [] : shown.map(({ trainRmse }) => rounded(trainRmse)),
    validation: shown.map(({ validationRmse, validationNdcg }) => rounded(isRanked ? validationNdcg : validationRmse)),
  };
  model.dispose();
}
writeFileSync('docs/public/curves.json', JSON.stringify(curves));
