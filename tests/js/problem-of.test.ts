/** What a visitor of the page reads of an error. */
import { MatfacError } from 'matfac';
import { expect, test } from 'vitest';
import { problemOf } from '../../web/actions/problem-of.js';

const cases: [code: 'unsupported' | 'out-of-memory', message: string, shown: string][] = [
  [
    'unsupported',
    'The worker could not be started (no file); configure({workerUrl}) sets where worker.js is, and worker: false works without it',
    'The worker could not be started (no file); reload the page to try again',
  ],
  [
    'unsupported',
    'The training worker was lost (gone); worker: false works without it',
    'The training worker was lost (gone); reload the page to try again',
  ],
  [
    'unsupported',
    'The WebAssembly module could not be loaded (404); is it served beside the code? configure({wasmUrl}) sets where matfac.wasm is',
    'A part of this page could not be loaded. Please check the network, and reload the page.',
  ],
  [
    'out-of-memory',
    "The browser's storage has no room for the 9.0 MB of this model (full); store it with state: false, or delete others with Model.forget",
    "The page ran out of memory: The browser's storage has no room for the 9.0 MB of this model (full). Try fewer ratings, factors or samples.",
  ],
];

test.each(cases)('advice for programmers is left out: %s: %s', (code, message, shown) => {
  expect(problemOf(new MatfacError(code, message)).message).toBe(shown);
});
