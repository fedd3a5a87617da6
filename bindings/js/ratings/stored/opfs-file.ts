import { MatfacError } from '../../base/errors.js';
import { fullStore, type KeptFile, lostStore, type OpenStore } from './store.js';

/**
 * Stores as files in the Origin Private File System. Whoever has a file holds a Web Lock of its name, shared by the page and the
 * worker that has it open; a file whose lock nobody holds is of a page that is gone, and the next reading removes it.
 */

/** As far as it is used; TypeScript knows it in workers alone. */
interface Access {
  read(into: Uint8Array, at: { at: number }): number;
  write(from: Uint8Array, at: { at: number }): number;
  close(): void;
}
type Folder = FileSystemDirectoryHandle & { keys(): AsyncIterable<string> };

const FOLDER = 'matfac-ratings';

/** The page learns that a worker has ended a little before its files are closed; on a busy machine that takes long. */
const TRIES = 600;
const TRY_MILLISECONDS = 50;

const lockOf = (name: string) => `matfac ratings ${name}`;
const turnOf = (name: string) => `matfac ratings ${name} open`;

async function folder(): Promise<Folder> {
  const { storage, locks } = navigator;
  if (typeof storage?.getDirectory !== 'function' || !locks) {
    const why = 'there is no Origin Private File System here: it needs a secure context, and no private window';
    throw new MatfacError('unsupported', `storage must be 'memory': ${why}`);
  }
  try {
    return (await (await storage.getDirectory()).getDirectoryHandle(FOLDER, { create: true })) as Folder;
  } catch (cause) {
    throw failureOf(cause);
  }
}

/** Makes a name that nobody else has; the file comes with its first opening. @throws MatfacError `unsupported`. */
export async function createOpfsFile(): Promise<KeptFile> {
  const files = await folder();
  const name = crypto.randomUUID();
  const release = await hold(lockOf(name), 'shared');
  await removeForgotten(files).catch(() => {
    // Another page is changing the folder; the next reading tries again.
  });
  let removing: Promise<void> | undefined;
  const remove = () => {
    release();
    removing ??= navigator.locks.request(lockOf(name), () => removeFile(files, name)).catch(() => {});
    return removing;
  };
  return { file: { opfs: name }, remove };
}

/** Removes the files of pages that are gone. */
async function removeForgotten(files: Folder): Promise<void> {
  const names: string[] = [];
  for await (const name of files.keys()) names.push(name);
  for (const name of names) {
    await navigator.locks.request(lockOf(name), { ifAvailable: true }, async (lock) => {
      if (lock) await files.removeEntry(name).catch(() => {});
    });
  }
}

async function removeFile(files: Folder, name: string): Promise<void> {
  await insisting(() => files.removeEntry(name)).catch(() => {
    // It was never opened, or the next reading removes it.
  });
}

/** Opens the file, which is made at the first opening, in turn with the other openings of this browser. */
export async function openOpfsFile(name: string, isNew: boolean): Promise<OpenStore> {
  const files = await folder();
  const releaseFile = await hold(lockOf(name), 'shared');
  let releaseTurn = () => {};
  const release = () => {
    releaseTurn();
    releaseFile();
  };
  try {
    releaseTurn = await hold(turnOf(name), 'exclusive');
    const access = await accessOf(files, name, isNew);
    const close = () => {
      access.close();
      release();
    };
    return { ...storeOf(access), close };
  } catch (cause) {
    release();
    throw failureOf(cause);
  }
}

async function accessOf(files: Folder, name: string, isNew: boolean): Promise<Access> {
  const file = (await files.getFileHandle(name, { create: isNew })) as FileSystemFileHandle & {
    createSyncAccessHandle?: () => Promise<Access>;
  };
  if (!file.createSyncAccessHandle) {
    const why = 'stored ratings are read in workers alone: worker must not be false';
    throw new MatfacError('unsupported', `There is no access to files here; ${why}`);
  }
  return insisting(() => file.createSyncAccessHandle!());
}

function storeOf(access: Access): Omit<OpenStore, 'close'> {
  return {
    read(offset, into) {
      for (let done = 0; done < into.length; ) {
        const count = trying(() => access.read(into.subarray(done), { at: offset + done }));
        if (count === 0) throw lostStore();
        done += count;
      }
    },
    write(offset, from) {
      for (let done = 0; done < from.length; ) {
        const count = trying(() => access.write(from.subarray(done), { at: offset + done }));
        if (count === 0) throw fullStore(undefined);
        done += count;
      }
    },
  };
}

/** Holds a lock until the function that it resolves with is called, or this page or worker ends. */
function hold(name: string, mode: LockMode): Promise<() => void> {
  return new Promise((resolve, reject) => {
    const granted = () => new Promise<void>((release) => resolve(release));
    navigator.locks.request(name, { mode }, granted).catch(reject);
  });
}

/** Waits while a worker that has just ended still has the file open. */
async function insisting<T>(act: () => Promise<T>): Promise<T> {
  for (let left = TRIES; ; left--) {
    try {
      return await act();
    } catch (failure) {
      if (nameOf(failure) !== 'NoModificationAllowedError' || left === 0) throw failure;
      await new Promise((resolve) => setTimeout(resolve, TRY_MILLISECONDS));
    }
  }
}

function trying<T>(act: () => T): T {
  try {
    return act();
  } catch (cause) {
    throw failureOf(cause);
  }
}

const nameOf = (failure: unknown) => (failure as { name?: string } | undefined)?.name;

function failureOf(cause: unknown): MatfacError {
  if (cause instanceof MatfacError) return cause;
  const name = nameOf(cause);
  if (name === 'QuotaExceededError') return fullStore(cause);
  if (name === 'NotFoundError' || name === 'InvalidStateError') return lostStore(cause);
  const message = cause instanceof Error ? cause.message : String(cause);
  return new MatfacError('unsupported', `The storage of the browser cannot be used (${message})`, { cause });
}
