// Which lines of the sources gcov has counted, by the files that the processes of the tests left beside the objects.
import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** @typedef {{ line_number: number, count: number }} Line */
/** @typedef {{ current_working_directory: string, files: { file: string, lines: Line[] }[] }} Report */

/** @param {string} counts a file of gcov's counts @returns {Report} */
function reportOf(counts) {
  const options = { encoding: /** @type {const} */ ('utf8'), maxBuffer: 2 ** 30 };
  return JSON.parse(execFileSync('gcov', ['--json-format', '--stdout', counts], options));
}

/** @param {string} folder of objects @returns {import('./coverage-v8.mjs').Lines} of src */
export function linesOfGcov(folder) {
  /** @type {import('./coverage-v8.mjs').Lines} */
  const lines = new Map();
  for (const path of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (!path.endsWith('.gcda')) continue;
    const { current_working_directory: base, files } = reportOf(join(folder, path));
    for (const { file, lines: counted } of files) {
      const source = relative(root, resolve(base, file));
      if (!source.startsWith('src/')) continue;
      const ofFile = lines.get(source) ?? new Map();
      lines.set(source, ofFile);
      for (const { line_number: line, count } of counted) ofFile.set(line, count > 0 || ofFile.get(line) === true);
    }
  }
  return lines;
}
