import { existsSync, openAsBlob } from 'node:fs';
import { fileURLToPath } from 'node:url';

const folder = process.env.MATFAC_DATA ?? fileURLToPath(new URL('../../../../shared/data', import.meta.url));

/** Whether the real data are available; prints a message when they are not. */
export function hasRealData(...names: string[]): boolean {
  const missing = names.filter((name) => !existsSync(`${folder}/${name}`));
  if (missing.length > 0) console.warn(`SKIPPED: MATFAC_DATA (${folder}) has no ${missing.join(', ')}`);
  return missing.length === 0;
}

export function realData(name: string): Promise<Blob> {
  return openAsBlob(`${folder}/${name}`);
}
