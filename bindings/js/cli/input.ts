/** The files that a command reads. */
import { openAsBlob, type Stats } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { MatfacError, Model } from '../index.js';

/** A file on the disk, which is read when it is needed. */
export async function fileAt(path: string): Promise<File> {
  try {
    await checkFile(path);
    // The name distinguishes formats that the bytes do not.
    return new File([await openAsBlob(path)], basename(path));
  } catch (cause) {
    throw unreadable(path, cause);
  }
}

export async function readModel(path: string): Promise<Model> {
  let bytes: Uint8Array;
  try {
    await checkFile(path);
    bytes = await readFile(path);
  } catch (cause) {
    throw unreadable(path, cause);
  }
  try {
    return await Model.load(bytes);
  } catch (failure) {
    throw inFile(path, failure);
  }
}

/** Opening a pipe would wait for its writer, and its size is unknown. */
async function checkFile(path: string): Promise<void> {
  const found = await stat(path);
  if (found.isFile()) return;
  const hint = found.isDirectory() ? '' : '; pass - and redirect it to the standard input';
  throw new Error(`it must be a file; it is ${kindOfFile(found)}${hint}`);
}

export function kindOfFile(found: Stats): string {
  if (found.isDirectory()) return 'a folder';
  if (found.isFIFO()) return 'a pipe';
  return found.isSocket() ? 'a socket' : 'a device';
}

/** Adds the name of the file to an error about its contents. */
export function inFile(path: string, failure: unknown): unknown {
  if (!(failure instanceof MatfacError && (failure.code === 'parse-error' || failure.code === 'corrupt-model'))) {
    return failure;
  }
  const { code, message, line, column } = failure;
  const position = { ...(line === undefined ? {} : { line }), ...(column === undefined ? {} : { column }) };
  return new MatfacError(code, `${path}: ${message}`, position);
}

export function unreadable(path: string, cause: unknown): Error {
  return new Error(`${path} could not be read (${reasonOf(cause)})`, { cause });
}

const REASONS: { [code: string]: string } = {
  ENOENT: 'there is no such file or folder',
  EACCES: 'permission is denied',
  EPERM: 'permission is denied',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the quota of the disk is used up',
};

/** Why the system refuses a file. */
export function reasonOf(cause: unknown): string {
  const { code = '', message } = cause as { code?: string; message: string };
  return Object.hasOwn(REASONS, code) ? REASONS[code]! : message;
}
