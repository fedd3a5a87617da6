// Where the work runs: this process, or a page of a new Chromium. Each collects garbage and measures its memory.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { watchMemory } from '../../scripts/lib/wasm-memory.mjs';
import { inChromium } from '../lib/chromium.mjs';

/** Bytes. @typedef {{ rss: number, heap: number, wasm: number }} Memory */
/** @typedef {'mixed' | 'cycles' | 'cancellations'} Work */
/** @typedef {{ kind: string, times: number, 'p50, ms': number, 'p99, ms': number, 'worst, ms': number }} Latency */
/**
 * @typedef {object} Side
 * @property {(work: Work, seed: number) => Promise<void>} begin
 * @property {(rounds: number, minutes: number) => Promise<number>} stretch the rounds done
 * @property {() => Promise<Latency[]>} latencies
 * @property {() => Promise<Memory>} memory
 */

/** @param {(side: Side) => Promise<void>} action */
export async function inNode(action) {
  const wasm = watchMemory();
  setFlagsFromString('--expose-gc');
  /** @type {() => void} */
  const collect = runInNewContext('gc');
  const [works, matfac] = [await import('./rounds.mjs'), await import('matfac')];
  /** @type {Awaited<ReturnType<typeof works.mixed>>} */
  let work;
  await action({
    begin: async (name, seed) => {
      work = await works[name](matfac, seed);
    },
    stretch: (rounds, minutes) => work.stretch(rounds, minutes),
    latencies: async () => work.latencies(),
    memory: async () => {
      for (let turn = 0; turn < 3; ++turn) {
        collect();
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      const { rss, heapUsed, external } = process.memoryUsage();
      return { rss, heap: heapUsed + external, wasm: wasm() };
    },
  });
}

const root = fileURLToPath(new URL('../..', import.meta.url));

/** @param {(side: Side) => Promise<void>} action */
export function inPage(action) {
  return inChromium({ folder: root }, async (page, url) => {
    await page.addInitScript(`globalThis.wasmBytes = (${watchMemory})()`);
    await page.goto(`${url}package.json`);
    const devtools = await page.context().newCDPSession(page);
    const ofBrowser = await page.context().browser()?.newBrowserCDPSession();
    await action({
      begin: (work, seed) =>
        page.evaluate(`(async () => {
          const [works, matfac] = await Promise.all([import('/bench/soak/rounds.mjs'), import('/dist/index.js')]);
          globalThis.work = await works.${work}(matfac, ${seed});
        })()`),
      stretch: (rounds, minutes) => page.evaluate(`globalThis.work.stretch(${rounds}, ${minutes})`),
      latencies: () => page.evaluate('globalThis.work.latencies()'),
      memory: async () => {
        await devtools.send('HeapProfiler.collectGarbage');
        const { usedSize } = await devtools.send('Runtime.getHeapUsage');
        const { processInfo } = (await ofBrowser?.send('SystemInfo.getProcessInfo')) ?? { processInfo: [] };
        const pages = processInfo.filter(({ type }) => type === 'renderer').map(({ id }) => residentBytes(id));
        const wasm = await page.evaluate(`globalThis.wasmBytes()`);
        return { rss: pages.reduce((sum, bytes) => sum + bytes, 0), heap: usedSize, wasm: Number(wasm) };
      },
    });
  });
}

/** Of a process of Linux. @param {number} id */
function residentBytes(id) {
  return 1024 * Number(/VmRSS:\s*(\d+) kB/.exec(readFileSync(`/proc/${id}/status`, 'utf8'))?.[1]);
}
