import { spawn } from 'node:child_process';
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
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [program, ...words], cwd === undefined ? {} : { cwd });
    const said = { out: '', err: '' };
    child.stdout.on('data', (data) => (said.out += data));
    child.stderr.on('data', (data) => (said.err += data));
    child.on('error', reject);
    child.on('close', (status) => resolve({ status, ...said }));
    child.stdin.end(input ?? '');
  });
}
