// A CSV of 20 million rows, streamed from disk, and a training on it, in a separate process with a heap of 4 GB.
import { execFileSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { csvFile } from '../lib/csv-file.mjs';
import { rounded } from '../lib/figure.mjs';

/** @type {import('../lib/figure.mjs').Run} */
export async function run({ full, log }) {
  const size = full ? 'ml20m' : 'ml1m';
  const file = await csvFile(size);
  log(`${size}, ${(statSync(file).size / 1e6).toFixed(0)} MB`);
  const script = fileURLToPath(new URL('../lib/loading-process.mjs', import.meta.url));
  const told = execFileSync(process.execPath, ['--max-old-space-size=4096', '--expose-gc', script, file], {
    encoding: 'utf8',
  });
  const { rows, readSeconds, bytes, readPeak, trainSeconds, trainPeak, before } = JSON.parse(told);
  // Two indices, a value and a timestamp of 8 bytes.
  const compact = rows * (4 + 4 + 4 + 8);
  return {
    title: `Reading a file of ${rows.toLocaleString('en')} rows and training on it (Node, one thread)`,
    notes: ['Memory is that of the whole process, minus its memory before; the compact form has 20 bytes per row.'],
    rows: [
      { what: 'file, MB', figure: rounded(bytes / 1e6) },
      { what: 'reading, MB/s', figure: rounded(bytes / 1e6 / readSeconds) },
      { what: 'reading, seconds', figure: rounded(readSeconds) },
      { what: 'peak memory while reading, MB', figure: rounded((readPeak - before) / 1e6) },
      { what: 'the same by compact columns', figure: rounded((readPeak - before) / compact) },
      { what: 'one epoch of sgd with 16 factors, in all, seconds', figure: rounded(trainSeconds) },
      { what: 'memory at most, MB', figure: rounded(trainPeak / 1e6) },
    ],
    charts: {},
  };
}
