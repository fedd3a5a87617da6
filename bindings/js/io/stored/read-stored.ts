import { createFile } from '../../ratings/stored/files.js';
import type { StoreFiles } from '../../training/protocol.js';
import type { ReadResult } from '../read.js';
import { storedTable } from './stored-table.js';

/** Reads ratings into a file of the storage. A reading that fails leaves no file. */
export async function readStored(read: (files: StoreFiles) => Promise<ReadResult>): Promise<ReadResult> {
  const rows = await createFile();
  try {
    const work = await createFile();
    try {
      const { stored, ...result } = await read({ rows: rows.file, work: work.file });
      return { ...result, table: storedTable(result.table, stored!, rows) };
    } finally {
      await work.remove();
    }
  } catch (failure) {
    await rows.remove();
    throw failure;
  }
}
