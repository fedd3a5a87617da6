import { MatfacError, speaksOfMemory, translate } from './errors.js';
import { configured } from './load.js';
import type { Reply, Request, TrainingJob, TrainingOutcome, TrainingSnapshot } from './protocol.js';
import type { Listener } from './training.js';

/** A worker that has not said `ready` by then never will. */
const READY_MILLISECONDS = 60_000;

/** Node has a Worker too once the threads of the core are loaded, but it is none of the web's. */
function hasWebWorkers(): boolean {
  const { process } = globalThis as { process?: { versions?: { node?: string } } };
  return typeof Worker === 'function' && !process?.versions?.node;
}

/** Whether training goes to a worker when the caller does not say: in a page or a worker of one. */
export function hasWorkers(): boolean {
  const scope = globalThis as { window?: unknown; self?: unknown };
  return hasWebWorkers() && (scope.window ?? scope.self) !== undefined;
}

/** Trains in a worker of its own, which is ended afterwards however it went. */
export async function trainInWorker(
  job: TrainingJob,
  { onReport, onEngine, pace, signal, snapshots }: Listener<TrainingSnapshot>,
): Promise<TrainingOutcome> {
  const worker = startWorker();
  let onAbort = () => {};
  let timer: ReturnType<typeof setTimeout> | undefined;
  try {
    return await new Promise<TrainingOutcome>((resolve, reject) => {
      let isReady = false;
      let epochs = 0;
      timer = setTimeout(() => reject(notStarted('it did not answer within a minute')), READY_MILLISECONDS);
      // Before the first epoch is done there is no model to wait for.
      onAbort = () =>
        epochs > 0 ? post(worker, { kind: 'stop' }) : reject(new MatfacError('aborted', 'Training was cancelled'));
      signal.addEventListener('abort', onAbort);
      worker.onerror = (event) => {
        event.preventDefault();
        reject(isReady ? lost(event.message) : notStarted(event.message));
      };
      worker.onmessageerror = () => reject(lost('a message could not be read'));
      worker.onmessage = ({ data }: MessageEvent<Reply>) => {
        try {
          if (data.kind === 'ready') {
            isReady = true;
            clearTimeout(timer);
            const request = { kind: 'train', job, configuration: configured(), epochs: pace.epochs } as const;
            post(worker, request, buffersOf(job));
            pace.forward((epochs) => post(worker, { kind: 'pace', epochs }));
            snapshots.onWanted = () => post(worker, { kind: 'snapshot' });
          } else if (data.kind === 'engine') {
            onEngine(data.engine);
          } else if (data.kind === 'report') {
            epochs++;
            pace.epochDone();
            onReport(data.report);
          } else if (data.kind === 'snapshot') {
            snapshots.give(data.snapshot);
          } else if (data.kind === 'done') {
            resolve(data.outcome);
          } else {
            reject(new MatfacError(data.failure.code ?? 'unsupported', data.failure.message));
          }
        } catch (failure) {
          reject(translate(failure));
        }
      };
    });
  } finally {
    pace.forward(() => {});
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
    worker.terminate();
  }
}

function post(worker: Worker, request: Request, handedOver: ArrayBufferLike[] = []): void {
  worker.postMessage(request, handedOver as ArrayBuffer[]);
}

/** The memory of the columns goes over as it is: a copy of millions of ratings would hold the page up. */
function buffersOf({ users, items, values, validation }: TrainingJob): ArrayBufferLike[] {
  const columns = [users, items, values, validation.users, validation.items, validation.values];
  return columns.map(({ buffer }) => buffer);
}

function startWorker(): Worker {
  if (!hasWebWorkers()) {
    const hint = 'leave worker out, or set it to false: training then goes on in slices between other tasks';
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

function notStarted(reason: string | undefined, cause?: unknown): MatfacError {
  const why = reason ? ` (${reason})` : '';
  const hint = 'configure({workerUrl}) says where worker.js is, and worker: false trains without one';
  return new MatfacError('unsupported', `The training worker could not be started${why}; ${hint}`, { cause });
}

/** What ends a worker without a word, or with one of memory, is want of memory. */
function lost(reason: string | undefined): MatfacError {
  if (!reason || speaksOfMemory(reason)) {
    const message = 'The training worker was lost for want of memory: use fewer factors or fewer ratings';
    return new MatfacError('out-of-memory', message);
  }
  return new MatfacError('unsupported', `The training worker was lost (${reason}); worker: false trains without one`);
}
