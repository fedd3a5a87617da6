// A new Chromium, and the comparison of comparison.mjs in it: each side is a worker of one page, and epochs run in turn.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { serveFolder } from '../../scripts/lib/static-server.mjs';
import { settings, sides } from './cases.mjs';
import { median } from './statistics.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const FLAGS =
  '--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync';
const ISOLATION = { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' };

/**
 * Runs in the page. The names of the sides, then the seconds of their epochs.
 * @param {{tasks: object[], epochs: number}} plan
 */
async function inPage({ tasks, epochs }) {
  const workers = tasks.map(() => new Worker('/bench/lib/browser-side.mjs', { type: 'module' }));
  const ask = (/** @type {Worker} */ worker, /** @type {unknown} */ message) =>
    new Promise((resolve, reject) => {
      worker.onerror = (event) => reject(new Error(event.message));
      worker.onmessage = ({ data }) => (data.failure ? reject(new Error(data.failure)) : resolve(data.seconds));
      worker.postMessage(message);
    });
  for (const [i, worker] of workers.entries()) await ask(worker, tasks[i]);
  const seconds = tasks.map(() => /** @type {number[]} */ ([]));
  for (let epoch = -1; epoch < epochs; ++epoch) {
    for (const [i, worker] of workers.entries()) {
      const taken = /** @type {number} */ (await ask(worker, 'epoch'));
      if (epoch >= 0) seconds[i]?.push(taken);
    }
  }
  for (const worker of workers) worker.terminate();
  return { seconds, isolated: crossOriginIsolated };
}

/**
 * A page in a new Chromium, with a server of the folder; both are closed when `action` has ended.
 * @template T
 * @param {{folder: string, headers?: Record<string, string>}} site
 * @param {(page: import('playwright-core').Page, url: string) => Promise<T>} action
 */
export async function inChromium({ folder, headers = {} }, action) {
  const site = await serveFolder({ folder, headers });
  const profile = mkdtempSync(join(tmpdir(), 'matfac-bench-'));
  const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
  const context = await chromium.launchPersistentContext(profile, {
    executablePath,
    headless: true,
    args: FLAGS.split(' '),
  });
  try {
    return await action(context.pages()[0] ?? (await context.newPage()), site.url);
  } finally {
    await context.close();
    await site.close();
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
  }
}

/**
 * Medians, as comparison() has them.
 * @param {{size: string, solver: string, factors: number, names: string[], epochs?: number, isolated: boolean}} task
 */
export async function comparisonInChromium({ size, solver, factors, names, epochs = 5, isolated }) {
  const tasks = names.map((spec) => {
    const [name = '', threads = '1'] = spec.split(':');
    const { preset, file } = sides[name] ?? {};
    const module = file ? `/build/${preset}/${file}` : null;
    const task = { module, generator: '/build/wasm/matfac.js', size, seed: 1 };
    return { ...task, solver, factors, threads: Number(threads), ...settings[solver] };
  });
  const headers = isolated ? ISOLATION : {};
  const measured = await inChromium({ folder: root, headers }, async (page, url) => {
    await page.goto(`${url}package.json`);
    return page.evaluate(inPage, { tasks, epochs });
  });
  if (measured.isolated !== isolated)
    throw new Error(`isolated must be ${isolated} in the page; it is ${measured.isolated}`);
  const first = measured.seconds[0] ?? [];
  return names.map((name, i) => ({
    name,
    seconds: median(measured.seconds[i] ?? []),
    ratioToFirst: median((measured.seconds[i] ?? []).map((time, epoch) => time / (first[epoch] ?? Number.NaN))),
  }));
}
