// node bench/compare.mjs SIZE SOLVER FACTORS SIDE[:THREADS],SIDE,… [EPOCHS]: prints one comparison; the sides run in turn.
import { comparison } from './lib/comparison.mjs';

const [size = 'ml1m', solver = 'sgd', factors = '64', names = 'wasm,native', epochs = '7'] = process.argv.slice(2);
const result = await comparison({
  size,
  solver,
  factors: Number(factors),
  names: names.split(','),
  epochs: Number(epochs),
});
console.table(Object.fromEntries(result.sides.map(({ name, ...figures }) => [name, figures])));
