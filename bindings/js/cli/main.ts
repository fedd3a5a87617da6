#!/usr/bin/env node
/** The program `matfac`: runs a command and turns its errors into an exit status. */
import { readFileSync } from 'node:fs';
import { nearest } from '../base/checks.js';
import { MatfacError } from '../index.js';
import { type Command, checkFiles, dashed, helpOf, parse, UsageError } from './command.js';
import { convertCommand } from './convert.js';
import { evaluateCommand } from './evaluate.js';
import { infoCommand } from './info.js';
import { recommendCommand } from './recommend.js';
import { searchCommand } from './search.js';
import { Interrupted, printable } from './terminal.js';
import { trainCommand } from './train.js';

const COMMANDS: readonly Command[] = [
  trainCommand,
  evaluateCommand,
  recommendCommand,
  searchCommand,
  infoCommand,
  convertCommand,
];

function overview(): string {
  const lines = COMMANDS.map(({ name, about }) => `  ${name.padEnd(10)} ${about.split('\n')[0]}`);
  return [
    'matfac COMMAND …: matrix factorization for recommender systems',
    '',
    'Commands:',
    ...lines,
    '',
    'From file to recommendation:',
    '  matfac train ratings.csv --factors 32 --out model.safetensors',
    '  matfac recommend model.safetensors --user 42',
    '',
    'matfac COMMAND --help describes a command; matfac --version prints the version.',
    '',
  ].join('\n');
}

function version(): string {
  return JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')).version;
}

async function main([name, ...words]: string[]): Promise<void> {
  if (name === '--version' || name === '-v') return void process.stdout.write(`${version()}\n`);
  if (name === '--help' || name === '-h' || name === 'help') return void process.stdout.write(overview());
  const names = COMMANDS.map((command) => command.name);
  const command = COMMANDS.find((each) => each.name === name);
  if (!command) {
    if (name === undefined) throw new UsageError(`a command is missing; there are ${names.join(', ')} (matfac --help)`);
    const hint = `did you mean '${nearest(name, names)}'? There are ${names.join(', ')}`;
    throw new UsageError(`there is no command '${name}': ${hint}`);
  }
  if (words.includes('--help') || words.includes('-h')) return void process.stdout.write(helpOf(command));
  const given = parse(command, words);
  checkFiles(given);
  try {
    await command.run(given);
  } catch (failure) {
    throw failure instanceof MatfacError && failure.code === 'invalid-argument' ? misused(command, failure) : failure;
  }
}

/** An error with names as on the command line: the first option that it names, and every one that is spelled otherwise there. */
function misused({ flags }: Command, { message }: MatfacError): UsageError {
  const names = flags.map(({ name }) => name);
  const oneOf = (some: string[], how?: string) => new RegExp(`\\b(${some.join('|')})\\b`, how);
  const written = (name: string) => name && dashed(name);
  const others = names.filter((name) => name !== name.toLowerCase());
  return new UsageError(message.replace(oneOf(names), written).replace(oneOf(others, 'g'), written));
}

function statusOf(failure: unknown): number {
  if (failure instanceof UsageError) return 2;
  if (failure instanceof Interrupted) return 130;
  return failure instanceof MatfacError && failure.code === 'aborted' ? 130 : 1;
}

const [name] = process.argv.slice(2);
process.stdout.on('error', ({ code, message }: NodeJS.ErrnoException) => {
  // A reader that closes the pipe early, such as head, has read enough.
  if (code === 'EPIPE') process.exit();
  process.stderr.write(`matfac: the result could not be printed (${message})\n`);
  process.exit(1);
});
// A terminal that is closed shows nothing; the work is saved all the same.
process.stderr.on('error', () => {});
try {
  await main(process.argv.slice(2));
} catch (failure) {
  const status = statusOf(failure);
  const message = failure instanceof Error ? failure.message : String(failure);
  const known = COMMANDS.some((command) => command.name === name) ? ` ${name}` : '';
  const more = status === 2 ? `\nmatfac${known} --help shows the usage` : '';
  process.stderr.write(`${printable(`matfac${known}: ${message}${more}`)}\n`);
  process.exitCode = status;
}
