// The child's end of a side: commands in, one line out for each.
import { createInterface } from 'node:readline';
import { readColumns } from './columns-file.mjs';

/** @typedef {import('./side-task.mjs').Task} Task */

/**
 * @param {(task: Task) => (() => number) | Promise<() => number>} start returns a function that runs an epoch and returns
 *   its seconds.
 */
export async function serve(start) {
  let epoch = () => Number.NaN;
  for await (const line of createInterface({ input: process.stdin })) {
    const [command, file = '', solver = '', ...numbers] = line.split(' ');
    if (command === 'start') {
      const [factors = 0, threads = 1, biases = 0, regularization = 0, learningRate = 0] = numbers.map(Number);
      epoch = await start({
        columns: readColumns(file),
        solver,
        factors,
        threads,
        biases: biases === 1,
        regularization,
        learningRate,
      });
      console.log('ready');
    } else {
      console.log(epoch());
    }
  }
  process.exit(0);
}
