// Ratings in storage against ratings in memory: reading a file and training on it, each in a process of its own, in turn.
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { csvFile } from '../lib/csv-file.mjs';
import { rounded } from '../lib/figure.mjs';

const SOLVERS = /** @type {const} */ (['als', 'sgd', 'implicit-als']);
const FACTORS = 64;
const EPOCHS = '2';

/** @type {import('../lib/figure.mjs').Run} */
export async function run({ full, log }) {
  const size = full ? 'ml20m' : 'ml1m';
  const file = await csvFile(size);
  const script = fileURLToPath(new URL('../lib/stored-process.mjs', import.meta.url));
  const rows = [];
  for (const solver of SOLVERS) {
    const found = ['memory', 'opfs'].map((storage) => {
      const told = execFileSync(process.execPath, [script, file, storage, solver, `${FACTORS}`, EPOCHS], {
        encoding: 'utf8',
      });
      log(`${solver} ${storage} ${told.trim()}`);
      return { storage, ...JSON.parse(told) };
    });
    const [inMemory, stored] = found;
    if (inMemory.hash !== stored.hash) throw new Error(`${solver}: the models differ`);
    for (const { storage, readSeconds, readPeak, epochSeconds, trainSeconds, peak } of found) {
      rows.push({
        ...{ solver, storage },
        'reading, s': rounded(readSeconds),
        'MB while reading': rounded(readPeak / 1e6),
        'an epoch, s': rounded(epochSeconds),
        'in all, s': rounded(readSeconds + trainSeconds),
        'MB at most': rounded(peak / 1e6),
        'epoch against memory': rounded(epochSeconds / inMemory.epochSeconds),
      });
    }
  }
  return {
    title: `Ratings in storage and in memory (${size}, Node, one thread, ${FACTORS} factors, ${EPOCHS} epochs)`,
    notes: ['Memory is that of the whole process. Both train the same model, bit for bit.'],
    rows,
    charts: {},
  };
}
