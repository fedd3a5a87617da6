// Exit status 0 when node_modules holds exactly what package-lock.json says.
import { existsSync, readFileSync } from 'node:fs';

const root = new URL('../../', import.meta.url);
/** @param {string} path */
const packagesOf = (path) => JSON.parse(readFileSync(new URL(path, root), 'utf8')).packages;

/** npm writes this record of what it installed as its last step. */
const installedPath = 'node_modules/.package-lock.json';

function fresh() {
  if (!existsSync(new URL(installedPath, root))) return false;
  const installed = packagesOf(installedPath);
  return Object.entries(packagesOf('package-lock.json')).every(([path, wanted]) => {
    if (path === '') return true;
    const found = installed[path];
    // A binary for another platform is optional, and absent.
    return found ? found.version === wanted.version : wanted.optional === true;
  });
}

process.exitCode = fresh() ? 0 : 1;
