import { FEWER_FACTORS, MatfacError, outOfMemory, speaksOfMemory, translate } from '../base/errors.js';
import { configured } from '../core/load.js';
import { Watch } from './lifeline.js';
import type { Reply, Request } from './protocol.js';

/** A worker that does not report `ready` in this time has failed to start. */
const READY_MILLISECONDS = 60_000;

/** A worker that is asked to stop and has not answered in this time is terminated. */
const STOP_MILLISECONDS = 700;

/** In Node the threads of the core define a Worker too, which is not that of the web. */
function hasWebWorkers(): boolean {
  const { process } = globalThis as { process?: { versions?: { node?: string } } };
  return typeof Worker === 'function' && !process?.versions?.node;
}

/** Whether work runs in a worker by default: in a page or a worker of one. */
export function hasWorkers(): boolean {
  const scope = globalThis as { window?: unknown; self?: unknown };
  return hasWebWorkers() && (scope.window ?? scope.self) !== undefined;
}

/** Sends a request to the worker; what is transferred is not copied. */
export type Post = (
  request: Request,
  transferred?: readonly (ArrayBufferLike | ReadableStream | MessagePort)[],
) => void;

/** The messages to and from a worker. An error of one of these functions ends the conversation. */
export interface Conversation<T> {
  what: 'training' | 'reading';
  signal: AbortSignal | undefined;
  begin(post: Post): void;
  hear(reply: Reply, end: (outcome: T | Promise<T>) => void): void;
  /** Starts the worker; default: a web worker. */
  start?: () => Worker;
  /** Called on the signal: asks the worker to finish, or throws. A worker that does not finish soon is lost. */
  stop(post: Post): void;
}

/** Starts a worker, exchanges messages with it, and terminates it at the end. */
export async function converse<T>({
  what,
  signal,
  begin,
  hear,
  stop,
  start = startWorker,
}: Conversation<T>): Promise<T> {
  const worker = start();
  const post: Post = (request, transferred = []) => worker.postMessage(request, transferred as Transferable[]);
  let onAbort = () => {};
  const watch = new Watch(() => onGone());
  let onGone = () => {};
  const timers: ReturnType<typeof setTimeout>[] = [];
  try {
    return await new Promise<T>((resolve, reject) => {
      let isReady = false;
      const trying = (act: () => void) => {
        try {
          act();
        } catch (failure) {
          reject(translate(failure));
        }
      };
      const gone = (reason: string | undefined) => reject(isReady ? lost(what, reason) : notStarted(reason));
      timers.push(setTimeout(() => isReady || gone('it did not answer within a minute'), READY_MILLISECONDS));
      onAbort = () => {
        trying(() => stop(post));
        timers.push(setTimeout(() => gone('it did not stop'), STOP_MILLISECONDS));
      };
      signal?.addEventListener('abort', onAbort);
      worker.onerror = (event) => {
        event.preventDefault();
        gone(event.message);
      };
      worker.onmessageerror = () => reject(lost(what, 'a message could not be read'));
      onGone = () => gone('it ended without an error, as when the system stops it');
      worker.onmessage = ({ data }: MessageEvent<Reply>) =>
        trying(() => {
          watch.sawLife();
          if (data.kind === 'failed') throw data.failure;
          if (data.kind !== 'ready') return hear(data, resolve);
          isReady = true;
          watch.begin(data.lock, () => post({ kind: 'ask' }));
          begin(post);
        });
    });
  } finally {
    for (const timer of timers) clearTimeout(timer);
    signal?.removeEventListener('abort', onAbort);
    watch.stop();
    await worker.terminate();
  }
}

function startWorker(): Worker {
  if (!hasWebWorkers()) {
    const hint = 'leave it out or set it to false, and the work runs in slices between other tasks';
    throw new MatfacError('unsupported', `worker must not be true here, where there are no Web Workers: ${hint}`);
  }
  const { workerUrl } = configured();
  // In a variable, because bundlers would take new URL(…, import.meta.url) for a second asset.
  const here: string = import.meta.url;
  try {
    if (workerUrl) return isOwnOrigin(workerUrl) ? new Worker(workerUrl, { type: 'module' }) : startFromBlob(workerUrl);
    if (!isOwnOrigin(here)) return startFromBlob(new URL('./worker.js', here).href);
    return new Worker(new URL('./worker.js', import.meta.url), { type: 'module' });
  } catch (cause) {
    throw notStarted(cause instanceof Error ? cause.message : String(cause), cause);
  }
}

function isOwnOrigin(url: string): boolean {
  const { location } = globalThis as { location?: { origin: string } };
  return !/^https?:/.test(url) || new URL(url).origin === location?.origin;
}

/** A worker must have the origin of the page, but it may import modules of other origins. */
function startFromBlob(url: string): Worker {
  const blob = new Blob([`import ${JSON.stringify(url)};`], { type: 'text/javascript' });
  const address = URL.createObjectURL(blob);
  const worker = new Worker(address, { type: 'module' });
  setTimeout(() => URL.revokeObjectURL(address), READY_MILLISECONDS);
  return worker;
}

/** The errors of workers that failed to start, for callers that can work without one. */
const notStartedErrors = new WeakSet<object>();

export const isNotStarted = (failure: unknown): boolean => notStartedErrors.has(failure as object);

function notStarted(reason: string | undefined, cause?: unknown): MatfacError {
  const why = reason ? ` (${reason})` : '';
  const hint = 'configure({workerUrl}) sets where worker.js is, and worker: false works without it';
  const error = new MatfacError('unsupported', `The worker could not be started${why}; ${hint}`, { cause });
  notStartedErrors.add(error);
  return error;
}

/** The errors of workers that were lost in the midst of their work. */
const lostErrors = new WeakSet<object>();

export const isLost = (failure: unknown): failure is MatfacError => lostErrors.has(failure as object);

function lost(what: 'training' | 'reading', reason: string | undefined): MatfacError {
  const error = lostError(what, reason);
  lostErrors.add(error);
  return error;
}

/** A worker that fails without a reason, or with one that speaks of memory, ran out of memory. */
function lostError(what: 'training' | 'reading', reason: string | undefined): MatfacError {
  if (!reason || speaksOfMemory(reason)) {
    const advice = what === 'training' ? FEWER_FACTORS : 'use a file with fewer ratings';
    return outOfMemory(`The ${what} worker ran out of memory`, advice);
  }
  return new MatfacError('unsupported', `The ${what} worker was lost (${reason}); worker: false works without it`);
}
