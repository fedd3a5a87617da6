/** The file that a command writes: found to be writable before the work begins, replaced as a whole at its end. */
import { randomBytes } from 'node:crypto';
import { rmSync, type Stats } from 'node:fs';
import { access, constants, type FileHandle, open, realpath, rename, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Given, STANDARD_INPUT, UsageError } from './command.js';
import { kindOfFile, reasonOf } from './input.js';

/** The flags whose values are files to read. */
const READ: readonly string[] = [
  ...['validation', 'warmStart', 'exclude', 'titles'],
  ...['users', 'itemIds', 'userIds', 'ratings'],
];

export class OutputFile {
  #isDone = false;

  private constructor(
    /** As the caller wrote it. */
    readonly name: string,
    readonly path: string,
    readonly part: string,
    readonly handle: FileHandle,
  ) {
    // However the program ends, no part stays behind.
    process.on('exit', () => this.discard());
  }

  /**
   * The file of --out; undefined without it.
   * @throws UsageError for a file that the command reads; an Error for one that cannot be written.
   */
  static async of(given: Given): Promise<OutputFile | undefined> {
    const name = given.text('out');
    if (name === undefined) return undefined;
    if (name === STANDARD_INPUT) throw new UsageError("--out must be the name of a file; it is '-'");
    const old = await statOf(name);
    await refuseInputs(name, old, given);
    try {
      if (old && !old.isFile()) throw new Error(`it must be a file; it is ${kindOfFile(old)}`);
      if (old) await access(name, constants.W_OK);
      // The file that a symbolic link leads to is replaced, and not the link.
      const path = old ? await realpath(name) : name;
      const part = join(dirname(path), `.matfac-${randomBytes(8).toString('hex')}.part`);
      const handle = await open(part, 'wx', old ? old.mode & 0o777 : 0o666);
      return new OutputFile(name, path, part, handle);
    } catch (cause) {
      throw unwritable(name, cause);
    }
  }

  /** Replaces the file; an interruption or a full disk leaves the old one as it was. */
  async write(bytes: Uint8Array): Promise<void> {
    try {
      await this.handle.writeFile(bytes);
      await this.handle.sync();
      await this.handle.close();
      await rename(this.part, this.path);
      this.#isDone = true;
    } catch (cause) {
      this.discard();
      throw unwritable(this.name, cause);
    }
    await syncFolder(dirname(this.path));
  }

  /** Removes what is not the file yet. */
  discard(): void {
    if (!this.#isDone) rmSync(this.part, { force: true });
    this.#isDone = true;
  }
}

async function statOf(path: string): Promise<Stats | undefined> {
  try {
    return await stat(path);
  } catch {
    return undefined;
  }
}

/** By its place on the disk: a link to an input is the input. */
async function refuseInputs(name: string, old: Stats | undefined, given: Given): Promise<void> {
  if (!old) return;
  for (const input of [...given.files, ...READ.flatMap((flag) => given.texts(flag))]) {
    const read = await statOf(input);
    if (!read || read.dev !== old.dev || read.ino !== old.ino) continue;
    const which = input === name ? '' : `, which is the same file as '${input}'`;
    throw new UsageError(`--out must be another file than those that are read; it is '${name}'${which}`);
  }
}

/** A rename lasts when the folder is on the disk; not every system lets a folder be opened. */
async function syncFolder(path: string): Promise<void> {
  try {
    const folder = await open(path, 'r');
    await folder.sync().finally(() => folder.close());
  } catch {
    // The file itself is on the disk.
  }
}

function unwritable(name: string, cause: unknown): Error {
  return new Error(`${name} could not be written (${reasonOf(cause)})`, { cause });
}
