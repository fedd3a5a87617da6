import mri from 'mri';
import { nearest } from '../base/checks.js';

/** Wrong use of a command: exit status 2. */
export class UsageError extends Error {}

export interface Flag {
  /** The name in the library; on the command line `learningRate` is --learning-rate. */
  name: string;
  /** The placeholder of its value in the help; a switch has none. */
  value?: string;
  /** One letter, such as `o` for -o. */
  short?: string;
  /** Whether it may be repeated. */
  many?: boolean;
  help: string;
}

export interface Command {
  name: string;
  /** What follows the name: `RATINGS --out MODEL`. */
  usage: string;
  /** How many files it takes. */
  files: [least: number, most: number];
  about: string;
  flags: readonly Flag[];
  examples: readonly string[];
  run(given: Given): Promise<void>;
}

/** The flags of every command. */
export const COMMON: readonly Flag[] = [
  { name: 'json', help: 'print one JSON object for programs, without progress' },
  { name: 'quiet', short: 'q', help: 'no progress bar' },
  { name: 'help', short: 'h', help: 'print this help' },
];

/** learningRate → --learning-rate. */
export function dashed(name: string): string {
  return name.length === 1 ? `-${name}` : `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

/** The parsed command line: every flag is known, and has a value if it takes one. */
export class Given {
  constructor(
    readonly command: Command,
    readonly files: readonly string[],
    readonly values: ReadonlyMap<string, readonly string[]>,
    readonly switches: ReadonlySet<string>,
  ) {}

  has(name: string): boolean {
    return this.switches.has(name);
  }

  text(name: string): string | undefined {
    return this.values.get(name)?.[0];
  }

  texts(name: string): readonly string[] {
    return this.values.get(name) ?? [];
  }

  needed(name: string, why: string): string {
    const value = this.text(name);
    if (value !== undefined) return value;
    throw new UsageError(`${dashed(name)} is missing: ${why}`);
  }

  number(name: string): number | undefined {
    const value = this.text(name);
    return value === undefined ? undefined : numberOf(name, value);
  }

  /** A number, or one of these words. */
  numberOr<W extends string>(name: string, ...words: W[]): number | W | undefined {
    const value = this.text(name);
    if (value === undefined) return undefined;
    return words.find((word) => word === value) ?? numberOf(name, value);
  }
}

export function numberOf(name: string, value: string): number {
  const number = value.trim() === '' ? Number.NaN : Number(value);
  if (Number.isFinite(number)) return number;
  throw new UsageError(`${dashed(name)} must be a number; it is '${value}'`);
}

/** The file that `-` stands for. */
export const STANDARD_INPUT = 'the standard input';

/** @throws UsageError that names the flag. */
export function parse(command: Command, words: string[]): Given {
  const flags = [...command.flags, ...COMMON];
  const valued = flags.filter(({ value }) => value);
  const named = words.map((word) => (word === '-' ? STANDARD_INPUT : word));
  // The parser would set properties that every object has.
  const inherited = words.map((word) => /^--(?:no-)?([^=]+)/.exec(word)?.[1]).find((key) => key && key in {});
  if (inherited !== undefined) throw unknown(inherited, flags);
  const parsed = mri(named, {
    string: valued.map((flag) => keyOf(flag)),
    boolean: flags.filter(({ value }) => !value).map((flag) => keyOf(flag)),
    alias: Object.fromEntries(flags.flatMap((flag) => (flag.short ? [[flag.short, keyOf(flag)]] : []))),
  });
  const values = new Map<string, string[]>();
  const switches = new Set<string>();
  for (const [key, value] of Object.entries(parsed)) {
    if (key === '_' || flags.some(({ short }) => short === key)) continue;
    const flag = flags.find((each) => keyOf(each) === key);
    if (!flag) throw unknown(key, flags);
    if (flag.value) values.set(flag.name, valuesOf(flag, value));
    else if (value) switches.add(flag.name);
  }
  return new Given(command, parsed._.map(String), values, switches);
}

/** Checked after --help, which takes precedence over wrong use. @throws UsageError */
export function checkFiles({ command, files }: Given): void {
  const [least, most] = command.files;
  if (files.length < least) throw new UsageError(`a file is missing: matfac ${command.name} ${command.usage}`);
  if (files.length > most)
    throw new UsageError(
      `there must be at most ${most} ${most === 1 ? 'file' : 'files'}; '${files[most]}' is one too many`,
    );
}

function keyOf({ name }: Flag): string {
  return dashed(name).replace(/^-+/, '');
}

function valuesOf(flag: Flag, value: unknown): string[] {
  const values = (Array.isArray(value) ? value : [value]).map(String);
  if (values.includes('') || value === true || value === false) {
    throw new UsageError(`${dashed(flag.name)} needs a value: ${dashed(flag.name)} ${flag.value}`);
  }
  if (values.length > 1 && !flag.many)
    throw new UsageError(`${dashed(flag.name)} must be given once; it is given ${values.length} times`);
  return values;
}

function unknown(key: string, flags: readonly Flag[]): UsageError {
  const meant = nearest(key, flags.map(keyOf));
  const shown = key.length === 1 ? `-${key}` : `--${key}`;
  return new UsageError(
    `there is no option ${shown}; did you mean ${meant.length === 1 ? `-${meant}` : `--${meant}`}?`,
  );
}

export function helpOf({ name, usage, about, flags, examples }: Command): string {
  const rows = [...flags, ...COMMON].map(({ name, value, short, help }) => {
    const names = `${short ? `-${short}, ` : ''}${dashed(name)}`;
    return [value ? `${names} ${value}` : names, help] as const;
  });
  const width = Math.max(...rows.map(([left]) => left.length));
  const lines = rows.map(([left, help]) => `  ${left.padEnd(width)}  ${help}`);
  const shown = examples.map((example) => `  ${example}`);
  return [`matfac ${name} ${usage}`, '', about, '', 'Options:', ...lines, '', 'Examples:', ...shown, ''].join('\n');
}
