// The child's end of a side: commands in, one line out for each.
import { createInterface } from 'node:readline';
import { readColumns } from './columns-file.mjs';

/** `start({columns, solver, factors, threads, biases, regularization, learningRate})` returns a function that does an epoch and returns its seconds. */
export async function serve(start) {
  let epoch;
  for await (const line of createInterface({ input: process.stdin })) {
    const [command, file, solver, ...numbers] = line.split(' ');
    if (command === 'start') {
      const [factors, threads, biases, regularization, learningRate] = numbers.map(Number);
      epoch = await start({ columns: readColumns(file), solver, factors, threads, biases: biases === 1, regularization, learningRate });
      console.log('ready');
    } else {
      console.log(epoch());
    }
  }
  process.exit(0);
}
