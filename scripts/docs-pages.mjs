// Writes the pages of the documentation site that follow from other files: docs/reference from the types,
// docs/benchmarks.md from bench/results, and docs/changelog.md.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));

execFileSync('npx', ['--no-install', 'typedoc', '--options', 'typedoc.site.json'], { stdio: 'inherit' });

const results = 'bench/results';
const figures = readdirSync(results).filter((file) => file.endsWith('.md'));
const parts = figures.map((file) =>
  readFileSync(`${results}/${file}`, 'utf8')
    .replace(/^#/gm, '##')
    .replace(/\]\(([\w-]+\.svg)\)/g, '](/bench/$1)'),
);
const head = [
  '---\ntitle: Benchmarks\n---\n\n# Benchmarks',
  '`npm run bench` measures these figures again, on your machine; native peers run in turns with matfac where `pip` has installed them.',
];
writeFileSync('docs/benchmarks.md', `${[...head, ...parts].join('\n\n')}\n`);

const changes = readFileSync('CHANGELOG.md', 'utf8').replaceAll('](docs/', '](./');
writeFileSync('docs/changelog.md', `---\ntitle: Changelog\n---\n\n${changes}`);

mkdirSync('docs/public/bench', { recursive: true });
for (const file of readdirSync(results).filter((name) => name.endsWith('.svg')))
  cpSync(`${results}/${file}`, `docs/public/bench/${file}`);
cpSync('web/public/favicon.svg', 'docs/public/favicon.svg');
