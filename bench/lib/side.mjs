// A side of a comparison: a child process that reads commands, one per line, to start a training and to run an epoch.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { settings, sides } from './cases.mjs';
import { peersPython } from './peers.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** MATFAC_BENCH_SIDES="NAME=PROGRAM …" adds other programs that read the same commands. */
function foreignSides() {
  const pairs = (process.env.MATFAC_BENCH_SIDES ?? '').split(' ').filter(Boolean);
  return new Map(pairs.map((pair) => /** @type {[string, string]} */ (pair.split('='))));
}

export function foreignNames() {
  return [...foreignSides().keys()];
}

/** @param {string} name @returns {[string, string[]]} */
function command(name) {
  const foreign = foreignSides().get(name);
  if (foreign) return [foreign, []];
  const side = sides[name];
  if (!side) throw new Error(`the side must be one of ${Object.keys(sides).join(', ')}; it is ${name}`);
  if (side.kind === 'native') return [`${root}build/native/bench/matfac_bench`, []];
  if (side.kind === 'peer') return [peersPython, [`${root}bench/peers/side.py`, name]];
  const script = fileURLToPath(
    new URL(side.kind === 'module' ? 'side-module.mjs' : 'side-javascript.mjs', import.meta.url),
  );
  const build = side.kind === 'module' ? [`${root}build/${side.preset}/${side.file}`] : [];
  return [process.execPath, [...(side.nodeOptions ?? []), script, ...build]];
}

export class Side {
  /** @param {string} spec A name, or with a number of threads NAME:THREADS. */
  constructor(spec) {
    const [name = '', threads = '1'] = spec.split(':');
    this.name = name;
    this.threads = Number(threads);
    const [program, args] = command(name);
    this.process = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    this.lines = createInterface({ input: this.process.stdout })[Symbol.asyncIterator]();
  }

  /** @param {string} line @returns {Promise<string>} */
  async #ask(line) {
    this.process.stdin.write(`${line}\n`);
    const { value, done } = await this.lines.next();
    if (done) throw new Error(`the side ${this.name} ended at '${line}'`);
    return value;
  }

  /** @param {{file: string, solver: string, factors: number}} task */
  async start({ file, solver, factors }) {
    const setting = settings[solver];
    if (!setting) throw new Error(`there are no settings for ${solver}`);
    const { biases, regularization, learningRate } = setting;
    await this.#ask(
      `start ${file} ${solver} ${factors} ${this.threads} ${Number(biases)} ${regularization} ${learningRate}`,
    );
  }

  /** Seconds of one epoch. */
  async epoch() {
    return Number(await this.#ask('epoch'));
  }

  end() {
    this.process.stdin.end();
  }
}
