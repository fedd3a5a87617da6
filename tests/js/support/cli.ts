import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export const program = fileURLToPath(new URL('../../../dist/cli/matfac.js', import.meta.url));

export interface Outcome {
  status: number | null;
  out: string;
  err: string;
}

/** Runs the built program. `input` goes to its standard input. */
export function matfac(
  words: readonly string[],
  { cwd, input }: { cwd?: string; input?: string } = {},
): Promise<Outcome> {
  const child = spawn(process.execPath, [program, ...words], cwd === undefined ? {} : { cwd });
  // A program that refuses its options may end before it reads: its end of the pipe is closed then, and nothing is lost.
  child.stdin.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
  child.stdin.end(input ?? '');
  return outcomeOf(child);
}

/** Runs it as on a terminal, and sends the signal when it shows an epoch. */
export function interrupted(words: readonly string[], signal: NodeJS.Signals, cwd: string): Promise<Outcome> {
  const terminal = 'data:text/javascript,process.stderr.isTTY=true';
  const child = spawn(process.execPath, ['--import', terminal, program, ...words], { cwd });
  let isTold = false;
  return outcomeOf(child, (err) => {
    if (!isTold && err.includes('epoch ')) isTold = child.kill(signal);
  });
}

/** `onError` is told of all that it has written to its standard error, each time. */
function outcomeOf(child: ChildProcessWithoutNullStreams, onError = (_err: string) => {}): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const said = { out: '', err: '' };
    child.stdout.on('data', (data) => (said.out += data));
    child.stderr.on('data', (data) => {
      said.err += data;
      onError(said.err);
    });
    child.on('error', reject);
    child.on('close', (status) => resolve({ status, ...said }));
  });
}
