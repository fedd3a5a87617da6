/** The output of a command: results to stdout, everything else to stderr. */
import type { Given } from './command.js';

/** The error of a command stopped by a signal, after it saved its results. */
export class Interrupted extends Error {}

const BAR = 24;
/** The least time between two updates. */
const MILLISECONDS = 50;

/** A progress line, rewritten in place; without a terminal it prints nothing. */
export class ProgressLine {
  readonly #isShown: boolean;
  #last = 0;

  constructor(given: Given) {
    this.#isShown = process.stderr.isTTY === true && !given.has('json') && !given.has('quiet');
  }

  /** `share` is from 0 to 1, or undefined when the end is unknown. */
  show(share: number | undefined, text: string): void {
    if (!this.#isShown) return;
    const now = performance.now();
    if (now - this.#last < MILLISECONDS && share !== 1) return;
    this.#last = now;
    const full = Math.round(BAR * (share ?? 0));
    const bar = share === undefined ? '' : `[${'█'.repeat(full)}${' '.repeat(BAR - full)}] `;
    const width = (process.stderr.columns ?? 80) - 1;
    process.stderr.write(`\r\x1b[K${`${bar}${printable(text)}`.slice(0, width)}`);
  }

  /** Removes the line. */
  clear(): void {
    if (this.#isShown) process.stderr.write('\r\x1b[K');
  }
}

const ENDINGS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Ends the program at such a signal, after it has tidied up. */
export function exitWhenInterrupted(): void {
  for (const name of ENDINGS) process.on(name, () => process.exit(130));
}

/** A signal that the first Ctrl+C aborts, as do SIGTERM and the end of the terminal; the second one ends the program at once. */
export function untilInterrupted(): AbortSignal {
  const stop = new AbortController();
  const onSignal = () => (stop.signal.aborted ? process.exit(130) : stop.abort());
  for (const name of ENDINGS) process.on(name, onSignal);
  return stop.signal;
}

/** Prints the result, as JSON with --json, else as text. */
export function print(given: Given, value: object, text: string): void {
  process.stdout.write(`${given.has('json') ? JSON.stringify(value) : printable(text)}\n`);
}

/** Prints a note that is not part of the result. */
export function note(given: Given, text: string): void {
  if (!given.has('quiet') && !given.has('json')) process.stderr.write(`${printable(text)}\n`);
}

/** Controls, which a terminal obeys, and marks that reorder what is shown. */
const CONTROLS = /[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu;

/** A text whose controls are shown and not obeyed: ids and titles are those of a file. Line ends stay. */
export function printable(text: string): string {
  return text.replace(CONTROLS, (control) => {
    if (control === '\n') return control;
    const code = control.charCodeAt(0);
    return code < 256 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`;
  });
}

/** Rows of equal length in columns. */
export function table(cells: readonly (readonly string[])[]): string {
  const rows = cells.map((row) => row.map((cell) => printable(cell).replaceAll('\n', '\\n')));
  const widths = rows[0]?.slice(0, -1).map((_, at) => Math.max(...rows.map((row) => row[at]!.length))) ?? [];
  return rows.map((row) => row.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join('  ')).join('\n');
}

export function decimals(value: number | undefined, digits = 4): string {
  return value === undefined ? '–' : value.toFixed(digits);
}
