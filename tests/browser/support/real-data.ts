import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const folder = process.env.MATFAC_DATA ?? fileURLToPath(new URL('../../../../shared/data', import.meta.url));

/** The path of a real data file, or null when it is not on this machine. */
export function realData(name: string): string | null {
  const path = `${folder}/${name}`;
  return existsSync(path) ? path : null;
}
