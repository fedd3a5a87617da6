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
    process.stderr.write(`\r\x1b[K${`${bar}${text}`.slice(0, width)}`);
  }

  /** Removes the line. */
  clear(): void {
    if (this.#isShown) process.stderr.write('\r\x1b[K');
  }
}

/** A signal that the first Ctrl+C aborts; the second one ends the program at once. */
export function untilInterrupted(): AbortSignal {
  const stop = new AbortController();
  const onSignal = () => (stop.signal.aborted ? process.exit(130) : stop.abort());
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  return stop.signal;
}

/** Prints the result, as JSON with --json, else as text. */
export function print(given: Given, value: object, text: string): void {
  process.stdout.write(given.has('json') ? `${JSON.stringify(value)}\n` : `${text}\n`);
}

/** Prints a note that is not part of the result. */
export function note(given: Given, text: string): void {
  if (!given.has('quiet') && !given.has('json')) process.stderr.write(`${text}\n`);
}

/** Rows of equal length in columns. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]?.slice(0, -1).map((_, at) => Math.max(...rows.map((row) => row[at]!.length))) ?? [];
  return rows.map((row) => row.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join('  ')).join('\n');
}

export function decimals(value: number | undefined, digits = 4): string {
  return value === undefined ? '–' : value.toFixed(digits);
}
