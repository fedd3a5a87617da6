/** What the command does to files: nothing is lost, and nothing in a file is obeyed. */
import { execFileSync, spawn } from 'node:child_process';
import { link, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Model } from 'matfac';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { matfac, program } from './support/cli.js';

let folder: string;
const CSV = 'user,item,rating\nann,x,5\nann,y,3\nbob,x,4\nbob,z,1\n';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'matfac-cli-files-'));
});
beforeEach(() => writeFile(join(folder, 'r.csv'), CSV));
afterAll(() => rm(folder, { recursive: true }));

const run = (...words: string[]) => matfac(words, { cwd: folder });
const text = (name: string) => readFile(join(folder, name), 'utf8');
const parts = async () => (await readdir(folder)).filter((name) => name.endsWith('.part'));
const als = ['--solver', 'als', '--factors', '1', '--epochs', '1'];

describe('--out equal to an input is refused before anything is read or written', () => {
  test.each([
    ['by its name', 'r.csv'],
    ['by another path', './sub/../r.csv'],
    ['by a symbolic link', 'soft.csv'],
    ['by a hard link', 'hard.csv'],
  ])('%s', async (_, name) => {
    await mkdir(join(folder, 'sub'), { recursive: true });
    for (const old of ['soft.csv', 'hard.csv']) await rm(join(folder, old), { force: true });
    await symlink('r.csv', join(folder, 'soft.csv'));
    await link(join(folder, 'r.csv'), join(folder, 'hard.csv'));
    for (const words of [
      ['train', 'r.csv', ...als],
      ['search', 'r.csv', '--factors', '1,2'],
    ]) {
      const { status, err } = await run(...words, '-o', name);
      expect(status).toBe(2);
      expect(err).toContain('--out must be another file than those that are read; it is');
    }
    expect(await text('r.csv')).toBe(CSV);
    expect(await parts()).toEqual([]);
  });

  test('also the other files: the model that is continued, the validation part, the model that is converted', async () => {
    expect((await run('train', 'r.csv', ...als, '-o', 'm.safetensors')).status).toBe(0);
    const before = await readFile(join(folder, 'm.safetensors'));
    const refused: string[][] = [
      ['train', 'r.csv', '--warm-start', 'm.safetensors', '-o', 'm.safetensors'],
      ['convert', 'm.safetensors', '--dtype', 'int8', '-o', 'm.safetensors'],
    ];
    for (const words of refused) expect(await run(...words)).toMatchObject({ status: 2, out: '' });
    await writeFile(join(folder, 'v.csv'), CSV);
    expect((await run('train', 'r.csv', ...als, '--validation', 'v.csv', '-o', 'v.csv')).status).toBe(2);
    expect(await text('v.csv')).toBe(CSV);
    expect(await readFile(join(folder, 'm.safetensors'))).toEqual(before);
  });
});

describe('a file that cannot be written is found before the ratings are read', () => {
  test.each([
    ['no/such/m.safetensors', /could not be written \(there is no such file or folder\)/],
    ['sub', /sub could not be written \(it must be a file; it is a folder\)/],
    ['/dev/null', /\/dev\/null could not be written \(it must be a file; it is a device\)/],
    ['-', /--out must be the name of a file; it is '-'/],
  ])('%s', async (out, message) => {
    await mkdir(join(folder, 'sub'), { recursive: true });
    // The ratings are not there either, and the error is about the file to write.
    const { status, err } = await run('train', 'nowhere.csv', '-o', out);
    expect(status).toBeGreaterThan(0);
    expect(err).toMatch(message);
  });

  test('a failure leaves the old file, and no part of a new one', async () => {
    await writeFile(join(folder, 'old.safetensors'), 'old');
    expect((await run('train', 'nowhere.csv', '-o', 'old.safetensors')).status).toBe(1);
    expect(await text('old.safetensors')).toBe('old');
    expect(await parts()).toEqual([]);
  });

  test('a symbolic link stays one, and its file is replaced with the same permissions', async () => {
    await writeFile(join(folder, 'target.safetensors'), 'old', { mode: 0o640 });
    await rm(join(folder, 'to.safetensors'), { force: true });
    await symlink('target.safetensors', join(folder, 'to.safetensors'));
    expect((await run('train', 'r.csv', ...als, '-o', 'to.safetensors')).status).toBe(0);
    const target = join(folder, 'target.safetensors');
    expect((await Model.load(await readFile(target))).userCount).toBe(2);
    expect((await stat(target)).mode & 0o777).toBe(0o640);
  });

  test.runIf(process.platform === 'linux')('a full disk is named, and the old file stays', async () => {
    // A limit on the size of files makes the write fail as on a full disk, with another reason.
    await writeFile(join(folder, 'kept.safetensors'), 'old');
    const words = [
      program,
      'train',
      'r.csv',
      '--factors',
      '512',
      '--solver',
      'als',
      '--epochs',
      '1',
      '-o',
      'kept.safetensors',
    ];
    const limited = spawn('bash', ['-c', `trap '' XFSZ; ulimit -f 1; exec "$0" "$@"`, process.execPath, ...words], {
      cwd: folder,
    });
    let err = '';
    limited.stderr.on('data', (data) => (err += data));
    const status = await new Promise((resolve) => limited.on('close', resolve));
    expect(err).toMatch(/kept\.safetensors could not be written/);
    expect(status).toBe(1);
    expect(await text('kept.safetensors')).toBe('old');
    expect(await parts()).toEqual([]);
  });
});

