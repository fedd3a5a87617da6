import type { UseStore } from 'idb-keyval';
import { mustBe } from '../../base/checks.js';
import { MatfacError, outOfMemory } from '../../base/errors.js';
import { corrupt } from '../../base/safetensors.js';
import { show } from '../../base/show.js';

/** Model files in the browser's IndexedDB, by name: those of this origin, until they are deleted or the browser's data are cleared. */

type Library = typeof import('idb-keyval');

const DATABASE = 'matfac';
const TABLE = 'models';

let opened: UseStore | undefined;

/** Replaces the model of this name; a failure leaves it as it was. */
export async function storeBytes(name: string, bytes: Uint8Array): Promise<void> {
  checkName('store', name);
  await inStorage(({ set }, table) => set(name, bytes, table), bytes.length);
}

export async function storedBytes(name: string): Promise<Uint8Array> {
  checkName('restore', name);
  const value = await inStorage(({ get }, table) => get<unknown>(name, table));
  if (value === undefined) {
    const names = await storedNames();
    const stored =
      names.length > 0
        ? `there are ${names.slice(0, 10).map(show).join(', ')}${names.length > 10 ? ' and more' : ''}`
        : 'there are none';
    throw new MatfacError('unknown-id', `There is no stored model ${show(name)}; ${stored}`);
  }
  if (!(value instanceof Uint8Array)) throw corrupt(`the stored value ${show(name)} is ${show(value)}`);
  return value;
}

export async function storedNames(): Promise<string[]> {
  const names = await inStorage(({ keys }, table) => keys<IDBValidKey>(table));
  return names.filter((name) => typeof name === 'string');
}

export async function forgetBytes(name: string): Promise<void> {
  checkName('forget', name);
  await inStorage(({ del }, table) => del(name, table));
}

function checkName(what: string, name: unknown): void {
  if (typeof name !== 'string' || name === '') throw mustBe(`${what}: name`, 'a non-empty string', name);
}

async function inStorage<T>(use: (library: Library, table: UseStore) => Promise<T>, size = 0): Promise<T> {
  if (!hasStorage()) {
    const instead = 'write model.save() to a file and open it with Model.load(pathToFileURL(path))';
    throw new MatfacError('unsupported', `There is no IndexedDB here to store models in; in Node, ${instead}`);
  }
  const library = await import('idb-keyval');
  try {
    opened ??= library.createStore(DATABASE, TABLE);
    return await use(library, opened);
  } catch (cause) {
    throw storageFailure(cause, size);
  }
}

/** Where storage is forbidden, some browsers throw at the name. */
function hasStorage(): boolean {
  try {
    return typeof indexedDB !== 'undefined' && indexedDB !== null;
  } catch (cause) {
    throw storageFailure(cause, 0);
  }
}

function storageFailure(cause: unknown, size: number): MatfacError {
  const reason = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
  if (!(cause instanceof Error) || cause.name !== 'QuotaExceededError') {
    return new MatfacError('unsupported', `This browser's storage cannot be used (${reason})`, { cause });
  }
  const message = `The browser's storage has no room for the ${(size / 1e6).toFixed(1)} MB of this model (${reason})`;
  return outOfMemory(
    message,
    "store it with state: false, users: false or dtype: 'int8', or delete other models with Model.forget",
    cause,
  );
}
