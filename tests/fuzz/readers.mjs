// readers.mjs [--minutes N | --files N] [--target NAME] [--seed N]: gives damaged files to every reader of the package, each in a
// process with limits of time and memory. A file that makes a reader crash, hang, take too much memory or throw anything but a
// MatfacError is a finding and is written to build/fuzz. The same seed gives the same files;
// with --files, as many for each reader, so that no clock decides what is tried.
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import mri from 'mri';
import { mutated } from './mutate.mjs';
import { targets } from './targets.mjs';

/** A file of a kilobyte takes milliseconds; more than this is a hang, on a busy machine too. */
const LONGEST_MILLISECONDS = 20_000;
/** A file that waits for ever takes no processor time. */
const MOST_LOOKS = 9;
const HEAP_MEGABYTES = 700;
const MOST_FINDINGS = 20;
const FOLDER = fileURLToPath(new URL('../../build/fuzz', import.meta.url));
const CHILD = fileURLToPath(new URL('child.mjs', import.meta.url));

/** @typedef {{ number: number, finding: string, reason: string }} Finding */
/** @typedef {{ next: number, accepted: number, refused: number, findings: Finding[] }} Outcome */

/** Of a process so far, in ticks of 10 ms; 0 where there is no /proc. @param {number | undefined} id */
function processorMilliseconds(id) {
  try {
    const fields = readFileSync(`/proc/${id}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
    return 10 * (Number(fields[11]) + Number(fields[12]));
  } catch {
    return 0;
  }
}

/** @param {string} name @param {number} seed @param {number} first @param {number} last @param {number} milliseconds @returns {Promise<Outcome>} */
function run(name, seed, first, last, milliseconds) {
  const numbers = [seed, first, last, milliseconds].map(String);
  const parameters = [`--max-old-space-size=${HEAP_MEGABYTES}`, CHILD, name, ...numbers];
  const child = spawn(process.execPath, parameters, { stdio: ['ignore', 'pipe', 'pipe'] });
  /** @type {Outcome} */
  const outcome = { next: first, accepted: 0, refused: 0, findings: [] };
  let [number, isDone, hung, errors] = [first, false, false, ''];
  /** A file hangs by the processor time that it takes, so that a busy machine does not pass for a hang. */
  const watch = (looks = 0, since = processorMilliseconds(child.pid)) =>
    setTimeout(() => {
      hung = processorMilliseconds(child.pid) - since > LONGEST_MILLISECONDS / 2 || looks === MOST_LOOKS;
      if (hung) child.kill('SIGKILL');
      else timer = watch(looks + 1, since);
    }, LONGEST_MILLISECONDS);
  let timer = watch();
  child.stderr.on('data', (text) => {
    errors = `${errors}${text}`.slice(-2000);
  });
  const lines = createInterface({ input: child.stdout });
  lines.on('line', (text) => {
    clearTimeout(timer);
    timer = watch();
    const line = JSON.parse(text);
    if (line.finding) outcome.findings.push(line);
    else if (line.next !== undefined) {
      Object.assign(outcome, line);
      isDone = true;
    } else number = line.number;
  });
  return new Promise((resolve) => {
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      if (!isDone) {
        outcome.next = number + 1;
        outcome.findings.push({ number, finding: hung ? 'hang' : 'crash', reason: errors || `${code ?? signal}` });
      }
      resolve(outcome);
    });
  });
}

/** @param {string} name @param {import('./targets.mjs').Target} target @param {number} seed @param {number} last @param {number} milliseconds */
async function fuzz(name, target, seed, last, milliseconds) {
  const end = Date.now() + milliseconds;
  /** @type {Outcome} */
  const all = { next: 0, accepted: 0, refused: 0, findings: [] };
  while (all.next < last && Date.now() < end && all.findings.length < MOST_FINDINGS) {
    const { findings, ...part } = await run(name, seed, all.next, last, end - Date.now());
    all.next = part.next;
    all.accepted += part.accepted;
    all.refused += part.refused;
    all.findings.push(...findings);
  }
  for (const { number, finding, reason } of all.findings) {
    const path = join(FOLDER, `${name}-${finding}-${seed}-${number}.bin`);
    writeFileSync(path, mutated(await target.files(), seed, number));
    console.log(`${name}: ${finding}, ${path}\n  ${reason.split('\n').slice(0, 6).join('\n  ')}`);
  }
  console.log(`${name.padEnd(12)} ${all.next} files, ${all.accepted} accepted, ${all.findings.length} findings`);
  return all;
}

const given = mri(process.argv.slice(2), { default: { minutes: 1, seed: 1 }, string: ['target'] });
const names = given.target ? [given.target] : Object.keys(targets);
const unknown = names.find((name) => !targets[name]);
if (unknown) throw new Error(`--target must be one of ${Object.keys(targets).join(', ')}; it is '${unknown}'`);
mkdirSync(FOLDER, { recursive: true });
let [files, findings] = [0, 0];
for (const name of names) {
  const last = given.files ?? Number.POSITIVE_INFINITY;
  const milliseconds = given.files ? Number.POSITIVE_INFINITY : (60_000 * given.minutes) / names.length;
  const outcome = await fuzz(
    name,
    /** @type {import('./targets.mjs').Target} */ (targets[name]),
    given.seed,
    last,
    milliseconds,
  );
  files += outcome.next;
  findings += outcome.findings.length;
}
console.log(`${files} files, ${findings} findings, seed ${given.seed}`);
process.exitCode = findings > 0 ? 1 : 0;
process.exit();
