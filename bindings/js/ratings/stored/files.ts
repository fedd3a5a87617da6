import { createNodeFile, openNodeFile } from './node-file.js';
import { createOpfsFile, openOpfsFile } from './opfs-file.js';
import type { KeptFile, OpenStore, StoreFile } from './store.js';

/** Makes a store: a file of Node, or of the browser. @throws MatfacError `unsupported` where there is neither. */
export async function createFile(): Promise<KeptFile> {
  const { process } = globalThis as { process?: { versions?: { node?: string } } };
  return process?.versions?.node ? createNodeFile() : createOpfsFile();
}

/**
 * Opens a store on the current thread; others who open it wait until it is closed.
 * @throws MatfacError `disposed` when it is gone, `unsupported` on the main thread of a page.
 */
export async function openFile(file: StoreFile, isNew = false): Promise<OpenStore> {
  return 'fd' in file ? openNodeFile(file) : openOpfsFile(file.opfs, isNew);
}
