/** The worker threads of Node, which a file that makes its decoder hang cannot keep busy for ever: they can be terminated. */

type Threads = typeof import('node:worker_threads');

interface Process {
  versions?: { [name: string]: string };
  /** Not in the earliest versions of Node 20. */
  getBuiltinModule?: (name: 'node:worker_threads') => Threads;
}

/** Gives the thread the two functions of a web worker, then loads the worker. */
const BEGINNING = `
import { parentPort } from 'node:worker_threads';
globalThis.postMessage = (message, transferred) => parentPort.postMessage(message, transferred);
parentPort.on('message', (data) => globalThis.onmessage?.({ data }));
`;

/** What starts a thread with the interface of a web worker; undefined where there are no threads of Node. */
export function threadStarter(): (() => Worker) | undefined {
  const { process } = globalThis as { process?: Process };
  const { node, bun, deno } = process?.versions ?? {};
  if (!node || bun || deno) return undefined;
  const threads = process?.getBuiltinModule?.('node:worker_threads');
  return threads && (() => startThread(threads));
}

function startThread({ Worker: Thread }: Threads): Worker {
  // In a variable, because bundlers would take new URL(…, import.meta.url) for an asset.
  const here: string = import.meta.url;
  const code = `${BEGINNING}await import(${JSON.stringify(new URL('./worker.js', here).href)});`;
  // A thread takes over the flags of its process, such as --input-type, which are not for it.
  const thread = new Thread(new URL(`data:text/javascript,${encodeURIComponent(code)}`), { execArgv: [] });
  const worker = {
    onmessage: undefined as ((event: { data: unknown }) => void) | undefined,
    onerror: undefined as ((event: { message: string; preventDefault(): void }) => void) | undefined,
    postMessage: (message: unknown, transferred: readonly never[]) => thread.postMessage(message, transferred),
    /** Resolves when the thread has ended, which may have files of this one. */
    terminate: () => thread.terminate(),
  };
  const fail = (message: string) => worker.onerror?.({ message, preventDefault: () => {} });
  thread.on('message', (data) => worker.onmessage?.({ data }));
  thread.on('error', ({ message }) => fail(message));
  thread.on('exit', () => fail('it ended'));
  return worker as unknown as Worker;
}
