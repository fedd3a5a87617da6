import { MatfacError } from '../../base/errors.js';
import { disposedStore, fullStore, type KeptFile, lostStore, type NodeFile, type OpenStore } from './store.js';

/**
 * Stores as files of Node in the folder of temporary files. A file is unlinked as soon as it is open, so that the system frees
 * it at the end of the process, however that ends; where an open file cannot be unlinked, it is removed at the exit.
 */

type Fs = typeof import('node:fs');
interface Process {
  getBuiltinModule?: {
    (name: 'node:fs'): Fs;
    (name: 'node:os'): typeof import('node:os');
    (name: 'node:path'): typeof import('node:path');
  };
  on(event: 'exit', listener: () => void): void;
}

/** What this thread knows of a file that it made. */
interface Known {
  readonly fd: number;
  /** How many have it open. */
  users: number;
  isRemoved: boolean;
  /** The end of the last turn. */
  last: Promise<void>;
  /** Of a file that could not be unlinked. */
  path: string | undefined;
}

/** By their ids, of which those of this thread begin with its name. */
const known = new Map<string, Known>();
const thread = crypto.randomUUID();
let isWatching = false;

function nodeProcess(): Process & Required<Pick<Process, 'getBuiltinModule'>> {
  const { process } = globalThis as unknown as { process: Process };
  if (process.getBuiltinModule) return process as ReturnType<typeof nodeProcess>;
  throw new MatfacError(
    'unsupported',
    "storage must be 'memory' in this version of Node; 20.16, 22.3 and later have files",
  );
}

/** Makes a file with a name that nobody else has. @throws MatfacError when there can be none. */
export function createNodeFile(): KeptFile {
  const process = nodeProcess();
  const [fs, os, path] = [
    process.getBuiltinModule('node:fs'),
    process.getBuiltinModule('node:os'),
    process.getBuiltinModule('node:path'),
  ];
  const name = path.join(os.tmpdir(), `matfac-${crypto.randomUUID()}.ratings`);
  let fd: number;
  try {
    fd = fs.openSync(name, 'wx+', 0o600);
  } catch (cause) {
    throw failureOf(cause);
  }
  const id = `${thread} ${name}`;
  const state: Known = {
    ...{ fd, users: 0, isRemoved: false, last: Promise.resolve() },
    path: unlinked(fs, name) ? undefined : name,
  };
  known.set(id, state);
  const remove = async () => {
    if (state.isRemoved) return;
    state.isRemoved = true;
    if (state.users === 0) closeFile(fs, id, state);
  };
  return { file: { fd, id }, remove };
}

function unlinked(fs: Fs, name: string): boolean {
  try {
    fs.unlinkSync(name);
    return true;
  } catch {
    if (!isWatching) nodeProcess().on('exit', () => removeAll(fs));
    isWatching = true;
    return false;
  }
}

function removeAll(fs: Fs): void {
  for (const [id, state] of known) closeFile(fs, id, state);
}

/** Never throws: who removes a file has done with it. */
function closeFile(fs: Fs, id: string, { fd, path }: Known): void {
  known.delete(id);
  for (const act of [() => fs.closeSync(fd), () => path !== undefined && fs.rmSync(path, { force: true })]) {
    try {
      act();
    } catch {
      // The system closes it, and empties the folder of temporary files, in its own time.
    }
  }
}

/** Opens a file, in turn with others of this thread: what is behind the ratings is the scratch space of one training. */
export async function openNodeFile({ fd, id }: NodeFile): Promise<OpenStore> {
  const fs = nodeProcess().getBuiltinModule('node:fs');
  // Another thread has a file for a reading alone, and does not know it.
  const state = known.get(id);
  if (state ? state.isRemoved : id.startsWith(thread)) throw disposedStore();
  let over = () => {};
  if (state) {
    state.users++;
    const before = state.last;
    state.last = new Promise((resolve) => {
      over = resolve;
    });
    await before;
  }
  const close = () => {
    over();
    if (state && --state.users === 0 && state.isRemoved) closeFile(fs, id, state);
  };
  return { ...accessOf(fs, fd), close };
}

function accessOf(fs: Fs, fd: number): Omit<OpenStore, 'close'> {
  return {
    read(offset, into) {
      for (let done = 0; done < into.length; ) {
        const count = trying(() => fs.readSync(fd, into, done, into.length - done, offset + done));
        if (count === 0) throw lostStore();
        done += count;
      }
    },
    write(offset, from) {
      for (let done = 0; done < from.length; ) {
        const count = trying(() => fs.writeSync(fd, from, done, from.length - done, offset + done));
        if (count === 0) throw fullStore(undefined);
        done += count;
      }
    },
  };
}

function trying<T>(act: () => T): T {
  try {
    return act();
  } catch (cause) {
    throw failureOf(cause);
  }
}

const FULL = ['ENOSPC', 'EDQUOT', 'EFBIG'];

function failureOf(cause: unknown): MatfacError {
  const { code = '', message = String(cause) } = cause as { code?: string; message?: string };
  if (FULL.includes(code)) return fullStore(cause);
  return new MatfacError(
    'unsupported',
    `The file of the ratings cannot be used (${message}); TMPDIR names its folder`,
    {
      cause,
    },
  );
}
