/** Two versions of the built page, one deployed over the other. */
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const built = fileURLToPath(new URL('../../../web/dist', import.meta.url));

export interface Deployment {
  folder: string;
  /** Replaces the page by one whose scripts have other names, as another build has, and whose title ends in `mark`. */
  deploy(mark: string): Promise<void>;
  remove(): Promise<void>;
}

export async function deployment(): Promise<Deployment> {
  const folder = await mkdtemp(join(tmpdir(), 'matfac-page-'));
  await cp(built, folder, { recursive: true });
  return {
    folder,
    deploy: async (mark) => {
      const version = await mkdtemp(join(tmpdir(), 'matfac-page-'));
      await cp(built, version, { recursive: true });
      await rename(version, mark);
      await rm(folder, { recursive: true });
      await cp(version, folder, { recursive: true });
      await rm(version, { recursive: true });
    },
    remove: () => rm(folder, { recursive: true }),
  };
}

async function rename(folder: string, mark: string): Promise<void> {
  const assets = await readdir(join(folder, 'assets'));
  const scripts = assets.filter((name) => /^(index|about-files)-.*\.js$/.test(name));
  const texts = [
    'index.html',
    'service-worker.js',
    ...assets.filter((name) => name.endsWith('.js')).map((name) => `assets/${name}`),
  ];
  for (const path of texts) {
    let text = await readFile(join(folder, path), 'utf8');
    for (const name of scripts) text = text.replaceAll(name, `${mark}-${name}`);
    if (path === 'index.html') text = text.replace('</title>', ` ${mark}</title>`);
    // The revision by which the service worker knows that index.html is another.
    if (path === 'service-worker.js') text = text.replace(/("?revision"?:\s*["'`])([0-9a-f]{32})/g, `$1${mark}$2`);
    const name = scripts.find((script) => path === `assets/${script}`);
    await rm(join(folder, path));
    await writeFile(join(folder, name ? `assets/${mark}-${name}` : path), text);
  }
}
