// Which lines of the sources V8's coverage has seen, by the source maps of dist/.
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Whether each line with code was executed, by file. @typedef {Map<string, Map<number, boolean>>} Lines */
/** A place of the generated text, as an offset, and its line in a source. @typedef {{ offset: number, source: string, line: number }} Segment */
/** @typedef {{ startOffset: number, endOffset: number, count: number }} Range */
/** @typedef {{ url: string, functions: { ranges: Range[] }[] }} Script */

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** The numbers of one segment of a source map, in base-64 VLQ. @param {string} text */
function numbersOf(text) {
  const numbers = [];
  let [value, shift] = [0, 0];
  for (const letter of text) {
    const digit = DIGITS.indexOf(letter);
    value += (digit & 31) << shift;
    shift += 5;
    if (digit & 32) continue;
    numbers.push(value & 1 ? -(value >> 1) : value >> 1);
    [value, shift] = [0, 0];
  }
  return numbers;
}

/** @param {string} text @param {{ mappings: string, sources: string[] }} map @returns {Segment[]} */
function segmentsOf(text, { mappings, sources }) {
  const segments = [];
  let [offset, source, line] = [0, 0, 0];
  const lengths = text.split('\n').map((each) => each.length + 1);
  for (const [row, part] of mappings.split(';').entries()) {
    let column = 0;
    for (const each of part === '' ? [] : part.split(',')) {
      const [columns = 0, sourceStep = 0, lineStep = 0] = numbersOf(each);
      column += columns;
      source += sourceStep;
      line += lineStep;
      segments.push({ offset: offset + column, source: sources[source] ?? '', line: line + 1 });
    }
    offset += lengths[row] ?? 0;
  }
  return segments;
}

/** How often each place of the text was executed; an inner range has the last word. @param {Script} script @param {number} length */
function countsOf({ functions }, length) {
  const counts = new Float64Array(length);
  const ranges = functions.flatMap((each) => each.ranges);
  ranges.sort((a, b) => b.endOffset - b.startOffset - (a.endOffset - a.startOffset));
  for (const { startOffset, endOffset, count } of ranges) counts.fill(count, startOffset, endOffset);
  return counts;
}

/** None where a test killed the process while it wrote its report. @param {string} report @returns {Script[]} */
function scriptsOf(report) {
  const text = readFileSync(report, 'utf8');
  return /\}\s*$/.test(text) ? JSON.parse(text).result : [];
}

/** @param {string} folder of V8's reports @returns {Lines} of bindings/js */
export function linesOfV8(folder) {
  const dist = join(root, 'dist');
  /** @type {Map<string, { text: string, segments: Segment[] }>} */
  const files = new Map();
  for (const path of readdirSync(dist, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.js.map'),
  )) {
    const file = join(dist, path.slice(0, -'.map'.length));
    const text = readFileSync(file, 'utf8');
    const map = JSON.parse(readFileSync(join(dist, path), 'utf8'));
    const segments = segmentsOf(text, map).map((segment) => ({
      ...segment,
      // It was built there.
      source: relative(root, join(root, 'build/package', path, '..', segment.source)),
    }));
    files.set(pathToFileURL(file).href, {
      text,
      segments: segments.filter(({ source }) => source.startsWith('bindings/')),
    });
  }
  /** @type {Lines} */
  const lines = new Map();
  const mark = (/** @type {Segment} */ { source, line }, /** @type {boolean} */ isExecuted) => {
    const ofFile = lines.get(source) ?? new Map();
    lines.set(source, ofFile);
    ofFile.set(line, isExecuted || ofFile.get(line) === true);
  };
  for (const { segments } of files.values()) for (const segment of segments) mark(segment, false);
  for (const report of readdirSync(folder)) {
    for (const script of scriptsOf(join(folder, report))) {
      const file = files.get(script.url.replace(/\?.*/, ''));
      if (!file) continue;
      const counts = countsOf(script, file.text.length);
      for (const segment of file.segments) if (counts[segment.offset]) mark(segment, true);
    }
  }
  return lines;
}
