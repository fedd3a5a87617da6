import { FEWER_FACTORS, MatfacError, outOfMemory, speaksOfMemory, translate } from '../base/errors.js';
import { configured } from '../core/load.js';
import type { Reply, Request } from './protocol.js';

/** A worker that has not said `ready` by then never will. */
const READY_MILLISECONDS = 60_000;

/** Node has a Worker too once the threads of the core are loaded, but it is none of the web's. */
function hasWebWorkers(): boolean {
  const { process } = globalThis as { process?: { versions?: { node?: string } } };
  return typeof Worker === 'function' && !process?.versions?.node;
}

/** Whether work goes to a worker when the caller does not say: in a page or a worker of one. */
export function hasWorkers(): boolean {
  const scope = globalThis as { window?: unknown; self?: unknown };
  return hasWebWorkers() && (scope.window ?? scope.self) !== undefined;
}

/** Says something to the worker; what is handed over is not copied. */
export type Post = (request: Request, handedOver?: readonly (ArrayBufferLike | ReadableStream)[]) => void;

/** What is said to a worker and heard of it. What a function of it throws ends it. */
export interface Conversation<T> {
  what: 'training' | 'reading';
  signal: AbortSignal | undefined;
  begin(post: Post): void;
  hear(reply: Reply, end: (outcome: T) => void): void;
  /** On the signal: asks the worker to come to an end, or throws. */
  stop(post: Post): void;
}

/** Talks with a worker of its own, which is ended afterwards however it went. */
export async function converse<T>({ what, signal, begin, hear, stop }: Conversation<T>): Promise<T> {
  const worker = startWorker();
  const post: Post = (request, handedOver = []) => worker.postMessage(request, handedOver as Transferable[]);
  let onAbort = () => {};
  let timer: ReturnType<typeof setTimeout> | undefined;
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
      timer = setTimeout(() => reject(notStarted('it did not answer within a minute')), READY_MILLISECONDS);
      onAbort = () => trying(() => stop(post));
      signal?.addEventListener('abort', onAbort);
      worker.onerror = (event) => {
        event.preventDefault();
        reject(isReady ? lost(what, event.message) : notStarted(event.message));
      };
      worker.onmessageerror = () => reject(lost(what, 'a message could not be read'));
      worker.onmessage = ({ data }: MessageEvent<Reply>) =>
        trying(() => {
          if (data.kind === 'failed') throw data.failure;
          if (data.kind !== 'ready') return hear(data, resolve);
          isReady = true;
          clearTimeout(timer);
          begin(post);
        });
    });
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', onAbort);
    worker.terminate();
  }
}

function startWorker(): Worker {
  if (!hasWebWorkers()) {
    const hint = 'leave worker out, or set it to false: the work then goes on in slices between other tasks';
    throw new MatfacError('unsupported', `worker is true, and there are no Web Workers here; ${hint}`);
  }
  const { workerUrl } = configured();
  // Not written as new URL(…, import.meta.url): bundlers would take it for a second asset.
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

/** A worker must be of the page's origin; a module that it imports need not. */
function startFromBlob(url: string): Worker {
  const blob = new Blob([`import ${JSON.stringify(url)};`], { type: 'text/javascript' });
  const address = URL.createObjectURL(blob);
  const worker = new Worker(address, { type: 'module' });
  setTimeout(() => URL.revokeObjectURL(address), READY_MILLISECONDS);
  return worker;
}

/** The errors of workers that did not start, for whoever can do without. */
const notStartedErrors = new WeakSet<object>();

export const isNotStarted = (failure: unknown): boolean => notStartedErrors.has(failure as object);

function notStarted(reason: string | undefined, cause?: unknown): MatfacError {
  const why = reason ? ` (${reason})` : '';
  const hint = 'configure({workerUrl}) says where worker.js is, and worker: false does without one';
  const error = new MatfacError('unsupported', `The worker could not be started${why}; ${hint}`, { cause });
  notStartedErrors.add(error);
  return error;
}

/** A worker that ends without a reason, or with one that speaks of memory, ran out of memory. */
function lost(what: 'training' | 'reading', reason: string | undefined): MatfacError {
  if (!reason || speaksOfMemory(reason)) {
    const advice = what === 'training' ? FEWER_FACTORS : 'use a file with fewer ratings';
    return outOfMemory(`The ${what} worker ran out of memory`, advice);
  }
  return new MatfacError('unsupported', `The ${what} worker was lost (${reason}); worker: false does without one`);
}
