/** What the command does on a terminal: it draws its progress, and saves what it has learned when it is interrupted. */
import { execFile } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { interrupted, program } from './support/cli.js';
import { sampleFolder } from './support/cli-folder.js';

const here = sampleFolder();
const { run, opened } = here;

describe('a training that does not converge', () => {
  const endless = ['train', 'train.csv', '--solver', 'als', '--epochs', '1000000'];

  test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    'interrupted by %s, it saves the epochs done, reports it, and exits with 130',
    async (signal) => {
      const words = [...endless, '--out', `${signal}.safetensors`];
      const { status, out, err } = await interrupted(words, signal, here.folder);
      expect(status).toBe(130);
      const { history } = await opened(`${signal}.safetensors`);
      expect(history.length).toBeGreaterThan(0);
      expect(err).toContain(`interrupted after ${history.length} epochs, which are saved in ${signal}.safetensors`);
      expect(out).toContain(`${signal}.safetensors`);
      expect((await readdir(here.folder)).filter((name) => name.endsWith('.part'))).toEqual([]);
    },
  );

  test('interrupted without --out, it reports that nothing is saved', async () => {
    const before = await readdir(here.folder);
    const { status, err } = await interrupted(endless, 'SIGINT', here.folder);
    expect(status).toBe(130);
    expect(err).toMatch(/interrupted after \d+ epochs; without --out nothing is saved/);
    expect(await readdir(here.folder)).toEqual(before);
  });
});

test('the progress is drawn on a terminal alone', async () => {
  // It takes all of its epochs, and the last is drawn however soon it comes.
  const words = ['train', 'train.csv', '--solver', 'als', '--epochs', '200'];
  const command = [`'${process.execPath}'`, `'${program}'`, ...words].join(' ');
  const { stdout } = await promisify(execFile)('script', ['-qec', command, '/dev/null'], { cwd: here.folder });
  expect(stdout).toMatch(/\[█{24}\] epoch 200\/200 {2}loss \d/);
  const piped = await run(...words);
  expect(piped).toMatchObject({ status: 0, err: '' });
  expect(piped.out).not.toContain('█');
  expect(piped.out).toMatch(/no: --out MODEL saves it/);
});
