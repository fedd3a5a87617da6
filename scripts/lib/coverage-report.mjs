// coverage-report.mjs NAME LCOV_FILE|GCOV_FOLDER|V8_FOLDER LEAST, V8's if the name is js: writes build/reports/coverage/NAME.txt, the share of the executed lines by
// file and the lines that were not; fails below LEAST per cent of all.
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { linesOfGcov } from './coverage-gcov.mjs';
import { linesOfV8 } from './coverage-v8.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** @param {string} file of llvm-cov @returns {import('./coverage-v8.mjs').Lines} */
function linesOfLcov(file) {
  const lines = new Map();
  let ofFile = new Map();
  for (const row of readFileSync(file, 'utf8').split('\n')) {
    const [, kind, rest = ''] = /^(SF|DA):(.*)$/.exec(row) ?? [];
    if (kind === 'SF') {
      ofFile = new Map();
      lines.set(relative(root, rest), ofFile);
    }
    const [line, count] = rest.split(',').map(Number);
    if (kind === 'DA') ofFile.set(line, count !== 0);
  }
  return lines;
}

/** "3, 7-9" @param {number[]} lines ascending */
function spans(lines) {
  /** @type {[number, number][]} */
  const found = [];
  for (const line of lines) {
    const last = found.at(-1);
    if (last && line === last[1] + 1) last[1] = line;
    else found.push([line, line]);
  }
  return found.map(([first, last]) => (first === last ? `${first}` : `${first}-${last}`)).join(', ');
}

const [name = '', from = '', least = ''] = process.argv.slice(2);
const linesOfFolder = name === 'js' ? linesOfV8 : linesOfGcov;
const lines = statSync(from).isDirectory() ? linesOfFolder(from) : linesOfLcov(from);
const percent = (/** @type {number} */ part, /** @type {number} */ all) => ((100 * part) / all).toFixed(1);
const rows = [];
let [executed, all] = [0, 0];
for (const [file, ofFile] of [...lines].sort(([a], [b]) => (a < b ? -1 : 1))) {
  const missing = [...ofFile].filter(([, isExecuted]) => !isExecuted).map(([line]) => line);
  all += ofFile.size;
  executed += ofFile.size - missing.length;
  const share = percent(ofFile.size - missing.length, ofFile.size);
  rows.push(`${share.padStart(5)} % ${file} ${spans(missing.sort((a, b) => a - b))}`.trimEnd());
}
const total = `${name}: ${executed} of ${all} lines, ${percent(executed, all)} %`;
const folder = `${root}build/reports/coverage/`;
mkdirSync(folder, { recursive: true });
writeFileSync(`${folder}${name}.txt`, `${total}\n\n${rows.join('\n')}\n`);
console.log(`${total}; build/reports/coverage/${name}.txt has the lines that were not executed`);
if (!(executed >= (Number(least) / 100) * all)) {
  console.error(`the executed lines must be at least ${least} %`);
  process.exitCode = 1;
}
