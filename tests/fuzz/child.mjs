// child.mjs TARGET SEED FIRST LAST MILLISECONDS: runs one mutation after another. It writes the number of each to the standard
// output before it begins, so that its parent knows where it hung or died, and a line for each finding.
import { writeSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { mutated } from './mutate.mjs';
import { targets } from './targets.mjs';

const [name = '', seed = '1', first = '0', last = 'Infinity', milliseconds = '1000'] = process.argv.slice(2);
const target = targets[name];
if (!target) throw new Error(`there is no target ${name}`);
const files = await target.files();

/** In kilobytes, above what the process needs before the first file. */
const MEMORY = 1_000_000;
const before = process.resourceUsage().maxRSS;
const say = (/** @type {object} */ line) => writeSync(1, `${JSON.stringify(line)}\n`);
let number = Number(first);

process.on('unhandledRejection', (failure) => say({ number, finding: 'unhandled', reason: String(failure) }));

const counts = { accepted: 0, refused: 0 };
const end = performance.now() + Number(milliseconds);
for (; number < Number(last) && performance.now() < end; number++) {
  const bytes = mutated(files, Number(seed), number);
  say({ number });
  try {
    await target.read(bytes);
    counts.accepted++;
  } catch (failure) {
    const { name: kind, code, message, stack } = /** @type {Error & { code?: string }} */ (failure);
    if (kind === 'MatfacError' && code && message.length < 4000) counts.refused++;
    else say({ number, finding: 'raw', reason: stack ?? message });
  }
  if (process.resourceUsage().maxRSS - before > MEMORY) {
    say({ number, finding: 'memory', reason: `${process.resourceUsage().maxRSS} kB` });
    number++;
    break;
  }
}
// Rejections without a handler are reported after the promises are done.
await new Promise((resolve) => setImmediate(resolve));
say({ next: number, ...counts });
process.exit(0);