describe('inputs that are no files are named', () => {
  test('a folder, a pipe, a missing file', async () => {
    await mkdir(join(folder, 'sub'), { recursive: true });
    await rm(join(folder, 'pipe'), { force: true });
    execFileSync('mkfifo', [join(folder, 'pipe')]);
    for (const words of [['train'], ['evaluate', 'm.safetensors'], ['info'], ['convert', '-o', 'c.safetensors']]) {
      const failed = async (input: string) => {
        const { status, err } = await run(...words, input);
        expect(status).toBe(1);
        return err;
      };
      expect(await failed('pipe')).toMatch(/pipe could not be read \(it must be a file; it is a pipe; pass - /);
      expect(await failed('gone')).toMatch(/gone could not be read \(there is no such file or folder\)/);
      if (words[0] === 'convert') continue;
      expect(await failed('sub')).toMatch(/sub could not be read \(it must be a file; it is a folder\)/);
    }
  });
});

describe('options that every object has as properties', () => {
  test.each(['--__proto__', '--constructor', '--no-constructor', '--toString', '--hasOwnProperty=1'])(
    '%s',
    async (word) => {
      const { status, err } = await run('train', 'r.csv', word, '3');
      expect(status).toBe(2);
      expect(err).toMatch(/there is no option --/);
    },
  );
});

describe('what a file says is shown and not obeyed', () => {
  const evil = '\u001b[31mred\u001b]0;title\u0007\u202e';

  test('ids and titles in a table; JSON has them as they are', async () => {
    await writeFile(
      join(folder, 'evil.csv'),
      `user,item,rating\nann,"${evil}",5\nann,y,3\nbob,y,4\nbob,z,1\ncid,"${evil}",5\n`,
    );
    expect((await run('train', 'evil.csv', ...als, '-o', 'evil.safetensors')).status).toBe(0);
    const shown = await run('recommend', 'evil.safetensors', '--user', 'bob');
    expect(shown.out).toContain('\\x1b[31mred\\x1b]0;title\\x07\\u202e');
    for (const control of ['\u001b', '\u0007', '\u202e']) expect(shown.out).not.toContain(control);
    const json = await run('recommend', 'evil.safetensors', '--user', 'bob', '--json');
    expect(JSON.parse(json.out).map(({ item }: { item: string }) => item)).toContain(evil);
  });

  test('messages', async () => {
    await writeFile(join(folder, 'bad.csv'), `user,item,rating\nann,x,5\nann,y,${evil}\n`);
    const { err } = await run('train', 'bad.csv');
    expect(err).toContain('\\x1b[31mred');
    expect(err).not.toContain('\u001b');
  });
});

test('a reader that closes the pipe early is no error', async () => {
  expect((await run('train', 'r.csv', ...als, '-o', 'p.safetensors')).status).toBe(0);
  const script = `"$0" "$1" info p.safetensors --json | true; echo "status \${PIPESTATUS[0]}"`;
  const child = spawn('bash', ['-c', script, process.execPath, program], { cwd: folder });
  const said = { out: '', err: '' };
  child.stdout.on('data', (data) => (said.out += data));
  child.stderr.on('data', (data) => (said.err += data));
  await new Promise((resolve) => child.on('close', resolve));
  expect(said).toEqual({ out: 'status 0\n', err: '' });
});
