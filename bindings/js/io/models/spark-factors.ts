import { Allowance } from '../../base/allowance.js';
import { invalid, MatfacError } from '../../base/errors.js';
import type { ReadLimits } from '../../base/limits.js';
import { show } from '../../base/show.js';
import { bytesOf, type FileSource } from '../../base/source.js';
import { ParquetFile } from '../parquet/file.js';
import type { Vectors } from './vectors.js';

/** Reads the Parquet files of an ALSModel of Spark MLlib, with the columns `id` and `features`, part by part. */
export async function readParquetVectors(
  parts: readonly (FileSource | Uint8Array | ArrayBuffer)[],
  limits?: ReadLimits,
): Promise<Vectors> {
  const ids: number[] = [];
  const vectors: number[][] = [];
  for (const [number, part] of parts.entries()) {
    const blob = part instanceof Blob ? part : new Blob([(await bytesOf(part)) as Uint8Array<ArrayBuffer>]);
    try {
      await readPart(blob, limits, (id, features) => {
        if (typeof id !== 'number' && typeof id !== 'bigint') throw broken(`id must be a number; it is ${show(id)}`);
        if (!Array.isArray(features) && !ArrayBuffer.isView(features))
          throw broken(`features must be a list of numbers; it is ${show(features)}`);
        ids.push(Number(id));
        vectors.push(features as number[]);
      });
    } catch (cause) {
      if (!(cause instanceof MatfacError)) throw cause;
      throw new MatfacError(cause.code, `Parquet file ${number + 1} cannot be read: ${cause.message}`, { cause });
    }
  }
  if (ids.length === 0) throw invalid('The Parquet files must have vectors');
  return { ids, vectors };
}

async function readPart(
  blob: Blob,
  limits: ReadLimits | undefined,
  add: (id: unknown, features: unknown) => void,
): Promise<void> {
  const file = await ParquetFile.open(blob, new Allowance(limits, blob.size));
  for (const group of file.groups) {
    const [ids, features] = [await file.readColumn(group, 'id'), await file.readColumn(group, 'features')];
    for (let row = 0; row < group.rows; row++) add(ids[row], features[row]);
  }
}

function broken(what: string): MatfacError {
  return new MatfacError('parse-error', what);
}
