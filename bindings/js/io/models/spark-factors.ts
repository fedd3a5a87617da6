import { invalid, MatfacError, translate } from '../../base/errors.js';
import { show } from '../../base/show.js';
import { bytesOf, type FileSource } from '../../base/source.js';
import type { Vectors } from './vectors.js';

/** Reads the Parquet files of an ALSModel of Spark MLlib, with the columns `id` and `features`, part by part. */
export async function readParquetVectors(parts: readonly (FileSource | Uint8Array | ArrayBuffer)[]): Promise<Vectors> {
  const [{ parquetReadObjects }, { compressors }] = await Promise.all([
    import('hyparquet'),
    import('hyparquet-compressors'),
  ]);
  const ids: number[] = [];
  const vectors: number[][] = [];
  for (const [number, part] of parts.entries()) {
    const bytes = await bytesOf(part);
    const file = bytes.slice().buffer;
    const rows = await undamaged(number, () => parquetReadObjects({ file, columns: ['id', 'features'], compressors }));
    for (const { id, features } of rows) {
      if (!Array.isArray(features) && !ArrayBuffer.isView(features))
        throw notOf(number, `features must be a list of numbers; it is ${show(features)}`);
      if (typeof id !== 'number' && typeof id !== 'bigint')
        throw notOf(number, `id must be a number; it is ${show(id)}`);
      ids.push(Number(id));
      vectors.push(features as number[]);
    }
  }
  if (ids.length === 0) throw invalid('The Parquet files must have vectors');
  return { ids, vectors };
}

function notOf(number: number, what: string): MatfacError {
  return new MatfacError('parse-error', `Parquet file ${number + 1}: ${what}`);
}

async function undamaged<T>(number: number, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (cause) {
    const failure = translate(cause);
    if (failure instanceof MatfacError) throw failure;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new MatfacError('parse-error', `Parquet file ${number + 1} cannot be read (${reason})`, { cause });
  }
}
